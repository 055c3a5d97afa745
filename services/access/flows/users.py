"""An organization's users: putting, reading and listing them, and what they have read in an emergency.

Whoever administers users gives no role that can do more than his own token, and changes nobody who has such a role:
whoever decides by which issuer or in which role a person is known could come in as her.
"""

from sqlmodel import Session

from services.access import store
from services.access.flows.clients import check_acting, check_holds
from services.access.flows.dependencies import Dependencies
from shared.contracts.users import (
    EmergencyAccess,
    EmergencyAccessPage,
    User,
    UserContent,
    UserPage,
    UserPut,
)
from shared.database import UnitOfWork, Vault
from shared.database.records import PutResult, RecordChange, put_record
from shared.errors import Fault, NotFound, RuleBroken
from shared.paging import Cursor, page_of
from shared.roles import scopes_of
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL, Precondition

MAX_USERS = 2_000


def put_user(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    user_id: str,
    command: UserPut,
    *,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[User]:
    """Create or replace a user; what changes ends her tokens. Raises Forbidden for a role whose scopes the caller has
    not, RuleBroken for an identity of another user and for one user too many, PreconditionFailed."""
    check_holds(caller, scopes_of(command.roles), "can make users that may do")
    content = UserContent.model_validate(command.model_dump(exclude={"actor"}))
    vault, organization_id = deps.database.vault, caller.organization_id
    blinds = [blind_of(vault, organization_id, one.issuer, one.subject) for one in content.identities]
    change = RecordChange(caller, "user.put", user_id, deps.clock.now(), command.actor)

    def put(session: Session) -> PutResult[User]:
        check_acting(session, caller)
        stored = store.user(session, organization_id, user_id)
        if stored is None:
            _check_may_add(session, organization_id)
        else:
            check_holds(caller, scopes_of(content_of(stored).roles), "can change users that may do")
        _check_free(session, organization_id, user_id, blinds)
        result = put_record(
            session,
            deps.ids,
            change,
            stored,
            precondition=precondition,
            is_equal=lambda row: content_of(row) == content,
            write=lambda row: _written(deps, session, change, row, content, set(blinds)),
        )
        return PutResult(_view(result.record), result.version, result.created)

    return unit_of_work.run(put)


def show_user(deps: Dependencies, organization_id: str, user_id: str) -> User:
    """Raises NotFound."""
    with deps.database.reading() as session:
        row = store.user(session, organization_id, user_id)
    if row is None:
        raise NotFound("there is no such user in this organization", code="user_not_found")
    return _view(row)


def list_users(deps: Dependencies, organization_id: str, limit: int, after: str | None) -> UserPage:
    """In order of id. Raises Malformed for a cursor that was not made by this list."""
    key = Cursor.read(after, (str,))
    with deps.database.reading() as session:
        rows = store.users_after(session, organization_id, str(key[0]) if key else "", limit + 1)
    shown, following = page_of(rows, limit, lambda row: (row.id,))
    return UserPage(items=[_view(row) for row in shown], next=following)


def list_emergency_accesses(
    deps: Dependencies, organization_id: str, limit: int, after: str | None
) -> EmergencyAccessPage:
    """In the order in which they were taken. Raises Malformed for a cursor that was not made by this list."""
    key = Cursor.read(after, (str,))
    with deps.database.reading() as session:
        rows = store.emergencies_after(session, organization_id, str(key[0]) if key else "", limit + 1)
    shown, following = page_of(rows, limit, lambda row: (row.id,))
    items = [
        EmergencyAccess(
            id=row.id,
            user_id=row.user_id,
            client_id=row.client_id,
            reason=row.reason,
            at=row.at.isoformat(),
            expires_at=row.expires_at.isoformat(),
        )
        for row in shown
    ]
    return EmergencyAccessPage(items=items, next=following)


def blind_of(vault: Vault, organization_id: str, issuer: str, subject: str) -> str:
    """The blind index by which an identity is found."""
    return vault.blind(organization_id, "identity", f"{issuer} {subject}")


def content_of(row: store.UserRow) -> UserContent:
    """What was put of a user."""
    return UserContent.model_validate(row.content)


def _check_may_add(session: Session, organization_id: str) -> None:
    if store.count_users(session, organization_id) >= MAX_USERS:
        raise RuleBroken(
            f"an organization has at most {MAX_USERS} users, those who left too; ask the operator for another one",
            code="too_many_users",
            pointer="/user_id",
            fix="Ask the operator for another organization.",
        )


def _check_free(session: Session, organization_id: str, user_id: str, blinds: list[str]) -> None:
    taken = [
        Fault(
            f"/body/identities/{place}",
            "identity_taken",
            "Another user is known by this identity.",
            "Take it from the other user first: put her without it.",
        )
        for place, blind in enumerate(blinds)
        if (row := store.identity(session, organization_id, blind)) is not None and row.user_id != user_id
    ]
    if taken:
        raise RuleBroken("an identity is one person's", code="identity_taken", errors=taken)


def _written(
    deps: Dependencies,
    session: Session,
    change: RecordChange,
    row: store.UserRow | None,
    content: UserContent,
    blinds: set[str],
) -> store.UserRow:
    """The row with this content, and the user's identities with it."""
    organization_id, user_id = change.caller.organization_id, change.subject_id
    before = store.identities_of(session, organization_id, user_id)
    for one in before:
        if one.id not in blinds:
            session.delete(one)
    for blind in sorted(blinds - {one.id for one in before}):
        session.add(store.IdentityRow(organization_id=organization_id, id=blind, user_id=user_id))
    stored = content.model_dump(mode="json")
    if row is None:
        return store.UserRow(
            organization_id=organization_id,
            id=user_id,
            version=0,
            active=content.active,
            content=stored,
            created_at=change.at,
        )
    # Wall time, since it is compared with tokens, whose times are.
    return row.sqlmodel_update({"active": content.active, "content": stored, "tokens_end_at": deps.wall_clock.now()})


def _view(row: store.UserRow) -> User:
    content = content_of(row)
    return User(
        id=row.id, version=row.version, created_at=row.created_at.isoformat(), **content.model_dump(mode="json")
    )
