"""What every service promises, held by notes: nothing half done, nothing readable at rest."""

from pathlib import Path

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from services.notes.app import build
from shared.clocks import SetClock
from shared.settings import Settings
from tests.services.notes.conftest import THERAPIST, Api, a_note

ID = "note_0001"
CANARIES = ("Canary complaint", "Canarina Beispiel")


def test_a_commit_that_fails_is_a_500_and_no_row(api: Api) -> None:
    engine = api.client.app.state.database.engine
    broken = {"commits": True}

    @event.listens_for(engine, "commit")
    def refuse(_connection: object) -> None:
        if broken["commits"]:
            raise RuntimeError("the disk is full")

    answer = api.put(ID, a_note())
    broken["commits"] = False
    assert answer.status_code == 500
    assert "disk" not in answer.text
    assert api.get(f"/v1/notes/{ID}").status_code == 404
    assert api.events() == []


def test_starting_twice_on_one_database_is_well(settings: Settings, clock: SetClock) -> None:
    for _ in range(2):
        with TestClient(build(settings, clock=clock)) as client:
            assert client.get("/ready").json() == {"status": "ready", "service": "notes"}


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_no_text_of_a_note_is_readable_in_the_database(api: Api, settings: Settings, database_kind: str) -> None:
    actor = THERAPIST | {"name": CANARIES[1]}
    api.put(ID, a_note(subjective={"complaint": CANARIES[0]}, actor=actor))
    api.sign(ID, {"therapist_id": "the_maya0001", "actor": actor})
    stored = _everything(api, settings, database_kind)
    assert ID.encode() in stored
    for canary in CANARIES:
        assert canary.encode() not in stored
        assert canary.encode().hex().encode() not in stored


def _everything(api: Api, settings: Settings, database_kind: str) -> bytes:
    """All bytes of the SQLite files with their WAL; on PostgreSQL every row of every table as text."""
    if database_kind == "sqlite":
        folder = Path(settings.database_url_of("notes").removeprefix("sqlite:///")).parent
        return b"".join(file.read_bytes() for file in folder.glob("*.sqlite*"))
    with api.client.app.state.database.engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        rows = [str(connection.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()) for table in tables]
    return "".join(rows).encode()


def test_events_and_audit_hold_ids_only_and_the_actor_is_kept(api: Api) -> None:
    api.put(ID, a_note(actor=THERAPIST))
    entry = api.events()[0]
    assert entry["subject_id"] == ID
    assert entry["data"] == {"version": 1, "patient_id": "pat_canary01", "therapist_id": "the_maya0001"}
    with api.client.app.state.database.reading() as session:
        row = session.execute(text("SELECT client_id, action, subject_id, patient_id FROM audit_entries")).first()
    assert row is not None and tuple(row) == ("cli_test0001", "put_note", ID, "pat_canary01")


@pytest.mark.parametrize("route", ["/v1/notes/{note_id}", "/v1/notes/{note_id}/sign", "/v1/notes"])
def test_every_route_declares_the_problems_it_can_answer(api: Api, route: str) -> None:
    for operation in api.client.get("/openapi.json").json()["paths"][route].values():
        assert {"401", "403", "422"} <= set(operation["responses"])
        assert operation["operationId"] in {"put_note", "get_note", "sign_note", "list_notes"}
