"""What is on file in the words of a letter: a signed note, a referral, an authorization, a trend. Nothing is added."""

from collections.abc import Iterable
from datetime import date

from services.claims.store.work_tables import ClaimNoteRow
from shared.contracts.common import Address, PersonName
from shared.contracts.eligibility import Authorization, Referral
from shared.contracts.notes import Note, Technique
from shared.dates import local_time


def full_name(name: PersonName) -> str:
    """First, middle and last name."""
    return " ".join(filter(None, (name.first, name.middle, name.last)))


def one_line(address: Address) -> str:
    """An address in one line."""
    digits = "-".join(filter(None, (address.zip[:5], address.zip[5:])))
    return ", ".join(filter(None, (address.line1, address.line2, address.city, f"{address.state} {digits}")))


def note_text(note: Note, therapist: str) -> str:
    """A signed note as plain text, part by part."""
    said, found = note.subjective, note.objective
    signed = f"Signed by {note.signed_by.name} at {note.signed_at}" if note.signed_by and note.signed_at else ""
    lines = (
        ("Treatment note of", f"{note.date_of_service}"),
        ("Therapist", therapist),
        ("From", f"{note.started_at.isoformat()} to {note.ended_at.isoformat()}"),
        ("Complaint", said.complaint),
        ("Pain before, of 10", _number(said.pain)),
        ("Character", said.character),
        ("Onset", said.onset),
        ("Functional limit", said.functional_limit),
        ("Range of motion", found.range_of_motion),
        ("Palpation", found.palpation),
        ("Posture", found.posture),
        ("Other findings", found.other),
        ("Techniques", techniques_text(note.techniques)),
        ("Diagnoses", ", ".join(note.diagnoses)),
        ("Assessment", note.assessment),
        ("Plan", plan_text(note)),
        ("Pain after, of 10", _number(note.pain_after)),
        ("Response", note.response),
    )
    return "\n".join([*(f"{name}: {text}" for name, text in lines if text), signed]).rstrip()


def techniques_text(techniques: Iterable[Technique]) -> str:
    """Procedure, region and minutes of each technique."""
    return "; ".join(
        f"{one.procedure_code}, {' '.join(filter(None, (one.side, one.region)))}, {one.minutes} minutes"
        for one in techniques
    )


def findings_text(note: Note) -> str:
    """What the therapist found; empty where the note has nothing of it."""
    found = note.objective
    return "; ".join(filter(None, (found.range_of_motion, found.palpation, found.posture, found.other)))


def plan_text(note: Note) -> str:
    """The plan of care; empty where the note has none."""
    plan = note.plan
    goals = [f"{goal.measure} to {goal.target} by {goal.due_on}" for goal in plan.goals]
    ends = f"until {plan.ends_on}" if plan.ends_on else ""
    return "; ".join(filter(None, (" ".join(filter(None, (plan.frequency, ends))), *goals, plan.other)))


def referral_text(referral: Referral) -> str:
    """A referral, prescription or order."""
    until = f", valid until {referral.effective_to}" if referral.effective_to else ""
    visits = f", {referral.visits} visits" if referral.visits is not None else ""
    number = f", number {referral.number}" if referral.number else ""
    by = f"{full_name(referral.referring_name)}, NPI {referral.referring_npi}"
    return f"{referral.kind} of {referral.issued_on} by {by}{number}{until}{visits}"


def authorization_text(one: Authorization) -> str:
    """An authorization."""
    visits = f", {one.visits} visits" if one.visits is not None else ""
    units = f", {one.units} units" if one.units is not None else ""
    return f"number {one.number}, from {one.effective_from} to {one.effective_to}{visits}{units}"


def trend_text(scores: Iterable[tuple[date, int]]) -> str:
    """The pain before treatment, visit by visit."""
    return ", ".join(f"{score} of 10 on {day}" for day, score in scores)


def call_log_text(notes: Iterable[ClaimNoteRow], zone: str) -> str:
    """Notes on a claim, each with its time and author."""
    return "\n\n".join(
        f"{local_time(one.at, zone):%Y-%m-%d %H:%M}, {one.body.author.name}:\n{one.body.text}" for one in notes
    )


def _number(score: int | None) -> str:
    return "" if score is None else str(score)
