"""What is promised whatever happens: an answer leaves after its commit, and nobody can be read at rest."""

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import event

from services.claims.app import build
from services.claims.flows.run_due import run_due
from tests.services.claims.conftest import SET_UP_EVENTS
from tests.services.claims.factories import BILLER, CANARIES, COVERAGE, NOTE
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, rejected, remittance


class CommitFails(Exception):
    """Our own, so that nobody handles it by accident."""


def test_a_commit_that_fails_gives_500_and_no_row(settings, clock, bearer, office, deps):
    app = build(settings, clock=clock)
    engine = app.state.database.engine
    broken = []

    def fail(connection):
        written = connection.exec_driver_sql("SELECT count(*) FROM claims").scalar_one()
        if written:
            broken.append(written)
            raise CommitFails

    body = {"note_id": NOTE, "coverage_id": COVERAGE, "actor": BILLER}
    with TestClient(app, raise_server_exceptions=False) as client:
        event.listen(engine, "commit", fail)
        answer = client.post("/v1/claims", json=body, headers=bearer(key="commit-fails"))
        event.remove(engine, "commit", fail)
        assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
        assert broken == [1]
        assert client.get("/v1/claims", headers=bearer()).json()["items"] == []
        events = client.get("/v1/events", headers=bearer()).json()["items"]
        assert [one["type"] for one in events] == SET_UP_EVENTS
        assert client.post("/v1/claims", json=body, headers=bearer(key="commit-fails")).status_code == 201


def test_a_payment_whose_commit_fails_is_posted_by_the_next_pass(scenario):
    scenario.send()
    scenario.clearinghouse.deliver(remittance(paid_in_part(scenario.number())), "835")
    engine = scenario.deps.database.engine

    def fail(connection):
        if connection.exec_driver_sql("SELECT count(*) FROM postings").scalar_one():
            raise CommitFails

    event.listen(engine, "commit", fail)
    scenario.run()
    event.remove(engine, "commit", fail)
    assert scenario.money() == (0, 0, 0, 18_200)
    scenario.deps.wall_clock.advance(timedelta(seconds=5))
    scenario.run()
    assert scenario.money() == (11_445, 4_255, 2_500, 0)


def test_nobody_can_be_read_in_the_database(scenario, settings, tmp_path, database_kind):
    scenario.send(2)
    scenario.receive(rejected(scenario.number(1), code="158"))
    scenario.receive(accepted("KNOBODYS0001"))
    scenario.receive(remittance(paid_in_part(scenario.number(0)), total_cents=1), "835")
    assert any(word in scenario.clearinghouse.taken[0] for word in CANARIES)
    words = [*CANARIES, BILLER["name"], "neck pain", "M54.2", "M542", "2218 NW 64th"]
    found = _everything(scenario.deps.database, tmp_path, database_kind)
    assert b"claim.rejected" in found
    assert [word for word in words if word.lower().encode() in found.lower()] == []


def _everything(database, tmp_path, kind):
    """Every byte of the database's files, or every row of every table where the files are a server's."""
    if kind == "sqlite":
        files = [path for path in tmp_path.rglob("claims.sqlite*") if path.is_file()]
        assert files
        return b"".join(path.read_bytes() for path in files)
    with database.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars()
        rows = [
            value for table in tables for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"') for value in row
        ]
    return b"|".join(bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode() for value in rows)


def test_logs_of_a_pass_name_ids_and_never_a_person(scenario, capsys):
    from shared.logs import configure_logs

    configure_logs("debug", "claims")
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_reply"]
    run_due(scenario.deps)
    scenario.clearinghouse.silent = True
    run_due(scenario.deps)
    logged = capsys.readouterr().err
    assert "clearinghouse_unavailable" in logged
    assert [word for word in CANARIES if word in logged] == []


def test_answers_carry_the_headers_and_the_docs_name_every_status(client):
    schema = client.get("/openapi.json").json()
    submit = schema["paths"]["/v1/claims/{claim_id}/submit"]["post"]
    assert submit["operationId"] == "submit_claim"
    assert {"202", "400", "401", "403", "404", "409", "413", "422", "503"} <= set(submit["responses"])
    assert client.get("/health").headers["x-content-type-options"] == "nosniff"
    assert client.get("/ready").json() == {"status": "ready", "service": "claims"}
