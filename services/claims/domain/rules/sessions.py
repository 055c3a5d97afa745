"""Who was with whom and when: a therapist's other sessions, and the patient's.

Two sessions that overlap can both be true where only a part of them was hands-on: a modality that nobody need be
beside takes none of the therapist's minutes, and a group is one session of several patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import NEW_NOTE, Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import PastSession, PastTechnique, TechniqueInput
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.procedures import GROUP, ONE_TO_ONE, Procedures


@dataclass(frozen=True, slots=True)
class _Session:
    """The minutes of a session: its length, those of one-to-one work, those with a group."""

    start: datetime
    end: datetime
    one_to_one: int
    group: int
    is_partly_free: bool
    """Whether some of it takes less than the whole therapist."""

    @property
    def length(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


def _session(
    start: datetime, end: datetime, techniques: Iterable[TechniqueInput | PastTechnique], procedures: Procedures
) -> _Session:
    spent: dict[str, int] = {}
    known = tuple(techniques)
    if not known:
        return _Session(start, end, int((end - start).total_seconds() // 60), 0, is_partly_free=False)
    for one in known:
        contact = procedures.contact(one.procedure_code)
        spent[contact] = spent.get(contact, 0) + one.minutes
    return _Session(start, end, spent.get(ONE_TO_ONE, 0), spent.get(GROUP, 0), bool(spent.keys() - {ONE_TO_ONE}))


def _exclude_each_other(one: _Session, other: _Session) -> bool:
    """True when both cannot be true: no order of the work leaves one person each minute that she has to herself."""
    shared = int((min(one.end, other.end) - max(one.start, other.start)).total_seconds() // 60)
    # Ends do not overlap: a session may begin in the minute in which another ends.
    if shared <= 0:
        return False
    if not (one.is_partly_free or other.is_partly_free):
        return True
    apart = one.one_to_one <= one.length - shared or other.one_to_one <= other.length - shared
    needed = one.one_to_one + other.one_to_one + max(one.group, other.group)
    return not apart or needed > one.length + other.length - shared


def _conflicting(context: ScrubberInput) -> Iterator[PastSession]:
    note, procedures = context.note, context.codes.procedures
    mine = _session(note.start, note.end, note.techniques, procedures)
    for past in context.history.sessions:
        if past.note_id == note.note_id:
            continue
        if _exclude_each_other(mine, _session(past.start, past.end, past.techniques, procedures)):
            yield past


@rule(
    "sessions_overlap",
    Severity.BLOCK,
    "A therapist treats one patient at a time",
    fix=(
        "Correct start and end of the session (`started_at` and `ended_at` of the note). A group is 97150 for each "
        "patient (`procedure_code` of the technique)." + NEW_NOTE
    ),
    overridable=True,
)
def sessions_overlap(context: ScrubberInput) -> Iterator[RuleMatch]:
    """One-to-one minutes of two patients at the same time cannot both be true; a group, and a modality that needs
    nobody beside it, leave the therapist for another patient."""
    if any(past.therapist_id == context.note.therapist_id for past in _conflicting(context)):
        yield RuleMatch("The therapist has another session at the same time.", "/note/start")


@rule(
    "patient_with_two_therapists",
    Severity.BLOCK,
    "A patient is treated by one therapist at a time",
    fix=(
        "Correct start and end of the session (`started_at` and `ended_at` of the note). If two therapists treated her "
        "together, bill the minutes of each once and override it with the reason." + NEW_NOTE
    ),
    overridable=True,
)
def patient_with_two_therapists(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Two therapists cannot each bill the same minutes of one patient as one-to-one work."""
    note = context.note
    for past in _conflicting(context):
        if past.patient_id == context.claim.patient_id and past.therapist_id != note.therapist_id:
            yield RuleMatch("The patient has a session with another therapist at the same time.", "/note/start")
            return


RULES: tuple[Rule, ...] = (sessions_overlap, patient_with_two_therapists)
