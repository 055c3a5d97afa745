"""Applying a finding's patch to a claim draft: the machine's part of a fix, asked for by a person."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from services.claims.domain.rules.finding import PatchStep
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine

_CLAIM_FIELDS = {field.name: str(field.type) for field in fields(ProfessionalClaim)}
_LINE_FIELDS = {field.name for field in fields(ProfessionalServiceLine)}


class PatchError(ValueError):
    """A step that does not fit the claim, such as a line that is no longer there."""


def apply_patch(claim: ProfessionalClaim, steps: tuple[PatchStep, ...]) -> ProfessionalClaim:
    """The claim with all steps applied in order; the one given is not touched."""
    for step in steps:
        claim = _applied(claim, step)
    return claim


def _applied(claim: ProfessionalClaim, step: PatchStep) -> ProfessionalClaim:
    parts = step.path.strip("/").split("/")
    if parts[:1] != ["claim"] or len(parts) not in {2, 3, 4}:
        raise PatchError("a patch changes the claim and nothing else")
    if len(parts) == 2 and step.op == "set" and parts[1] in _CLAIM_FIELDS:
        change: dict[str, Any] = {parts[1]: _value(parts[1], step.value)}
        return replace(claim, **change)
    if parts[1] != "lines" or len(parts) < 3 or not parts[2].isdigit() or int(parts[2]) >= len(claim.lines):
        raise PatchError("a patch names a place that the claim does not have")
    place = int(parts[2])
    before, line, after = claim.lines[:place], claim.lines[place], claim.lines[place + 1 :]
    if len(parts) == 3 and step.op == "remove":
        return replace(claim, lines=(*before, *after))
    if len(parts) == 4 and step.op == "set" and parts[3] in _LINE_FIELDS:
        return replace(claim, lines=(*before, _line_with(line, parts[3], step.value), *after))
    raise PatchError("a patch names a place that the claim does not have")


def _line_with(line: ProfessionalServiceLine, name: str, value: Any) -> ProfessionalServiceLine:
    change: dict[str, Any] = {name: value}
    return replace(line, **change)


def _value(name: str, value: Any) -> Any:
    wants_date = _CLAIM_FIELDS[name].startswith("date")
    return date.fromisoformat(value) if wants_date and isinstance(value, str) else value
