"""Calls that wait for somebody outside hold up nothing else, and of those that wait each organization has a share."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

import anyio.to_thread
import pytest
from fastapi import Depends, Request

from shared.database.operations import Operations
from shared.security.caller import Caller
from shared.tenancy import current_organization
from shared.web.auth import authenticated_caller
from shared.web.fair_share import Shares
from shared.web.limits import RequestLimits
from shared.web.outside_calls import OutsideCalls
from shared.web.routes import Routes
from shared.web.service import create_service, dependency, verifier_of
from tests.harness.tokens import ISSUER, ORGANIZATION, OTHER_ORGANIZATION

pytestmark = [
    pytest.mark.safeguard("API4"),
    pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True),  # nothing here depends on the database
]


class Payer:
    """Answers when a test lets it."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Semaphore(0), threading.Event()

    def ask(self) -> str | None:
        self.asked.release()
        assert self.go_on.wait(20)
        return current_organization()


@pytest.fixture
def payer():
    payer = Payer()
    yield payer
    payer.go_on.set()


@pytest.fixture
def url(database, keys, run_app, payer):
    """One turn at a time for each organization, and two questions that wait."""
    Operations.metadata.create_all(database.engine)
    router = Routes()

    @router.post("/ask")
    async def ask(
        request: Request,
        caller: Annotated[Caller, Depends(authenticated_caller)],
        calls: Annotated[OutsideCalls, Depends(dependency(OutsideCalls))],
    ) -> str | None:
        return await calls.run(request, caller, payer.ask)

    @router.get("/other", dependencies=[Depends(authenticated_caller)])
    async def other() -> float:
        return anyio.to_thread.current_default_thread_limiter().borrowed_tokens

    return run_app(
        create_service(
            name="toy",
            summary="",
            tags={},
            database=database,
            routers=[router],
            dependencies=[OutsideCalls(Shares(alone=2, shared=2, present=50, wait_seconds=0.2))],
            verifier=verifier_of(keys, ISSUER, "notes"),
            limits=RequestLimits(shares=Shares(alone=1, shared=1)),
        )
    )


def test_questions_that_wait_hold_neither_turns_nor_the_threads_of_other_requests(url, http, bearer, payer) -> None:
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(http.post, url + "/ask", headers=bearer()) for _ in range(2)]
        assert all(payer.asked.acquire(timeout=10) for _ in waiting)
        assert [http.get(url + "/other", headers=bearer()).json() for _ in range(3)] == [0] * 3
        payer.go_on.set()
        assert [one.result().json() for one in waiting] == [ORGANIZATION] * 2


def test_one_question_too_many_is_refused_before_it_leaves_and_a_neighbours_is_asked(url, http, bearer, payer) -> None:
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(http.post, url + "/ask", headers=bearer()) for _ in range(2)]
        assert all(payer.asked.acquire(timeout=10) for _ in waiting)
        refused = http.post(url + "/ask", headers=bearer())
        assert (refused.status_code, refused.json()["code"]) == (503, "too_many_waiting")
        assert refused.headers["retry-after"] == "5"
        assert not payer.asked.acquire(blocking=False)
        other = threads.submit(http.post, url + "/ask", headers=bearer(organization_id=OTHER_ORGANIZATION))
        assert payer.asked.acquire(timeout=10)
        payer.go_on.set()
        assert other.result().json() == OTHER_ORGANIZATION
        assert [one.result().status_code for one in waiting] == [200] * 2
