"""Putting a record under a caller's id: the one order of steps that every PUT of every service follows.

1. The content is checked by itself (`refuse`): 422 for what is malformed, 409 for a broken rule.
2. The precondition is held against the stored version (RFC 9110 §13.2.2): 412, whatever the content.
3. Content that is equal to what is stored changes nothing: the same version, no event; as with a read, the entry in the
   audit trail is the request's (`shared.web.audit_trail`).
4. Everything else is written: a new record at version 1, or the next version, each with one event and one audit entry.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from sqlmodel import Session

from shared.contracts.common import Actor
from shared.database.operations import add_audit, add_event
from shared.errors import Fault, Malformed, RuleBroken
from shared.ids import Ids
from shared.security.caller import Caller
from shared.versions import Precondition


class VersionedRow(Protocol):
    """A row that counts its changes, from 1 on."""

    version: int


R = TypeVar("R", bound=VersionedRow)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class PutResult(Generic[V]):
    """The record after a put, its version, and whether the put made it."""

    record: V
    version: int
    created: bool


@dataclass(frozen=True, slots=True)
class RecordChange:
    """Who changes what: `action` is the type of the event and of the audit entry, such as `patient.put`."""

    caller: Caller
    action: str
    subject_id: str
    at: datetime
    actor: Actor | None


def refuse(record_name: str, *, malformed: Sequence[Fault] = (), broken: Sequence[Fault] = ()) -> None:
    """Refuse a request's body. Pointers of the faults are relative to the record; those of the answer to the request.

    Raises Malformed where `malformed` has faults, else RuleBroken under the code of the first fault in `broken`.
    """
    if malformed:
        detail = f"the members of the {record_name} contradict one another"
        raise Malformed(detail, errors=[fault.under("/body") for fault in malformed])
    if broken:
        errors = [fault.under("/body") for fault in broken]
        raise RuleBroken(f"the {record_name} breaks a rule", code=broken[0].code, errors=errors)


def put_record(
    session: Session,
    ids: Ids,
    change: RecordChange,
    stored: R | None,
    *,
    precondition: Precondition,
    is_equal: Callable[[R], bool],
    write: Callable[[R | None], R],
    event_data: Callable[[R], dict[str, Any]] = lambda _row: {},
) -> PutResult[R]:
    """Create or replace a record within the caller's transaction.

    `write` returns the row with the new content, the stored one changed or a new one, and may refuse by raising; the
    version is set here. `event_data` holds ids and codes only. Raises PreconditionFailed.
    """
    version = stored.version if stored is not None else None
    precondition.check(version)
    if stored is not None and is_equal(stored):
        return PutResult(stored, stored.version, created=False)
    row = write(stored)
    row.version = (version or 0) + 1
    session.add(row)
    record_change(session, ids, change, {"version": row.version, **event_data(row)})
    return PutResult(row, row.version, created=stored is None)


def record_change(session: Session, ids: Ids, change: RecordChange, data: dict[str, Any]) -> None:
    """Leave one event and one audit entry; `data` holds ids, codes and versions only."""
    organization_id = change.caller.organization_id
    add_event(
        session,
        ids,
        organization_id=organization_id,
        at=change.at,
        kind=change.action,
        subject_id=change.subject_id,
        data=data,
    )
    add_audit(
        session,
        ids,
        organization_id=organization_id,
        at=change.at,
        client_id=change.caller.client_id,
        action=change.action,
        subject_id=change.subject_id,
        actor=change.actor,
    )
