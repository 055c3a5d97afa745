"""Which claim a payment may be for that names none of ours: by member, name, date of service and charge.

A suggestion is for a person to decide; nothing is posted by it. Its reasons say what agrees, and never a value.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from shared import x12
from shared.plural import counted

DAYS_APART = 3
"""How far the dates of service may be apart."""
SAME_DATE, NEAR_DATE, SAME_CHARGE, MEMBER, NAME = 25, 10, 25, 30, 20
ALIKE = 0.8
"""From which likeness on two texts count as perhaps the same."""
LOWEST_SCORE = 40
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
    """At most MOST claims that the payment may be for, the likeliest first."""
    days = service_dates(payment)
    found = (_judged(payment, days, one) for one in candidates)
    likely = sorted((one for one in found if one.score >= LOWEST_SCORE), key=lambda one: (-one.score, one.claim_id))
    return likely[:MOST]


def _judged(payment: x12.ClaimPayment, days: list[date], candidate: Candidate) -> Suggestion:
    points = (
        _of_date(days, candidate.date_of_service),
        _of_charge(abs(payment.charge_cents), candidate.charge_cents),
        _of_text(payment.patient.id if payment.patient else "", candidate.member_id, MEMBER, "member id"),
        _of_text(_name_of(payment), candidate.patient_name, NAME, "patient's name"),
    )
    reasons = tuple(reason for _points, reason in points if reason)
    return Suggestion(candidate.claim_id, sum(score for score, _reason in points), reasons)


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
    alike = SequenceMatcher(None, one, other, autojunk=False).ratio()
    if alike < ALIKE:
        return 0, ""
    return round(most * alike), f"same {what}" if one == other else f"{what} alike to {alike:.0%}"


def _plain(text: str) -> str:
    return " ".join(sorted(text.upper().split()))


def _name_of(payment: x12.ClaimPayment) -> str:
    patient = payment.patient
    return f"{patient.first} {patient.name}" if patient is not None else ""
