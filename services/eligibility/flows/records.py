"""Putting, reading and listing patients, payers, coverages, authorizations and referrals.

Rules kept here: what a record refers to must be there, in the same organization; a record never moves to another
owner. How a put is answered is the same for all records: `shared.database.records`.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.domain.member_ids import MEMBER_FIELD, member_key
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.resource_types import COVERAGE, PATIENT, C, ResourceType, V
from services.eligibility.store import RecordRow
from shared.audit import about_patient
from shared.contracts.eligibility import CoveragePage, CoverageSearch
from shared.database import UnitOfWork
from shared.database.records import PutResult, RecordChange, put_record, refuse
from shared.dates import local_date
from shared.errors import Fault, NotFound, RuleBroken
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.versions import Precondition


def put(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    resource_type: ResourceType[C, V],
    record_id: str,
    command: C,
    *,
    precondition: Precondition,
) -> PutResult[V]:
    """Create or replace. Raises Malformed, RuleBroken, NotFound (of what it refers to), PreconditionFailed."""
    now = deps.clock.now()
    today = local_date(now, caller.time_zone)
    name = resource_type.name
    refuse(name, malformed=resource_type.malformed(command, today), broken=resource_type.broken(command, today))
    content = command.model_dump(mode="json", exclude={"actor"})
    without_actor = command.model_copy(update={"actor": None})
    columns = resource_type.columns(command, partial(deps.database.vault.blind, caller.organization_id))
    change = RecordChange(caller, f"{name}.put", record_id, now, command.actor)

    def write_record(session: Session) -> PutResult[V]:
        _tell_patients(session, caller, resource_type, {record_id: columns})

        def write(row: RecordRow | None) -> RecordRow:
            _check_references(session, resource_type, caller, columns)
            _check_owner(session, resource_type, caller, row, columns)
            if row is not None:
                return row.sqlmodel_update(columns | {"content": content})
            return resource_type.row(organization_id=caller.organization_id, id=record_id, content=content, **columns)

        result = put_record(
            session,
            deps.ids,
            change,
            store.find(session, resource_type.row, caller.organization_id, record_id),
            precondition=precondition,
            # As models and not as JSON: what an earlier release has stored lacks members that have a default now. Who
            # puts it is no content.
            is_equal=lambda row: resource_type.command.model_validate(row.content) == without_actor,
            write=write,
        )
        return PutResult(view_of(resource_type, result.record), result.version, result.created)

    return unit_of_work.run(write_record)


def read(deps: Dependencies, caller: Caller, resource_type: ResourceType[C, V], record_id: str) -> V:
    """The record at its version. Raises NotFound."""
    with deps.database.reading() as session:
        row = found(session, caller, resource_type, record_id)
        _tell_patients(session, caller, resource_type, _owners([row]))
        return view_of(resource_type, row)


def list_records(
    deps: Dependencies,
    caller: Caller,
    resource_type: ResourceType[C, V],
    where: dict[str, str | None],
    after: str | None,
    limit: int,
) -> tuple[list[V], str | None]:
    """A page by id, and the cursor of the next; members of `where` that are None do not count."""
    key = Cursor.read(after, (str,))
    start = str(key[0]) if key else None
    wanted = {column: value for column, value in where.items() if value is not None}
    with deps.database.reading() as session:
        rows = store.page(
            session,
            resource_type.row,
            caller.organization_id,
            wanted,
            after=start,
            count=limit + 1,
        )
        items, following = page_of(rows, limit, lambda row: (row.id,))
        _tell_patients(session, caller, resource_type, _owners(items))
        return [view_of(resource_type, row) for row in items], following


def search_coverages(deps: Dependencies, caller: Caller, search: CoverageSearch) -> CoveragePage:
    """Coverages with a member id, found by its blind index. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(search.after, (str,))
    start = str(key[0]) if key else None
    blind = deps.database.vault.blind(caller.organization_id, MEMBER_FIELD, member_key(search.member_id))
    wanted = {"member_blind": blind}
    with deps.database.reading() as session:
        rows = store.page(session, COVERAGE.row, caller.organization_id, wanted, after=start, count=search.limit + 1)
        items, following = page_of(rows, search.limit, lambda row: (row.id,))
        _tell_patients(session, caller, COVERAGE, _owners(items))
        return CoveragePage(items=[view_of(COVERAGE, row) for row in items], next=following)


def found(session: Session, caller: Caller, resource_type: ResourceType[C, V], record_id: str) -> RecordRow:
    """Raises NotFound."""
    row = store.find(session, resource_type.row, caller.organization_id, record_id)
    if row is None:
        raise NotFound(
            f"no {resource_type.name} of this organization has that id", code=f"{resource_type.name}_not_found"
        )
    return row


def view_of(resource_type: ResourceType[C, V], row: RecordRow) -> V:
    """The contract model of a row."""
    return resource_type.view.model_validate({"id": row.id, "version": row.version, **row.content})


def _tell_patients(
    session: Session, caller: Caller, resource_type: ResourceType[C, V], records: Mapping[str, dict[str, Any]]
) -> None:
    """Tell the audit trail whose records these are, by id with their columns: a patient's, or nobody's."""
    coverage_ids = {columns["coverage_id"] for columns in records.values() if "coverage_id" in columns}
    for record_id, columns in records.items():
        if resource_type is PATIENT:
            about_patient(record_id)
        elif "patient_id" in columns:
            about_patient(columns["patient_id"])
    tell_patients_of_coverages(session, caller, coverage_ids)


def tell_patients_of_coverages(session: Session, caller: Caller, coverage_ids: Collection[str]) -> None:
    """Tell the audit trail whose coverages these are."""
    for patient_id in store.patients_of_coverages(session, caller.organization_id, coverage_ids):
        about_patient(patient_id)


def _owners(rows: Iterable[RecordRow]) -> dict[str, dict[str, Any]]:
    return {row.id: row.model_dump(include={"patient_id", "coverage_id"}) for row in rows}


def _check_references(
    session: Session, resource_type: ResourceType[C, V], caller: Caller, columns: dict[str, Any]
) -> None:
    missing = []
    for member, table in resource_type.references.items():
        if store.find(session, table, caller.organization_id, columns[member]) is None:
            name = member.removesuffix("_id")
            missing.append(
                Fault(
                    f"/body/{member}",
                    f"{name}_not_found",
                    f"No {name} of this organization has that id.",
                    f"Put the {name} first, or correct the id.",
                )
            )
    if missing:
        raise NotFound(f"what the {resource_type.name} refers to is not here", code=missing[0].code, errors=missing)


def _check_owner(
    session: Session,
    resource_type: ResourceType[C, V],
    caller: Caller,
    row: RecordRow | None,
    columns: dict[str, Any],
) -> None:
    if resource_type.owner is None:
        return
    member, name, at_most = resource_type.owner, resource_type.name, resource_type.at_most
    pointer, owner = f"/body/{member}", member.removesuffix("_id")
    if row is not None and getattr(row, member) != columns[member]:
        fault = Fault(pointer, "owner_is_fixed", f"It belongs to another {owner}.", "Put a new one with a new id.")
        detail = f"a {name} never moves to another {owner}"
        raise RuleBroken(detail, code="owner_is_fixed", errors=[fault], current_version=row.version)
    same_owner = {member: columns[member]}
    if row is None and store.count(session, resource_type.row, caller.organization_id, same_owner) >= at_most:
        fault = Fault(pointer, "too_many", f"This {owner} has {at_most} already.", "Replace one of those.")
        raise RuleBroken(f"a {owner} has no more than {at_most} of these", code="too_many", errors=[fault])
