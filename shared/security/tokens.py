"""Bearer tokens: JWTs signed with Ed25519, for one organization, with the scopes of one API client.

`org` is the organization, `zone` its time zone (so that a service knows local dates without asking), `sub` the API
client, `act` the service that calls on its own behalf. A person's token has her id as `sub`, her roles beside it, and
the API client that she came in through as `act` (RFC 8693 §4.1). Only EdDSA is taken and every named claim is required.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.contracts.common import License
from shared.errors import Unauthorized
from shared.roles import Role
from shared.security.caller import Person

ALGORITHM = "EdDSA"
INTERNAL = "internal"
"""The scope of Handbill's own services."""
REQUIRED = ["iss", "aud", "sub", "org", "zone", "scope", "iat", "exp", "jti"]
LEEWAY_SECONDS = 10
MAX_TOKEN_SECONDS = 3600
"""No token lives longer, whatever the settings say."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says of its bearer."""

    organization_id: str
    time_zone: str
    client_id: str
    scopes: frozenset[str]
    audience: tuple[str, ...]
    acting_service: str | None
    person: Person | None = None
    persons_decide: bool = False
    issued_at: int = 0
    """In seconds since 1970; set by `verify`."""


def sign(
    claims: Claims,
    *,
    key: Ed25519PrivateKey,
    key_id: str,
    issuer: str,
    now: datetime,
    lifetime: timedelta,
    token_id: str,
) -> str:
    """A compact JWT. `now` is wall time."""
    payload: dict[str, Any] = {
        "iss": issuer,
        "aud": list(claims.audience),
        "sub": claims.client_id,
        "org": claims.organization_id,
        "zone": claims.time_zone,
        "scope": " ".join(sorted(claims.scopes)),
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "jti": token_id,
    }
    if claims.acting_service:
        payload["act"] = {"sub": claims.acting_service}
    if claims.persons_decide:
        payload["persons_decide"] = True
    if claims.person:
        payload |= {"act": {"sub": claims.client_id}, **_members(claims.person)}
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": key_id})


def key_id_of(token: str) -> str:
    """The `kid` of an unverified token. Raises Unauthorized."""
    try:
        return str(jwt.get_unverified_header(token)["kid"])
    except (jwt.PyJWTError, KeyError):
        raise Unauthorized("the bearer token is not a signed JWT", code="token_malformed") from None


def verify(token: str, *, key: Ed25519PublicKey, issuer: str, audience: str) -> Claims:
    """Raises Unauthorized with a code that says whether to fetch a new token (`token_expired`) or to look closer."""
    try:
        payload = jwt.decode(
            token,
            key,
            # Ours to name, never the token's (RFC 8725, section 3.1).
            algorithms=[ALGORITHM],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            # PyJWT checks a claim that is there; one that is missing it would let pass.
            options={"require": REQUIRED},
        )
    except jwt.ExpiredSignatureError:
        raise Unauthorized("the token has expired; fetch a new one", code="token_expired") from None
    except jwt.InvalidAudienceError:
        raise Unauthorized("the token is for another service", code="token_audience") from None
    except jwt.PyJWTError:
        raise Unauthorized("the token does not verify; fetch a new one", code="token_invalid") from None
    audiences = payload["aud"]
    person = _person(payload) if "roles" in payload else None
    return Claims(
        organization_id=payload["org"],
        time_zone=payload["zone"],
        client_id=payload["act"]["sub"] if person else payload["sub"],
        scopes=frozenset(payload["scope"].split()),
        audience=(audiences,) if isinstance(audiences, str) else tuple(audiences),
        acting_service=None if person else payload.get("act", {}).get("sub"),
        person=person,
        persons_decide=payload.get("persons_decide", False),
        issued_at=payload["iat"],
    )


def _members(person: Person) -> dict[str, Any]:
    return {
        "sub": person.user_id,
        "name": person.name,
        "roles": list(person.roles),
        "therapist_id": person.therapist_id,
        "licenses": [one.model_dump(mode="json", exclude_none=True) for one in person.licenses],
        "emergency": person.emergency,
    }


def _person(payload: dict[str, Any]) -> Person:
    return Person(
        user_id=payload["sub"],
        name=payload["name"],
        roles=tuple(map(Role, payload["roles"])),
        therapist_id=payload["therapist_id"],
        licenses=tuple(map(License.model_validate, payload["licenses"])),
        emergency=payload["emergency"],
    )
