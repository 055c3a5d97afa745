"""Claims as ledger and timeline had them by the end of a day, in four statements whatever their number."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from sqlmodel import Session

from services.claims.domain.ledger import Entry
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.reports.history import (
    UNKNOWN_PROGRAM,
    ClaimFacts,
    ClaimHistory,
    Happening,
    Step,
    money_of,
)
from services.claims.domain.timeline import BUILT_ANEW, TimelineKind
from services.claims.store import reports as store
from services.claims.store.reports import ReportedClaim, TimedEntry
from shared.dates import end_of_day, local_date

STEPS: Mapping[TimelineKind, Step] = {
    TimelineKind.CLAIM_SUBMITTED: Step.SUBMITTED,
    TimelineKind.CLAIM_ACCEPTED: Step.ACCEPTED,
    TimelineKind.CLAIM_REJECTED: Step.REJECTED,
    TimelineKind.PAYMENT_POSTED: Step.DECIDED,
    TimelineKind.PAYMENT_MATCHED: Step.DECIDED,
    TimelineKind.PAYMENT_UNMATCHED: Step.DECIDED,
}
DETAILED = BUILT_ANEW | {kind for kind, step in STEPS.items() if step is Step.DECIDED}
DAYS_KEPT = 10_000


class Days:
    """The practice's days of moments."""

    def __init__(self, zone: str) -> None:
        self.of = lru_cache(maxsize=DAYS_KEPT)(lambda moment: local_date(moment, zone))


def read_history(session: Session, organization_id: str, as_of: date, zone: str) -> list[ClaimHistory]:
    """Every claim that was there by the end of the day `as_of` in the practice's zone."""
    before, day_of = end_of_day(as_of, zone), Days(zone).of
    booked: dict[str, list[Entry]] = defaultdict(list)
    for claim_id, entry in store.sums_before(session, organization_id, before):
        booked[claim_id].append(entry)
    happened: dict[str, list[Happening]] = defaultdict(list)
    facts: dict[str, ClaimFacts] = {}
    for one in store.steps_before(session, organization_id, before, STEPS.keys(), DETAILED):
        step = _step(one)
        if step is not None:
            happened[one.claim_id].append(Happening(step, day_of(one.at), one.detail.decision))
        if one.detail.claim is not None:
            facts[one.claim_id] = one.detail.claim
    paid = store.first_payments_before(session, organization_id, before)
    return [
        ClaimHistory(
            claim_id=claim.claim_id,
            patient_id=claim.patient_id,
            facts=facts.get(claim.claim_id) or _facts_of_today(claim),
            money=money_of(booked[claim.claim_id]),
            happenings=tuple(happened[claim.claim_id]),
            first_paid_on=_day(paid.get(claim.claim_id), zone),
        )
        for claim in store.claims_before(session, organization_id, before)
    ]


def _step(entry: TimedEntry) -> Step | None:
    if entry.kind is TimelineKind.CLAIM_CREATED and entry.detail.state == ClaimState.SUBMITTED:
        # The payer before has sent it.
        return Step.SUBMITTED
    return STEPS.get(entry.kind)


def _facts_of_today(claim: ReportedClaim) -> ClaimFacts:
    return ClaimFacts(claim.payer_id, UNKNOWN_PROGRAM, claim.date_of_service)


def _day(moment: datetime | None, zone: str) -> date | None:
    return local_date(moment, zone) if moment is not None else None
