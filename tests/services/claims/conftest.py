"""The claims service under test: the real app and flows on both databases; all that is around it is a fake."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from services.claims.app import build
from services.claims.components import compose
from services.claims.flows import Dependencies
from services.claims.flows.operator.npis import confirm_npi
from services.claims.flows.run_due import Pass, run_due
from shared.clocks import SetClock
from shared.database.operator import Operator
from shared.ids import random_ids
from shared.settings import Settings
from shared.wire.trading_partner import TradingPartners
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import (
    BILLER,
    COVERAGE,
    FEES,
    NOTE,
    NPI,
    OTHER_NPI,
    THERAPIST,
    Neighbours,
    a_fee_schedule,
    a_practice,
    a_therapist,
)
from tests.services.claims.fake_clearinghouse import FakeClearinghouse

DECIDED = re.compile(r"/v1/claims(/[^/]+/(submit|refresh|correct|withdraw-correction|void))?")
SET_UP_EVENTS = ["practice.put", "therapist.put", "fee_schedule.put"]
"""What a practice's own data leave in its feed."""


def said_how_to_mend(answer: Any) -> Any:
    """The answer; each refusal of any test names what is wrong, where, and what to do about it."""
    if answer.status_code == 409:
        faults = answer.json()["errors"]
        assert faults and all(all(one.values()) for one in faults), answer.text
    return answer


class Api:
    """Calls as one API client makes them; every POST with a key of its own unless one is given."""

    def __init__(self, client: TestClient, bearer: Callable[..., dict[str, str]]) -> None:
        self.client = client
        self._bearer = bearer
        self._posts = 0

    def get(self, path: str, **claims: Any) -> Any:
        return self.client.get(path, headers=self._bearer(**claims))

    def put(self, path: str, body: Any, *, if_match: str | None = None, **claims: Any) -> Any:
        headers = self._bearer(**claims) | ({"If-Match": if_match} if if_match else {})
        return said_how_to_mend(self.client.put(path, json=body, headers=headers))

    def patch(self, path: str, body: Any, *, if_match: str | None = None, **claims: Any) -> Any:
        headers = self._bearer(**claims) | ({"If-Match": if_match} if if_match else {})
        return self.client.patch(path, json=body, headers=headers)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **claims: Any) -> Any:
        self._posts += 1
        headers = self._bearer(key=key or f"post-{self._posts:04d}", **claims)
        # A person decides these, and it is the biller where a test does not say who.
        acted = {"actor": BILLER} if DECIDED.fullmatch(path) else {}
        return said_how_to_mend(self.client.post(path, json={**acted, **(body or {})}, headers=headers))

    def set_up(self, **claims: Any) -> None:
        """Practice, therapist and fees of an organization."""
        for path, body in (
            ("/v1/practice", a_practice(npi=OTHER_NPI) if "organization_id" in claims else a_practice()),
            (f"/v1/therapists/{THERAPIST}", a_therapist()),
            (f"/v1/fee-schedules/{FEES}", a_fee_schedule()),
        ):
            assert self.put(path, body, **claims).status_code == 201

    def create(self, note_id: str = NOTE, coverage_id: str = COVERAGE, **more: Any) -> Any:
        key, claims = more.pop("key", None), more.pop("claims", {})
        body = {"note_id": note_id, "coverage_id": coverage_id, "actor": BILLER, **more}
        return self.post("/v1/claims", body, key=key, **claims)

    def submit(self, claim_id: str, **claims: Any) -> Any:
        return self.post(f"/v1/claims/{claim_id}/submit", {"actor": BILLER}, **claims)

    def claim(self, claim_id: str, **claims: Any) -> Any:
        return self.get(f"/v1/claims/{claim_id}", **claims).json()

    def events(self) -> list[dict[str, Any]]:
        return list(self.get("/v1/events?limit=200").json()["items"])


def keep_file(settings: Settings, name: str, content: bytes) -> None:
    """A code set in a file beside the databases, where earlier versions kept what was imported."""
    settings.codes_dir.mkdir(exist_ok=True)
    (settings.codes_dir / name).write_bytes(content)


