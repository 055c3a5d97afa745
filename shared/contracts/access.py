"""Organizations, API clients and tokens, as the access service speaks of them."""

from typing import Annotated, Literal

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
    "users:read",
    "users:write",
    "records:hold",
    "records:export",
)
"""What an organization's clients may be given; `internal` is for Handbill's own services alone."""
OPERATOR_SCOPES = ("codes:import", "messages:operate")
"""What the operator alone gives, from the command line: it concerns every organization."""
Scope = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(:[a-z_]+)?$", max_length=40)]
Base64Url = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,800}$")]
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
    decisions_by: str = Field(
        default="clients",
        description="`persons`: no client's word is taken for who signs, overrides, voids or releases",
    )


class DecisionsPut(Command):
    """Whose word counts for who signs notes, overrides findings, voids claims and releases messages: that of the API
    client which names an actor, or only a person's own token."""

    by: Literal["clients", "persons"]


class JsonWebKey(Command):
    """A public key (RFC 7517) that a client signs its assertions with: RSA of 2048 to 4096 bits for RS384, or P-384 for
    ES384. A private member is refused."""

    kty: Literal["RSA", "EC"]
    kid: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,120}$")]
    alg: Literal["RS384", "ES384"] | None = None
    use: Literal["sig"] | None = None
    key_ops: list[Literal["verify"]] | None = Field(default=None, max_length=1)
    n: Base64Url | None = None
    e: Base64Url | None = None
    crv: Literal["P-384"] | None = None
    x: Base64Url | None = None
    y: Base64Url | None = None


class JsonWebKeySet(Command):
    """The keys of a client; two while it changes from one to the other."""

    keys: list[JsonWebKey] = Field(min_length=1, max_length=5)


class ClientCreate(Command):
    """A new API client and the scopes that its tokens may have. With `jwks` it proves itself by its keys
    (private_key_jwt, RFC 7523), and has no secret."""

    name: Line
    scopes: list[Scope] = Field(min_length=1, max_length=20, examples=[["notes:read", "notes:write"]])
    jwks: JsonWebKeySet | None = None
    actor: Actor | None = None


class Client(View):
    """An API client, without its secret. `key_ids` are those of the keys that it proves itself by, if it does."""

    id: str
    name: str
    scopes: list[str]
    created_at: str
    revoked_at: str | None = None
    key_ids: list[str] = []


class ClientSecret(Client):
    """A new client with its secret, which is shown once and kept only as a hash; empty for a client with keys. Who did
    not get that answer revokes the client and makes another."""

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
    issued_token_type: str | None = Field(default=None, description="RFC 8693 §2.2.1: for a person's token alone")
