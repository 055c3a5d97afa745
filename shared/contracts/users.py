"""The persons of an organization, as the access service speaks of them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.common import Actor, Command, Id, License, Name, View
from shared.roles import Role

IssuerName = Annotated[str, StringConstraints(pattern=r"^https?://[\x21-\x7e]{1,190}$")]


class Identity(Command):
    """By which an OIDC issuer knows a person: `iss` and `sub` of its ID tokens."""

    issuer: IssuerName = Field(examples=["https://login.example.com/realms/practice"])
    subject: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,255}$")]


class UserContent(Command):
    """A person: her roles, the therapist that she is (`therapist_id` of notes) with her licenses, by which issuers she
    is known, and whether she may come in."""

    name: Name
    roles: list[Role] = Field(min_length=1, max_length=6)
    therapist_id: Id | None = None
    licenses: list[License] = Field(default=[], max_length=5)
    identities: list[Identity] = Field(default=[], max_length=5)
    active: bool = True


class UserPut(UserContent):
    """A person as the organization knows her. What changes ends the tokens that she has within a minute."""

    actor: Actor | None = None


class User(View):
    """A person of the organization."""

    id: str
    version: int
    name: str
    roles: list[str]
    therapist_id: str | None = None
    licenses: list[License] = []
    identities: list[Identity] = []
    active: bool
    created_at: str


class UserPage(View):
    """One page of users. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[User]
    next: str | None = None


class EmergencyAccess(View):
    """Somebody read beyond her roles: who, through which client, why, and until when."""

    id: str
    user_id: str
    client_id: str
    reason: str
    at: str
    expires_at: str


class EmergencyAccessPage(View):
    """One page of emergency accesses. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[EmergencyAccess]
    next: str | None = None