@dataclass
class Scenario:
    """A practice with one submitted claim after another: what most tests of messages start from."""

    api: Api
    deps: Dependencies
    clearinghouse: FakeClearinghouse
    clock: SetClock
    neighbours: Neighbours
    claims: list[dict[str, Any]] = field(default_factory=list)

    def agree(self, **terms: Any) -> None:
        """Change what the worker's side has agreed with the clearinghouse for everyone."""
        partners = TradingPartners(replace(self.deps.trading_partners.default, **terms))
        self.deps = replace(self.deps, trading_partners=partners)

    def run(self) -> Pass:
        return run_due(self.deps)

    def receive(self, content: str, kind: str = "277CA") -> dict[str, Any]:
        """A message comes and is applied; answers it as the API shows it."""
        known = {one["id"] for one in self.messages()}
        self.clearinghouse.deliver(content, kind)
        self.run()
        new = [one for one in self.messages() if one["id"] not in known]
        return new[-1] if new else {}

    def messages(self, **query: str) -> list[dict[str, Any]]:
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return list(self.api.get(f"/v1/messages?limit=200&{asked}").json()["items"])

    def files(self) -> list[dict[str, Any]]:
        return list(self.api.get("/v1/files").json()["items"])

    def claim(self, place: int = 0) -> dict[str, Any]:
        return dict(self.api.claim(self.claims[place]["id"]))

    def number(self, place: int = 0) -> str:
        return str(self.claim(place)["claim_number"])

    def money(self, place: int = 0) -> tuple[int, int, int, int]:
        """(paid, written off, patient, insurer) of a claim, proved to be its whole charge."""
        found = self.claim(place)["money"]
        split = (
            found["paid_cents"],
            found["written_off_cents"],
            found["patient_balance_cents"],
            found["insurer_balance_cents"],
        )
        assert sum(split) == found["charge_cents"]
        return split

    def rows(self, model: Any) -> list[Any]:
        with self.deps.database.reading() as session:
            return list(session.exec(select(model).where(model.organization_id == ORGANIZATION)).all())

    def make(self, count: int = 1) -> None:
        """Claims that are ready."""
        for note_id in self.neighbours.hold(count)[len(self.claims) :]:
            made = self.api.create(note_id)
            assert made.json()["state"] == "ready", made.text
            self.claims.append(made.json())

    def submit(self, count: int = 1) -> None:
        """Claims that wait for their file."""
        self.make(count)
        for claim in self.claims:
            assert self.api.submit(claim["id"]).status_code == 202

    def send(self, count: int = 1) -> None:
        """Claims that the clearinghouse has."""
        self.submit(count)
        assert self.run().sent == 1


@pytest.fixture
def neighbours() -> Neighbours:
    held = Neighbours()
    held.hold()
    return held


@pytest.fixture
def settings(make_settings: Callable[..., Settings], neighbours: Neighbours, run_app: Callable[..., str]) -> Settings:
    url = run_app(neighbours.app())
    return make_settings("claims", notes_url=url, eligibility_url=url, batch_window_seconds=0)


@pytest.fixture
def client(settings: Settings, clock: SetClock, clearinghouse: FakeClearinghouse) -> Iterator[TestClient]:
    app = build(settings, clock=clock)
    own = app.state.dependencies
    own[Dependencies] = replace(own[Dependencies], clearinghouse=clearinghouse)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def api(client: TestClient, bearer: Callable[..., dict[str, str]]) -> Api:
    """The API of a practice that has not put its own data yet."""
    return Api(client, bearer)


@pytest.fixture
def office(api: Api) -> Api:
    """The API of a practice that is set up."""
    api.set_up()
    return api


@pytest.fixture
def wall() -> SetClock:
    """Wall time as leases and the time between two sends see it; long after anything that a test's API has queued."""
    return SetClock(datetime(2100, 7, 1, 12, tzinfo=UTC))


@pytest.fixture
def clearinghouse() -> FakeClearinghouse:
    return FakeClearinghouse()


@pytest.fixture
def deps(
    office: Api, settings: Settings, clock: SetClock, wall: SetClock, clearinghouse: FakeClearinghouse
) -> Iterator[Dependencies]:
    """What the flows run on: the service's own parts, with a fake clearinghouse."""
    components = compose(settings, clock)
    confirm_npi(Operator(components.dependencies.database, random_ids, clock, "Olga Operator"), ORGANIZATION, NPI)
    yield replace(
        components.dependencies, clearinghouse=clearinghouse, wall_clock=wall, resend_after=timedelta(seconds=90)
    )
    components.close()


@pytest.fixture
def scenario(
    office: Api, deps: Dependencies, clearinghouse: FakeClearinghouse, clock: SetClock, neighbours: Neighbours
) -> Scenario:
    return Scenario(office, deps, clearinghouse, clock, neighbours)
