"""Every answer has an id and security headers, no body is too large, and what breaks is a problem without text."""

import gzip
import json
import re
import socket
import time
from typing import Annotated
from urllib.parse import urlsplit

import pytest
import structlog
from fastapi import Body, Request

from shared.web.bodies import limited
from shared.web.routes import Routes
from shared.web.service import create_service, verifier_of

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""

FAULT_MEMBERS = {"pointer", "code", "message", "fix"}
PROBLEM_MEMBERS = {"type", "title", "status", "code", "detail", "instance", "errors"}


@pytest.fixture
def toy_without_limit(database, keys, gate, run_app) -> str:
    verifier = verifier_of(keys, "handbill", "notes")
    known = {"name": "toy", "summary": "", "tags": {}, "dependencies": [gate, database], "verifier": verifier}
    raw = Routes()

    @raw.post("/raw")
    async def read(request: Request) -> int:
        return len(await request.body())

    @raw.post("/json")
    async def check(text: Annotated[str, Body()]) -> int:
        return len(text)

    @raw.post("/large")
    @limited(max_body_bytes=2_000_000)
    async def take(text: Annotated[str, Body()]) -> int:
        return len(text)

    return run_app(create_service(database=database, routers=[raw], **known))


def problem(answer, status: int, code: str) -> dict:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert set(body) == PROBLEM_MEMBERS
    assert all(set(fault) == FAULT_MEMBERS for fault in body["errors"])
    return body


