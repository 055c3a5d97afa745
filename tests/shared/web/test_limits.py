"""One organization cannot stop another: not by many requests in a minute or at a time, and not by large ones."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.security import INTERNAL
from shared.web.bodies import PAUSE_SECONDS
from shared.web.fair_share import Shares
from shared.web.limits import RequestLimits
from shared.web.rates import RateLimits
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.shared.web.toy import toy

pytestmark = pytest.mark.safeguard("API4")


@pytest.fixture
def serve(database, keys, gate, run_app):
    """`serve(rates=, shares=)` answers the address of the toy with these limits."""

    def run(rates=None, shares=None):
        limits = RequestLimits(rates or RateLimits(), shares or Shares())
        return run_app(toy(database, keys, gate, limits=limits))

    return run


def get(http, url, headers):
    return http.get(url + "/v1/things", headers=headers)


def test_the_minute_of_an_organization_is_its_own_and_what_is_too_much_says_when_to_come_back(
    serve, http, bearer
) -> None:
    url = serve(RateLimits(requests=3, internal=5))
    own, other = bearer(), bearer(organization_id=OTHER_ORGANIZATION)
    assert [get(http, url, own).status_code for _ in range(5)] == [200] * 3 + [429] * 2
    refused = get(http, url, own)
    assert (refused.json()["code"], refused.headers["content-type"]) == ("rate_limited", "application/problem+json")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["x-request-id"]
    assert get(http, url, other).status_code == 200
    assert http.get(url + "/health", headers=own).status_code == 429
    assert http.get(url + "/health").status_code == 200


def test_what_handbills_services_ask_for_an_organization_is_counted_apart(serve, http, bearer) -> None:
    url = serve(RateLimits(requests=1, internal=2))
    internal = bearer(scopes=[INTERNAL])
    assert [get(http, url, bearer()).status_code for _ in range(2)] == [200, 429]
    assert [get(http, url, internal).status_code for _ in range(3)] == [200, 200, 429]


def test_every_answer_to_a_token_says_what_is_left(serve, http, bearer) -> None:
    url = serve(RateLimits(requests=40))
    first, missing = get(http, url, bearer()), http.get(url + "/v1/things/none", headers=bearer())
    assert first.headers["ratelimit-policy"] == missing.headers["ratelimit-policy"] == '"requests";q=40;w=60'
    left = [one.headers["ratelimit"].split(";") for one in (first, missing)]
    assert [(name, remaining) for name, remaining, _ in left] == [('"requests"', "r=39"), ('"requests"', "r=38")]
    assert all(seconds.startswith("t=") and 1 <= int(seconds[2:]) <= 60 for _, _, seconds in left)
    assert "ratelimit" not in http.get(url + "/v1/things").headers


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_two_processes_on_one_postgresql_count_one_minute(serve, http, bearer) -> None:
    """Of 100 a process takes 2 at once; what one has taken and not given out is all that may be lost."""
    urls = [serve(RateLimits(requests=100)) for _ in range(2)]
    answered = [get(http, urls[turn % 2], bearer()).status_code for turn in range(61)]
    answered += [get(http, urls[0], bearer()).status_code for _ in range(61)]
    assert 98 <= answered.count(200) <= 100
    assert answered[-1] == 429
    assert get(http, urls[1], bearer(organization_id=OTHER_ORGANIZATION)).status_code == 200


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_without_the_table_each_process_counts_for_itself(serve, http, bearer, database) -> None:
    url = serve(RateLimits(requests=3))
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE rate_windows")
    assert [get(http, url, bearer()).status_code for _ in range(5)] == [200] * 3 + [429] * 2


ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""


MANY_FAULTS = json.dumps({f"unknown_{number}": 1 for number in range(60)}).encode()


def post(http, url, headers, content: bytes):
    return http.post(url + "/v1/things", content=content, headers={**headers, "Content-Type": "application/json"})


@ON_SQLITE
def test_a_neighbour_is_answered_while_the_many_of_another_wait(serve, http, bearer, gate) -> None:
    url = serve(shares=Shares(alone=2, shared=1))
    body = [json.dumps({"id": f"thing_{number}", "fail": "wait"}).encode() for number in range(6)]
    gate.open_again.clear()
    with ThreadPoolExecutor(6) as threads:
        sent = [
            threads.submit(post, http, url, bearer(key=f"key-of-{number:04d}"), content)
            for number, content in enumerate(body)
        ]
        assert gate.entered.wait(10)
        neighbour = bearer(organization_id=OTHER_ORGANIZATION)
        assert [get(http, url, neighbour).status_code for _ in range(5)] == [200] * 5
        assert gate.runs <= 2
        assert not any(one.done() for one in sent)
        gate.open.set()
        gate.open_again.set()
        assert [one.result().status_code for one in sent] == [201] * 6


@ON_SQLITE
def test_more_at_a_time_than_may_stand_in_line_are_refused_at_once(serve, http, bearer, gate) -> None:
    url = serve(shares=Shares(alone=1, shared=1, present=1))
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(post, http, url, bearer(key="the-first-one"), b'{"id": "one", "fail": "wait"}')
        assert gate.entered.wait(10)
        refused = get(http, url, bearer())
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_at_once")
        assert (refused.headers["retry-after"], refused.headers["ratelimit-policy"][:10]) == ("1", '"requests"')
        assert get(http, url, bearer(organization_id=OTHER_ORGANIZATION)).status_code == 200
        gate.open.set()
        assert first.result().status_code == 201


@ON_SQLITE
def test_a_slow_sender_has_no_turn_while_its_body_is_on_the_way(serve, http, bearer) -> None:
    url = serve(shares=Shares(alone=1, shared=1))
    go_on = threading.Event()

    def pieces():
        yield b'{"id": '
        assert go_on.wait(10)
        yield b'"slow"}'

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(post, http, url, bearer(key="the-slow-one"), pieces())
        assert [get(http, url, bearer()).status_code for _ in range(3)] == [200] * 3
        go_on.set()
        assert slow.result().status_code == 201


@ON_SQLITE
def test_a_body_without_a_good_token_is_not_read(serve, http, bearer) -> None:
    url, deep = serve(), b"[" * 15_000
    assert post(http, url, {}, deep).json()["code"] == "token_missing"
    assert post(http, url, bearer(audience="claims"), deep).status_code == 401
    assert post(http, url, bearer(key="good-token"), deep).status_code == 422


@ON_SQLITE
def test_a_body_with_more_values_than_a_route_takes_is_refused_before_it_is_read_as_json(serve, http, bearer) -> None:
    url = serve()
    refused = post(http, url, bearer(key="many-values"), b'{"id": [' + b"1," * 1_999 + b"1]}")
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "pointer": "/body",
            "code": "too_many_values",
            "message": "The body has more than 2000 values.",
            "fix": "Send fewer, in several requests.",
        }
    ]
    fewer = post(http, url, bearer(key="fewer-values"), b'{"id": [' + b"1," * 1_996 + b"1]}")
    assert [fault["code"] for fault in fewer.json()["errors"]] == ["string_type"]


@ON_SQLITE
@pytest.mark.parametrize("body", [b" " * 64_001, b"[" + b"1," * 2_000 + b"1]", MANY_FAULTS], ids=len)
def test_a_refusal_that_costs_much_keeps_its_turn_for_a_while(
    database, keys, gate, run_app, http, bearer, body
) -> None:
    url = run_app(toy(database, keys, gate, max_body_bytes=100_000))
    start = time.monotonic()
    assert post(http, url, bearer(key="a-dear-refusal"), body).status_code in (413, 422)
    assert time.monotonic() - start >= PAUSE_SECONDS
