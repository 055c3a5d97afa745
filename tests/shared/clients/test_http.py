"""Calls to a neighbour: what is safe is tried again, and every failure is named in our words."""

from datetime import date

import httpx
import pytest
import respx
from pydantic import ValidationError

from shared.clients import EligibilityClient, NotesClient, ServiceHttp, http_client
from shared.clients.http import ATTEMPTS, MAX_ANSWER_BYTES, ContractBroken
from shared.contracts.access import Organization
from shared.contracts.common import PersonName, View
from shared.errors import NotFound, Unavailable

BASE = "http://notes.test"
GOOD = Organization(id="org_00000001", name="Canary", time_zone="UTC", created_at="2026-03-02T17:00:00+00:00")


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.get(BASE + "/v1/organization")


@pytest.fixture
def service(http):
    return ServiceHttp("notes", BASE + "/", http)


def get(service):
    return service.get("/v1/organization", Organization, token="the-token", what="organization org_00000001")


def test_a_good_answer_is_the_contracts_model_and_the_token_is_sent(service, route) -> None:
    route.respond(json=GOOD.model_dump())
    assert get(service) == GOOD
    assert route.calls.last.request.headers["authorization"] == "Bearer the-token"


def test_members_that_a_newer_service_answers_are_ignored_also_within_what_a_command_would_refuse(service, route):
    """A view holds values that are commands elsewhere (a name, an address): read, they refuse nothing."""

    class Person(View):
        name: PersonName

    route.respond(json={"name": {"first": "Nadia", "last": "Whitlock", "pronoun": "she"}, "since": 2026})
    found = service.get("/v1/organization", Person, token="the-token", what="person per_00000001")
    assert found.name == PersonName(first="Nadia", last="Whitlock")
    with pytest.raises(ValidationError, match="pronoun"):
        PersonName.model_validate({"first": "Nadia", "last": "Whitlock", "pronoun": "she"})


@pytest.mark.parametrize(
    "first",
    [
        httpx.ConnectError("x"),
        httpx.ReadTimeout("x"),
        httpx.RemoteProtocolError("x"),
        httpx.DecodingError("x"),
        500,
        503,
        429,
    ],
)
def test_a_get_is_tried_again(service, route, first) -> None:
    broken = first if isinstance(first, Exception) else httpx.Response(first)
    route.side_effect = [broken, httpx.Response(200, json=GOOD.model_dump())]
    assert get(service) == GOOD
    assert route.call_count == 2


def test_a_service_that_stays_down_is_unavailable_and_named(service, route) -> None:
    route.mock(side_effect=httpx.ConnectError("refused"))
    with pytest.raises(Unavailable, match="the notes service does not answer") as refused:
        get(service)
    assert (refused.value.problem_code, refused.value.headers) == ("notes_unavailable", {"Retry-After": "5"})
    assert route.call_count == ATTEMPTS


def test_a_thing_that_is_not_there_is_not_found_by_its_kind(service, route) -> None:
    route.respond(404)
    with pytest.raises(NotFound) as refused:
        get(service)
    assert refused.value.problem_code == "organization_not_found"
    assert route.call_count == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401),
        httpx.Response(403),
        httpx.Response(422, json={"detail": "canary"}),
        httpx.Response(200, text="canary"),
        httpx.Response(200, json={"id": "canary"}),
        httpx.Response(200, content=b"x" * (MAX_ANSWER_BYTES + 1)),
        httpx.Response(302, headers={"location": "http://elsewhere.test"}),
    ],
)
def test_any_other_answer_is_a_defect_of_ours_and_quotes_nothing(service, route, answer) -> None:
    route.mock(return_value=answer)
    with pytest.raises(ContractBroken) as broken:
        get(service)
    assert "canary" not in str(broken.value)
    assert route.call_count == 1


def test_members_that_are_new_are_ignored(service, route) -> None:
    route.respond(json={**GOOD.model_dump(), "new_member": 1})
    assert get(service) == GOOD


def test_the_client_has_time_outs_and_ignores_proxies() -> None:
    with http_client() as client:
        assert (client.timeout.connect, client.timeout.read) == (2.0, 10.0)
        assert client.trust_env is False


class _Tokens:
    def token(self, organization_id: str, audience: str) -> str:
        return f"{organization_id}-{audience}"

    def renewed(self, organization_id: str, audience: str, refused: str) -> str:
        return f"{organization_id}-{audience} after {refused}"


def test_a_token_that_is_refused_is_renewed_once(service, route) -> None:
    route.side_effect = [httpx.Response(401), httpx.Response(200, json=GOOD.model_dump())]
    found = service.get(
        "/v1/organization", Organization, token="old", what="organization", renew=lambda old: f"one after {old}"
    )
    assert found == GOOD
    sent = [call.request.headers["authorization"] for call in route.calls]
    assert sent == ["Bearer old", "Bearer one after old"]
    route.side_effect = [httpx.Response(401), httpx.Response(401)]
    with pytest.raises(ContractBroken):
        service.get("/v1/organization", Organization, token="old", what="organization", renew=lambda _: "new")


def test_the_typed_clients_renew_their_own_token(http) -> None:
    with respx.mock as router:
        note = router.get(url__regex=r".*/v1/notes/.*")
        coverage = router.get(url__regex=r".*/v1/coverages/.*")
        note.side_effect = coverage.side_effect = [httpx.Response(401), httpx.Response(404)]
        with pytest.raises(NotFound):
            NotesClient(ServiceHttp("notes", BASE, http), _Tokens()).note("org_1", "note_1")
        coverage.side_effect = [httpx.Response(401), httpx.Response(404)]
        with pytest.raises(NotFound):
            EligibilityClient(ServiceHttp("eligibility", BASE, http), _Tokens()).coverage_bundle(
                "org_1", "cov_1", date(2026, 3, 2)
            )
    assert note.calls.last.request.headers["authorization"] == "Bearer org_1-notes after org_1-notes"
    assert coverage.calls.last.request.headers["authorization"] == "Bearer org_1-eligibility after org_1-eligibility"


def test_typed_clients_quote_ids_and_ask_for_their_own_token(http) -> None:
    with respx.mock as router:
        note = router.get(url__regex=r".*/v1/notes/.*").respond(404)
        coverage = router.get(url__regex=r".*/v1/coverages/.*").respond(404)
        with pytest.raises(NotFound) as no_note:
            NotesClient(ServiceHttp("notes", BASE, http), _Tokens()).note("org_1", "../x y?z")
        with pytest.raises(NotFound) as no_coverage:
            EligibilityClient(ServiceHttp("eligibility", BASE, http), _Tokens()).coverage_bundle(
                "org_1", "cov_1", date(2026, 3, 2)
            )
    assert note.calls.last.request.url.raw_path == b"/v1/notes/..%2Fx%20y%3Fz"
    assert note.calls.last.request.headers["authorization"] == "Bearer org_1-notes"
    assert coverage.calls.last.request.url.path == "/v1/coverages/cov_1/file"
    assert (no_note.value.problem_code, no_coverage.value.problem_code) == ("note_not_found", "coverage_not_found")
