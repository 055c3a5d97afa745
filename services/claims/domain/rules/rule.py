"""One rule: its code and sources, when and where it applies, and its check function.

A check function gets the context and yields matches; the engine adds the rule's own code, severity, sources and dates.
So the metadata are stated once, and the function reports only what it found. Where no source speaks for the payer's
program and state, the rule is our own advice and only informs, unless the payer's profile says itself how hard it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from services.claims.domain.rules.citations import CITATIONS, Source, speaking, text_of
from services.claims.domain.rules.finding import ALWAYS_OVERRIDABLE, FactMet, Finding, PatchStep, Severity
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.programs import Program
from shared.dates import DateRange
from shared.payer_profiles import PayerProfile

NEW_NOTE = " A signed note cannot be changed: void the claim and bill the visit from a new note."
"""The end of a fix for data from the note: nothing can be added to a note once it is signed."""


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """One match of a check. An empty ``fix`` or a ``severity`` of None means the rule's own; ``source`` is what the
    payer's profile or a code set names for this very case."""

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
    """One rule of the ordered list. ``programs`` empty means all, ``sources`` empty that it is our own advice."""

    code: str
    severity: Severity
    title: str
    explanation: str
    fix: str
    sources: tuple[Source, ...]
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

    def severity_for(self, payer: PayerProfile, found: Severity | None = None) -> Severity:
        """How hard the rule, or one match of it, is for this payer: as its profile says, or as it is where a source
        speaks for its program and state, and for information only where none does."""
        said = dict(payer.severities).get(self.code)
        if said is not None:
            return Severity(said)
        return (found or self.severity) if self.speaking(payer.program, payer.state) else Severity.INFO

    def speaking(self, program: Program, state: str) -> tuple[Source, ...]:
        """The sources that speak for payers of this program, under the law of this state."""
        return speaking(self.sources, program, state)

    def finding(self, hit: RuleMatch, payer: PayerProfile) -> Finding:
        """The match with this rule's name, fix and dates, and the sources and severity that hold for this payer."""
        severity = self.severity_for(payer, hit.severity)
        may_be_overridden = self.overridable or hit.overridable or (hit.severity or self.severity) in ALWAYS_OVERRIDABLE
        return Finding(
            code=self.code,
            severity=severity,
            message=hit.message,
            pointer=hit.pointer,
            fix=hit.fix or self.fix,
            source=hit.source or text_of(self.speaking(payer.program, payer.state)),
            effective_from=hit.effective_from or self.effective_from,
            effective_to=hit.effective_to or self.effective_to,
            overridable=may_be_overridden or severity in ALWAYS_OVERRIDABLE,
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
    programs: tuple[str, ...] = (),
    effective_from: date | None = None,
    effective_to: date | None = None,
    overridable: bool = False,
) -> Callable[[Check], Rule]:
    """Make a ``Rule`` of a check function; the function's docstring becomes the rule's explanation."""
    sources = CITATIONS.get(code, ())
    begins = sources[0].document.in_force_from if sources else None

    def make(check: Check) -> Rule:
        return Rule(
            code=code,
            severity=severity,
            title=title,
            explanation=" ".join((check.__doc__ or "").split()),
            fix=fix,
            sources=sources,
            check=check,
            group=check.__module__.rpartition(".")[2],
            programs=frozenset(programs),
            effective_from=effective_from or begins,
            effective_to=effective_to,
            overridable=overridable,
        )

    return make
