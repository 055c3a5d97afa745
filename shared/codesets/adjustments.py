"""What a payer's adjustment means and asks for, by group first and reason second.

Rules kept here: CO is never the patient's; PR is the patient's unless the program forbids it; OA is neither the
patient's nor a write-off by itself; PI can be appealed; a reason that is not listed goes to a person. Labels, causes
and fixes are our own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from shared.codesets.packaged import data_toml
from shared.codesets.programs import NEVER_PATIENT

GROUPS = frozenset({"CO", "PR", "OA", "PI", "CR"})
MAX_REMARKS = 20
_RANGE = re.compile(r"([A-Z]*)(\d+)-\1(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One adjustment's meaning.

    ``who_owes`` is patient, write_off, insurer (still to be had from the insurer), information or person (somebody
    decides). ``next_action`` is one of none, bill_patient, correct_claim, fix_and_resubmit, appeal,
    appeal_if_proof, send_records, verify_eligibility, bill_other_payer, find_original_claim, check_credentialing,
    review.
    """

    who_owes: str
    next_action: str
    label: str
    cause: str
    fix: str
    listed: bool = True
    remarks: tuple[str, ...] = ()
    """Our labels of the remark codes we know."""


@dataclass(frozen=True, slots=True)
class _Reason:
    label: str
    cause: str
    fix: str
    needs_notice: bool
    by_group: Mapping[str, tuple[str, str]]


class Adjustments:
    """The meanings of one data file."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.source: str = data["source"]
        self.version: str = data["version"]
        self._groups = {name: (rule["owes"], rule["next"]) for name, rule in data["groups"].items()}
        self._never_patient = data["never_patient"]
        self._remarks = {entry["code"]: entry for entry in data["remark"]}
        self._reasons: dict[str, _Reason] = {}
        for entry in data["reason"]:
            by_group = {name: (entry[name]["owes"], entry[name]["next"]) for name in GROUPS if name in entry}
            needs_notice = entry.get("needs_notice", False)
            reason = _Reason(entry["label"], entry["cause"], entry["fix"], needs_notice, by_group)
            self._reasons.update(dict.fromkeys(entry["codes"], reason))

    def meaning(
        self,
        group: str,
        carc: str,
        rarcs: Iterable[str] = (),
        program: str = "commercial",
        notice_on_file: bool = False,
    ) -> Meaning:
        """What one adjustment means. Unknown groups, reasons and remarks give a meaning too: a person looks."""
        remarks = tuple(code.strip().upper() for code in tuple(rarcs)[:MAX_REMARKS])
        reason = self._reasons.get(carc.strip().upper().lstrip("0") or "0")
        if group not in GROUPS:
            return self._unlisted("person", "review", remarks)
        if reason is None:
            # PR with an unlisted reason is still a question: the patient gets no bill that nobody understood.
            return self._unlisted("person", "appeal" if group == "PI" else "review", remarks)
        owes, action = reason.by_group.get(group, self._groups[group])
        plain = Meaning(owes, action, reason.label, reason.cause, reason.fix, True, self._labels(remarks))
        if plain.who_owes == "patient":
            return self._for_patient(plain, reason, program, notice_on_file)
        return self._with_remarks(plain, remarks)

    def _for_patient(self, meaning: Meaning, reason: _Reason, program: str, notice_on_file: bool) -> Meaning:
        never = self._never_patient
        if program in NEVER_PATIENT:
            changed = replace(meaning, who_owes=never["owes"], next_action=never["next"])
            return replace(changed, cause=never["cause"], fix=never["fix"])
        if reason.needs_notice and not notice_on_file:
            return replace(meaning, who_owes="person", next_action="review")
        return meaning

    def _with_remarks(self, meaning: Meaning, remarks: tuple[str, ...]) -> Meaning:
        for code in remarks:
            entry = self._remarks.get(code)
            if entry is None or (meaning.who_owes == "write_off" and "next" not in entry):
                continue
            action = entry.get("next", meaning.next_action)
            fix = entry["fix"] if "next" in entry else f"{meaning.fix} {entry['label']}: {entry['fix']}"
            return replace(meaning, next_action=action, fix=fix)
        return meaning

    def _unlisted(self, owes: str, action: str, remarks: tuple[str, ...]) -> Meaning:
        cause = "This group or reason is not in our list."
        fix = "Read the payer's own explanation and decide."
        return Meaning(owes, action, "Not in our list", cause, fix, False, self._labels(remarks))

    def _labels(self, remarks: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._remarks[code]["label"] for code in remarks if code in self._remarks)

    def remark_label(self, code: str) -> str:
        """Our label of a remark code, or ""."""
        entry = self._remarks.get(code)
        return str(entry["label"]) if entry else ""

    def reasons(self) -> tuple[str, ...]:
        """All listed reason codes."""
        return tuple(self._reasons)


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
def adjustments() -> Adjustments:
    """The packaged meanings, read at the first use."""
    return Adjustments(data_toml("adjustments.toml"))


@lru_cache(maxsize=1)
def reason_codes() -> CodeRanges:
    """Reason codes (CARC) that exist."""
    data = data_toml("adjustment_codes.toml")
    return CodeRanges(data["reasons"], data["reasons_ended"])


@lru_cache(maxsize=1)
def remark_codes() -> CodeRanges:
    """Remark codes (RARC) that exist."""
    return CodeRanges(data_toml("adjustment_codes.toml")["remarks"])


def meaning(
    group: str, carc: str, rarcs: Iterable[str] = (), program: str = "commercial", notice_on_file: bool = False
) -> Meaning:
    """What one adjustment means by the packaged data; see ``Adjustments.meaning``."""
    return adjustments().meaning(group, carc, rarcs, program, notice_on_file)