def test_a_request_keeps_its_id_or_gets_one(toy_url, http) -> None:
    assert (
        http.get(toy_url + "/health", headers={"X-Request-Id": "caller-id-1"}).headers["x-request-id"] == "caller-id-1"
    )
    for sent in ("short", "with space in it", "x" * 65):
        made = http.get(toy_url + "/health", headers={"X-Request-Id": sent}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{24}", made)


@pytest.mark.safeguard("API8")
def test_every_answer_has_the_security_headers(toy_url, http, bearer) -> None:
    for path in ("/health", "/v1/things", "/nowhere"):
        headers = http.get(toy_url + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_body_that_is_too_large_is_413_whatever_the_length_header_says(toy_url, http, bearer, things) -> None:
    headers = {**bearer(key="large-body-1"), "Content-Type": "application/json"}
    body = json.dumps({"id": "x" * 30_000}).encode()
    answer = http.post(toy_url + "/v1/things", content=body, headers=headers)
    assert "20000 bytes" in problem(answer, 413, "too_large")["detail"]
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    answer = http.post(toy_url + "/v1/things", content=pieces, headers=headers)
    problem(answer, 413, "too_large")
    assert things() == []


def test_a_body_has_a_million_bytes_where_a_service_sets_no_other_limit(toy_without_limit, http) -> None:
    sent = [http.post(toy_without_limit + "/raw", content=b" " * size) for size in (1_000_000, 1_000_001)]
    assert [answer.status_code for answer in sent] == [200, 413]


@pytest.mark.safeguard("API4")
def test_a_json_body_has_64_000_bytes_where_its_route_sets_no_other_limit(toy_without_limit, http) -> None:
    bodies = [b'"' + b"x" * (size - 2) + b'"' for size in (64_000, 64_001)]
    headers = {"Content-Type": "application/json"}
    sent = [http.post(toy_without_limit + "/json", content=body, headers=headers) for body in bodies]
    assert [answer.status_code for answer in sent] == [200, 413]
    assert "at most 64000 bytes" in problem(sent[1], 413, "too_large")["detail"]
    pieces = (bodies[1][start : start + 1000] for start in range(0, 64_001, 1000))
    problem(http.post(toy_without_limit + "/json", content=pieces, headers=headers), 413, "too_large")


@pytest.mark.safeguard("API4")
def test_a_route_of_its_own_limit_takes_as_much_also_beyond_the_services(toy_without_limit, http) -> None:
    bodies = [b'"' + b"x" * (size - 2) + b'"' for size in (2_000_000, 2_000_001)]
    headers = {"Content-Type": "application/json"}
    sent = [http.post(toy_without_limit + "/large", content=body, headers=headers) for body in bodies]
    assert [answer.status_code for answer in sent] == [200, 413]
    pieces = (bodies[1][start : start + 100_000] for start in range(0, 2_000_001, 100_000))
    answer = http.post(toy_without_limit + "/large", content=pieces, headers=headers)
    assert "at most 2000000 bytes" in problem(answer, 413, "too_large")["detail"]


@pytest.mark.safeguard("API4")
def test_a_body_that_says_that_its_route_does_not_take_it_is_refused_before_any_of_it_has_come(
    toy_without_limit,
) -> None:
    address = urlsplit(toy_without_limit)
    head = "POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 64001\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.safeguard("API4")
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip", "br"])
def test_a_compressed_body_is_never_made_larger(toy_url, http, bearer, things, encoding) -> None:
    """A hundred bytes may be a hundred megabytes: what comes compressed is read as it came, and is no JSON."""
    packed = gzip.compress(json.dumps({"id": "a" * 9, "size": 1, "fail": " " * 10_000_000}).encode())
    assert len(packed) < 20_000
    headers = {**bearer(key="compressed-1"), "Content-Type": "application/json", "Content-Encoding": encoding}
    assert http.post(toy_url + "/v1/things", content=packed, headers=headers).status_code in (413, 415, 422)
    assert things() == []


def test_an_endless_body_is_answered_before_it_ends(toy_url, bearer) -> None:
    """The sender never finishes its chunks; 413 comes as soon as the limit is passed."""
    address = urlsplit(toy_url)
    token = bearer()["Authorization"]
    head = (
        f"POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nIdempotency-Key: endless-body\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(head.encode())
        for _ in range(25):
            connection.sendall(b"3e8\r\n" + b" " * 1000 + b"\r\n")
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.safeguard("164.312(e)(1)", "API8")
def test_a_crash_is_a_500_without_text_and_logged_by_class_alone(create) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = create("canary_thing", fail="crash")
    body = problem(answer, 500, "internal_error")
    assert "canary" not in answer.text
    assert body["instance"] == f"urn:handbill:request:{answer.headers['x-request-id']}"
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["request_failed"]


@pytest.mark.safeguard("164.312(e)(1)")
def test_a_request_is_one_log_line_with_the_route_and_not_the_path(toy_url, http, bearer) -> None:
    with structlog.testing.capture_logs() as logs:
        http.get(toy_url + "/v1/things/canary_thing?name=canary", headers=bearer())
        ends = time.monotonic() + 5  # the line is written when the answer has left
        while not logs and time.monotonic() < ends:
            time.sleep(0.01)
    (entry,) = [entry for entry in logs if entry["event"] == "request"]
    assert (entry["method"], entry["route"], entry["status"]) == ("GET", "/v1/things/{thing_id}", 422)
    assert "canary" not in repr(logs)


def test_an_unknown_route_and_a_wrong_method_are_problems(toy_url, http) -> None:
    problem(http.get(toy_url + "/nowhere"), 404, "no_such_route")
    answer = http.delete(toy_url + "/v1/things")
    problem(answer, 405, "http_405")
    assert answer.headers["allow"]


@pytest.mark.safeguard("API8")
def test_a_malformed_body_names_every_place_and_repeats_no_value(create, toy_url, http, bearer) -> None:
    body = problem(create(size=-1, extra="canary"), 422, "malformed")
    assert {fault["pointer"] for fault in body["errors"]} == {"/body/size", "/body/extra"}
    assert "canary" not in json.dumps(body)
    absent = http.post(toy_url + "/v1/things", json={}, headers=bearer(key="no-members"))
    assert problem(absent, 422, "malformed")["errors"] == [
        {
            "pointer": "/body/id",
            "code": "missing",
            "message": "This member is missing.",
            "fix": "Add it; /docs shows its form.",
        }
    ]
    headers = {**bearer(key="no-json-here"), "Content-Type": "application/json"}
    answer = http.post(toy_url + "/v1/things", content=b'{"id": canary', headers=headers)
    body = problem(answer, 422, "malformed")
    assert (body["errors"][0]["code"], "canary" in answer.text) == ("json_invalid", False)


def test_a_broken_rule_is_a_conflict_with_the_rules_id(create) -> None:
    body = problem(create(fail="rule"), 409, "size_rule")
    assert body["errors"] == [{"pointer": "/size", "code": "size_rule", "message": "Too big.", "fix": "Send less."}]


@pytest.mark.parametrize("body", [b"[" * 10_000, b'{"id": ' * 2_000, b"\xff\xfe\x00", b'"text"', b"NaN", b""])
def test_a_strange_body_is_malformed_and_never_a_crash(toy_url, http, bearer, body) -> None:
    headers = {**bearer(key="strange-body"), "Content-Type": "application/json"}
    answer = http.post(toy_url + "/v1/things", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
