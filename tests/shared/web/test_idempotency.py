"""The same key and body: one effect, and the same answer byte for byte."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from fastapi.responses import Response
from sqlalchemy import event, text
from sqlmodel import Session

from shared.database.operations import IdempotencyKey
from shared.web.idempotency import IdempotentUnitOfWork
from tests.harness.clocks import STARTS_AT
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.shared.web.toy import ThingRow


def test_a_post_without_a_key_of_8_to_255_characters_is_a_bad_request(create, things) -> None:
    for key in (None, "k" * 7, "k" * 256):
        answer = create(key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert things() == []
    assert [create(f"thing_{length}", key="k" * length).status_code for length in (8, 255)] == [201, 201]


def test_a_repeat_gets_the_same_answer_byte_for_byte_and_one_effect(create, things, gate) -> None:
    first, second = create(), create()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["content-type"] == second.headers["content-type"]
    assert (first.headers.get("idempotency-replayed"), second.headers["idempotency-replayed"]) == (None, "true")
    assert (things(), gate.runs) == (["thing_1"], 1)


@pytest.mark.safeguard("API6")
def test_the_same_key_with_another_body_is_refused(create, things) -> None:
    create()
    answer = create("thing_2")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert things() == ["thing_1"]


def test_a_key_counts_for_one_client_of_one_organization(create, things) -> None:
    create()
    assert create(claims={"organization_id": OTHER_ORGANIZATION}).status_code == 201
    assert create("thing_2", claims={"client_id": "cli_another1"}).status_code == 201
    assert (things(), things(organization_id=OTHER_ORGANIZATION)) == (["thing_1", "thing_2"], ["thing_1"])


def test_while_the_first_request_runs_a_repeat_is_told_when_to_come_back(create, gate, clock, things) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        clock.advance(timedelta(seconds=20))
        second = create(fail="wait")
        gate.open.set()
        assert first.result(10).status_code == 201
    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_in_flight")
    assert second.headers["retry-after"] == "1"
    assert create(fail="wait").content == first.result().content
    assert gate.runs == 1


def test_a_lease_that_ran_out_is_taken_over_and_the_first_request_writes_nothing(create, gate, clock, things) -> None:
    """While the second still runs, whose lease the first leaves alone."""
    gate.open_again.clear()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        clock.advance(timedelta(seconds=60))
        gate.entered.clear()
        second = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        gate.open.set()
        late = first.result(10)
        assert (late.status_code, late.json()["code"], things()) == (409, "idempotency_lease_lost", [])
        gate.open_again.set()
        assert second.result(10).status_code == 201
    assert (things(), gate.runs) == (["thing_1"], 2)


def test_a_first_request_that_ends_after_the_second_has_answered_writes_nothing(create, gate, clock, things) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        clock.advance(timedelta(seconds=60))
        second = create(fail="wait")
        gate.open.set()
        late = first.result(10)
    assert (second.status_code, late.status_code, late.json()["code"]) == (201, 409, "idempotency_lease_lost")
    assert (things(), create(fail="wait").content) == (["thing_1"], second.content)


def test_a_flow_that_answers_no_model_is_a_mistake_of_ours_and_writes_nothing(toy_url, database, things) -> None:
    reserved = IdempotencyKey(
        organization_id=ORGANIZATION, id="key", body_mac="mac", reserved_at=STARTS_AT, reserved_by="me"
    )
    database.run(lambda session: session.add(reserved))
    unit_of_work = IdempotentUnitOfWork(database, ORGANIZATION, "key", "me", Response())

    def write(session: Session) -> str:
        session.add(ThingRow(organization_id=ORGANIZATION, id="thing_1"))
        return "thing_1"

    with pytest.raises(TypeError, match="answers the model"):
        unit_of_work.run(write)
    assert things() == []


@pytest.mark.parametrize(("fail", "status"), [("rule", 409), ("crash", 500), ("late", 500)])
def test_a_request_that_failed_frees_its_key(create, things, fail, status) -> None:
    assert create(fail=fail).status_code == status
    assert things() == []
    answer = create(size=2)
    assert (answer.status_code, answer.json()["size"]) == (201, 2)


def test_a_malformed_body_frees_its_key(create) -> None:
    assert create(size=101).status_code == 422
    assert create(size=100).status_code == 201


def test_a_commit_that_fails_is_a_500_and_no_row_and_the_key_is_free(create, things, database) -> None:
    create("thing_0", key="another-key-1")
    with database.engine.connect() as connection:
        keys_before = connection.execute(text("SELECT count(*) FROM idempotency_keys")).scalar()
    failing, doomed = [True], []

    @event.listens_for(database.engine, "before_cursor_execute")
    def notice(connection, _cursor, statement, *_more) -> None:
        if failing and statement.startswith("INSERT INTO things"):
            doomed.append(connection.connection.dbapi_connection)

    @event.listens_for(database.engine, "commit")
    def refuse(connection) -> None:
        if connection.connection.dbapi_connection in doomed:
            failing.clear()
            doomed.clear()
            raise OSError("canary: no space left on device")

    answer = create()
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "canary" not in answer.text
    assert things() == ["thing_0"]
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM idempotency_keys")).scalar() == keys_before
    assert create().status_code == 201


def test_requests_with_one_key_at_the_same_time_have_one_effect(create, things, gate) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers: list[httpx.Response] = list(pool.map(lambda _: create(), range(6)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in done}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert (things(), gate.runs) == (["thing_1"], 1)


def test_neither_body_nor_answer_nor_key_is_in_the_table_in_the_clear(create, database) -> None:
    create("canary_thing", key="canary-key-01")
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, body_mac, answer FROM idempotency_keys")).all()
    seen = json.dumps([[str(part) for part in row] for row in rows])
    assert "canary" not in seen
