"""What was used of an authorization, a referral or a benefit before the practice moved in: put, read, and counted."""

from typing import Any

from sqlmodel import Session

from services.claims.domain.authorization_ledger import UsedBefore
from services.claims.flows.dependencies import Dependencies
from services.claims.store import opening_balances as store
from services.claims.store.opening_tables import OpeningVisitsRow
from shared.audit import about_patient
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.opening_balances import OpeningVisits, OpeningVisitsPut
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, refuse
from shared.dates import local_date
from shared.errors import Fault, NotFound
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition


def put_opening_visits(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    grant_id: str,
    command: OpeningVisitsPut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[OpeningVisits]:
    """Create or replace a count. Raises NotFound (coverage), RuleBroken, PreconditionFailed, Unavailable."""
    organization_id = caller.organization_id
    today = local_date(deps.clock.now(), caller.time_zone)
    bundle = deps.eligibility.coverage_bundle(organization_id, command.coverage_id, min(command.counted_through, today))
    about_patient(bundle.patient.id)
    future = Fault("/counted_through", "count_in_future", "That day is not over yet.", "Count what was used by today.")
    unknown = Fault(
        "/kind", "grant_unknown", f"The coverage has no such {command.kind}.", "Record it in eligibility first."
    )
    known = grant_id in _grants(bundle, command.kind)
    refuse("count", broken=[*([future] if command.counted_through > today else []), *([] if known else [unknown])])
    columns: dict[str, Any] = {
        "kind": command.kind,
        "patient_id": bundle.patient.id,
        "coverage_id": command.coverage_id,
        "visits": command.visits,
        "units": command.units,
        "counted_through": command.counted_through,
        "figures_from": command.source,
    }
    change = RecordChange(caller, "opening_visits.put", grant_id, deps.clock.now(), command.actor)

    def write(row: OpeningVisitsRow | None) -> OpeningVisitsRow:
        if row is None:
            return OpeningVisitsRow(organization_id=organization_id, id=grant_id, **columns)
        return row.sqlmodel_update(columns)

    def put(session: Session) -> PutResult[OpeningVisits]:
        put = put_record(
            session,
            deps.ids,
            change,
            store.opening_visits(session, organization_id, grant_id),
            precondition=precondition,
            is_equal=lambda row: {name: getattr(row, name) for name in columns} == columns,
            write=write,
        )
        return PutResult(_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_opening_visits(deps: Dependencies, caller: Caller, grant_id: str) -> OpeningVisits:
    """Raises NotFound."""
    with deps.database.reading() as session:
        row = store.opening_visits(session, caller.organization_id, grant_id)
        if row is None:
            raise NotFound("nothing was said to be used of it before", code="opening_visits_not_found")
        about_patient(row.patient_id)
        return _view(row)


def used_before(session: Session, organization_id: str, patient_id: str) -> tuple[UsedBefore, ...]:
    """All that a patient had used, as the rules count it."""
    return tuple(
        UsedBefore(row.id, row.visits, row.units, row.counted_through)
        for row in store.opening_visits_of_patient(session, organization_id, patient_id)
    )


def _grants(bundle: CoverageBundle, kind: str) -> set[str]:
    if kind == "benefit":
        return {bundle.coverage.id}
    return {one.id for one in (bundle.authorizations if kind == "authorization" else bundle.referrals)}


def _view(row: OpeningVisitsRow) -> OpeningVisits:
    return OpeningVisits(
        id=row.id,
        version=row.version,
        kind=row.kind,
        coverage_id=row.coverage_id,
        visits=row.visits,
        units=row.units,
        counted_through=row.counted_through,
        source=row.figures_from,
    )
