"""An organization's own API clients: making them, listing them, revoking them.

A client with `access:admin` administers what it has itself, no more, and a revoked one administers nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import Session

from services.access import store
from services.access.assertions import algorithm_of, public_key
from services.access.domain.grants import INTERNAL
from services.access.flows.dependencies import Dependencies
from shared.contracts.access import (
    SCOPES,
    Client,
    ClientCreate,
    ClientPage,
    ClientSecret,
    DecisionsPut,
    JsonWebKeySet,
    Organization,
)
from shared.contracts.common import Actor
from shared.database import UnitOfWork
from shared.database.operations import add_audit, add_event
from shared.database.records import RecordChange, record_change
from shared.errors import Fault, Forbidden, Malformed, NotFound, RuleBroken
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.security.revocations import LISTED_FOR, revoked

ADMIN = "access:admin"
MAX_CLIENTS = 200
"""Of an organization: those that are not revoked, and those that are still on the list of revocations."""


def show_organization(deps: Dependencies, organization_id: str) -> Organization:
    """Raises NotFound."""
    with deps.database.reading() as session:
        row = store.organization(session, organization_id)
    if row is None:
        raise _no_organization()
    return _organization_view(row)


def put_decisions(
    deps: Dependencies, unit_of_work: UnitOfWork, *, caller: Caller, command: DecisionsPut
) -> Organization:
    """Say whose word counts for who decides; tokens that are issued from now on say so to every service. Raises
    NotFound."""
    persons = True if command.by == "persons" else None
    now = deps.clock.now()

    def write(session: Session) -> Organization:
        check_acting(session, caller)
        row = store.organization(session, caller.organization_id)
        if row is None:
            raise _no_organization()
        if row.persons_decide != persons:
            row.persons_decide = persons
            session.add(row)
            change = RecordChange(caller, "organization.decisions_put", row.id, now, None)
            record_change(session, deps.ids, change, {"by": command.by})
        return _organization_view(row)

    return unit_of_work.run(write)


def _no_organization() -> NotFound:
    return NotFound("this organization is not known", code="organization_not_found")


def _organization_view(row: store.OrganizationRow) -> Organization:
    return Organization(
        id=row.id,
        name=row.name,
        time_zone=row.time_zone,
        created_at=row.created_at.isoformat(),
        decisions_by="persons" if row.persons_decide else "clients",
    )


def create_client(
    deps: Dependencies, unit_of_work: UnitOfWork, *, caller: Caller, command: ClientCreate
) -> ClientSecret:
    """A new client with its secret, of which only a hash is kept. Raises Malformed for a scope that is not an
    organization's to give, Forbidden for one that the caller has not, RuleBroken for one client too many."""
    faults = [
        Fault(
            f"/body/scopes/{place}", "scope_unknown", "This scope cannot be given.", f"Choose from {', '.join(SCOPES)}."
        )
        for place, scope in enumerate(command.scopes)
        if scope not in SCOPES
    ]
    if faults:
        raise Malformed("some scopes cannot be given to a client", errors=faults)
    check_holds(caller, command.scopes, "can give")
    if command.jwks is not None:
        _check_keys(command.jwks, "/body/jwks")
    return add_client(
        deps,
        unit_of_work,
        organization_id=caller.organization_id,
        by_client_id=caller.client_id,
        name=command.name,
        scopes=list(dict.fromkeys(command.scopes)),
        actor=command.actor,
        jwks=command.jwks,
        check=lambda session: _check_may_add(deps, session, caller),
    )


def check_holds(caller: Caller, scopes: Iterable[str], may: str) -> None:
    """Whoever administers clients never gets more than he has: not by a client that he makes, nor by keys that he
    gives to another's, nor by being the last one left. Raises Forbidden."""
    missing = sorted(set(scopes) - caller.scopes)
    if missing:
        raise Forbidden(
            f"a token {may} only what it has itself, and this one lacks {', '.join(missing)}; use a client that has "
            "these scopes, or ask for them at POST /oauth/token",
            code="scope_not_held",
        )


