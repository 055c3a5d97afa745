"""A service's own tokens: five minutes, one organization, one callee; kept until a minute before they end."""

import threading
from typing import Any

import httpx

from shared.clocks import Monotonic, PeerClock
from shared.errors import NotFound, Unavailable
from shared.outgoing import AnswerLimits, exchange
from shared.settings import Credentials

SPARE_SECONDS = 60
MAX_KEPT = 10_000
LIMITS = AnswerLimits(max_bytes=100_000, seconds=15)


class ServiceTokens:
    """`token(organization_id, "notes")` answers a bearer token for that service and organization."""

    def __init__(self, access_url: str, credentials: Credentials, http: httpx.Client, monotonic: Monotonic) -> None:
        self._url = access_url.rstrip("/") + "/oauth/token"
        self._credentials = credentials
        self._http = http
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._access_clock = PeerClock("access")
        self._kept: dict[tuple[str, str], tuple[str, float]] = {}

    def token(self, organization_id: str, audience: str) -> str:
        """Raises Unavailable when access does not answer, NotFound for an organization it does not know."""
        wanted = (organization_id, audience)
        now = self._monotonic()
        with self._lock:
            token, ends = self._kept.get(wanted, ("", 0.0))
        if now < ends - SPARE_SECONDS:
            return token
        # Outside of the lock: two threads may fetch the same token, and none waits for the call of another.
        answer = self._fetch(organization_id, audience)
        with self._lock:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[wanted] = (answer["access_token"], now + answer["expires_in"])
        return str(answer["access_token"])

    def renewed(self, organization_id: str, audience: str, refused: str) -> str:
        """Another token in place of one that the callee has refused, as when access signs with a new key from one
        moment to the next. Raises as `token`."""
        wanted = (organization_id, audience)
        with self._lock:
            # Another thread may have a new one already.
            if self._kept.get(wanted, ("", 0.0))[0] == refused:
                del self._kept[wanted]
        return self.token(organization_id, audience)

    def _fetch(self, organization_id: str, audience: str) -> dict[str, Any]:
        form = {
            "grant_type": "client_credentials",
            "scope": "internal",
            "audience": audience,
            "organization_id": organization_id,
        }
        secret = self._credentials.client_secret.get_secret_value()
        try:
            credentials = (self._credentials.client_id, secret)
            answer = exchange(self._http, "POST", self._url, LIMITS, peer="access", data=form, auth=credentials)
        except httpx.RequestError:
            answer = None
        if answer is not None:
            self._access_clock.seen(answer.headers.get("Date", ""))
        if answer is not None and answer.status_code == 404:
            raise NotFound("access does not know this organization", code="organization_not_found")
        if answer is None or answer.status_code != 200:
            raise Unavailable("access gives no token; try again shortly", code="access_unavailable")
        try:
            body: dict[str, Any] = answer.json()
            return {"access_token": str(body["access_token"]), "expires_in": int(body["expires_in"])}
        except (ValueError, KeyError, TypeError):
            raise Unavailable("access answers something else than a token", code="access_unavailable") from None
