"""Which claim a payment may be for that names none of ours: by member, name, date of service and charge.

A suggestion is for a person to decide; nothing is posted by it. Its reasons say what agrees, and never a value. Who the
patient is weighs more than day and charge together, and nobody's claim is suggested whose member id and name are both
others than those that the payment names: money on a wrong patient's claim is worse than money that waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from shared import x12
from shared.plural import counted

DAYS_APART = 3
"""How far the dates of service may be apart."""
SAME_DATE, NEAR_DATE, SAME_CHARGE, MEMBER, NAME = 15, 6, 15, 40, 30
ALIKE = 80
"""From which likeness on (0 to 100) two texts count as perhaps the same."""
LOWEST_SCORE = 30
MOST = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a claim is known by."""

    claim_id: str
    member_id: str
    patient_name: str
    date_of_service: date
    charge_cents: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`score` is 0 to 100."""

    claim_id: str
    score: int
    reasons: tuple[str, ...]


def service_dates(payment: x12.ClaimPayment) -> list[date]:
    """The days that a payment speaks of: of its services, else of the claim."""
    of_services = [day for one in payment.services if (day := one.service_date) is not None]
    of_claim = [one.start for one in payment.dates if one.qualifier == "232" and one.start is not None]
    return sorted({*of_services} or {*of_claim})


def suggest(payment: x12.ClaimPayment, candidates: Iterable[Candidate]) -> list[Suggestion]:
    """At most MOST claims that the payment may be for, the likeliest first: those of the patient who is most like the
    one that it names come first, and no claim of another has a higher score."""
    days = service_dates(payment)
    found = (one for candidate in candidates if (one := _judged(payment, days, candidate)) is not None)
    likely = sorted((one for one in found if one.score >= LOWEST_SCORE), key=lambda one: one.rank)
    suggested: list[Suggestion] = []
    for one in likely[:MOST]:
        most = suggested[-1].score if suggested else one.score
        suggested.append(Suggestion(one.claim_id, min(one.score, most), one.reasons))
    return suggested


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate with what speaks for its patient and for its visit."""

    claim_id: str
    patient_points: int
    visit_points: int
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        return self.patient_points + self.visit_points

    @property
    def rank(self) -> tuple[int, int, str]:
        return -self.patient_points, -self.visit_points, self.claim_id


def _judged(payment: x12.ClaimPayment, days: list[date], candidate: Candidate) -> _Judged | None:
    """None for the claim of another patient than the payment names."""
    member_id, name = (payment.patient.id, _name_of(payment)) if payment.patient else ("", "")
    patient = (
        _of_text(member_id, candidate.member_id, MEMBER, "member id"),
        _of_text(name, candidate.patient_name, NAME, "patient's name"),
    )
    patient_points = sum(points for points, _reason in patient)
    if (member_id or name.strip()) and not patient_points:
        return None
    visit = (
        _of_date(days, candidate.date_of_service),
        _of_charge(abs(payment.charge_cents), candidate.charge_cents),
    )
    reasons = tuple(reason for _points, reason in (*visit, *patient) if reason)
    return _Judged(candidate.claim_id, patient_points, sum(points for points, _reason in visit), reasons)


def _of_date(days: list[date], day: date) -> tuple[int, str]:
    apart = min((abs((one - day).days) for one in days), default=None)
    if apart is None or apart > DAYS_APART:
        return 0, ""
    if apart == 0:
        return SAME_DATE, "same date of service"
    return NEAR_DATE, f"date of service {counted(apart, 'day')} apart"


def _of_charge(paid_on_cents: int, charge_cents: int) -> tuple[int, str]:
    return (SAME_CHARGE, "same charge") if paid_on_cents == charge_cents else (0, "")


def _of_text(said: str, known: str, most: int, what: str) -> tuple[int, str]:
    one, other = _plain(said), _plain(known)
    if not one or not other:
        return 0, ""
    alike = fuzz.ratio(one, other, score_cutoff=ALIKE)
    if not alike:
        return 0, ""
    return round(most * alike / 100), f"same {what}" if one == other else f"{what} alike to {alike:.0f}%"


def _plain(text: str) -> str:
    return " ".join(sorted(text.upper().split()))


def _name_of(payment: x12.ClaimPayment) -> str:
    patient = payment.patient
    return f"{patient.first} {patient.name}" if patient is not None else ""
