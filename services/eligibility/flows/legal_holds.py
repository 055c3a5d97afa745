"""Placing, reading and releasing legal holds.

Rules kept here: a hold is answered only once it is effective. It is committed first, and from then on no destruction of
what it binds begins or goes on (`flows.disposal`); where one is at work at that moment, the answer waits for its end. A
released hold never changes; a new matter is a new hold.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.store import LegalHoldRow, PatientRow
from shared.audit import about_patient
from shared.contracts.legal_holds import LegalHold, LegalHoldPage, LegalHoldPut, LegalHoldRelease
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, record_change
from shared.errors import Conflict, Fault, NotFound, RuleBroken, Unavailable
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.versions import Precondition

WAIT = timedelta(seconds=5)
PAUSE_SECONDS = 0.1


def put_hold(
    deps: Dependencies, caller: Caller, hold_id: str, command: LegalHoldPut, *, precondition: Precondition
) -> PutResult[LegalHold]:
    """Place a hold, or correct its reason. Raises NotFound (of the patient), RuleBroken (`owner_is_fixed`), Conflict
    (`hold_released`), PreconditionFailed, Unavailable (`disposal_under_way`: it is placed, and not effective yet)."""
    content = command.model_dump(mode="json")
    change = RecordChange(caller, "legal_hold.put", hold_id, deps.clock.now(), command.actor)
    _tell_patient(command.patient_id)

    def put(session: Session) -> PutResult[LegalHold]:
        def write(row: LegalHoldRow | None) -> LegalHoldRow:
            if row is not None:
                _check_change(row, command)
                return row.sqlmodel_update({"content": content})
            if command.patient_id is not None:
                _check_patient(session, caller, command.patient_id)
            return LegalHoldRow(
                organization_id=caller.organization_id,
                id=hold_id,
                version=0,
                patient_id=command.patient_id,
                content=content,
            )

        stored = store.find(session, LegalHoldRow, caller.organization_id, hold_id)
        result = put_record(
            session, deps.ids, change, stored, precondition=precondition, is_equal=_equals(command), write=write
        )
        return PutResult(_view(result.record), result.version, result.created)

    result = deps.database.run(put)
    _wait_until_effective(deps, caller, command.patient_id)
    return result


def release_hold(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, hold_id: str, command: LegalHoldRelease
) -> LegalHold:
    """End a hold. Raises NotFound, Conflict (`hold_released`)."""
    now = deps.clock.now()

    def write(session: Session) -> LegalHold:
        row = _found(session, caller, hold_id)
        if row.released_at is not None:
            raise _released(row)
        row.released_at, row.release = now, command.model_dump(mode="json")
        row.version += 1
        session.add(row)
        change = RecordChange(caller, "legal_hold.released", hold_id, now, command.actor)
        record_change(session, deps.ids, change, {"version": row.version})
        return _view(row)

    return unit_of_work.run(write)


def get_hold(deps: Dependencies, caller: Caller, hold_id: str) -> LegalHold:
    """Raises NotFound."""
    with deps.database.reading() as session:
        return _view(_found(session, caller, hold_id))


def list_holds(
    deps: Dependencies, caller: Caller, patient_id: str | None, after: str | None, limit: int
) -> LegalHoldPage:
    """By id, released ones too; of one patient alone or of all. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(after, (str,))
    where = {} if patient_id is None else {"patient_id": patient_id}
    with deps.database.reading() as session:
        rows = store.page(
            session,
            LegalHoldRow,
            caller.organization_id,
            where,
            after=str(key[0]) if key else None,
            count=limit + 1,
        )
        items, following = page_of(rows, limit, lambda row: (row.id,))
        for row in items:
            _tell_patient(row.patient_id)
        return LegalHoldPage(items=[_view(row) for row in items], next=following)


def _equals(command: LegalHoldPut) -> Callable[[LegalHoldRow], bool]:
    """Who puts it again is no content."""
    return lambda row: LegalHoldPut.model_validate(row.content).model_copy(update={"actor": command.actor}) == command


def _check_change(row: LegalHoldRow, command: LegalHoldPut) -> None:
    if row.released_at is not None:
        raise _released(row)
    if row.patient_id != command.patient_id:
        fault = Fault("/body/patient_id", "owner_is_fixed", "It binds another patient.", "Put a new hold.")
        detail = "a hold never moves to another patient"
        raise RuleBroken(detail, code="owner_is_fixed", errors=[fault], current_version=row.version)


def _check_patient(session: Session, caller: Caller, patient_id: str) -> None:
    # A hold on an id that was mistyped would bind nobody, and look as if it did.
    if store.find(session, PatientRow, caller.organization_id, patient_id) is None:
        fault = Fault(
            "/body/patient_id",
            "patient_not_found",
            "No patient of this organization has that id.",
            "Put the patient first, or correct the id.",
        )
        raise NotFound("the patient of the hold is not here", code="patient_not_found", errors=[fault])


def _wait_until_effective(deps: Dependencies, caller: Caller, patient_id: str | None) -> None:
    """Until no process is destroying what the hold binds. Raises Unavailable."""
    for turn in range(round(WAIT.total_seconds() / PAUSE_SECONDS)):
        if turn:
            time.sleep(PAUSE_SECONDS)
        now = deps.wall.now()
        with deps.database.reading() as session:
            rows = store.unfinished_disposals(session, caller.organization_id, patient_id)
        if not any(row.active_until is not None and row.active_until > now for row in rows):
            return
    raise Unavailable(
        "the hold is placed, but a destruction that had begun before is still at work; send this again to learn when "
        "the hold is effective",
        code="disposal_under_way",
        headers={"Retry-After": "5"},
    )


def _found(session: Session, caller: Caller, hold_id: str) -> LegalHoldRow:
    row = store.find(session, LegalHoldRow, caller.organization_id, hold_id)
    if row is None:
        raise NotFound("no legal hold of this organization has that id", code="legal_hold_not_found")
    _tell_patient(row.patient_id)
    return row


def _tell_patient(patient_id: str | None) -> None:
    if patient_id is not None:
        about_patient(patient_id)


def _released(row: LegalHoldRow) -> Conflict:
    return Conflict(
        "the hold is released and never changes; put a new one",
        code="hold_released",
        current_version=row.version,
        pointer="/hold_id",
        fix="Put another hold, with an id of its own.",
    )


def _view(row: LegalHoldRow) -> LegalHold:
    release = row.release or {}
    return LegalHold(
        id=row.id,
        version=row.version,
        patient_id=row.patient_id,
        reason=row.content["reason"],
        since=row.content["since"],
        placed_by=row.content["actor"],
        released_at=row.released_at,
        released_by=release.get("actor"),
        release_reason=release.get("reason"),
    )
