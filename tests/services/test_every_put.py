"""Every PUT of every service goes the same way: one table of cases, run over each route through HTTP."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import col, select
from starlette.testclient import TestClient

import services.claims.app
import services.eligibility.app
import services.notes.app
from shared.clocks import SetClock
from shared.database.operations import AuditEntry
from shared.settings import Settings
from tests.services.claims.custom_rules.conftest import a_rule
from tests.services.claims.factories import (
    BILLER,
    Neighbours,
    a_coverage_bundle,
    a_fee_schedule,
    a_practice,
    a_therapist,
)
from tests.services.eligibility.conftest import (
    COVERAGE,
    KEEPER,
    PATIENT,
    PAYER,
    a_coverage,
    a_patient,
    a_payer,
    a_referral,
    an_authorization,
)
from tests.services.notes.conftest import a_note

Build = Callable[..., FastAPI]
BUILD: dict[str, Build] = {
    "eligibility": services.eligibility.app.build,
    "notes": services.notes.app.build,
    "claims": services.claims.app.build,
}
CALLERS = 6


@dataclass(frozen=True)
class Route:
    """A PUT route: the path it declares, one record under it, and a change of that record."""

    service: str
    declared: str
    path: str
    body: dict[str, Any]
    change: dict[str, Any]
    action: str
    needs: tuple[tuple[str, dict[str, Any]], ...] = ()


PATIENT_AND_PAYER = ((f"/v1/patients/{PATIENT}", a_patient()), (f"/v1/payers/{PAYER}", a_payer()))
COVERED = (*PATIENT_AND_PAYER, (f"/v1/coverages/{COVERAGE}", a_coverage()))
PAYER_FEES = {"effective_from": "2026-01-01", "fees": [{"procedure_code": "97124", "unit_cents": 4100}]}
BILLED = "cov_0001"
"""One that the sample practice has too."""
USED_BEFORE = {
    "kind": "benefit",
    "coverage_id": BILLED,
    "visits": 4,
    "counted_through": "2026-01-31",
    "source": "Portal of the payer",
    "actor": BILLER,
}
FEE = {"procedure_code": "97124", "charge_cents": 5000}
ID = "{record_id}"
ELIGIBILITY = Neighbours(files={BILLED: a_coverage_bundle(BILLED)})
ASK_ELIGIBILITY = {"/v1/opening-visits/{grant_id}"}
ROUTES = (
    Route("eligibility", f"/v1/patients/{ID}", f"/v1/patients/{PATIENT}", a_patient(), {"sex": "male"}, "patient.put"),
    Route("eligibility", f"/v1/payers/{ID}", f"/v1/payers/{PAYER}", a_payer(), {"unit_method": "ama"}, "payer.put"),
    Route(
        "eligibility",
        f"/v1/coverages/{ID}",
        f"/v1/coverages/{COVERAGE}",
        a_coverage(),
        {"group_number": "G-2"},
        "coverage.put",
        PATIENT_AND_PAYER,
    ),
    Route(
        "eligibility",
        f"/v1/authorizations/{ID}",
        "/v1/authorizations/auth_0001",
        an_authorization(),
        {"visits": 6},
        "authorization.put",
        COVERED,
    ),
    Route(
        "eligibility",
        f"/v1/referrals/{ID}",
        "/v1/referrals/ref_00001",
        a_referral(),
        {"visits": 6},
        "referral.put",
        COVERED,
    ),
    Route(
        "eligibility",
        f"/v1/legal-holds/{ID}",
        "/v1/legal-holds/hold_0001",
        {"patient_id": PATIENT, "reason": "A letter of 2026-02-27", "since": "2026-02-27", "actor": KEEPER},
        {"reason": "A letter of 2026-02-26"},
        "legal_hold.put",
        PATIENT_AND_PAYER,
    ),
    Route("notes", "/v1/notes/{note_id}", "/v1/notes/note_0001", a_note(), {"assessment": "Better"}, "note.put"),
    Route("claims", "/v1/practice", "/v1/practice", a_practice(), {"contact_name": "Another"}, "practice.put"),
    Route(
        "claims",
        "/v1/therapists/{therapist_id}",
        "/v1/therapists/thr_00001",
        a_therapist(),
        {"license_number": "MA00000001"},
        "therapist.put",
    ),
    Route(
        "claims",
        "/v1/fee-schedules/{schedule_id}",
        "/v1/fee-schedules/fees_0001",
        a_fee_schedule(),
        {"fees": [FEE]},
        "fee_schedule.put",
    ),
    Route(
        "claims",
        "/v1/payer-fees/{payer_id}",
        f"/v1/payer-fees/{PAYER}",
        PAYER_FEES,
        {"percent_of_charge_basis_points": 8000},
        "payer_fees.put",
    ),
    Route(
        "claims",
        "/v1/small-balance-rule",
        "/v1/small-balance-rule",
        {"patient_max_cents": 300, "reason": "Less than a stamp and an hour", "actor": BILLER},
        {"insurer_max_cents": 200},
        "small_balance_rule.put",
    ),
    Route(
        "claims",
        "/v1/opening-visits/{grant_id}",
        f"/v1/opening-visits/{BILLED}",
        USED_BEFORE,
        {"visits": 5},
        "opening_visits.put",
    ),
    Route(
        "claims",
        "/v1/custom-rules/{custom_rule_code}",
        "/v1/custom-rules/custom_four_units",
        a_rule(),
        {"severity": "block"},
        "custom_rule.put",
    ),
)


class Api:
    """One route of one service, called by one client."""

    def __init__(self, client: TestClient, bearer: dict[str, str], route: Route) -> None:
        self.route, self.puts = route, len(route.needs)
        self._client, self._bearer = client, bearer
        for path, body in route.needs:
            client.put(path, json=body, headers=bearer).raise_for_status()
        self._before = self.traces()

    def put(self, change: dict[str, Any] | None = None, **conditions: str) -> Response:
        self.puts += 1
        headers = self._bearer | {name.replace("_", "-"): value for name, value in conditions.items()}
        return self._client.put(self.route.path, json=self.route.body | (change or {}), headers=headers)

    def get(self) -> Any:
        return self._client.get(self.route.path, headers=self._bearer).json()

    def traces(self) -> tuple[list[str], int]:
        """The types of all events in order, and how many audit entries of PUTs there are."""
        events = self._client.get("/v1/events?limit=200", headers=self._bearer).json()["items"]
        with self._client.app.state.database.reading() as session:
            audited = len(session.exec(select(AuditEntry).where(col(AuditEntry.action).startswith("put_"))).all())
        return [event["type"] for event in events], audited

    def changes(self) -> int:
        """How many changes of this record left an event; raises AssertionError unless each request left one audit
        entry, whether it changed anything or not."""
        events, audited = self.traces()
        assert (self.puts, set(events[len(self._before[0]) :])) == (audited, {self.route.action})
        return len(events) - len(self._before[0])


@pytest.fixture(params=ROUTES, ids=lambda route: route.action)
def api(
    request: pytest.FixtureRequest,
    make_settings: Callable[..., Settings],
    clock: SetClock,
    bearer: Callable[..., dict[str, str]],
    run_app: Callable[..., str],
) -> Iterator[Api]:
    route: Route = request.param
    around = {"eligibility_url": run_app(ELIGIBILITY.app())} if route.declared in ASK_ELIGIBILITY else {}
    app = BUILD[route.service](make_settings(route.service, **around), clock=clock)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Api(client, bearer(), route)


def differing(one: Any, other: Any) -> set[str]:
    """The names of members that differ, at whatever depth."""
    if not isinstance(one, dict) or not isinstance(other, dict):
        return set()
    names = {name for name in one if one[name] != other.get(name)}
    return names.union(*(differing(one[name], other.get(name)) for name in names))


def answer(response: Response) -> tuple[int, str | None, int]:
    """Status, ETag, and the version of the record (of the refusal: the present one)."""
    body = response.json()
    return response.status_code, response.headers.get("ETag"), body.get("version", body.get("current_version"))


def test_a_put_makes_repeats_and_replaces_and_only_a_change_leaves_an_event_and_each_an_audit_entry(api: Api) -> None:
    made = api.put()
    assert (answer(made), api.changes()) == ((201, '"1"', 1), 1)
    repeated = api.put()
    assert (answer(repeated), api.changes()) == ((200, '"1"', 1), 1)
    assert repeated.json() == made.json() == api.get()
    changed = api.put(api.route.change)
    assert (answer(changed), api.changes()) == ((200, '"2"', 2), 2)
    assert changed.json() == api.get()
    assert {"version", *api.route.change} <= differing(made.json(), changed.json())
    assert (answer(api.put()), api.changes()) == ((200, '"3"', 3), 3)


def test_the_precondition_is_held_before_the_content_is_compared(api: Api) -> None:
    absent = api.put(If_Match='"1"')
    assert (absent.status_code, absent.json()["code"]) == (412, "version_changed")
    assert answer(api.put(If_None_Match="*")) == (201, '"1"', 1)
    for conditions, code in (
        ({"If_Match": '"2"'}, "version_changed"),
        ({"If_None_Match": "*"}, "already_exists"),
        ({"If_None_Match": '"1"'}, "already_exists"),
    ):
        for change in ({}, api.route.change):
            refused = api.put(change, **conditions)
            assert (answer(refused), refused.json()["code"]) == ((412, '"1"', 1), code)
    assert (api.get()["version"], api.changes()) == (1, 1)
    assert answer(api.put(If_Match='"1"')) == (200, '"1"', 1)
    assert answer(api.put(api.route.change, If_Match='"1"')) == (200, '"2"', 2)
    assert answer(api.put(api.route.change, If_Match='"1"')) == (412, '"2"', 2)
    assert answer(api.put(api.route.change, If_Match="*")) == (200, '"2"', 2)
    assert api.changes() == 2


def test_of_first_puts_at_once_exactly_one_is_201(api: Api) -> None:
    with ThreadPoolExecutor(CALLERS) as pool:
        answers = list(pool.map(lambda _: api.put(), range(CALLERS)))
    while unavailable := [each for each in answers if each.status_code == 503]:
        answers = [each for each in answers if each.status_code != 503] + [api.put() for _ in unavailable]
    assert {each.status_code for each in answers} == {200, 201}, [each.text for each in answers]
    assert sorted(answer(each) for each in answers) == [(200, '"1"', 1)] * (CALLERS - 1) + [(201, '"1"', 1)]
    assert api.changes() == 1


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", sorted(BUILD))
def test_the_table_names_every_put_of_a_service(
    service: str, make_settings: Callable[..., Settings], clock: SetClock
) -> None:
    paths = BUILD[service](make_settings(service), clock=clock).openapi()["paths"]
    declared = {path for path, operations in paths.items() if "put" in operations}
    assert declared == {route.declared for route in ROUTES if route.service == service}
