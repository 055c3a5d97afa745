"""One rule: its code and source, when and where it applies, and its check function.

A check function gets the context and yields matches; the engine adds the rule's own code, severity, source and dates.
So the metadata are stated once, and the function reports only what it found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from services.claims.domain.rules.finding import ALWAYS_OVERRIDABLE, FactMet, Finding, PatchStep, Severity
from services.claims.domain.rules.sources import IN_FORCE_FROM
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.dates import DateRange

NEW_NOTE = " A signed note cannot be changed: void the claim and bill the visit from a new note."
"""The end of a fix for data from the note: nothing can be added to a note once it is signed."""


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """One match of a check. An empty ``fix`` or a ``severity`` of None means the rule's own."""

    message: str
    pointer: str
    fix: str = ""
    patch: tuple[PatchStep, ...] = ()
    candidates: tuple[str, ...] = ()
    severity: Severity | None = None
    source: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    overridable: bool = False
    """True where a person may answer for this match though the rule itself allows no override."""
    because: tuple[FactMet, ...] = ()


Check = Callable[[ScrubberInput], Iterable[RuleMatch]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the ordered list. ``programs`` and ``states`` empty mean everywhere."""

    code: str
    severity: Severity
    title: str
    explanation: str
    fix: str
    source: str
    check: Check
    group: str = ""
    programs: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    overridable: bool = False

    def applies(self, context: ScrubberInput) -> bool:
        """True if scope and dates apply to this claim and the payer's profile has not disabled the rule."""
        if self.code in context.payer.rules_off:
            return False
        if self.programs and context.payer.program not in self.programs:
            return False
        return DateRange(self.effective_from, self.effective_to).holds(context.on)

    def finding(self, hit: RuleMatch) -> Finding:
        """The match with this rule's name, fix, source and dates."""
        severity = hit.severity or self.severity
        return Finding(
            code=self.code,
            severity=severity,
            message=hit.message,
            pointer=hit.pointer,
            fix=hit.fix or self.fix,
            source=hit.source or self.source,
            effective_from=hit.effective_from or self.effective_from,
            effective_to=hit.effective_to or self.effective_to,
            overridable=self.overridable or hit.overridable or severity in ALWAYS_OVERRIDABLE,
            patch=hit.patch,
            candidates=hit.candidates,
            because=hit.because,
        )


def rule(
    code: str,
    severity: Severity,
    title: str,
    *,
    fix: str,
    source: str,
    programs: tuple[str, ...] = (),
    effective_from: date | None = None,
    effective_to: date | None = None,
    overridable: bool = False,
) -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a check function; the function's docstring becomes the rule's explanation."""

    def make(check: Check) -> Rule:
        return Rule(
            code=code,
            severity=severity,
            title=title,
            explanation=" ".join((check.__doc__ or "").split()),
            fix=fix,
            source=source,
            check=check,
            group=check.__module__.rpartition(".")[2],
            programs=frozenset(programs),
            effective_from=effective_from or IN_FORCE_FROM.get(source),
            effective_to=effective_to,
            overridable=overridable,
        )

    return make
