"""The practice's own data: billing provider, therapists, fee schedules; put by the caller's ids."""

from typing import Any, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.store import practice as store
from services.claims.store.tables import FeeScheduleRow, PracticeRow, TherapistRow
from shared.codesets import bundled
from shared.contracts.claims import (
    Fee,
    FeeSchedule,
    FeeSchedulePut,
    Practice,
    PracticePut,
    Therapist,
    TherapistPut,
)
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, Malformed, NotFound
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition

R = TypeVar("R")


def put_practice(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    command: PracticePut,
    precondition: Precondition = UNCONDITIONAL,
) -> Practice:
    """Create or replace the billing provider. Raises Conflict for an NPI that fails its check digit."""
    _check_npi(command.npi)
    body, at = _body(command), deps.clock.now()

    def write(session: Session) -> Practice:
        row = store.practice(session, caller.organization_id)
        precondition.check(row.version if row else None)
        if row is None:
            row = PracticeRow(
                organization_id=caller.organization_id,
                id=store.PRACTICE_ID,
                npi=command.npi,
                time_zone=caller.time_zone,
                body=body,
            )
        elif row.body != body or row.time_zone != caller.time_zone:
            row.body, row.time_zone, row.version = body, caller.time_zone, row.version + 1
            row.npi = command.npi
        session.add(row)
        audit(session, deps, caller, at=at, action="practice.put", subject_id=row.id, actor=command.actor)
        return practice_view(row)

    return unit_of_work.run(write)


def get_practice(deps: Dependencies, caller: Caller) -> Practice:
    with deps.database.reading() as session:
        return practice_view(found_claim(store.practice(session, caller.organization_id), "practice"))


def put_therapist(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    therapist_id: str,
    command: TherapistPut,
    precondition: Precondition = UNCONDITIONAL,
) -> Therapist:
    """Create or replace a therapist. Raises Conflict for an NPI that fails its check digit."""
    _check_npi(command.npi)
    body, at = _body(command), deps.clock.now()

    def write(session: Session) -> Therapist:
        row = store.therapist(session, caller.organization_id, therapist_id)
        precondition.check(row.version if row else None)
        if row is None:
            row = TherapistRow(organization_id=caller.organization_id, id=therapist_id, body=body)
        elif row.body != body:
            row.body, row.version = body, row.version + 1
        session.add(row)
        audit(session, deps, caller, at=at, action="therapist.put", subject_id=row.id, actor=command.actor)
        return therapist_view(row)

    return unit_of_work.run(write)


def get_therapist(deps: Dependencies, caller: Caller, therapist_id: str) -> Therapist:
    with deps.database.reading() as session:
        return therapist_view(found_claim(store.therapist(session, caller.organization_id, therapist_id), "therapist"))


def put_fee_schedule(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    schedule_id: str,
    command: FeeSchedulePut,
    precondition: Precondition = UNCONDITIONAL,
) -> FeeSchedule:
    """Create or replace a fee schedule. Raises Malformed when a procedure is in it twice."""
    charges = {fee.procedure_code: fee.charge_cents for fee in command.fees}
    if len(charges) != len(command.fees):
        fault = Fault("/body/fees", "procedure_twice", "A procedure has two fees.", "Keep one fee for each procedure.")
        raise Malformed("one fee for each procedure, for every payer", errors=[fault])
    at = deps.clock.now()

    def write(session: Session) -> FeeSchedule:
        row = store.fee_schedule(session, caller.organization_id, schedule_id)
        precondition.check(row.version if row else None)
        if row is None:
            row = FeeScheduleRow(
                organization_id=caller.organization_id,
                id=schedule_id,
                effective_from=command.effective_from,
                charges_cents=charges,
            )
        elif (row.effective_from, row.charges_cents) != (command.effective_from, charges):
            row.effective_from, row.charges_cents = command.effective_from, charges
            row.version += 1
        session.add(row)
        audit(session, deps, caller, at=at, action="fee_schedule.put", subject_id=row.id, actor=command.actor)
        return fee_schedule_view(row)

    return unit_of_work.run(write)


def get_fee_schedule(deps: Dependencies, caller: Caller, schedule_id: str) -> FeeSchedule:
    with deps.database.reading() as session:
        return fee_schedule_view(
            found_claim(store.fee_schedule(session, caller.organization_id, schedule_id), "fee schedule")
        )


def practice_view(row: PracticeRow) -> Practice:
    return Practice.model_validate({**row.body, "version": row.version, "time_zone": row.time_zone})


def therapist_view(row: TherapistRow) -> Therapist:
    return Therapist.model_validate({**row.body, "id": row.id, "version": row.version})


def fee_schedule_view(row: FeeScheduleRow) -> FeeSchedule:
    fees = [Fee(procedure_code=code, charge_cents=cents) for code, cents in row.charges_cents.items()]
    return FeeSchedule(id=row.id, version=row.version, effective_from=row.effective_from, fees=fees)


def _body(command: BaseModel) -> dict[str, Any]:
    return command.model_dump(mode="json", exclude={"actor"})


def found_claim(row: R | None, what: str) -> R:
    if row is None:
        raise NotFound(f"{what} is not in this organization", code=f"{what.replace(' ', '_')}_not_found")
    return row


def _check_npi(npi: str) -> None:
    if not bundled().npi_valid(npi):
        fault = Fault(
            "/body/npi", "npi_check_digit", "The NPI fails its check digit.", "Copy it anew from the registry."
        )
        raise Conflict("the NPI is not one that can exist", code="npi_check_digit", errors=[fault])
