"""What a token may say: decided from what the client is and what it asks, by rules in a fixed order.

An organization's client gets a token for its own organization, with at most its own scopes, for every service or the
one it names. A client with the scope `internal` is one of Handbill's own services: it asks for one organization and
one other service, and gets five minutes. A person who comes in through an organization's client gets at most what both
her roles and the client have, for fifteen minutes. A refusal carries the error code of RFC 6749 §5.2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from shared.roles import EMERGENCY, PATIENT_DATA, Role, scopes_of

INTERNAL = "internal"
INTERNAL_SECONDS = 300
PERSON_SECONDS = 900
"""Automatic logoff: whoever goes on working signs in anew with her EHR or issuer."""
CLIENT_CREDENTIALS = "client_credentials"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 (a type's name, no secret)
ASSERTION = "urn:ietf:params:oauth:token-type:jwt"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105
SUBJECT_TYPES = (ASSERTION, ID_TOKEN)
REASON = re.compile(r"[^\x00-\x1f\x7f]{10,300}")
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
    subject_token: str | None = None
    subject_token_type: str | None = None
    requested_token_type: str | None = None
    emergency_reason: str | None = None


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
    if asked.grant_type not in (CLIENT_CREDENTIALS, TOKEN_EXCHANGE):
        return Refusal(
            "unsupported_grant_type", f"only client_credentials and, for persons, {TOKEN_EXCHANGE} are given tokens"
        )
    return None


def exchange_refused(client: KnownClient, asked: Asked) -> Refusal | None:
    """What of a token exchange (RFC 8693 §2.1) is refused before anybody looks at the person."""
    if client.internal:
        return Refusal("unauthorized_client", "Handbill's own services speak for no person")
    if not asked.subject_token or asked.subject_token_type not in SUBJECT_TYPES:
        return Refusal("invalid_request", f"send subject_token, with subject_token_type {' or '.join(SUBJECT_TYPES)}")
    if asked.requested_token_type not in (None, ACCESS_TOKEN):
        return Refusal("invalid_request", f"only {ACCESS_TOKEN} is given; leave requested_token_type out")
    if asked.emergency_reason is not None and not REASON.fullmatch(asked.emergency_reason):
        return Refusal(
            "invalid_request", "emergency_reason has 10 to 300 characters on one line: say why you must read"
        )
    return _audience_is_a_service(client, asked) or _organization_is_the_clients(client, asked)


def decide_for_person(
    client: KnownClient, roles: tuple[Role, ...], asked: Asked, token_seconds: int
) -> Grant | Refusal:
    """A person's token: what both her roles and the client have, or with a reason for emergency access all reading of
    patient data that the client has."""
    if asked.emergency_reason is not None and not EMERGENCY & set(roles):
        return Refusal("unauthorized_client", f"emergency access is for {', '.join(sorted(EMERGENCY))}")
    allowed = PATIENT_DATA if asked.emergency_reason is not None else scopes_of(roles)
    allowed &= client.scopes
    wanted = allowed if asked.scope is None else frozenset(asked.scope.split())
    if not wanted or not wanted <= allowed:
        return Refusal(
            "invalid_scope", "ask for scopes that both this person's roles and this client have, or leave scope out"
        )
    audience = (asked.audience,) if asked.audience else SERVICES
    return Grant(client.organization_id, wanted, audience, min(token_seconds, PERSON_SECONDS))


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
