"""The public keys that tokens are checked with: fetched with httpx, and kept while access is down.

They are as new as `shared.security.refreshing` says: a key that access no longer publishes is no longer trusted a
minute later. An unknown key id makes one early fetch, at most every five seconds, so that a new signing key works at
once and made-up ids do not turn into load on the access service.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Container
from hashlib import sha256
from typing import Any, Protocol

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.clocks import Monotonic
from shared.errors import Unauthorized, Unavailable
from shared.outgoing import AnswerLimits, exchange
from shared.security.refreshing import Refresh, Spawn, in_a_thread

REFETCH_SECONDS = 5
FETCH_SECONDS = 3.0
"""How long access may keep a request waiting that has to have its keys or its revocations first."""
LIMITS = AnswerLimits(max_bytes=1_000_000, seconds=FETCH_SECONDS)
JWKS = ("application/json", "application/jwk-set+json")
log = structlog.get_logger()


class KeySet(Protocol):
    """`find(kid)` answers the public key. Raises Unauthorized (unknown key) or Unavailable (never fetched)."""

    def find(self, key_id: str) -> Ed25519PublicKey:
        """The key with this `kid`. Raises Unauthorized or Unavailable."""
        ...


def to_jwk(key: Ed25519PublicKey, key_id: str) -> dict[str, str]:
    """RFC 8037."""
    raw = urlsafe_b64encode(key.public_bytes_raw()).removesuffix(b"=").decode()
    return {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key_id, "x": raw}


def from_jwk(jwk: dict[str, Any]) -> Ed25519PublicKey:
    """Raises KeyError or ValueError for what is no Ed25519 key. The 32 bytes of one are 43 characters and one `=`,
    which RFC 7515 leaves out."""
    return Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(str(jwk["x"]) + "="))


def thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638 over the members that RFC 8037 names: 43 characters of base64url. Access's key ids are these."""
    jwk = to_jwk(key, "")
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
    return urlsafe_b64encode(sha256(members.encode()).digest()).rstrip(b"=").decode()


class RemoteKeys:
    """The key set of an access service. `pinned` are the thumbprints of the only keys that are taken, whoever answers
    at the address; with None all are."""

    def __init__(
        self,
        url: str,
        http: httpx.Client,
        monotonic: Monotonic,
        *,
        pinned: Container[str] | None = None,
        spawn: Spawn = in_a_thread,
    ) -> None:
        self._url = url
        self._http = http
        self._pinned = pinned
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._refresh = Refresh(self._fetch, monotonic, spawn)

    def find(self, key_id: str) -> Ed25519PublicKey:
        """While keys are fetched, requests go on with a key that is known; only for an unknown one they wait."""
        self._refresh.when_due()
        if key_id not in self._keys:
            self._refresh.sooner(REFETCH_SECONDS)
        known = self._keys.get(key_id)
        if known is not None:
            return known
        if not self._refresh.ever:
            raise Unavailable("access cannot be reached for its keys; try again shortly", code="access_unavailable")
        raise Unauthorized("the token is signed with a key that access does not publish", code="token_key_unknown")

    @property
    def age_seconds(self) -> float | None:
        """How old the keys are; None where there have been none."""
        return self._refresh.age_seconds

    def _fetch(self) -> bool:
        try:
            answer = exchange(self._http, "GET", self._url, LIMITS, peer="access", types=JWKS).raise_for_status().json()
            keys = {str(jwk["kid"]): from_jwk(jwk) for jwk in answer["keys"] if jwk.get("crv") == "Ed25519"}
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("jwks_fetch_failed")
            return False
        # Replaced as a whole: a key that access no longer publishes is no longer trusted.
        self._keys = {key_id: key for key_id, key in keys.items() if self._takes(key_id, key)}
        return True

    def _takes(self, key_id: str, key: Ed25519PublicKey) -> bool:
        """The key counts, not what it is called: a key id is the thumbprint of its key, or it is no key of access."""
        own = thumbprint(key)
        if key_id == own and (self._pinned is None or own in self._pinned):
            return True
        log.warning("jwks_key_not_pinned" if key_id == own else "jwks_key_id_wrong")
        return False
