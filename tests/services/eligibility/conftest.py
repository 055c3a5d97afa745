"""The eligibility service under test: the real app on both databases, and a practice's records as an EHR sends them."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.eligibility.app import build
from shared.clocks import SetClock
from shared.settings import Settings
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse

PATIENT, PAYER, COVERAGE = "pat_00001", "pay_00001", "cov_00001"
BILLER = {"id": "user-birgit", "name": "Birgit Aas", "role": "biller"}
KEEPER = {"id": "user-noor", "name": "Noor Haddad", "role": "privacy_official"}
CLERK = {"id": "user-june", "name": "June Okafor", "role": "front_desk"}


def a_patient(**changed: Any) -> dict[str, Any]:
    return {
        "name": {"first": "Zoë", "last": "Canarsie-Müller"},
        "birth_date": "1984-07-19",
        "sex": "female",
        "address": {"line1": "12 Canary Lane", "city": "Seattle", "state": "WA", "zip": "98107"},
        "phone": "2065550111",
        **changed,
    }


def a_payer(**changed: Any) -> dict[str, Any]:
    return {"name": "Cascade Mutual Health", "payer_identifier": "CASCM", "profile": "commercial", **changed}


def a_coverage(**changed: Any) -> dict[str, Any]:
    return {
        "patient_id": PATIENT,
        "payer_id": PAYER,
        "member_id": "CANARY-204417",
        "effective_from": "2026-01-01",
        "network": "in",
        **changed,
    }


def an_authorization(**changed: Any) -> dict[str, Any]:
    days = {"effective_from": "2026-01-01", "effective_to": "2026-06-30"}
    return {"coverage_id": COVERAGE, "number": "AUTH-1", "visits": 12, **days, **changed}


def a_referral(**changed: Any) -> dict[str, Any]:
    return {
        "coverage_id": COVERAGE,
        "kind": "prescription",
        "referring_name": {"first": "Miriam", "last": "Feldstein"},
        "referring_npi": "1619048238",
        "issued_on": "2026-02-01",
        **changed,
    }


def a_check(**changed: Any) -> dict[str, Any]:
    provider = {"provider_npi": "1234567893", "provider_name": "Rainier Bodywork"}
    return {"coverage_id": COVERAGE, **provider, "actor": CLERK, **changed}


class Api:
    """Calls as one API client makes them; every POST with a key of its own unless one is given."""

    def __init__(self, client: TestClient, bearer: Callable[..., dict[str, str]]) -> None:
        self.client = client
        self.bearer = bearer
        self._keys = count(1)

    def put(self, path: str, body: Any, *, if_match: str | None = None, **claims: Any) -> Any:
        headers = self.bearer(**claims) | ({"If-Match": if_match} if if_match else {})
        return self.client.put(f"/v1/{path}", json=body, headers=headers)

    def get(self, path: str, **claims: Any) -> Any:
        return self.client.get(f"/v1/{path}", headers=self.bearer(**claims))

    def check(self, body: Any = None, *, key: str | None = None, **claims: Any) -> Any:
        headers = self.bearer(key=key or f"check-{next(self._keys):04d}", **claims)
        return self.client.post("/v1/eligibility-checks", json=body or a_check(), headers=headers)

    def covered(self, **coverage: Any) -> None:
        """A patient with a payer and a coverage."""
        self.put(f"patients/{PATIENT}", a_patient()).raise_for_status()
        self.put(f"payers/{PAYER}", a_payer()).raise_for_status()
        self.put(f"coverages/{COVERAGE}", a_coverage(**coverage)).raise_for_status()


@pytest.fixture
def clearinghouse() -> FakeClearinghouse:
    """It reads real 270s and writes real 271s."""
    return FakeClearinghouse()


@pytest.fixture
def settings(
    make_settings: Callable[..., Settings], run_app: Callable[..., str], clearinghouse: FakeClearinghouse
) -> Settings:
    return make_settings("eligibility", clearinghouse_url=run_app(clearinghouse.app()))


@pytest.fixture
def api(settings: Settings, clock: SetClock, bearer: Callable[..., dict[str, str]]) -> Iterator[Api]:
    with TestClient(build(settings, clock=clock), raise_server_exceptions=False) as client:
        yield Api(client, bearer)
