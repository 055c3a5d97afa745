"""A coverage with all that belongs to it, in one answer: what a claim keeps as its snapshot."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.domain.answer_of_day import PlanAnswer, answer_of_day
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.records import found, view_of
from services.eligibility.flows.resource_types import AUTHORIZATION, COVERAGE, PATIENT, PAYER, REFERRAL
from services.eligibility.store import CheckRow, CoverageRow
from shared.audit import about_patient
from shared.contracts.eligibility import CoverageBundle, OtherCoverage
from shared.contracts.eligibility_checks import Benefit
from shared.security.caller import Caller

MAX_ANSWERS = 50
"""Older answers than these speak of no day that is still billed."""


def coverage_bundle(
    deps: Dependencies, caller: Caller, coverage_id: str, service_date: date | None = None
) -> CoverageBundle:
    """Everything is of one moment. Other coverages come by rank; the benefit is the one of the day of service, or the
    newest where none is given. Raises NotFound."""
    with deps.database.reading() as session:
        return bundle_of(session, caller, coverage_id, service_date)


def bundle_of(session: Session, caller: Caller, coverage_id: str, service_date: date | None = None) -> CoverageBundle:
    """The bundle within a session that is open. Raises NotFound."""
    row = cast(CoverageRow, found(session, caller, COVERAGE, coverage_id))
    of_coverage = {"coverage_id": coverage_id}
    org = caller.organization_id
    about_patient(row.patient_id)
    authorizations = store.page(session, AUTHORIZATION.row, org, of_coverage, after=None, count=AUTHORIZATION.at_most)
    referrals = store.page(session, REFERRAL.row, org, of_coverage, after=None, count=REFERRAL.at_most)
    check = _check_of(store.answered_checks(session, org, coverage_id, MAX_ANSWERS), service_date)
    return CoverageBundle(
        coverage=view_of(COVERAGE, row),
        patient=view_of(PATIENT, found(session, caller, PATIENT, row.patient_id)),
        payer=view_of(PAYER, found(session, caller, PAYER, row.payer_id)),
        authorizations=[view_of(AUTHORIZATION, each) for each in authorizations],
        referrals=[view_of(REFERRAL, each) for each in referrals],
        other_coverages=_others(session, caller, row),
        benefit=Benefit.model_validate(check.content["benefit"]) if check else None,
        checked_at=check.checked_at if check else None,
    )


def _check_of(newest_first: Sequence[CheckRow], service_date: date | None) -> CheckRow | None:
    """The check whose answer counts for a day of service; the newest where no day is given."""
    if service_date is None:
        return next(iter(newest_first), None)
    place = answer_of_day([_plan_answer(check) for check in newest_first], service_date)
    return None if place is None else newest_first[place]


def _plan_answer(check: CheckRow) -> PlanAnswer:
    benefit = Benefit.model_validate(check.content["benefit"])
    return PlanAnswer(check.service_date, benefit.active, benefit.effective_from, benefit.effective_to)


def _others(session: Session, caller: Caller, row: CoverageRow) -> list[OtherCoverage]:
    of_patient = {"patient_id": row.patient_id}
    rows = store.page(session, CoverageRow, caller.organization_id, of_patient, after=None, count=COVERAGE.at_most)
    others = sorted((other for other in rows if other.id != row.id), key=lambda other: (other.rank, other.id))
    return [
        OtherCoverage(
            coverage=view_of(COVERAGE, other), payer=view_of(PAYER, found(session, caller, PAYER, other.payer_id))
        )
        for other in others
    ]