def check_acting(session: Session, caller: Caller) -> None:
    """Within the transaction of a write: a client that was revoked since its token was checked writes nothing."""
    row = store.client(session, caller.organization_id, caller.client_id)
    if row is None or row.revoked_at is not None:
        raise revoked()


def _check_may_add(deps: Dependencies, session: Session, caller: Caller) -> None:
    check_acting(session, caller)
    since = deps.wall_clock.now() - LISTED_FOR
    if store.count_clients(session, caller.organization_id, revoked_since=since) >= MAX_CLIENTS:
        raise RuleBroken(
            f"an organization has at most {MAX_CLIENTS} clients, and those revoked within the last day count; revoke "
            "what nobody uses, and wait",
            code="too_many_clients",
            pointer="/body",
            fix="Revoke what nobody uses, and wait a day.",
        )


def add_client(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    *,
    organization_id: str,
    by_client_id: str,
    name: str,
    scopes: list[str],
    actor: Actor | None = None,
    jwks: JsonWebKeySet | None = None,
    check: Callable[[Session], None] = lambda _session: None,
) -> ClientSecret:
    """Like create_client, for Handbill itself: any scope, `internal` too. `check` runs first in the transaction."""
    client_id, now = deps.ids("cli"), deps.clock.now()
    secret = deps.secrets.make() if jwks is None else ""

    def write(session: Session) -> ClientSecret:
        check(session)
        row = store.ClientRow(
            organization_id=organization_id,
            id=client_id,
            name=name,
            scopes=scopes,
            secret_hash=deps.secrets.hash(secret) if secret else "",
            created_at=now,
            jwks=_stored(jwks),
        )
        session.add(row)
        _record(deps, session, row=row, by_client_id=by_client_id, what="client.created", actor=actor)
        return ClientSecret(**_view(row).model_dump(), secret=secret)

    return unit_of_work.run(write)


def put_client_keys(
    deps: Dependencies, unit_of_work: UnitOfWork, *, caller: Caller, client_id: str, jwks: JsonWebKeySet
) -> Client:
    """From now on the client proves itself by these keys alone: its keys of before, or its secret, hold no longer.
    Raises NotFound, Malformed for keys that are none, Forbidden where the client has scopes that the caller has not,
    since whoever holds the new keys has them, and RuleBroken for a revoked client."""
    _check_keys(jwks, "/body")

    def write(session: Session) -> Client:
        check_acting(session, caller)
        row = _present(store.client(session, caller.organization_id, client_id))
        check_holds(caller, row.scopes, "can give keys to what has")
        if row.revoked_at is not None:
            raise RuleBroken(
                "a revoked client takes no keys",
                code="client_revoked",
                pointer="/client_id",
                fix="Make another client.",
            )
        if row.jwks != _stored(jwks) or row.secret_hash:
            row.jwks, row.secret_hash = _stored(jwks), ""
            session.add(row)
            _record(deps, session, row=row, by_client_id=caller.client_id, what="client.keys_put", actor=None)
        return _view(row)

    return unit_of_work.run(write)


def _check_keys(jwks: JsonWebKeySet, pointer: str) -> None:
    """Raises Malformed for a key that is none, or not of a kind that is taken, and for two with one id."""
    faults, seen = [], set()
    for place, jwk in enumerate(jwks.keys):
        at = f"{pointer}/keys/{place}"
        try:
            key = public_key(jwk.model_dump(exclude_none=True))
            if jwk.alg not in (None, algorithm_of(key)):
                raise ValueError(f"a key of this kind signs with {algorithm_of(key)}")
        except ValueError as error:
            faults.append(Fault(at, "key_not_taken", f"The key is not taken: {error}.", "Send a public key that is."))
        if jwk.kid in seen:
            faults.append(
                Fault(f"{at}/kid", "key_id_twice", "Two keys have this id.", "Give each key an id of its own.")
            )
        seen.add(jwk.kid)
    if faults:
        raise Malformed("some keys are not taken", errors=faults)


