"""The EHR's side of the demo: an HTTP client that knows Handbill's public API and nothing of its inside.

Every POST has a key made from what it is about, so that a call which got no answer is simply made again: when a
service or the worker is killed and restarted on the way, the day goes on where it was.
"""

import time
from typing import Any

import httpx

from services.cli.demo.practice import Thing
from shared.outgoing import Answer, AnswerLimits, exchange
from shared.outgoing.answers import JSON

ATTEMPTS = 40
PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 95
"""An eligibility check whose service died on the way is asked again after 90 seconds, as CAQH CORE wants."""
IN_FLIGHT = ("idempotency_key_in_flight", "resend_too_soon")
SPARE_SECONDS = 60
X12 = "application/edi-x12"
LIMITS = AnswerLimits(max_bytes=20_000_000, seconds=60)


class DemoFailed(Exception):
    """The demo met something it cannot go on from; the text says what and where."""


class Ehr:
    """Calls to the services at `urls` (by name) as one API client."""

    def __init__(self, urls: dict[str, str], client_id: str, client_secret: str, http: httpx.Client) -> None:
        self._urls = urls
        self._login = (client_id, client_secret)
        self._http = http
        self._token = ""
        self._token_ends = 0.0

    def put(self, service: str, path: str, body: Thing) -> Any:
        """PUTs `body` and returns the parsed answer."""
        return self._call("PUT", service, path, body)

    def post(self, service: str, path: str, body: Thing, key: str) -> Any:
        """POSTs `body` under an Idempotency-Key and returns the parsed answer."""
        return self._call("POST", service, path, body, key)

    def get(self, service: str, path: str, **query: Any) -> Any:
        """GETs with query parameters and returns the parsed answer."""
        return self._call("GET", service, path, query=query)

    def text(self, service: str, path: str) -> str:
        """GETs what is not JSON, such as an X12 file, as text."""
        return self._answer("GET", service, path, types=(X12,)).text

    def pages(self, service: str, path: str, **query: Any) -> list[Any]:
        """All items of a list."""
        items: list[Any] = []
        after: str | None = None
        while True:
            page = self.get(service, path, limit=200, **query, **({"after": after} if after else {}))
            items += page["items"]
            after = page["next"]
            if after is None:
                return items

    def _call(
        self,
        method: str,
        service: str,
        path: str,
        body: Thing | None = None,
        key: str | None = None,
        query: Thing | None = None,
    ) -> Any:
        return self._answer(method, service, path, body, key, query).json()

    def _answer(
        self,
        method: str,
        service: str,
        path: str,
        body: Thing | None = None,
        key: str | None = None,
        query: Thing | None = None,
        types: tuple[str, ...] = JSON,
    ) -> Answer:
        answer: Answer | None = None
        for _attempt in range(ATTEMPTS):
            headers = {"Authorization": f"Bearer {self.bearer()}", **({"Idempotency-Key": key} if key else {})}
            try:
                url = self._urls[service] + path
                answer = exchange(
                    self._http, method, url, LIMITS, types=types, json=body, params=query, headers=headers
                )
            except httpx.RequestError:
                answer = None
            if answer is not None and answer.is_success:
                return answer
            if answer is not None and not _try_again(answer):
                raise DemoFailed(_refusal(method, service, path, answer))
            time.sleep(_pause(answer))
        raise DemoFailed(f"{method} {service}{path} got no answer in {ATTEMPTS} tries")

    def bearer(self) -> str:
        """A token that lasts for another minute at least."""
        if time.monotonic() < self._token_ends - SPARE_SECONDS:
            return self._token
        url = self._urls["access"] + "/oauth/token"
        form = {"grant_type": "client_credentials"}
        answer = exchange(self._http, "POST", url, LIMITS, data=form, auth=self._login)
        if answer.status_code != 200:
            raise DemoFailed(f"access gave no token: {answer.status_code}")
        self._token = answer.json()["access_token"]
        self._token_ends = time.monotonic() + answer.json()["expires_in"]
        return self._token


def _try_again(answer: Answer) -> bool:
    return answer.status_code in (500, 503) or (answer.status_code == 409 and answer.json().get("code") in IN_FLIGHT)


def _pause(answer: Answer | None) -> float:
    """How long to wait before the next try: what the service says, where it says so."""
    said = answer.headers.get("Retry-After", "") if answer is not None and answer.status_code == 409 else ""
    return min(float(said), LONGEST_PAUSE_SECONDS) if said.isdecimal() else PAUSE_SECONDS


def _refusal(method: str, service: str, path: str, answer: Answer) -> str:
    try:
        problem = answer.json()
        said = [problem["detail"], *(f"{e['pointer']}: {e['message']} {e['fix']}" for e in problem["errors"])]
    except (ValueError, KeyError):
        said = ["an answer that is no problem+json"]
    return f"{method} {service}{path} was refused with {answer.status_code}: " + "; ".join(said)
