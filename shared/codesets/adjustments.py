"""Claim adjustment group codes, reason codes (CARC) and remark codes (RARC): which exist, and what they say.

Labels and causes are our own words. What is done about an adjustment is no code set's matter: whoever reads a
remittance decides that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from shared.codesets.packaged import data_toml

GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})
_RANGE = re.compile(r"([A-Z]*)(\d+)-\1(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class AdjustmentTexts:
    """Our words by code: labels of reasons, why a payer gives a reason, labels of remarks."""

    source: str
    version: str
    reason_labels: Mapping[str, str]
    reason_causes: Mapping[str, str]
    remark_labels: Mapping[str, str]


@lru_cache(maxsize=1)
def adjustment_texts() -> AdjustmentTexts:
    """The packaged texts, read at the first use."""
    data = data_toml("adjustments.toml")
    return AdjustmentTexts(
        source=data["source"],
        version=data["version"],
        reason_labels={code: entry["label"] for entry in data["reason"] for code in entry["codes"]},
        reason_causes={code: entry["cause"] for entry in data["reason"] for code in entry["codes"]},
        remark_labels={entry["code"]: entry["label"] for entry in data["remark"]},
    )


def normal_reason_code(code: str) -> str:
    """A reason code as the list has it: no leading zeros, upper case (`045` is `45`, `b7` is `B7`)."""
    return code.strip().upper().lstrip("0") or "0"


def reason_label(code: str) -> str:
    """Our label of a reason code, or ""."""
    return adjustment_texts().reason_labels.get(normal_reason_code(code), "")


class CodeRanges:
    """Which codes exist: compact ranges such as ``1-27 B7-B16``, and ended ones with their last day."""

    def __init__(self, ranges: str, ended: str = "") -> None:
        self._codes: set[str] = set()
        for part in ranges.split():
            match = _RANGE.fullmatch(part)
            if match is None:
                self._codes.add(part)
                continue
            prefix, low, high = match.groups()
            width = len(low) if low.startswith("0") else 0
            self._codes.update(f"{prefix}{number:0{width}d}" for number in range(int(low), int(high) + 1))
        self._ended = {code: date.fromisoformat(day) for code, day in (item.split(":") for item in ended.split())}

    def holds(self, code: str, on: date | None) -> bool:
        """True when the code exists and, where a day is given, had not ended by then."""
        last = self._ended.get(code)
        if last is not None:
            return on is None or on <= last
        return code in self._codes


@lru_cache(maxsize=1)
def reason_codes() -> CodeRanges:
    """Reason codes (CARC) that exist."""
    data = data_toml("adjustment_codes.toml")
    return CodeRanges(data["reasons"], data["reasons_ended"])


@lru_cache(maxsize=1)
def remark_codes() -> CodeRanges:
    """Remark codes (RARC) that exist."""
    return CodeRanges(data_toml("adjustment_codes.toml")["remarks"])
