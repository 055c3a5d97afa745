"""One way to call a service: time-outs on everything, retries only of what is safe to repeat, errors in our words.

A service that cannot be reached, or answers 5xx, is Unavailable and names what is missing; 404 is NotFound; any
other refusal of a call of ours is a defect of ours and raises ContractBroken.
"""

from collections.abc import Callable
from typing import TypeVar

import httpx
import stamina
from pydantic import BaseModel, ValidationError

from shared.errors import NotFound, Unavailable
from shared.outgoing import Answer, AnswerLimits, AnswerRefused, exchange

M = TypeVar("M", bound=BaseModel)
ATTEMPTS = 3
MAX_ANSWER_BYTES = 5_000_000
LIMITS = AnswerLimits(MAX_ANSWER_BYTES, seconds=15)


class ContractBroken(Exception):
    """Two of our services disagree on a contract; the text names the route and the status, never a value."""


class _TryAgain(Exception):
    pass


class ServiceHttp:
    """Calls to one service by name (`notes`) at its base URL."""

    def __init__(self, service: str, base_url: str, http: httpx.Client) -> None:
        self._service = service
        self._base = base_url.rstrip("/")
        self._http = http

    def get(self, path: str, answer: type[M], *, token: str, what: str, renew: Callable[[str], str] | None = None) -> M:
        """GET with retries. `renew` answers another token for one that is refused, once. Raises NotFound (`what` says
        of which thing), Unavailable, ContractBroken."""
        found = self._safely("GET", path, token)
        if found.status_code == 401 and renew is not None:
            found = self._safely("GET", path, renew(token))
        return self._read(found, answer, what)

    def _safely(self, method: str, path: str, token: str) -> Answer:
        try:
            for attempt in stamina.retry_context(
                on=_TryAgain, attempts=ATTEMPTS, wait_initial=0.05, wait_max=0.5, wait_jitter=0.05, timeout=None
            ):
                with attempt:
                    return self._once(method, path, token)
        except _TryAgain:
            pass
        raise Unavailable(
            f"the {self._service} service does not answer; nothing was written, try again",
            code=f"{self._service}_unavailable",
            headers={"Retry-After": "5"},
        )

    def _once(self, method: str, path: str, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = exchange(self._http, method, self._base + path, LIMITS, peer=self._service, headers=headers)
        except AnswerRefused as refused:
            raise ContractBroken(f"{self._service}: {refused}") from None
        except httpx.RequestError as error:
            raise _TryAgain from error
        if answer.status_code >= 500 or answer.status_code == 429:
            raise _TryAgain
        return answer

    def _read(self, answer: Answer, model: type[M], what: str) -> M:
        if answer.status_code == 404:
            raise NotFound(f"{what} is not in this organization", code=f"{what.split(maxsplit=1)[0]}_not_found")
        if answer.status_code != 200:
            raise ContractBroken(f"{self._service} answered {answer.status_code} where {model.__name__} was due")
        try:
            return model.model_validate_json(answer.content, extra="ignore")
        except ValidationError:
            raise ContractBroken(f"{self._service} answered something else than {model.__name__}") from None
