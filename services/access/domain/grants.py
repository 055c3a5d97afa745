"""What a token may say: decided from what the client is and what it asks, by rules in a fixed order.

An organization's client gets a token for its own organization, with at most its own scopes, for every service or the
one it names. A client with the scope `internal` is one of Handbill's own services: it asks for one organization and
one other service, and gets five minutes. A refusal carries the error code of RFC 6749 §5.2.
"""

from collections.abc import Callable
from dataclasses import dataclass

INTERNAL = "internal"
INTERNAL_SECONDS = 300
SERVICES = ("access", "eligibility", "notes", "claims", "clearinghouse")
CALLS = {"claims": frozenset({"eligibility", "notes"})}
"""Which services call others on their own behalf, and whom. Who is not here needs no credentials, and has none: they
open every organization."""


@dataclass(frozen=True, slots=True)
class KnownClient:
    """A client that has shown its secret."""

    id: str
    name: str
    organization_id: str
    scopes: frozenset[str]

    @property
    def internal(self) -> bool:
        """Whether this is one of Handbill's own services (the scope `internal`) and not a client of an organization."""
        return INTERNAL in self.scopes


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a token request; absent is None."""

    grant_type: str | None = None
    scope: str | None = None
    audience: str | None = None
    organization_id: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The content of a token; `seconds` is its lifetime."""

    organization_id: str
    scopes: frozenset[str]
    audience: tuple[str, ...]
    seconds: int
    acting_service: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no token: `error` is RFC 6749's code, `retry_after_seconds` is for 429."""

    error: str
    description: str
    status: int = 400
    retry_after_seconds: int | None = None


Rule = Callable[[KnownClient, Asked], Refusal | None]


def _scope_is_within_the_clients(client: KnownClient, asked: Asked) -> Refusal | None:
    if asked.scope is None:
        return None
    wanted = frozenset(asked.scope.split())
    if not wanted or not wanted <= client.scopes:
        return Refusal("invalid_scope", "ask for scopes that this client has, or leave scope out to get all of them")
    return None


def _audience_is_a_service(client: KnownClient, asked: Asked) -> Refusal | None:
    callees = CALLS.get(client.name, frozenset())
    if client.internal and asked.audience not in callees:
        return Refusal("invalid_request", f"audience must be one of {', '.join(sorted(callees))}")
    if asked.audience is not None and asked.audience not in SERVICES:
        return Refusal("invalid_request", f"audience must be one of {', '.join(SERVICES)}, or left out for all")
    return None


def _organization_is_the_clients(client: KnownClient, asked: Asked) -> Refusal | None:
    if client.internal and not asked.organization_id:
        return Refusal("invalid_request", "a service asks for a token of one organization: send organization_id")
    if not client.internal and asked.organization_id not in (None, client.organization_id):
        return Refusal("invalid_request", "this client belongs to another organization; leave organization_id out")
    return None


RULES: tuple[Rule, ...] = (
    _scope_is_within_the_clients,
    _audience_is_a_service,
    _organization_is_the_clients,
)


def grant_type_refused(asked: Asked) -> Refusal | None:
    """Judged before the client is known, as the RFC has it."""
    if asked.grant_type is None:
        return Refusal("invalid_request", "grant_type is missing; send grant_type=client_credentials")
    if asked.grant_type != "client_credentials":
        return Refusal("unsupported_grant_type", "only grant_type=client_credentials is given tokens here")
    return None


def decide(client: KnownClient, asked: Asked, token_seconds: int) -> Grant | Refusal:
    """The first rule that refuses wins; `token_seconds` is the lifetime for an organization's clients."""
    for rule in RULES:
        refusal = rule(client, asked)
        if refusal is not None:
            return refusal
    scopes = frozenset(asked.scope.split()) if asked.scope else client.scopes
    if client.internal:
        return Grant(
            organization_id=asked.organization_id or "",
            scopes=frozenset({INTERNAL}),
            audience=(asked.audience or "",),
            seconds=INTERNAL_SECONDS,
            acting_service=client.name,
        )
    audience = (asked.audience,) if asked.audience else SERVICES
    return Grant(client.organization_id, scopes, audience, token_seconds)