def _stored(jwks: JsonWebKeySet | None) -> list[dict[str, Any]] | None:
    return None if jwks is None else [jwk.model_dump(exclude_none=True) for jwk in jwks.keys]


def show_client(deps: Dependencies, organization_id: str, client_id: str) -> Client:
    """Raises NotFound."""
    with deps.database.reading() as session:
        row = store.client(session, organization_id, client_id)
    return _view(_present(row))


def list_clients(deps: Dependencies, organization_id: str, limit: int, after: str | None) -> ClientPage:
    """In order of creation. Raises Malformed for a cursor that was not made by this list."""
    key = Cursor.read(after, (str,))
    with deps.database.reading() as session:
        rows = store.clients_after(session, organization_id, str(key[0]) if key else "", limit + 1)
    shown, following = page_of(rows, limit, lambda row: (row.id,))
    return ClientPage(items=[_view(row) for row in shown], next=following)


def revoke_client(deps: Dependencies, unit_of_work: UnitOfWork, *, caller: Caller, client_id: str) -> None:
    """No token from now on, and those that are out hold no longer: here at once, elsewhere within a minute. Revoking
    twice is revoking once. Raises NotFound, Forbidden where the client has scopes that the caller has not, and
    RuleBroken for the last client that could make another."""

    def write(session: Session) -> None:
        check_acting(session, caller)
        row = _present(store.client(session, caller.organization_id, client_id))
        if row.revoked_at is not None:
            return
        if row.id != caller.client_id:
            check_holds(caller, row.scopes, "can revoke")
        if ADMIN in row.scopes and not _another_admin(session, row):
            raise RuleBroken(
                f"this is the organization's last client with {ADMIN}; make another one first",
                code="last_admin_stays",
                pointer="/client_id",
                fix="Make another client with that scope first.",
            )
        mark_revoked(deps, session, row, by_client_id=caller.client_id)

    unit_of_work.run(write)


def mark_revoked(deps: Dependencies, session: Session, row: store.ClientRow, *, by_client_id: str) -> None:
    """Revoke a client that is not revoked yet."""
    # Wall time, since the list of revocations is compared with tokens, whose times are.
    row.revoked_at = deps.wall_clock.now()
    session.add(row)
    _record(deps, session, row=row, by_client_id=by_client_id, what="client.revoked", actor=None)


def _another_admin(session: Session, row: store.ClientRow) -> bool:
    others = store.active_clients(session, row.organization_id)
    return any(ADMIN in other.scopes for other in others if other.id != row.id)


def _present(row: store.ClientRow | None) -> store.ClientRow:
    # Handbill's own clients are nobody's to see or to revoke by the API.
    if row is None or INTERNAL in row.scopes:
        raise NotFound("there is no such client in this organization", code="client_not_found")
    return row


def _view(row: store.ClientRow) -> Client:
    return Client(
        id=row.id,
        name=row.name,
        scopes=row.scopes,
        created_at=row.created_at.isoformat(),
        revoked_at=row.revoked_at.isoformat() if row.revoked_at else None,
        key_ids=[jwk["kid"] for jwk in row.jwks or []],
    )


def _record(
    deps: Dependencies,
    session: Session,
    *,
    row: store.ClientRow,
    by_client_id: str,
    what: str,
    actor: Actor | None,
) -> None:
    now = deps.clock.now()
    add_event(session, deps.ids, organization_id=row.organization_id, at=now, kind=what, subject_id=row.id)
    add_audit(
        session,
        deps.ids,
        organization_id=row.organization_id,
        at=now,
        client_id=by_client_id,
        action=what,
        subject_id=row.id,
        actor=actor,
    )
