"""What a payer allows by contract, from a date on, so that an underpayment is noticed."""

from datetime import date
from typing import Any

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.practice.records import PROCEDURE_TWICE
from services.claims.store import practice as store
from services.claims.store.tables import PayerFeesRow
from shared.contracts.rules import PayerFees, PayerFeesPut
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, refuse
from shared.dates import local_date
from shared.errors import NotFound
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition


def put_payer_fees(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    payer_id: str,
    command: PayerFeesPut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[PayerFees]:
    """Create or replace a payer's fees from a day on; earlier fees still apply to earlier dates of service.

    The record is the payer's fees from that day: its version and the precondition are of that day. Raises Malformed
    when a procedure is in it twice, PreconditionFailed.
    """
    codes = {fee.procedure_code for fee in command.fees}
    refuse("payer fees", malformed=[PROCEDURE_TWICE] if len(codes) != len(command.fees) else [])
    organization_id, effective_from = caller.organization_id, command.effective_from
    fees, share = command.fees, command.percent_of_charge_basis_points
    change = RecordChange(caller, "payer_fees.put", payer_id, deps.clock.now(), command.actor)

    def write(row: PayerFeesRow | None) -> PayerFeesRow:
        columns: dict[str, Any] = {"fees": fees, "percent_of_charge_basis_points": share}
        if row is None:
            return PayerFeesRow(organization_id=organization_id, id=payer_id, effective_from=effective_from, **columns)
        return row.sqlmodel_update(columns)

    def put(session: Session) -> PutResult[PayerFees]:
        put = put_record(
            session,
            deps.ids,
            change,
            store.payer_fees(session, organization_id, payer_id, effective_from),
            precondition=precondition,
            is_equal=lambda row: (row.fees, row.percent_of_charge_basis_points) == (fees, share),
            write=write,
            event_data=lambda row: {"effective_from": row.effective_from.isoformat()},
        )
        return PutResult(_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_payer_fees(deps: Dependencies, caller: Caller, payer_id: str, on: date | None) -> PayerFees:
    """The fees in force on a day, the practice's today when absent. Raises NotFound."""
    day = on or local_date(deps.clock.now(), caller.time_zone)
    with deps.database.reading() as session:
        row = store.payer_fees_on(session, caller.organization_id, payer_id, day)
        if row is None:
            raise NotFound("no fees of this payer are in force on that day", code="payer_fees_not_found")
        return _view(row)


def _view(row: PayerFeesRow) -> PayerFees:
    return PayerFees.model_validate(
        {
            "payer_id": row.id,
            "version": row.version,
            "effective_from": row.effective_from,
            "fees": row.fees,
            "percent_of_charge_basis_points": row.percent_of_charge_basis_points,
        }
    )
