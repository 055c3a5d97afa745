"""Diagnoses on the date of service: valid, specific enough, in the right order, and not excluding one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from services.claims.domain.lines import EXTERNAL_CAUSES, MAX_DIAGNOSES
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import DiagnosisStatus, Validity, dotted, without_dot
from shared.codesets.icd10.search import PHASES
from shared.codesets.icd10.table import CODE_WIDTH

_MANIFESTATION = re.compile(r"\bin\b.*classified elsewhere", re.IGNORECASE)


def _why_not(status: DiagnosisStatus) -> str:
    code = dotted(status.code)
    match status.last_known or status.validity:
        case Validity.ENDED:
            return f"{code} was valid through {status.billable_to} and is not valid on the date of service."
        case Validity.NOT_YET:
            return f"{code} is valid from {status.billable_from} on, after the date of service."
        case Validity.HEADER:
            return f"{code} is a heading and not a billable code: more characters are needed."
        case _ if status.last_known:
            return f"{code} is not in the last edition that is installed (through {status.edition_to}); it may be new."
        case _:
            return f"{code} is not an ICD-10-CM code."


def _lacks_seventh(code: str) -> str:
    filled = code.ljust(CODE_WIDTH - 1, "X")
    added = f" and {filled[len(code) :]} before it" if filled != code else ""
    return f"{dotted(code)} lacks its seventh character{added}: {PHASES}."


@rule(
    "diagnosis_missing",
    Severity.BLOCK,
    "A claim has at least one diagnosis",
    fix="Enter at least one diagnosis (`diagnoses` of the note), from which the claim takes them." + NEW_NOTE,
)
def diagnosis_missing(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payers reject a claim without a diagnosis."""
    if not context.claim.diagnoses:
        yield RuleMatch("The claim has no diagnosis.", "/claim/diagnoses")


@rule(
    "diagnosis_not_valid",
    Severity.BLOCK,
    "Each diagnosis is billable on the date of service",
    fix="Choose a billable code that the examination supports (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_not_valid(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Validity is decided by the date of service: ended and future codes, headings and codes that do not exist are
    rejected. After the newest installed edition the code is judged as of its last day, and that only warns."""
    refused = {Validity.ENDED, Validity.NOT_YET, Validity.HEADER, Validity.UNKNOWN}
    for place, code in enumerate(context.claim.diagnoses):
        status = context.codes.diagnoses.status(code, context.on)
        if (status.last_known or status.validity) not in refused:
            continue
        found = context.codes.search.instead_of(code, context.on)
        offers = tuple(dotted(candidate.code) for candidate in found)
        notes = " ".join(dict.fromkeys(candidate.note for candidate in found if candidate.note))
        fix = (
            f"Possible codes: {', '.join(offers)}. {notes} Choose the one that the examination supports "
            f"(`diagnoses` of the note).{NEW_NOTE}"
            if offers
            else ""
        )
        phases = context.codes.search.seventh_characters(code, context.on)
        yield RuleMatch(
            _lacks_seventh(status.code) if phases else _why_not(status),
            f"/claim/diagnoses/{place}",
            fix=" ".join(fix.split()),
            candidates=offers,
            effective_from=status.billable_from,
            effective_to=status.billable_to,
            severity=Severity.WARN if status.last_known else None,
        )


@rule(
    "diagnosis_edition_unknown",
    Severity.WARN,
    "The ICD-10-CM edition of the date of service is installed",
    fix=(
        "Look the code up in the edition of that day and acknowledge the warning, or have the operator import that "
        "edition by POST /v1/code-sets/{kind}/editions (or handbill codes import)."
    ),
)
def diagnosis_edition_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A date of service outside the installed editions gives a warning: neither a block nor a silent pass."""
    table, on = context.codes.diagnoses, context.on
    if context.claim.diagnoses and not table.effective_from <= on <= table.effective_to:
        known = f"The installed editions cover {table.effective_from} to {table.effective_to}"
        judged = f"judged as of {table.effective_to}" if on > table.effective_to else "not checked"
        yield RuleMatch(f"{known}; the diagnoses of {on} are {judged}.", "/claim/diagnoses")
    for place, code in enumerate(context.claim.diagnoses):
        if table.status(code, on).validity is Validity.UNCERTAIN:
            text = (
                f"{dotted(code)} changed between two installed editions; whether it is valid on this day is not known."
            )
            yield RuleMatch(text, f"/claim/diagnoses/{place}")


@rule(
    "diagnosis_external_first",
    Severity.BLOCK,
    "An external cause is never first",
    fix="Put the injury first and its cause after it (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_external_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Codes V to Y say how an injury happened, not what is treated."""
    if context.claim.diagnoses and context.claim.diagnoses[0].upper().startswith(EXTERNAL_CAUSES):
        yield RuleMatch(
            f"{dotted(context.claim.diagnoses[0])} is an external cause and is listed first.", "/claim/diagnoses/0"
        )


@rule(
    "diagnosis_manifestation_first",
    Severity.BLOCK,
    "A manifestation is never first",
    fix="Put the underlying disease first (`diagnoses` of the note)." + NEW_NOTE,
)
def diagnosis_manifestation_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A manifestation of a disease that is classified elsewhere must follow the code of that disease."""
    if not context.claim.diagnoses:
        return
    first = context.claim.diagnoses[0]
    if _MANIFESTATION.search(context.codes.diagnoses.description(first)):
        yield RuleMatch(f"{dotted(first)} is a manifestation and is listed first.", "/claim/diagnoses/0")


@rule(
    "diagnosis_sequela_first",
    Severity.BLOCK,
    "The condition comes before its sequela code",
    fix=(
        "Put the condition that is treated now before the sequela code (`diagnoses` of the note), or override it."
        + NEW_NOTE
    ),
    overridable=True,
)
def diagnosis_sequela_first(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A seventh character S means the late effect of an injury; the condition treated today is listed before it."""
    if not context.claim.diagnoses:
        return
    first = without_dot(context.claim.diagnoses[0])
    if len(first) == 7 and first.endswith("S") and first[0] in "ST":
        yield RuleMatch(f"{dotted(first)} is a sequela code and is listed first.", "/claim/diagnoses/0")


@rule(
    "diagnoses_exclude_each_other",
    Severity.BLOCK,
    "Two diagnoses that exclude each other are not sent together",
    fix=(
        "Keep the one that the examination supports best (`diagnoses` of the note); override it only if they are "
        "truly unrelated." + NEW_NOTE
    ),
    overridable=True,
)
def diagnoses_exclude_each_other(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Excludes1 notes are also attached to headings, so the whole code hierarchy is searched. Of two sides of the body
    both may be true, so there it warns (guidelines, section I.A.12.a: two conditions that are unrelated)."""
    placed = list(enumerate(context.claim.diagnoses[:MAX_DIAGNOSES]))
    for (_, one), (place, other) in combinations(placed, 2):
        found = context.codes.excludes.between(one, other)
        if found:
            text = f"{dotted(one)} and {dotted(other)} exclude each other (note at {dotted(found.noted_at)})."
            apart = context.codes.diagnosis_edits.of_two_sides(one, other)
            yield RuleMatch(text, f"/claim/diagnoses/{place}", severity=Severity.WARN if apart else None)


RULES: tuple[Rule, ...] = (
    diagnosis_missing,
    diagnosis_not_valid,
    diagnosis_edition_unknown,
    diagnosis_external_first,
    diagnosis_manifestation_first,
    diagnosis_sequela_first,
    diagnoses_exclude_each_other,
)
