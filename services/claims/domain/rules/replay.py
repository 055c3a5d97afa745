"""Replay: what would change for a claim if it were checked again under another edition, profile or rule list.

Findings are compared by rule and place, not by their text, so that a reworded message is no change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.claims.domain.rules.finding import Finding, Severity

_WEIGHT = {Severity.INFO: 0, Severity.WARN: 1, Severity.HOLD: 2, Severity.BLOCK: 3}
Kept = tuple[str, str, str]
"""A stored finding as (rule, pointer, severity), which is all that a comparison needs."""


@dataclass(frozen=True, slots=True)
class ReplayDifference:
    """The difference: new findings, removed ones, and those of higher or lower severity, each as (rule, pointer)."""

    came: tuple[tuple[str, str], ...]
    went: tuple[tuple[str, str], ...]
    harder: tuple[tuple[str, str], ...]
    softer: tuple[tuple[str, str], ...]

    @property
    def changes(self) -> bool:
        """True when anything differs."""
        return bool(self.came or self.went or self.harder or self.softer)


def kept(findings: Iterable[Finding]) -> list[Kept]:
    """Findings in the form that is stored for a later comparison."""
    return [(finding.code, finding.pointer, finding.severity.value) for finding in findings]


def compare_findings(before: Iterable[Kept], after: Iterable[Finding]) -> ReplayDifference:
    """Compare the findings of a claim's last check with those that it has now."""
    old = _hardest(before)
    new = _hardest(kept(after))
    both = [key for key in new if key in old]
    return ReplayDifference(
        came=tuple(key for key in new if key not in old),
        went=tuple(key for key in old if key not in new),
        harder=tuple(key for key in both if _WEIGHT[new[key]] > _WEIGHT[old[key]]),
        softer=tuple(key for key in both if _WEIGHT[new[key]] < _WEIGHT[old[key]]),
    )


def _hardest(findings: Iterable[Kept]) -> dict[tuple[str, str], Severity]:
    """One severity for each rule and place: the highest, if a rule has several findings at one place."""
    hardest: dict[tuple[str, str], Severity] = {}
    for code, pointer, severity in findings:
        now = Severity(severity)
        known = hardest.get((code, pointer))
        if known is None or _WEIGHT[now] > _WEIGHT[known]:
            hardest[(code, pointer)] = now
    return hardest
