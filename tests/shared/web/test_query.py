"""A query parameter that a route does not take is refused, with what was probably meant."""

import pytest

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""Nothing here depends on the database."""

UNKNOWN = "This parameter is not known here."


def faults(answer) -> list[dict]:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "malformed")
    return body["errors"]


def fault(pointer: str, fix: str) -> dict:
    return {"pointer": pointer, "code": "query_unknown", "message": UNKNOWN, "fix": fix}


def test_an_unknown_parameter_is_refused_with_what_the_route_takes(toy_url, http, bearer) -> None:
    answer = http.get(toy_url + "/v1/things?payer_id=x&size=1", headers=bearer())
    takes = "This route takes after, limit."
    assert faults(answer) == [fault("/query/payer_id", takes), fault("/query/size", takes)]


def test_a_near_miss_is_told_what_was_meant(toy_url, http, bearer) -> None:
    answer = http.get(toy_url + "/v1/things?limits=3&limit=2", headers=bearer())
    assert faults(answer) == [fault("/query/limits", "Did you mean limit?")]


def test_a_route_without_parameters_says_so_and_a_stray_value_is_not_repeated(toy_url, http) -> None:
    answer = http.get(toy_url + "/health?Canary%20Smith")
    assert faults(answer) == [fault("/query/0", "This route takes none; leave it out.")]
    assert "Canary" not in answer.text


def test_parameters_that_the_route_takes_are_taken(toy_url, http, bearer) -> None:
    assert http.get(toy_url + "/v1/things?limit=3", headers=bearer()).status_code == 200
