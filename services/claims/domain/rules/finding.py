"""Findings, the results of rules: values, never exceptions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """block and hold stop submission: a block until it is fixed, a hold until a person lets the claim go. warn can be
    acknowledged, info is for information only."""

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"
    INFO = "info"


ALWAYS_OVERRIDABLE = frozenset({Severity.WARN, Severity.HOLD})
"""What a person may override whatever the rule says; a block only where its rule allows it."""


@dataclass(frozen=True, slots=True)
class PatchStep:
    """One step of a patch that corrects the claim: ``op`` is set, add or remove; ``path`` is rooted like a pointer."""

    op: str
    path: str
    value: str | int | tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class FactMet:
    """One comparison that a practice's own rule made, of a fact and its value on this claim. ``value`` is None where it
    is unknown, and where it is ``withheld``: it tells more of the patient than the claim's view does."""

    fact: str
    operator: str
    compared_with: bool | int | str | tuple[str, ...]
    is_met: bool
    value: bool | int | str | tuple[str, ...] | None = None
    withheld: bool = False
    line_number: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one rule, complete enough to be shown to a therapist unchanged.

    ``pointer`` is rooted at the context: /claim/lines/0/units, /note/signed, /coverage/effective_to, /provider/npi,
    /billing/tax_id. ``patch`` is empty unless a machine may safely apply it. ``candidates`` are suggestions, never
    applied. ``because`` says which facts met the condition of a practice's own rule.
    """

    code: str
    severity: Severity
    message: str
    pointer: str
    fix: str
    source: str
    effective_from: date | None = None
    effective_to: date | None = None
    overridable: bool = False
    patch: tuple[PatchStep, ...] = ()
    candidates: tuple[str, ...] = ()
    because: tuple[FactMet, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON-ready values, dates in ISO form."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "pointer": self.pointer,
            "fix": self.fix,
            "source": self.source,
            "effective_from": self.effective_from.isoformat() if self.effective_from else None,
            "effective_to": self.effective_to.isoformat() if self.effective_to else None,
            "overridable": self.overridable,
            "patch": [{"op": step.op, "path": step.path, "value": step.value} for step in self.patch],
            "candidates": list(self.candidates),
            "because": [asdict(one) for one in self.because],
        }
