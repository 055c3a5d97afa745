"""The keys of OIDC issuers: fetched with httpx from the addresses that the operator has set, and kept.

They are as new as `shared.security.refreshing` says, so a key that an issuer takes back holds no longer a minute later.
An unknown key id makes one early fetch, at most every five seconds. Only the operator says where keys come from: an
address that a tenant could choose would let it ask for anything that access can reach.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import structlog

from services.access.assertions import PublicKey, issuers_key
from shared.clocks import Monotonic
from shared.errors import Problem, Unavailable
from shared.outgoing import AnswerLimits, exchange
from shared.security.refreshing import Refresh

REFETCH_SECONDS = 5
LIMITS = AnswerLimits(max_bytes=200_000, seconds=3.0)
MAX_KEYS = 50
DISCOVERY = "/.well-known/openid-configuration"
TYPES = ("application/json", "application/jwk-set+json")
log = structlog.get_logger()


class IssuerUnusable(Problem):
    """An issuer's own document does not say what it must."""

    status, code, title = 409, "issuer_unusable", "This is no OIDC issuer that can be used"


class IssuerKeys:
    """The key sets of all issuers, by the address that each publishes its own at. The HTTP client is opened by the
    first that is asked for."""

    def __init__(self, open_http: Callable[[], httpx.Client], monotonic: Monotonic) -> None:
        self._open_http, self._monotonic = open_http, monotonic
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None
        self._sets: dict[str, _KeySet] = {}

    def find(self, jwks_uri: str, key_id: str) -> PublicKey | None:
        """The key with this `kid`, None where the issuer has none such. Raises Unavailable where it has never
        answered."""
        with self._lock:
            known = self._sets.setdefault(jwks_uri, _KeySet(jwks_uri, self._client(), self._monotonic))
        return known.find(key_id)

    def discover(self, issuer: str) -> str:
        """The address of an issuer's keys, from its own document (OpenID Connect Discovery §4).

        Raises IssuerUnusable."""
        try:
            answer = exchange(self._client(), "GET", issuer.rstrip("/") + DISCOVERY, LIMITS, peer="issuer", types=TYPES)
            document = answer.raise_for_status().json()
            if document["issuer"] != issuer:
                raise IssuerUnusable("the document at this address is of another issuer; write the name as it has it")
            return str(document["jwks_uri"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError):
            raise IssuerUnusable(
                f"{issuer}{DISCOVERY} does not answer with a document that names jwks_uri; name the keys yourself"
            ) from None

    def try_out(self, jwks_uri: str) -> None:
        """Raises IssuerUnusable where no key can be had at this address."""
        if not _KeySet(jwks_uri, self._client(), self._monotonic).any():
            raise IssuerUnusable(f"{jwks_uri} does not answer with a key set that has a key: RSA, or EC on P-256")

    def close(self) -> None:
        """Close the HTTP client, if there is one."""
        if self._http is not None:
            self._http.close()

    def _client(self) -> httpx.Client:
        self._http = self._http or self._open_http()
        return self._http


class _KeySet:
    def __init__(self, jwks_uri: str, http: httpx.Client, monotonic: Monotonic) -> None:
        self._jwks_uri, self._http = jwks_uri, http
        self._keys: dict[str, PublicKey] = {}
        self._refresh = Refresh(self._fetch, monotonic)

    def find(self, key_id: str) -> PublicKey | None:
        self._refresh.when_due()
        if key_id not in self._keys:
            self._refresh.sooner(REFETCH_SECONDS)
        if not self._refresh.ever:
            raise Unavailable("the issuer cannot be reached for its keys; try again shortly", code="issuer_unavailable")
        return self._keys.get(key_id)

    def any(self) -> bool:
        """Whether it has a key now."""
        return self._fetch() and bool(self._keys)

    def _fetch(self) -> bool:
        try:
            answer = exchange(self._http, "GET", self._jwks_uri, LIMITS, peer="issuer", types=TYPES).raise_for_status()
            self._keys = dict(_keys_of(answer.json()))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError):
            log.warning("issuer_keys_fetch_failed")
            return False
        return True


def _keys_of(document: Mapping[str, Any]) -> list[tuple[str, PublicKey]]:
    """Those that can sign ID tokens; an issuer's other keys are none of ours."""
    found = []
    for jwk in document["keys"][:MAX_KEYS]:
        if jwk.get("use", "sig") != "sig" or "kid" not in jwk:
            continue
        try:
            found.append((str(jwk["kid"]), issuers_key(jwk)))
        except ValueError:
            continue
    return found
