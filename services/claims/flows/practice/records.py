"""The practice's own data: billing provider, therapists, fee schedules; put by the caller's ids."""

from typing import Any, TypeVar

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.store import practice as store
from services.claims.store.tables import FeeScheduleRow, PracticeRow, TherapistRow
from shared.codesets import npi_valid
from shared.contracts.practice import (
    Fee,
    FeeSchedule,
    FeeSchedulePut,
    Practice,
    PracticePut,
    PracticeRecord,
    Therapist,
    TherapistPut,
)
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, refuse
from shared.errors import Fault, NotFound
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition

R = TypeVar("R")
P = TypeVar("P", PracticePut, TherapistPut)


def put_practice(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    command: PracticePut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[PracticeRecord]:
    """Create or replace the billing provider. Raises RuleBroken for an NPI that fails its check digit. Whoever else has
    put the NPI or holds it, the answer is the same: `npi_confirmed` alone says whether it is the caller's."""
    refuse("practice", broken=_npi_faults(command.npi))
    organization_id, zone, body = caller.organization_id, caller.time_zone, _without_actor(command)
    change = RecordChange(caller, "practice.put", store.PRACTICE_ID, deps.clock.now(), command.actor)

    def write(row: PracticeRow | None) -> PracticeRow:
        columns: dict[str, Any] = {"npi": command.npi, "time_zone": zone, "body": body}
        if row is None:
            return PracticeRow(organization_id=organization_id, id=store.PRACTICE_ID, **columns)
        return row.sqlmodel_update(columns)

    def put(session: Session) -> PutResult[PracticeRecord]:
        put = put_record(
            session,
            deps.ids,
            change,
            store.practice(session, organization_id),
            precondition=precondition,
            # The zone is the organization's and comes with the token; where it has changed, so has the practice.
            is_equal=lambda row: (row.body, row.time_zone) == (body, zone),
            write=write,
        )
        return PutResult(practice_record(session, put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_practice(deps: Dependencies, caller: Caller) -> PracticeRecord:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return practice_record(session, _found(store.practice(session, caller.organization_id), "practice"))


def put_therapist(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    therapist_id: str,
    command: TherapistPut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[Therapist]:
    """Create or replace a therapist. Raises RuleBroken for an NPI that fails its check digit."""
    refuse("therapist", broken=_npi_faults(command.npi))
    organization_id, body = caller.organization_id, _without_actor(command)
    change = RecordChange(caller, "therapist.put", therapist_id, deps.clock.now(), command.actor)

    def write(row: TherapistRow | None) -> TherapistRow:
        if row is None:
            return TherapistRow(organization_id=organization_id, id=therapist_id, body=body)
        return row.sqlmodel_update({"body": body})

    def put(session: Session) -> PutResult[Therapist]:
        put = put_record(
            session,
            deps.ids,
            change,
            store.therapist(session, organization_id, therapist_id),
            precondition=precondition,
            is_equal=lambda row: row.body == body,
            write=write,
        )
        return PutResult(therapist_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_therapist(deps: Dependencies, caller: Caller, therapist_id: str) -> Therapist:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return therapist_view(_found(store.therapist(session, caller.organization_id, therapist_id), "therapist"))


def put_fee_schedule(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    schedule_id: str,
    command: FeeSchedulePut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[FeeSchedule]:
    """Create or replace a fee schedule. Raises Malformed when a procedure is in it twice."""
    charges = {fee.procedure_code: fee.charge_cents for fee in command.fees}
    refuse("fee schedule", malformed=[PROCEDURE_TWICE] if len(charges) != len(command.fees) else [])
    organization_id = caller.organization_id
    change = RecordChange(caller, "fee_schedule.put", schedule_id, deps.clock.now(), command.actor)

    def write(row: FeeScheduleRow | None) -> FeeScheduleRow:
        columns: dict[str, Any] = {"effective_from": command.effective_from, "charges_cents": charges}
        if row is None:
            return FeeScheduleRow(organization_id=organization_id, id=schedule_id, **columns)
        return row.sqlmodel_update(columns)

    def put(session: Session) -> PutResult[FeeSchedule]:
        other = store.fee_schedule_from(session, organization_id, command.effective_from, exclude_id=schedule_id)
        refuse("fee schedule", broken=[SECOND_OF_A_DAY] if other is not None else [])
        put = put_record(
            session,
            deps.ids,
            change,
            store.fee_schedule(session, organization_id, schedule_id),
            precondition=precondition,
            is_equal=lambda row: (row.effective_from, row.charges_cents) == (command.effective_from, charges),
            write=write,
        )
        return PutResult(fee_schedule_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_fee_schedule(deps: Dependencies, caller: Caller, schedule_id: str) -> FeeSchedule:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return fee_schedule_view(
            _found(store.fee_schedule(session, caller.organization_id, schedule_id), "fee schedule")
        )


def practice_view(row: PracticeRow) -> Practice:
    """The practice as a claim keeps it, with its version and the organization's time zone."""
    return Practice.model_validate({**row.body.model_dump(), "version": row.version, "time_zone": row.time_zone})


def practice_record(session: Session, row: PracticeRow) -> PracticeRecord:
    """The practice as callers read it."""
    held = store.confirmed_npi(session, row.npi)
    confirmed = held is not None and held.holder == row.organization_id
    return PracticeRecord.model_validate({**practice_view(row).model_dump(), "npi_confirmed": confirmed})


def therapist_view(row: TherapistRow) -> Therapist:
    """The therapist as callers read it, with id and version."""
    return Therapist.model_validate({**row.body.model_dump(), "id": row.id, "version": row.version})


def fee_schedule_view(row: FeeScheduleRow) -> FeeSchedule:
    """The fee schedule as callers read it; charges are cents per unit."""
    fees = [Fee(procedure_code=code, charge_cents=cents) for code, cents in row.charges_cents.items()]
    return FeeSchedule(id=row.id, version=row.version, effective_from=row.effective_from, fees=fees)


def _without_actor(command: P) -> P:
    """The stored part of a command: the actor is in the audit trail."""
    return command.model_copy(update={"actor": None})


def _found(row: R | None, what: str) -> R:
    if row is None:
        raise NotFound(f"{what} is not in this organization", code=f"{what.replace(' ', '_')}_not_found")
    return row


SECOND_OF_A_DAY = Fault(
    "/effective_from",
    "fee_schedule_same_day",
    "Another fee schedule begins on that day.",
    "Change that one, or let this one begin on another day: there is one fee for all.",
)
PROCEDURE_TWICE = Fault("/fees", "procedure_twice", "A procedure has two fees.", "Keep one fee for each procedure.")


def _npi_faults(npi: str) -> list[Fault]:
    if npi_valid(npi):
        return []
    return [Fault("/npi", "npi_check_digit", "The NPI fails its check digit.", "Copy it again from NPPES.")]
