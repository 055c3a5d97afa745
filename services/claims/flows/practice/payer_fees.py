"""What a payer allows, as its contract says: known per payer from a date on, so that an underpayment is seen."""

from datetime import date
from typing import Any

from sqlmodel import Session

from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.store import practice as store
from services.claims.store.tables import PayerFeesRow
from shared.contracts.rules import PayerFees, PayerFeesPut
from shared.database import UnitOfWork
from shared.dates import local_date
from shared.errors import Fault, Malformed, NotFound
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition


def put_payer_fees(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    payer_id: str,
    command: PayerFeesPut,
    precondition: Precondition = UNCONDITIONAL,
) -> PayerFees:
    """Create or replace a payer's fees from a day on; earlier ones stay for earlier dates of service."""
    if len({fee.procedure_code for fee in command.fees}) != len(command.fees):
        fault = Fault("/body/fees", "procedure_twice", "A procedure has two fees.", "Keep one fee for each procedure.")
        raise Malformed("one fee for each procedure", errors=[fault])
    at, fees = deps.clock.now(), [fee.model_dump(mode="json") for fee in command.fees]

    def write(session: Session) -> PayerFees:
        row = store.payer_fees(session, caller.organization_id, payer_id, command.effective_from)
        precondition.check(row.version if row else None)
        share = command.percent_of_charge_basis_points
        if row is None:
            row = _new(caller.organization_id, payer_id, command.effective_from, fees, share)
        elif (row.fees, row.percent_of_charge_bp) != (fees, share):
            row.fees, row.percent_of_charge_bp, row.version = fees, share, row.version + 1
        session.add(row)
        audit(session, deps, caller, at=at, action="payer_fees.put", subject_id=payer_id, actor=command.actor)
        return _view(row)

    return unit_of_work.run(write)


def get_payer_fees(deps: Dependencies, caller: Caller, payer_id: str, on: date | None) -> PayerFees:
    """The fees in force on a day, the practice's today when absent. Raises NotFound."""
    day = on or local_date(deps.clock.now(), caller.time_zone)
    with deps.database.reading() as session:
        row = store.payer_fees_on(session, caller.organization_id, payer_id, day)
        if row is None:
            raise NotFound("no fees of this payer are in force on that day", code="payer_fees_not_found")
        return _view(row)


def _new(
    organization_id: str, payer_id: str, effective_from: date, fees: list[dict[str, Any]], share: int | None
) -> PayerFeesRow:
    return PayerFeesRow(
        organization_id=organization_id,
        id=payer_id,
        effective_from=effective_from,
        fees=fees,
        percent_of_charge_bp=share,
    )


def _view(row: PayerFeesRow) -> PayerFees:
    return PayerFees.model_validate(
        {
            "payer_id": row.id,
            "version": row.version,
            "effective_from": row.effective_from,
            "fees": row.fees,
            "percent_of_charge_basis_points": row.percent_of_charge_bp,
        }
    )
