"""A service's tokens are kept until a minute before they end, one for each organization and callee."""

import httpx
import pytest
import respx

from shared.clients import ServiceTokens
from shared.contracts.access import OAuthError, Token
from shared.errors import NotFound, Unavailable
from shared.settings import Credentials

URL = "http://access.test"


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.post(URL + "/oauth/token")


@pytest.fixture
def tokens(http, monotonic):
    return ServiceTokens(URL, Credentials(client_id="cli_claims", client_secret="hbs_secret"), http, monotonic)


def granted(*names: str) -> list[httpx.Response]:
    answers = [Token(access_token=name, token_type="Bearer", expires_in=300, scope="internal") for name in names]
    return [httpx.Response(200, json=answer.model_dump()) for answer in answers]


def test_a_token_is_kept_until_a_minute_before_it_ends(route, tokens, monotonic) -> None:
    route.side_effect = granted("first", "second")
    assert [tokens.token("org_1", "notes") for _ in range(3)] == ["first"] * 3
    monotonic.advance(239)
    assert tokens.token("org_1", "notes") == "first"
    monotonic.advance(1)
    assert tokens.token("org_1", "notes") == "second"


def test_each_organization_and_callee_has_its_own(route, tokens) -> None:
    route.side_effect = granted("a", "b", "c")
    wanted = [("org_1", "notes"), ("org_2", "notes"), ("org_1", "eligibility")]
    assert [tokens.token(*pair) for pair in wanted] == ["a", "b", "c"]
    assert [tokens.token(*pair) for pair in wanted] == ["a", "b", "c"]
    form = dict(pair.split("=") for pair in route.calls.last.request.content.decode().split("&"))
    assert form == {
        "grant_type": "client_credentials",
        "scope": "internal",
        "audience": "eligibility",
        "organization_id": "org_1",
    }


def test_a_refused_token_is_dropped_and_one_that_has_taken_its_place_is_not(route, tokens) -> None:
    route.side_effect = granted("first", "other", "second")
    assert [tokens.token("org_1", "notes"), tokens.token("org_2", "notes")] == ["first", "other"]
    assert tokens.renewed("org_1", "notes", "first") == "second"
    assert tokens.renewed("org_1", "notes", "first") == "second"
    assert [tokens.token("org_1", "notes"), tokens.token("org_2", "notes")] == ["second", "other"]


def test_an_organization_that_access_does_not_know_is_not_found(route, tokens) -> None:
    route.respond(404, json=OAuthError(error="invalid_request", error_description="none").model_dump())
    with pytest.raises(NotFound) as refused:
        tokens.token("org_1", "notes")
    assert refused.value.problem_code == "organization_not_found"


@pytest.mark.parametrize(
    "broken",
    [
        {"side_effect": httpx.ConnectError("down")},
        {"return_value": httpx.Response(401, json={"error": "invalid_client"})},
        {"return_value": httpx.Response(503)},
        {"return_value": httpx.Response(200, text="<html>")},
        {"return_value": httpx.Response(200, json={"access_token": "x"})},
        {"return_value": httpx.Response(200, json=[])},
    ],
)
def test_no_token_for_any_other_reason_is_unavailable_and_the_next_call_asks_again(route, tokens, broken) -> None:
    route.mock(**broken)
    with pytest.raises(Unavailable) as refused:
        tokens.token("org_1", "notes")
    assert refused.value.problem_code == "access_unavailable"
    route.mock(side_effect=granted("now"))
    assert tokens.token("org_1", "notes") == "now"
