"""Signed assertions from outside: the one place where a JWT that access has not signed itself is verified.

A client proves itself with one instead of a secret (private_key_jwt: RFC 7523 §3, SMART Backend Services). The key says
which algorithm is taken, never the token (RFC 8725 §3.1); an assertion lives for five minutes at most, and whoever
takes one has to remember its `jti` until then. Other issuers of assertions (OIDC) are verified here too: their keys,
their `iss` and their `aud` are parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP384R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

LONGEST = timedelta(minutes=5)
LEEWAY = timedelta(seconds=10)
MAX_JTI = 200
RSA_BITS = range(2048, 4096 + 1)
PublicKey = RSAPublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class VerifiedAssertion:
    """An assertion whose signature and times hold. `digest` names it among all; it may be forgotten at `expires_at`."""

    subject: str
    digest: str
    expires_at: datetime


def public_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of a JWK. Raises ValueError, with a sentence, for one that is not taken."""
    try:
        key = (RSAAlgorithm if jwk.get("kty") == "RSA" else ECAlgorithm).from_jwk(dict(jwk))
    except (jwt.InvalidKeyError, ValueError, KeyError, TypeError):
        raise ValueError("this is no public key: RSA has n and e, EC has crv P-384, x and y") from None
    if isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS:
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP384R1):
        return key
    raise ValueError("a key is RSA of 2048 to 4096 bits, or EC on P-384")


def algorithm_of(key: PublicKey) -> str:
    """RS384 or ES384."""
    return "RS384" if isinstance(key, RSAPublicKey) else "ES384"


def subject_of(assertion: str) -> str:
    """Whom an assertion, not verified yet, speaks of; empty where it is none."""
    try:
        return str(jwt.decode(assertion, options={"verify_signature": False}).get("sub", ""))
    except jwt.PyJWTError:
        return ""


def verify_assertion(
    assertion: str, jwks: Sequence[Mapping[str, Any]], *, issuer: str, audience: Sequence[str]
) -> VerifiedAssertion | None:
    """The assertion, signed by one of these keys for one of these audiences, by `issuer` of itself; None for any other.
    Without a key that fits it takes as long."""
    try:
        key_id = jwt.get_unverified_header(assertion).get("kid")
    except jwt.PyJWTError:
        return None
    found = next((jwk for jwk in jwks if jwk["kid"] == key_id), None)
    key = _nobodys_key(assertion) if found is None else public_key(found)
    try:
        payload = jwt.decode(
            assertion,
            key,
            algorithms=[algorithm_of(key)],
            issuer=issuer,
            audience=list(audience),
            leeway=LEEWAY.total_seconds(),
            options={"require": ["iss", "sub", "aud", "exp", "jti"]},
        )
    except jwt.PyJWTError:
        return None
    expires_at = datetime.fromtimestamp(payload["exp"], UTC)
    fits = payload["sub"] == issuer and len(payload["jti"]) <= MAX_JTI
    if found is None or not fits or expires_at > datetime.now(UTC) + LONGEST + LEEWAY:
        return None
    digest = sha256(f"{issuer}|{payload['jti']}".encode()).hexdigest()
    return VerifiedAssertion(issuer, digest, expires_at + 2 * LEEWAY)


def _nobodys_key(assertion: str) -> PublicKey:
    """A key that nobody has the private half of, of the kind that the assertion says it is signed with."""
    if jwt.get_unverified_header(assertion).get("alg") == "RS384":
        return _NOBODYS_RSA
    return _NOBODYS_EC


_NOBODYS_RSA = RSAPublicNumbers(
    65537, int.from_bytes(b"".join(sha256(b"nobody %d" % part).digest() for part in range(8)), "big") | 1 | (1 << 2047)
).public_key()
_NOBODYS_EC = generate_private_key(SECP384R1()).public_key()
