"""A key is free as soon as its process is gone; a kept answer holds no secret and is kept for a time that is said."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel import select

from shared.contracts.common import Secret, View
from shared.database.operations import IdempotencyKey
from shared.web.answers import answer_to_keep
from shared.web.idempotency import FORGET_AT_ONCE, KEEP
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.shared.web.toy import Gate, toy


class Key(View):
    name: str
    secret: Secret


class Ring(View):
    own: Key
    others: list[Key]
    by_name: dict[str, Key]
    pair: tuple[Key, int]
    note: str = "größer"


@pytest.mark.safeguard("API3", "164.312(a)(2)(iv)")
def test_an_answer_is_kept_with_null_for_every_secret_however_deep() -> None:
    one = Key(name="a", secret="canary")
    kept = json.loads(answer_to_keep(Ring(own=one, others=[one, one], by_name={"b": one}, pair=(one, 7))))
    bare = {"name": "a", "secret": None}
    assert kept == {"own": bare, "others": [bare, bare], "by_name": {"b": bare}, "pair": [bare, 7], "note": "größer"}


@pytest.mark.safeguard("API3")
def test_no_member_of_an_answer_that_is_called_a_secret_lacks_the_mark() -> None:
    for model in _views(View):
        for name, field in model.model_fields.items():
            if "secret" in name or "password" in name:
                assert field.metadata, f"{model.__name__}.{name}"


def _views(kind: type[BaseModel]) -> list[Any]:
    import shared.contracts.access  # noqa: F401 - its models are found below

    return [one for sub in kind.__subclasses__() for one in (sub, *_views(sub))]


@pytest.fixture
def left_behind(create, gate, database, clock, toy_url):
    """A request that has reserved its key and whose process is then gone."""
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        database.presence.close()
        yield first
        gate.open.set()
        first.result(10)


@pytest.fixture
def post_to_another(open_database, database_url, keys, run_app, clock, http, bearer):
    """A request to a second process of the same service."""
    gate = Gate()
    gate.open.set()
    url = run_app(toy(open_database(database_url), keys, gate, wall_clock=clock))

    def post(**members):
        body = {"id": "thing_1", "fail": "wait", **members}
        return http.post(url + "/v1/things", json=body, headers=bearer(key="key-number-1"))

    return post


def test_another_process_takes_the_key_of_one_that_is_gone_at_once(left_behind, post_to_another, gate, things) -> None:
    answer = post_to_another()
    assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (201, None)
    gate.open.set()
    late = left_behind.result(10)
    assert (late.status_code, late.json()["code"]) == (409, "idempotency_lease_lost")
    assert things() == ["thing_1"]


def test_another_process_leaves_the_key_of_one_that_lives(create, gate, post_to_another, things, clock) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        clock.advance(timedelta(seconds=59))
        second = post_to_another()
        gate.open.set()
        assert first.result(10).status_code == 201
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert post_to_another().content == first.result().content
    assert things() == ["thing_1"]


@pytest.mark.parametrize("jump", [timedelta(days=4000), timedelta(days=-4000)])
def test_a_clock_that_jumps_leaves_no_key_reserved_for_years(create, gate, clock, things, jump) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(create, fail="wait")
        assert gate.entered.wait(10)
        clock.advance(jump)
        second = create(fail="wait")
        gate.open.set()
        assert first.result(10).json()["code"] == "idempotency_lease_lost"
    assert (second.status_code, things()) == (201, ["thing_1"])


def _keys(database) -> int:
    with database.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM idempotency_keys")).scalar_one())


def _old(database, clock, organization_id: str, count: int, age: timedelta) -> None:
    rows = [
        IdempotencyKey(
            organization_id=organization_id,
            id=f"{age.days}-{number}",
            body_mac="mac",
            reserved_at=clock.now() - age,
            answer="{}",
        )
        for number in range(count)
    ]
    database.run(lambda session: session.add_all(rows))


def _until_some_are_gone(create, database) -> int:
    """How many requests it takes until keys are removed; at most every sixteenth one on the average does it."""
    before = _keys(database)
    for number in range(200):
        create(f"thing_{number}", key=f"key-number-{number}")
        if _keys(database) <= before + number:
            return number
    raise AssertionError("no key was removed")


def test_answers_are_kept_for_400_days_and_then_removed_a_few_at_a_time(create, database, clock) -> None:
    _old(database, clock, ORGANIZATION, FORGET_AT_ONCE + 10, KEEP + timedelta(days=1))
    _old(database, clock, ORGANIZATION, 5, KEEP - timedelta(days=1))
    _old(database, clock, OTHER_ORGANIZATION, 5, KEEP + timedelta(days=1))
    tries = _until_some_are_gone(create, database)
    assert _keys(database) == 10 + 5 + 5 + tries + 1
    assert timedelta(days=400) == KEEP


def test_answers_that_were_kept_by_a_clock_of_2037_are_kept_for_400_days_from_when_it_is_right(
    create, database, clock
) -> None:
    _old(database, clock, ORGANIZATION, 3, timedelta(days=-4000))
    _old(database, clock, ORGANIZATION, 1, timedelta(hours=-23))
    _old(database, clock, OTHER_ORGANIZATION, 1, timedelta(days=-4000))
    _old(database, clock, ORGANIZATION, 1, KEEP + timedelta(days=1))
    _until_some_are_gone(create, database)
    with database.reading() as session:
        rows = session.exec(select(IdempotencyKey)).all()
    kept = {(row.organization_id, row.id): row.reserved_at - clock.now() for row in rows}
    assert {place: when for place, when in kept.items() if when > timedelta()} == {
        (ORGANIZATION, "-1-0"): timedelta(hours=23),
        (OTHER_ORGANIZATION, "-4000-0"): timedelta(days=4000),
    }
    assert [kept[ORGANIZATION, f"-4000-{number}"] for number in range(3)] == [timedelta()] * 3
