"""Note against claim: what is billed must stand in a signed note."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import PatchStep, Severity
from services.claims.domain.rules.rule import Hit, Rule, rule
from shared.codesets.icd10 import dotted, plain


@rule(
    "note_missing",
    Severity.BLOCK,
    "A claim needs a note",
    fix="Attach the signed treatment note of this visit.",
    source=sources.NOTE,
)
def note_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Nothing may be billed that no treatment note stands behind."""
    if context.note is None:
        yield Hit("There is no treatment note behind this claim.", "/note")


@rule(
    "note_unsigned",
    Severity.BLOCK,
    "The note must be signed before the claim",
    fix="Have the treating therapist sign the note, then check the claim again.",
    source=sources.SIGNATURE,
)
def note_unsigned(context: ScrubberInput) -> Iterator[Hit]:
    """An unsigned note proves nothing, so a claim from it would not survive an audit."""
    if context.note is not None and not context.note.signed:
        yield Hit("The treatment note is not signed.", "/note/signed")


@rule(
    "note_changed_after_signing",
    Severity.BLOCK,
    "A signed note never changes",
    fix="Restore the signed text and add what is new as a signed addendum.",
    source=sources.SIGNATURE,
)
def note_changed_after_signing(context: ScrubberInput) -> Iterator[Hit]:
    """The content hash kept at signing must be the content's hash now."""
    note = context.note
    if note and note.signed and note.content_hash and note.current_hash and note.content_hash != note.current_hash:
        yield Hit("The note is no longer what was signed.", "/note/content_hash")


@rule(
    "note_signer_not_therapist",
    Severity.BLOCK,
    "The treating therapist signs",
    fix="Have the therapist who treated sign the note.",
    source=sources.SIGNATURE,
)
def note_signer_not_therapist(context: ScrubberInput) -> Iterator[Hit]:
    """The signature must be of the therapist whom the note names."""
    note = context.note
    if note and note.signed and note.signed_by and note.signed_by != note.therapist_id:
        yield Hit("The note was signed by someone other than its therapist.", "/note/signed_by")


@rule(
    "note_signed_before_treatment",
    Severity.BLOCK,
    "A note is signed after the treatment",
    fix="Check the date of service and the day of the signature.",
    source=sources.SIGNATURE,
)
def note_signed_before_treatment(context: ScrubberInput) -> Iterator[Hit]:
    """A signature that is older than the treatment cannot be about it."""
    note = context.note
    if note and note.signed and note.signed_on and note.signed_on < note.date_of_service:
        yield Hit("The note was signed before the day of the treatment.", "/note/signed_on")


@rule(
    "note_of_other_day",
    Severity.BLOCK,
    "Date of service is the note's",
    fix="Set the claim's date of service to the note's.",
    source=sources.NOTE,
)
def note_of_other_day(context: ScrubberInput) -> Iterator[Hit]:
    """The date of service is the local date of the session's start and nothing else."""
    note, claim = context.note, context.claim
    if note and note.date_of_service != claim.date_of_service:
        day = note.date_of_service.isoformat()
        patch = (PatchStep("set", "/claim/date_of_service", day),)
        yield Hit(f"The note is of {day}, the claim of {claim.date_of_service}.", "/claim/date_of_service", patch=patch)


@rule(
    "note_of_other_person",
    Severity.BLOCK,
    "Note and claim are of one patient and one therapist",
    fix="Attach the note of this patient and this therapist.",
    source=sources.NOTE,
)
def note_of_other_person(context: ScrubberInput) -> Iterator[Hit]:
    """Patient and therapist on the claim are those of the note."""
    note, claim = context.note, context.claim
    if note and note.patient_id != claim.patient_id:
        yield Hit("The note is of another patient than the claim.", "/claim/patient_id")
    if note and note.therapist_id != claim.therapist_id:
        yield Hit("The note is of another therapist than the claim.", "/claim/therapist_id")


@rule(
    "provider_not_the_notes",
    Severity.BLOCK,
    "The rendering provider is who treated",
    fix="Send the claim with the NPI of the therapist who treated.",
    source=sources.NOTE,
)
def provider_not_the_notes(context: ScrubberInput) -> Iterator[Hit]:
    """Billing under a colleague's number is a false claim, however it came about."""
    if context.note and context.provider.therapist_id != context.note.therapist_id:
        yield Hit("The rendering provider is not the therapist who treated.", "/provider/therapist_id")


@rule(
    "diagnosis_not_on_note",
    Severity.BLOCK,
    "Every diagnosis of the claim stands on the note",
    fix="Take the diagnosis off the claim, or document it in a signed addendum if it was treated.",
    source=sources.NOTE,
)
def diagnosis_not_on_note(context: ScrubberInput) -> Iterator[Hit]:
    """A diagnosis that the note does not carry was added for payment, or looks so."""
    if context.note is None:
        return
    on_note = {plain(code) for code in context.note.diagnoses}
    for place, code in enumerate(context.claim.diagnoses):
        if plain(code) not in on_note:
            yield Hit(f"{dotted(code)} is on the claim and not on the note.", f"/claim/diagnoses/{place}")


