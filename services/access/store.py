"""Organizations, their API clients and their users: the tables, and every query on them.

A secret is never here, only its hash. A client is found by its id alone when it logs in, so client ids are unique
across organizations; everywhere else the organization is part of the question.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, delete, func, or_
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from shared.database import OfTenant, SealedJson, SealedText, UtcDateTime
from shared.database.row_macs import Authenticated
from shared.database.tables import replaced_by, stays_behind

TABLES = registry()


class Row(OfTenant, Authenticated, registry=TABLES):
    """The base of this service's records of organizations, which are protected by MACs."""

    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class OrganizationRow(Row, table=True):
    """`id` is `organization_id` again: an organization belongs to itself."""

    __tablename__ = "organizations"

    name: str = Field(max_length=120)
    time_zone: str = Field(max_length=60)
    created_at: datetime = Field(sa_type=UtcDateTime)
    persons_decide: bool | None = None


class ClientRow(Row, table=True):
    """An API client; revoked clients stay, so that what they wrote keeps its author."""

    __tablename__ = "clients"
    __table_args__ = (Index("clients_by_id", "id", unique=True),)

    name: str = Field(max_length=120)
    scopes: list[str] = Field(sa_type=JSON)
    secret_hash: str = Field(max_length=200, sa_column_kwargs={"info": replaced_by("")})
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    jwks: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class UserRow(Row, table=True):
    """A person; `content` is what was put of her. No token of hers holds that was issued until `tokens_end_at`."""

    __tablename__ = "users"
    __table_args__ = (Index("users_by_end_of_tokens", "tokens_end_at"),)

    version: int
    active: bool
    content: dict[str, Any] = Field(sa_type=SealedJson)
    created_at: datetime = Field(sa_type=UtcDateTime)
    tokens_end_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class IdentityRow(Row, table=True):
    """By which an issuer knows a user; `id` is the blind index of issuer and subject."""

    __tablename__ = "identities"
    __table_args__ = (
        Index("identities_by_user", "organization_id", "user_id"),
        {"info": stays_behind("it is a blind index, and is made anew of the identities in its user's content")},
    )

    user_id: str = Field(max_length=64)


class IssuerRow(Row, table=True):
    """An OIDC issuer whose ID tokens for `audience` say who a person of the organization is; `id` is a digest of its
    name."""

    __tablename__ = "issuers"

    issuer: str = Field(max_length=200)
    audience: str = Field(max_length=255)
    jwks_uri: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)


class EmergencyAccessRow(Row, table=True):
    """A token by which somebody may read beyond her roles."""

    __tablename__ = "emergency_accesses"

    user_id: str = Field(max_length=64)
    client_id: str = Field(max_length=64)
    reason: str = Field(sa_type=SealedText)
    at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class _Unprotected(SQLModel, registry=TABLES):
    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class ClientAssertionRow(_Unprotected, table=True):
    """An assertion or an ID token that was used, until it has ended, so that nobody uses it again. `id` is a digest of
    the client's id and the assertion's `jti`, or of the ID token."""

    __tablename__ = "client_assertions"
    __table_args__ = (Index("client_assertions_by_end", "organization_id", "expires_at"),)

    expires_at: datetime = Field(sa_type=UtcDateTime)


def organization(session: Session, organization_id: str) -> OrganizationRow | None:
    """The organization, or None. Its row belongs to itself: both halves of the key are its id."""
    return session.get(OrganizationRow, (organization_id, organization_id))


def client(session: Session, organization_id: str, client_id: str) -> ClientRow | None:
    """The API client of this organization, revoked or not; None where there is none."""
    return session.get(ClientRow, (organization_id, client_id))


def client_by_id(session: Session, client_id: str) -> ClientRow | None:
    """For logging in; a revoked client is found too."""
    return session.exec(select(ClientRow).where(ClientRow.id == client_id)).one_or_none()


def clients_after(session: Session, organization_id: str, after: str, limit: int) -> list[ClientRow]:
    """In order of id, which is the order of birth; revoked ones too."""
    return list(
        session.exec(
            select(ClientRow)
            .where(ClientRow.organization_id == organization_id, ClientRow.id > after)
            .order_by(col(ClientRow.id))
            .limit(limit)
        )
    )


def all_clients(session: Session, organization_id: str) -> list[ClientRow]:
    """In order of id; revoked ones too."""
    return list(
        session.exec(select(ClientRow).where(ClientRow.organization_id == organization_id).order_by(col(ClientRow.id)))
    )


