"""Overrides: a person takes responsibility for one finding, by name and with a reason.

A warn may always be acknowledged, a hold always be let go, a block only where its rule allows it; an info needs none.
An override is for one finding of one rule at one place and for the sentence it was given for: when the sentence
changes, because the facts did, the override no longer holds and the finding counts again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.claims.domain.rules.finding import Finding, Severity

LEAST_REASON = 10
MAX_REASON = 1_000
STOPPING = frozenset({Severity.BLOCK, Severity.HOLD})


class OverrideRefused(ValueError):
    """An override that the rules do not allow. ``code`` says why; the text of the person's reason is not included."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Override:
    """One override: which finding, by whom, why, when."""

    rule: str
    pointer: str
    message: str
    actor_id: str
    actor_role: str
    reason: str
    at: datetime

    def answers(self, finding: Finding) -> bool:
        """True if it was given for exactly this finding."""
        return (self.rule, self.pointer, self.message) == (finding.code, finding.pointer, finding.message)


@dataclass(frozen=True, slots=True)
class ReviewedFinding:
    """A finding and its override, if any."""

    finding: Finding
    override: Override | None = None

    @property
    def stops(self) -> bool:
        """True when it still stops submission."""
        return self.finding.severity in STOPPING and self.override is None


class ScrubResult(StrEnum):
    """What the findings of a claim come to, in the words of its state."""

    BLOCKED = "blocked"
    HELD = "held"
    READY = "ready"


def override(finding: Finding, *, actor_id: str, actor_role: str, reason: str, at: datetime) -> Override:
    """An override of a finding. Raises ``OverrideRefused`` where the rule allows none or name or reason is missing."""
    if finding.severity is Severity.INFO:
        raise OverrideRefused("nothing_to_override", "an info finding blocks nothing and needs no override")
    if not finding.overridable:
        raise OverrideRefused("not_overridable", "this rule allows no override: fix what it names")
    if not actor_id.strip() or not actor_role.strip():
        raise OverrideRefused("actor_missing", "an override is by a named person")
    words = reason.strip()
    if not LEAST_REASON <= len(words) <= MAX_REASON:
        raise OverrideRefused(
            "reason_missing", f"an override has a reason of {LEAST_REASON} to {MAX_REASON} characters"
        )
    return Override(finding.code, finding.pointer, finding.message, actor_id, actor_role, words, at)


def blocking(reviewed: Iterable[ReviewedFinding]) -> list[Finding]:
    """Every block without an override."""
    return [one.finding for one in reviewed if one.stops and one.finding.severity is Severity.BLOCK]


def holding(reviewed: Iterable[ReviewedFinding]) -> list[Finding]:
    """Every hold without an override: what a person has to let go."""
    return [one.finding for one in reviewed if one.stops and one.finding.severity is Severity.HOLD]


def scrub_result(reviewed: Iterable[ReviewedFinding]) -> ScrubResult:
    """What stops submission: a block before a hold, since what is to be fixed may be gone when a person looks."""
    all_of_them = tuple(reviewed)
    if blocking(all_of_them):
        return ScrubResult.BLOCKED
    return ScrubResult.HELD if holding(all_of_them) else ScrubResult.READY


def review_findings(findings: Iterable[Finding], overrides: Iterable[Override]) -> list[ReviewedFinding]:
    """Each finding with its override; an override of a finding that no longer allows one is ignored."""
    given = tuple(overrides)
    return [
        ReviewedFinding(
            finding,
            next((one for one in given if finding.overridable and one.answers(finding)), None),
        )
        for finding in findings
    ]
