"""The public keys that tokens are checked with: fetched with httpx, kept ten minutes, and longer while access is down.

An unknown key id makes one early fetch, at most every 30 seconds, so that a new signing key works at once and
made-up ids do not turn into load on the access service.
"""

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Protocol

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.clocks import Monotonic
from shared.errors import Unauthorized, Unavailable

FRESH_SECONDS = 600
REFETCH_SECONDS = 30
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


class RemoteKeys:
    """The key set of an access service."""

    def __init__(self, url: str, http: httpx.Client, monotonic: Monotonic) -> None:
        self._url = url
        self._http = http
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None

    def find(self, key_id: str) -> Ed25519PublicKey:
        """While one request fetches, others go on with a key that is known; only for an unknown one they wait."""
        known = self._keys.get(key_id)
        if not self._lock.acquire(blocking=known is None) and known is not None:
            return known
        try:
            return self._find(key_id)
        finally:
            self._lock.release()

    def _find(self, key_id: str) -> Ed25519PublicKey:
        now = self._monotonic()
        stale = self._fetched_at is None or now - self._fetched_at > FRESH_SECONDS
        if stale or key_id not in self._keys:
            self._fetch(now)
        if key_id in self._keys:
            return self._keys[key_id]
        if self._fetched_at is None:
            raise Unavailable("access cannot be reached for its keys; try again shortly", code="access_unavailable")
        raise Unauthorized("the token is signed with a key that access does not publish", code="token_key_unknown")

    def _fetch(self, now: float) -> None:
        # Without any key no request can be served, so until the first success every one of them may try.
        never = self._fetched_at is None
        if self._tried_at is not None and not never and now - self._tried_at < REFETCH_SECONDS:
            return
        self._tried_at = now
        try:
            answer = self._http.get(self._url).raise_for_status().json()
            # Replaced as a whole: a key that access no longer publishes is no longer trusted.
            self._keys = {jwk["kid"]: from_jwk(jwk) for jwk in answer["keys"] if jwk.get("crv") == "Ed25519"}
            self._fetched_at = now
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError):
            log.warning("jwks_fetch_failed")
