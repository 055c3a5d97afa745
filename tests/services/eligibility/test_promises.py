"""What every service promises, held by eligibility: nothing half done, nothing readable at rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from services.eligibility.app import build
from shared import x12
from shared.clocks import SetClock
from shared.settings import Settings
from tests.services.eligibility.conftest import CLERK, PATIENT, Api, a_check, a_patient, a_referral, an_authorization
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse

CANARIES = (
    "Zoë", "ZOE", "Canarsie", "CANARSIE", "1984-07-19", "19840719", "CANARY-204417", "CANARY204417", "Canary Lane",
    "2065550111", "June Okafor", "CANARY LIMIT", "Feldstein", "AUTH-1",
)  # fmt: skip


def test_a_commit_that_fails_is_a_500_and_no_row(api: Api) -> None:
    broken = {"commits": True}

    @event.listens_for(api.client.app.state.database.engine, "commit")
    def refuse(_connection: object) -> None:
        if broken["commits"]:
            raise RuntimeError("the disk is full")

    answer = api.put(f"patients/{PATIENT}", a_patient())
    broken["commits"] = False
    assert answer.status_code == 500
    assert "disk" not in answer.text
    assert api.get(f"patients/{PATIENT}").status_code == 404
    assert api.get("events").json()["items"] == []


def test_a_check_whose_commit_fails_is_a_500_and_its_key_is_free_again(
    api: Api, clearinghouse: FakeClearinghouse
) -> None:
    api.covered()
    clearinghouse.script = [[x12.BenefitInformation(information="1", service_types=("BE",))]]
    broken = {"commits": False}

    @event.listens_for(api.client.app.state.database.engine, "before_cursor_execute")
    def break_with_the_check(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("INSERT INTO eligibility_checks"):
            broken["commits"] = True

    @event.listens_for(api.client.app.state.database.engine, "commit")
    def refuse(_connection: object) -> None:
        if broken["commits"]:
            broken["commits"] = False
            raise RuntimeError("the disk is full")

    assert api.check(key="a-key-of-my-own").status_code == 500
    assert api.get("eligibility-checks").json()["items"] == []
    event.remove(api.client.app.state.database.engine, "before_cursor_execute", break_with_the_check)
    assert api.check(key="a-key-of-my-own").status_code == 201
    assert len(api.get("eligibility-checks").json()["items"]) == 1


def test_starting_twice_on_one_database_is_well(settings: Settings, clock: SetClock) -> None:
    for _ in range(2):
        with TestClient(build(settings, clock=clock)) as client:
            assert client.get("/ready").json() == {"status": "ready", "service": "eligibility"}


def test_no_person_is_readable_in_the_database(
    api: Api,
    clearinghouse: FakeClearinghouse,
    settings: Settings,
    database_kind: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    api.covered(actor=CLERK)
    api.put("authorizations/auth_0001", an_authorization())
    api.put("referrals/ref_00001", a_referral())
    clearinghouse.script = [
        [x12.BenefitInformation(information="1", service_types=("BE",), messages=("CANARY LIMIT",))]
    ]
    check = api.check(a_check()).json()
    assert check["benefit"]["messages"] == ["CANARY LIMIT"]
    stored = _everything(api, settings, database_kind)
    logged = "".join(capfd.readouterr())
    assert check["id"].encode() in stored
    for canary in CANARIES:
        assert canary.encode() not in stored, canary
        assert canary.encode().hex().encode() not in stored, canary
        assert canary not in logged, canary


def _everything(api: Api, settings: Settings, database_kind: str) -> bytes:
    """All bytes of the SQLite files with their WAL; on PostgreSQL every row of every table as text."""
    if database_kind == "sqlite":
        folder = Path(settings.database_url_of("eligibility").removeprefix("sqlite:///")).parent
        return b"".join(file.read_bytes() for file in folder.glob("*.sqlite*"))
    with api.client.app.state.database.engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        rows = [str(connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()) for table in tables]
    return "".join(rows).encode()


def test_events_hold_ids_and_codes_only(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [["75"]]
    check = api.check().json()
    entry = api.get("events").json()["items"][-1]
    assert (entry["type"], entry["subject_id"]) == ("eligibility_check.completed", check["id"])
    assert entry["data"] == {"coverage_id": check["coverage_id"], "status": "rejected"}


def test_a_service_without_credentials_says_so_at_the_start(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings("eligibility")
    (settings.data_dir / "credentials" / "trading-partner.json").unlink()
    with pytest.raises(FileNotFoundError):
        build(settings)


def test_every_route_declares_the_problems_it_can_answer(api: Api) -> None:
    paths = api.client.get("/openapi.json").json()["paths"]
    for path, operations in paths.items():
        if not path.startswith("/v1/") or path == "/v1/events":
            continue
        for method, operation in operations.items():
            declared = set(operation["responses"])
            assert {"401", "403", "422"} <= declared, path
            assert ("404" in declared) == ("{" in path or (path.endswith("-checks") and method == "post")), path
            if method == "put":
                assert {"200", "201", "404", "409", "412"} <= declared, path
    assert {"201", "400", "404", "409", "503"} <= set(paths["/v1/eligibility-checks"]["post"]["responses"])
