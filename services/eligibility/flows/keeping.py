"""Putting, reading and listing patients, payers, coverages, authorizations and referrals.

Rules kept here: the same content again changes nothing; what a record refers to must be there, in the same
organization; a record never moves to another owner; every change leaves an event without PHI and an audit entry.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.kinds import COVERAGE, MEMBER_FIELD, C, Kind, V, member_key
from services.eligibility.store import Kept
from shared.contracts.common import Actor, View
from shared.contracts.eligibility import CoveragePage, CoverageSearch
from shared.database import UnitOfWork
from shared.database.operations import add_audit, add_event
from shared.dates import local_date
from shared.errors import Fault, Malformed, NotFound, RuleBroken
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.versions import Precondition

W = TypeVar("W", bound=View)


@dataclass(frozen=True, slots=True)
class Put(Generic[W]):
    """What a put came to: the record at its version, and whether it is new."""

    record: W
    version: int
    created: bool


def put(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    kind: Kind[C, V],
    row_id: str,
    command: C,
    *,
    precondition: Precondition,
) -> Put[V]:
    """Create or replace. Raises Malformed, RuleBroken, NotFound (of what it refers to), PreconditionFailed."""
    now = deps.clock.now()
    _check(kind, command, now, caller.time_zone)
    content = command.model_dump(mode="json", exclude={"actor"})
    blind = partial(deps.database.vault.blind, caller.organization_id)

    def write(session: Session) -> Put[V]:
        row = store.found(session, kind.row, caller.organization_id, row_id)
        if row is not None and kind.command.model_validate(row.content) == command.model_copy(update={"actor": None}):
            return Put(view_of(kind, row), row.version, created=False)
        precondition.check(row.version if row else None)
        columns = kind.columns(command, blind)
        _check_references(session, kind, caller, columns)
        _check_owner(session, kind, caller, row, columns)
        columns |= {"version": row.version + 1 if row else 1, "content": content}
        if row is None:
            written = kind.row(organization_id=caller.organization_id, id=row_id, **columns)
        else:
            written = row.sqlmodel_update(columns)
        session.add(written)
        record(session, deps, caller, f"{kind.name}.put", row_id, now, command.actor, {"version": written.version})
        return Put(view_of(kind, written), written.version, created=row is None)

    return unit_of_work.run(write)


def get(deps: Dependencies, caller: Caller, kind: Kind[C, V], row_id: str) -> Put[V]:
    """The record at its version. Raises NotFound."""
    with deps.database.reading() as session:
        row = found(session, caller, kind, row_id)
        return Put(view_of(kind, row), row.version, created=False)


def listed(
    deps: Dependencies, caller: Caller, kind: Kind[C, V], where: dict[str, str | None], after: str | None, limit: int
) -> tuple[list[V], str | None]:
    """A page by id, and the cursor of the next; members of `where` that are None do not count."""
    key = Cursor.read(after, (str,))
    wanted = {column: value for column, value in where.items() if value is not None}
    with deps.database.reading() as session:
        rows = store.page(
            session, kind.row, caller.organization_id, wanted, after=str(key[0]) if key else None, count=limit + 1
        )
        items, following = page_of(rows, limit, lambda row: (row.id,))
        return [view_of(kind, row) for row in items], following


def coverages_of_member(deps: Dependencies, caller: Caller, search: CoverageSearch) -> CoveragePage:
    """Coverages with a member id, found by its blind index. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(search.after, (str,))
    blind = deps.database.vault.blind(caller.organization_id, MEMBER_FIELD, member_key(search.member_id))

    with deps.database.reading() as session:
        rows = store.page(
            session,
            COVERAGE.row,
            caller.organization_id,
            {"member_blind": blind},
            after=str(key[0]) if key else None,
            count=search.limit + 1,
        )
        items, following = page_of(rows, search.limit, lambda row: (row.id,))
        return CoveragePage(items=[view_of(COVERAGE, row) for row in items], next=following)


def found(session: Session, caller: Caller, kind: Kind[C, V], row_id: str) -> Kept:
    """Raises NotFound."""
    row = store.found(session, kind.row, caller.organization_id, row_id)
    if row is None:
        raise NotFound(f"no {kind.name} of this organization has that id", code=f"{kind.name}_not_found")
    return row


def view_of(kind: Kind[C, V], row: Kept) -> V:
    """The contract model of a row."""
    return kind.view.model_validate({"id": row.id, "version": row.version, **row.content})


def record(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    what: str,
    subject_id: str,
    at: datetime,
    actor: Actor | None,
    data: dict[str, Any],
) -> None:
    """Leave an event and an audit entry; `data` holds ids, codes and versions only."""
    add_event(
        session,
        deps.ids,
        organization_id=caller.organization_id,
        at=at,
        kind=what,
        subject_id=subject_id,
        data=data,
    )
    add_audit(
        session,
        deps.ids,
        organization_id=caller.organization_id,
        at=at,
        client_id=caller.client_id,
        action=what,
        subject_id=subject_id,
        actor=actor,
    )


def _check(kind: Kind[C, V], command: C, now: datetime, zone: str) -> None:
    today = local_date(now, zone)
    if malformed := kind.malformed(command, today):
        raise Malformed(f"the members of the {kind.name} contradict one another", errors=malformed)
    if broken := kind.broken(command, today):
        raise RuleBroken(f"the {kind.name} says what cannot be", code=broken[0].code, errors=broken)


def _check_references(session: Session, kind: Kind[C, V], caller: Caller, columns: dict[str, Any]) -> None:
    missing = []
    for member, table in kind.references.items():
        if store.found(session, table, caller.organization_id, columns[member]) is None:
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
        raise NotFound(f"what the {kind.name} refers to is not here", code=missing[0].code, errors=missing)


def _check_owner(session: Session, kind: Kind[C, V], caller: Caller, row: Kept | None, columns: dict[str, Any]) -> None:
    if kind.owner is None:
        return
    pointer, owner = f"/body/{kind.owner}", kind.owner.removesuffix("_id")
    if row is not None and getattr(row, kind.owner) != columns[kind.owner]:
        fault = Fault(pointer, "owner_is_fixed", f"It belongs to another {owner}.", "Put a new one with a new id.")
        raise RuleBroken(f"a {kind.name} never moves to another {owner}", code="owner_is_fixed", errors=[fault])
    same_owner = {kind.owner: columns[kind.owner]}
    if row is None and store.count(session, kind.row, caller.organization_id, same_owner) >= kind.at_most:
        fault = Fault(pointer, "too_many", f"This {owner} has {kind.at_most} already.", "Replace one of those.")
        raise RuleBroken(f"a {owner} has no more than {kind.at_most} of these", code="too_many", errors=[fault])
