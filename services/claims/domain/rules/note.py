"""Note against claim: what is billed must be in a signed note."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.dates import days_between
from shared.plural import counted

SIGNED_WITHIN_DAYS = 7
"""Our own advice: the manual names no number of days beyond a short delay."""


@rule(
    "note_unsigned",
    Severity.BLOCK,
    "The note must be signed before the claim",
    fix="Have the treating therapist sign the note, then refresh the claim.",
)
def note_unsigned(context: ScrubberInput) -> Iterator[RuleMatch]:
    """An unsigned note is no evidence, so a claim from it would fail an audit."""
    if not context.note.signed:
        yield RuleMatch("The treatment note is not signed.", "/note/signed")


@rule(
    "note_signed_before_treatment",
    Severity.BLOCK,
    "A note is signed after the treatment",
    fix=(
        "Correct the day of the session (`started_at` and `ended_at` of the note), and sign after the treatment."
        + NEW_NOTE
    ),
)
def note_signed_before_treatment(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A signature that is older than the treatment cannot be about it."""
    note = context.note
    if note.signed and note.signed_on and note.signed_on < note.date_of_service:
        yield RuleMatch("The note was signed before the day of the treatment.", "/note/signed_on")


@rule(
    "note_signed_late",
    Severity.WARN,
    "A note is signed soon after the treatment",
    fix=(
        "Acknowledge the warning and keep the reason for the delay with the record; sign the next note on the day of "
        "the treatment."
    ),
)
def note_signed_late(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Reviewers take a note that was signed long after the treatment for one that was written for the claim."""
    note = context.note
    if note.signed and note.signed_on and days_between(note.date_of_service, note.signed_on) > SIGNED_WITHIN_DAYS:
        late = counted(days_between(note.date_of_service, note.signed_on), "day")
        yield RuleMatch(f"The note was signed {late} after the treatment.", "/note/signed_on")


@rule(
    "technique_unknown",
    Severity.BLOCK,
    "A technique's code must be known",
    fix=(
        "If it is a code of this payer's or the practice's own, enter it (`own_procedures` of either); or leave it off "
        "the claim (`left_off`); or correct the code (`procedure_code` of the technique)." + NEW_NOTE
    ),
)
def technique_unknown(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A code that is not known to be timed or untimed needs a person: it is never billed by guess, and never left off
    without somebody's decision."""
    for place, technique in enumerate(context.note.techniques):
        code = technique.procedure_code
        if context.codes.procedures.get(code) is None and code not in context.claim.left_off:
            text = f"{code} is not a known procedure."
            yield RuleMatch(text, f"/note/techniques/{place}/procedure_code")


@rule(
    "technique_not_billed",
    Severity.INFO,
    "Techniques of the note that are not on the claim",
    fix="Nothing to do if this is intended: the minutes stay in the note.",
)
def technique_not_billed(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A technique may be left off the claim (too few minutes, or left off by a rule), which should be visible."""
    billed = context.claim.procedure_codes()
    for code in dict.fromkeys(technique.procedure_code for technique in context.note.techniques):
        if code not in billed and context.codes.procedures.get(code):
            minutes = context.note.minutes_of(code)
            unbilled = counted(minutes, "minute")
            label, verb = context.codes.procedures.label(code), "is" if minutes == 1 else "are"
            yield RuleMatch(f"{unbilled} of {label} {verb} not on the claim.", "/note/techniques")


RULES: tuple[Rule, ...] = (
    note_unsigned,
    note_signed_before_treatment,
    note_signed_late,
    technique_unknown,
    technique_not_billed,
)
