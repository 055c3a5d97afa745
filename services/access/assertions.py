"""Signed assertions from outside: the one place where a JWT that access has not signed itself is verified.

A client proves itself with one instead of a secret (private_key_jwt: RFC 7523 §3, SMART Backend Services), vouches with
one for the person who uses it, and an OIDC issuer says with one who signed in. The key says which algorithm is taken,
never the token (RFC 8725 §3.1), and each kind has its own: none is ever taken for another. An assertion lives for five
minutes at most, an ID token is taken within five minutes of its issue, and whoever takes one has to remember its digest
until then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurve,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

LONGEST = timedelta(minutes=5)
LEEWAY = timedelta(seconds=10)
MAX_JTI = 200
MAX_SUBJECT = 255
RSA_BITS = range(2048, 4096 + 1)
PublicKey = RSAPublicKey | EllipticCurvePublicKey


@dataclass(frozen=True, slots=True)
class VerifiedAssertion:
    """An assertion whose signature and times hold. `digest` names it among all; it may be forgotten at `expires_at`."""

    subject: str
    digest: str
    expires_at: datetime


def public_key(jwk: Mapping[str, Any], curve: type[EllipticCurve] = SECP384R1) -> PublicKey:
    """The key of a JWK. Raises ValueError, with a sentence, for one that is not taken."""
    try:
        key = (RSAAlgorithm if jwk.get("kty") == "RSA" else ECAlgorithm).from_jwk(dict(jwk))
    except (jwt.InvalidKeyError, ValueError, KeyError, TypeError):
        raise ValueError("this is no public key: RSA has n and e, EC has crv P-384, x and y") from None
    if isinstance(key, RSAPublicKey) and key.key_size in RSA_BITS:
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, curve):
        return key
    raise ValueError("a key is RSA of 2048 to 4096 bits, or EC on P-384")


def algorithm_of(key: PublicKey) -> str:
    """RS384 or ES384."""
    return "RS384" if isinstance(key, RSAPublicKey) else "ES384"


def issuers_key(jwk: Mapping[str, Any]) -> PublicKey:
    """The key of an OIDC issuer: RSA, or EC on P-256. Raises ValueError."""
    return public_key(jwk, SECP256R1)


def subject_of(assertion: str) -> str:
    """Whom an assertion, not verified yet, speaks of; empty where it is none."""
    return _unverified(assertion, "sub")


def issuer_of(token: str) -> str:
    """Who says to have issued an ID token, not verified yet; empty where it is none."""
    return _unverified(token, "iss")


def key_id_of(token: str) -> str | None:
    """With which key an ID token, not verified yet, says to be signed; None where it is none, or names none."""
    try:
        return jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        return None


def verify_assertion(
    assertion: str, jwks: Sequence[Mapping[str, Any]], *, issuer: str, audience: Sequence[str]
) -> VerifiedAssertion | None:
    """The assertion, signed by one of these keys for one of these audiences, by `issuer` of itself; None for any other.
    Without a key that fits it takes as long."""
    found = _of_client(assertion, jwks, issuer=issuer, audience=audience)
    return found if found is not None and found.subject == issuer else None


def verify_vouching(
    assertion: str, jwks: Sequence[Mapping[str, Any]], *, issuer: str, audience: Sequence[str]
) -> VerifiedAssertion | None:
    """Like `verify_assertion`, of another than the issuer itself: the person whom the client vouches for."""
    found = _of_client(assertion, jwks, issuer=issuer, audience=audience)
    return found if found is not None and found.subject != issuer else None


def verify_id_token(token: str, key: PublicKey, *, issuer: str, audience: str) -> VerifiedAssertion | None:
    """The ID token (OpenID Connect Core §3.1.3.7), signed by this key of `issuer` for `audience` within the last five
    minutes; None for any other."""
    try:
        payload = jwt.decode(
            token,
            key,
            algorithms=["RS256" if isinstance(key, RSAPublicKey) else "ES256"],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY.total_seconds(),
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except jwt.PyJWTError:
        return None
    issued_at = datetime.fromtimestamp(payload["iat"], UTC)
    others = isinstance(payload["aud"], list) and len(payload["aud"]) > 1
    party = payload.get("azp", None if others else audience)
    fresh = issued_at + LONGEST + LEEWAY >= datetime.now(UTC)
    if party != audience or not fresh or not 0 < len(payload["sub"]) <= MAX_SUBJECT:
        return None
    # Of what is signed, since the signature itself can be written in several ways.
    signed = token.rpartition(".")[0]
    return VerifiedAssertion(payload["sub"], sha256(signed.encode()).hexdigest(), issued_at + LONGEST + 3 * LEEWAY)


def _unverified(token: str, name: str) -> str:
    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get(name, ""))
    except jwt.PyJWTError:
        return ""


def _of_client(
    assertion: str, jwks: Sequence[Mapping[str, Any]], *, issuer: str, audience: Sequence[str]
) -> VerifiedAssertion | None:
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
    exp = payload["exp"]
    # Compared as a number, since a number may be no moment, and PyJWT takes the text of one as well.
    ends = isinstance(exp, int | float) and exp <= (datetime.now(UTC) + LONGEST + LEEWAY).timestamp()
    # Half of a surrogate pair is JSON, and not printable, and no UTF-8.
    named = 0 < len(payload["jti"]) <= MAX_JTI and payload["jti"].isprintable()
    if found is None or not named or not ends:
        return None
    digest = sha256(f"{issuer}|{payload['jti']}".encode()).hexdigest()
    return VerifiedAssertion(payload["sub"], digest, datetime.fromtimestamp(exp, UTC) + 2 * LEEWAY)


def _nobodys_key(assertion: str) -> PublicKey:
    """A key that nobody has the private half of, of the kind that the assertion says it is signed with."""
    if jwt.get_unverified_header(assertion).get("alg") == "RS384":
        return _NOBODYS_RSA
    return _NOBODYS_EC


_NOBODYS_RSA = RSAPublicNumbers(
    65537, int.from_bytes(b"".join(sha256(b"nobody %d" % part).digest() for part in range(8)), "big") | 1 | (1 << 2047)
).public_key()
_NOBODYS_EC = generate_private_key(SECP384R1()).public_key()
