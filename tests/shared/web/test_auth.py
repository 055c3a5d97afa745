"""A route answers whoever its scope names, for the token's own organization."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def ask(toy_url, http):
    return lambda headers: http.get(toy_url + "/v1/things", headers=headers)


def test_a_request_without_a_token_is_told_how_to_get_one(ask) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}):
        answer = ask(headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"issued_at": LONG_AGO}, "token_expired"),
        ({"audience": "claims"}, "token_audience"),
        ({"issued_at": datetime.now(UTC) + timedelta(hours=1)}, "token_invalid"),
    ],
)
def test_a_token_that_does_not_hold_is_401_with_a_challenge(ask, bearer, claims, code) -> None:
    answer = ask(bearer(**claims))
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_without_the_scope_is_403(ask, bearer) -> None:
    answer = ask(bearer(scopes=["notes:write", "claims:read"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_handbills_own_services_have_every_scope_that_reads_and_none_that_writes(ask, bearer, toy_url, http) -> None:
    assert ask(bearer(scopes=["internal"])).status_code == 200
    written = http.post(
        toy_url + "/v1/things", json={"id": "a", "size": 1}, headers=bearer(key="k", scopes=["internal"])
    )
    assert (written.status_code, written.json()["code"]) == (403, "scope_missing")


def test_what_a_route_keeps_to_its_own_scope_handbills_services_have_not(toy_url, http, bearer) -> None:
    answer = http.get(toy_url + "/v1/audit-entries", headers=bearer(scopes=["internal"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_token_that_is_no_jwt_is_401(ask) -> None:
    for token in ("x", "a.b.c", "ä.ö.ü".encode().decode("latin-1")):
        answer = ask({"Authorization": b"Bearer " + token.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_malformed")
