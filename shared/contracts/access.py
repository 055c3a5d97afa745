"""Organizations, API clients and tokens, as the access service speaks of them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.common import Actor, Command, Line, Secret, View

SCOPES = (
    "notes:read",
    "notes:write",
    "eligibility:read",
    "eligibility:write",
    "claims:read",
    "claims:write",
    "access:admin",
    "audit:read",
)
"""What an organization's clients may be given; `internal` is for Handbill's own services alone."""
Scope = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[a-z_]+)?$", max_length=40)]
ZoneName = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z_+\-0-9]+(/[A-Za-z_+\-0-9]+)*$")]


class OrganizationCreate(Command):
    """A new organization: its name and the IANA time zone of its practice, which decides dates of service."""

    name: Line
    time_zone: ZoneName = Field(examples=["America/Los_Angeles"])


class Organization(View):
    """An organization, the tenant that everything else belongs to."""

    id: str
    name: str
    time_zone: str
    created_at: str


class ClientCreate(Command):
    """A new API client and the scopes that its tokens may have."""

    name: Line
    scopes: list[Scope] = Field(min_length=1, max_length=20, examples=[["notes:read", "notes:write"]])
    actor: Actor | None = None


class Client(View):
    """An API client, without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_at: str
    revoked_at: str | None = None


class ClientSecret(Client):
    """A new client with its secret, which is shown once and kept only as a hash. Who did not get that answer revokes
    the client and makes another."""

    secret: Secret


class ClientPage(View):
    """One page of API clients. `next` is the cursor to ask with for the page after it, null on the last."""

    items: list[Client]
    next: str | None = None


class OAuthError(View):
    """RFC 6749 §5.2: what the token endpoint answers instead of a problem."""

    error: str
    error_description: str


class Token(View):
    """RFC 6749 §5.1."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
