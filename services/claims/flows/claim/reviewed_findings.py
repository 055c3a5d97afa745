"""Findings as they are kept with a claim, and the overrides that answer them; decided in `domain.rules.overrides`.

An override that answers none of the findings of a refresh has fallen: it stays on the claim to be read and never
stands again, even if the same finding comes back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.claims.domain.rules import Finding, Override, ReviewedFinding, review_findings
from services.claims.domain.rules.finding import PatchStep, Severity


@dataclass(frozen=True, slots=True)
class KeptOverride:
    """An override on a claim, by its id; `fell_at` is when the claim's facts left it behind."""

    id: str
    given: Override
    actor_name: str
    fell_at: datetime | None = None

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        one = self.given
        return {
            "id": self.id,
            "rule": one.rule,
            "pointer": one.pointer,
            "message": one.message,
            "actor": {"id": one.actor_id, "name": self.actor_name, "role": one.actor_role},
            "reason": one.reason,
            "at": one.at.isoformat(),
            "fell_at": self.fell_at.isoformat() if self.fell_at else None,
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "KeptOverride":
        actor, fell = kept["actor"], kept["fell_at"]
        given = Override(
            rule=kept["rule"],
            pointer=kept["pointer"],
            message=kept["message"],
            actor_id=actor["id"],
            actor_role=actor["role"],
            reason=kept["reason"],
            at=datetime.fromisoformat(kept["at"]),
        )
        return cls(kept["id"], given, actor["name"], datetime.fromisoformat(fell) if fell else None)


def overrides_of(coded: dict[str, Any]) -> list[KeptOverride]:
    """All overrides ever given on a kept claim, oldest first."""
    return [KeptOverride.load(one) for one in coded.get("overrides", ())]


def findings_of(coded: dict[str, Any]) -> list[Finding]:
    """The findings that a kept claim was judged by."""
    return [_finding(one) for one in coded["findings"]]


def reviewed(findings: Iterable[Finding], overrides: Sequence[KeptOverride]) -> list[ReviewedFinding]:
    """Each finding with the standing override that answers it."""
    return review_findings(findings, (one.given for one in overrides if one.fell_at is None))


def still_standing(findings: Iterable[Finding], overrides: Sequence[KeptOverride], now: datetime) -> list[KeptOverride]:
    """The overrides after the claim was judged anew: what answers nothing has fallen."""
    used = {one.override for one in reviewed(findings, overrides) if one.override is not None}
    return [one if one.fell_at or one.given in used else replace(one, fell_at=now) for one in overrides]


def answered_by(one: ReviewedFinding, overrides: Sequence[KeptOverride]) -> str | None:
    """The id of the override that answers a finding."""
    return next((kept.id for kept in overrides if kept.fell_at is None and kept.given == one.override), None)


def stopping(coded: dict[str, Any]) -> list[str]:
    """The codes of the findings that still stop a kept claim, each once."""
    found = reviewed(findings_of(coded), overrides_of(coded))
    return list(dict.fromkeys(one.finding.code for one in found if one.stops))


def _finding(kept: dict[str, Any]) -> Finding:
    first, last = kept["effective_from"], kept["effective_to"]
    return Finding(
        code=kept["code"],
        severity=Severity(kept["severity"]),
        message=kept["message"],
        pointer=kept["pointer"],
        fix=kept["fix"],
        source=kept["source"],
        effective_from=date.fromisoformat(first) if first else None,
        effective_to=date.fromisoformat(last) if last else None,
        overridable=kept["overridable"],
        patch=tuple(PatchStep(step["op"], step["path"], _value(step["value"])) for step in kept["patch"]),
        candidates=tuple(kept["candidates"]),
    )


def _value(kept: Any) -> Any:
    return tuple(kept) if isinstance(kept, list) else kept