@rule(
    "procedure_not_on_note",
    Severity.BLOCK,
    "Every procedure of the claim stands on the note",
    fix="Take the line off the claim: what is not documented was not done.",
    source=sources.NOTE,
)
def procedure_not_on_note(context: ScrubberInput) -> Iterator[Hit]:
    """Each line needs a technique of the same code in the note."""
    if context.note is None:
        return
    done = {technique.code for technique in context.note.techniques}
    for place, line in enumerate(context.claim.lines):
        if line.procedure not in done:
            name = context.codes.procedures.label(line.procedure)
            yield Hit(f"{name} is billed and the note does not have it.", f"/claim/lines/{place}/procedure")


@rule(
    "minutes_above_note",
    Severity.BLOCK,
    "Billed minutes stay within the note's",
    fix="Bill the minutes that the note says.",
    source=sources.UNITS,
)
def minutes_above_note(context: ScrubberInput) -> Iterator[Hit]:
    """A line's minutes are never more than the note's minutes of that code."""
    if context.note is None:
        return
    for place, line in enumerate(context.claim.lines):
        noted = context.note.minutes_of(line.procedure)
        if line.minutes is not None and line.minutes > noted:
            text = f"{line.procedure} is billed with {line.minutes} minutes; the note has {noted}."
            yield Hit(
                text, f"/claim/lines/{place}/minutes", patch=(PatchStep("set", f"/claim/lines/{place}/minutes", noted),)
            )


@rule(
    "minutes_above_session",
    Severity.BLOCK,
    "Technique minutes fit into the session",
    fix="Correct the minutes or the start and end in a signed addendum.",
    source=sources.UNITS,
)
def minutes_above_session(context: ScrubberInput) -> Iterator[Hit]:
    """All techniques together never take longer than the session did."""
    note = context.note
    session = note.session_minutes() if note else None
    if note is None or session is None or session <= 0:
        return
    total = sum(technique.minutes for technique in note.techniques)
    if total > session:
        yield Hit(f"The techniques take {total} minutes and the session {session}.", "/note/techniques")


@rule(
    "session_times_missing",
    Severity.WARN,
    "A note says when the session began and ended",
    fix="Write start and end into the note.",
    source=sources.NOTE,
)
def session_times_missing(context: ScrubberInput) -> Iterator[Hit]:
    """Timed codes are judged by the session's length; without times nothing shows it."""
    if context.note and context.note.session_minutes() is None:
        yield Hit("The note does not say when the session began and ended.", "/note/start")


@rule(
    "session_ends_before_start",
    Severity.BLOCK,
    "A session ends after it began",
    fix="Correct start and end in a signed addendum.",
    source=sources.NOTE,
)
def session_ends_before_start(context: ScrubberInput) -> Iterator[Hit]:
    """An end that is not after the start is a slip of the clock."""
    session = context.note.session_minutes() if context.note else None
    if session is not None and session <= 0:
        yield Hit("The session ends before it begins.", "/note/end")


@rule(
    "technique_unknown",
    Severity.BLOCK,
    "A technique's code must be one we know",
    fix="Ask a biller which procedure it is; add the code to the procedure list if it is right.",
    source=sources.UNITS,
    overridable=True,
)
def technique_unknown(context: ScrubberInput) -> Iterator[Hit]:
    """A code that is neither timed nor untimed asks a person; it is never billed by guess."""
    if context.note is None:
        return
    for place, technique in enumerate(context.note.techniques):
        if context.codes.procedures.get(technique.code) is None:
            text = f"{technique.code} is no procedure that we know."
            yield Hit(text, f"/note/techniques/{place}/code")


@rule(
    "technique_not_billed",
    Severity.INFO,
    "Work on the note that is not on the claim",
    fix="Nothing to do if this is meant; the minutes stay documented.",
    source=sources.UNITS,
)
def technique_not_billed(context: ScrubberInput) -> Iterator[Hit]:
    """A technique may stay off the claim (too few minutes, left out by a rule), and it should be seen."""
    if context.note is None:
        return
    billed = context.claim.procedures()
    for code in dict.fromkeys(technique.code for technique in context.note.techniques):
        if code not in billed and context.codes.procedures.get(code):
            minutes = context.note.minutes_of(code)
            yield Hit(
                f"{minutes} minutes of {context.codes.procedures.label(code)} are not on the claim.", "/note/techniques"
            )


RULES: tuple[Rule, ...] = (
    note_missing,
    note_unsigned,
    note_changed_after_signing,
    note_signer_not_therapist,
    note_signed_before_treatment,
    note_of_other_day,
    note_of_other_person,
    provider_not_the_notes,
    diagnosis_not_on_note,
    procedure_not_on_note,
    minutes_above_note,
    minutes_above_session,
    session_times_missing,
    session_ends_before_start,
    technique_unknown,
    technique_not_billed,
)