def active_clients(session: Session, organization_id: str) -> list[ClientRow]:
    """The organization's API clients that are not revoked, in no particular order."""
    return list(
        session.exec(
            select(ClientRow).where(ClientRow.organization_id == organization_id, col(ClientRow.revoked_at).is_(None))
        )
    )


def count_clients(session: Session, organization_id: str, *, revoked_since: datetime) -> int:
    """How many clients the organization has, without those that were revoked before."""
    still_there = or_(col(ClientRow.revoked_at).is_(None), col(ClientRow.revoked_at) >= revoked_since)
    return session.exec(
        select(func.count()).select_from(ClientRow).where(ClientRow.organization_id == organization_id, still_there)
    ).one()


def revoked_clients(session: Session, since: datetime) -> dict[str, datetime]:
    """Of every organization: the clients that were revoked at this moment or after it, and when."""
    rows = session.exec(select(ClientRow.id, ClientRow.revoked_at).where(col(ClientRow.revoked_at) >= since))
    return {client_id: at for client_id, at in rows if at is not None}


def organizations(session: Session) -> list[OrganizationRow]:
    """All of them, oldest first."""
    return list(
        session.exec(select(OrganizationRow).order_by(col(OrganizationRow.created_at), col(OrganizationRow.id)))
    )


def spend_assertion(
    session: Session, organization_id: str, digest: str, *, now: datetime, expires_at: datetime
) -> bool:
    """Remember an assertion; False where it is remembered already. Those of the organization that have ended go."""
    session.exec(
        delete(ClientAssertionRow).where(
            col(ClientAssertionRow.organization_id) == organization_id, col(ClientAssertionRow.expires_at) < now
        )
    )
    if session.get(ClientAssertionRow, (organization_id, digest)) is not None:
        return False
    session.add(ClientAssertionRow(organization_id=organization_id, id=digest, expires_at=expires_at))
    session.flush()
    return True


def user(session: Session, organization_id: str, user_id: str) -> UserRow | None:
    """The user of this organization, active or not; None where there is none."""
    return session.get(UserRow, (organization_id, user_id))


def users_after(session: Session, organization_id: str, after: str, limit: int) -> list[UserRow]:
    """In order of id; those that are not active too."""
    return list(
        session.exec(
            select(UserRow)
            .where(UserRow.organization_id == organization_id, UserRow.id > after)
            .order_by(col(UserRow.id))
            .limit(limit)
        )
    )


def all_users(session: Session, organization_id: str) -> list[UserRow]:
    """Those who left too, in order of id."""
    query = select(UserRow).where(UserRow.organization_id == organization_id)
    return list(session.exec(query.order_by(col(UserRow.id))))


def count_users(session: Session, organization_id: str) -> int:
    """How many users the organization has, active or not."""
    return session.exec(
        select(func.count()).select_from(UserRow).where(UserRow.organization_id == organization_id)
    ).one()


def ended_users(session: Session, since: datetime) -> list[tuple[str, str, datetime]]:
    """Of every organization: (organization, user, moment) of those whose tokens ended at this moment or after it."""
    rows = session.exec(
        select(UserRow.organization_id, UserRow.id, UserRow.tokens_end_at).where(col(UserRow.tokens_end_at) >= since)
    )
    return [(organization_id, user_id, at) for organization_id, user_id, at in rows if at is not None]


def identity(session: Session, organization_id: str, blind: str) -> IdentityRow | None:
    """The identity with this blind index, or None."""
    return session.get(IdentityRow, (organization_id, blind))


def identities_of(session: Session, organization_id: str, user_id: str) -> list[IdentityRow]:
    """All of a user."""
    own = (IdentityRow.organization_id == organization_id, IdentityRow.user_id == user_id)
    return list(session.exec(select(IdentityRow).where(*own)))


def issuer(session: Session, organization_id: str, digest: str) -> IssuerRow | None:
    """The issuer that the organization trusts under this digest of its name, or None."""
    return session.get(IssuerRow, (organization_id, digest))


def issuers(session: Session, organization_id: str) -> list[IssuerRow]:
    """All that the organization trusts, by name."""
    own = IssuerRow.organization_id == organization_id
    return list(session.exec(select(IssuerRow).where(own).order_by(col(IssuerRow.issuer))))


def emergencies_after(session: Session, organization_id: str, after: str, limit: int) -> list[EmergencyAccessRow]:
    """In order of id, which is the order in which they were taken."""
    return list(
        session.exec(
            select(EmergencyAccessRow)
            .where(EmergencyAccessRow.organization_id == organization_id, EmergencyAccessRow.id > after)
            .order_by(col(EmergencyAccessRow.id))
            .limit(limit)
        )
    )
