"""A payer that does not answer holds up nothing but the questions to it, and what was not asked may be asked again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response

from services.eligibility.app import build
from shared.web.outside_calls import SHARES
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.eligibility.conftest import COVERAGE, a_check, a_coverage, a_patient, a_payer

pytestmark = [pytest.mark.safeguard("API4"), pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)]
CHECKS = SHARES.alone + 4


class SlowPayer:
    """Counts what it is asked, and answers 503 when a test lets it."""

    def __init__(self) -> None:
        self.asked, self.go_on = threading.Semaphore(0), threading.Event()
        self.app = FastAPI()

        @self.app.post("/v1/x12/eligibility")
        def answer(_request: Request) -> Response:
            self.asked.release()
            self.go_on.wait(30)
            return Response(status_code=503)


@pytest.fixture
def payer():
    payer = SlowPayer()
    yield payer
    payer.go_on.set()


@pytest.fixture
def url(make_settings, run_app, payer, clock):
    settings = make_settings("eligibility", clearinghouse_url=run_app(payer.app))
    return run_app(build(settings, clock=clock))


def test_checks_on_a_slow_payer_leave_every_other_route_to_the_others(url, http, bearer, payer) -> None:
    for path, body in (("patients/pat_00001", a_patient()), ("payers/pay_00001", a_payer())):
        http.put(f"{url}/v1/{path}", json=body, headers=bearer()).raise_for_status()
    http.put(f"{url}/v1/coverages/{COVERAGE}", json=a_coverage(), headers=bearer()).raise_for_status()

    def check(number: int):
        day = date(2026, 3, 2) + timedelta(days=number)
        headers = bearer(key=f"check-{number:04d}")
        return http.post(f"{url}/v1/eligibility-checks", json=a_check(service_date=f"{day}"), headers=headers)

    with ThreadPoolExecutor(CHECKS) as threads:
        checks = [threads.submit(check, number) for number in range(CHECKS)]
        assert all(payer.asked.acquire(timeout=20) for _ in range(SHARES.alone))
        for claims in ({"organization_id": OTHER_ORGANIZATION}, {}):
            assert http.get(f"{url}/v1/patients", headers=bearer(**claims)).status_code == 200
        # The others give up their place in line: nothing of them has left, so the same may be asked again at once.
        while len(early := [one.result() for one in checks if one.done()]) < CHECKS - SHARES.alone:
            threading.Event().wait(0.1)
        assert {answer.json()["code"] for answer in early} == {"too_many_waiting"}
        payer.go_on.set()
        late = [answer for one in checks if (answer := one.result()) not in early]
        assert {answer.json()["code"] for answer in late} == {"clearinghouse_unavailable"}
    again = check(next(number for number, one in enumerate(checks) if one.result() in early))
    assert again.json()["code"] == "clearinghouse_unavailable"
