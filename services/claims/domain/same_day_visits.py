"""Several visits of a patient on one day, billed on one claim, where a payer wants that.

What was done at all of them is read as one note, since minutes are pooled over the day and a procedure that one
therapist did twice is one line: a second line of it would be denied as a duplicate. What two therapists did stays
apart, as a line names who treated. The minute at which a technique began counts from the start of the first visit.

Source: Medicare Claims Processing Manual ch. 5 section 20.2 (the timed minutes of one patient, day and discipline).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.claims.domain.scrubber_input import NoteInput, TechniqueInput

MAX_OWN_DIAGNOSES = 4
"""As many as a line can point to: with more, what a technique treated is found by its region."""


def as_one_note(notes: Sequence[NoteInput]) -> NoteInput:
    """The notes of one day as one, in the words of the first; each technique knows its note, and its therapist where
    that is another than the first note's. It is signed when all are."""
    first = notes[0]
    if len(notes) == 1:
        return first
    diagnoses = tuple(dict.fromkeys(diagnosis for note in notes for diagnosis in note.diagnoses))
    start = min(note.start for note in notes)
    signed_on = [note.signed_on for note in notes if note.signed_on is not None]
    return replace(
        first,
        techniques=tuple(
            _of_day(technique, note, first.therapist_id, start, diagnoses)
            for note in notes
            for technique in note.techniques
        ),
        diagnoses=diagnoses,
        start=start,
        end=max(note.end for note in notes),
        signed=all(note.signed for note in notes),
        signed_on=max(signed_on) if len(signed_on) == len(notes) else None,
    )


def _of_day(
    technique: TechniqueInput, note: NoteInput, first_therapist: str, start: datetime, diagnoses: Sequence[str]
) -> TechniqueInput:
    begun = technique.start_minute
    later = (note.start - start) // timedelta(minutes=1)
    # A technique that names none treated those of its own note, not those of the day.
    own = note.diagnoses if len(note.diagnoses) <= MAX_OWN_DIAGNOSES and set(note.diagnoses) != set(diagnoses) else ()
    return replace(
        technique,
        note_id=note.note_id,
        therapist_id="" if note.therapist_id == first_therapist else note.therapist_id,
        start_minute=None if begun is None else begun + later,
        diagnoses=technique.diagnoses or own,
    )
