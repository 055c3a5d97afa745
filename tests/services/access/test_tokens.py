"""POST /oauth/token keeps RFC 6749, and what it gives is what other services verify."""

from base64 import b64encode
from types import SimpleNamespace

import httpx
import jwt
import pytest

from services.access.failed_logins import MAX_FAILURES, MAX_FAILURES_OF_ADDRESS
from shared.clients import ServiceTokens
from shared.contracts.access import SCOPES
from shared.errors import NotFound, Unavailable
from shared.security import RemoteKeys, verify
from shared.settings import PORTS, Credentials

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def claims_of(access, answer, audience):
    token = answer.json()["access_token"]
    keys = RemoteKeys(access.url + "/.well-known/jwks.json", access.http, lambda: 0.0)
    key = keys.find(jwt.get_unverified_header(token)["kid"])
    return verify(token, key=key, issuer="handbill", audience=audience)


@pytest.mark.safeguard("164.312(a)(2)(iii)")
def test_a_clients_token_holds_its_organization_zone_scopes_and_every_service(access) -> None:
    answer = access.ask()
    assert answer.status_code == 200
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    body = answer.json()
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 900, " ".join(sorted(SCOPES)))
    for service in PORTS:
        claims = claims_of(access, answer, service)
        assert (claims.organization_id, claims.time_zone) == (access.organization.id, "America/Los_Angeles")
        assert (claims.client_id, claims.scopes) == (access.first.id, frozenset(SCOPES))


def test_a_token_can_be_asked_with_fewer_scopes_and_for_one_service(access) -> None:
    claims = claims_of(access, access.ask(scope="notes:read notes:write", audience="notes"), "notes")
    assert claims.scopes == {"notes:read", "notes:write"}
    assert claims.audience == ("notes",)


def test_id_and_secret_may_stand_in_the_form(access) -> None:
    form = {"grant_type": "client_credentials", "client_id": access.first.id, "client_secret": access.first.secret}
    assert access.http.post(access.url + "/oauth/token", data=form).status_code == 200


WRONGLY_ASKED = [
    ({"grant_type": "password"}, "unsupported_grant_type"),
    ({"grant_type": ""}, "invalid_request"),
    ({"scope": "internal"}, "invalid_scope"),
    ({"scope": "notes:read everything"}, "invalid_scope"),
    ({"scope": " "}, "invalid_scope"),
    ({"audience": "mallory"}, "invalid_request"),
    ({"organization_id": "org_another1"}, "invalid_request"),
]


def test_a_request_that_asks_wrongly_is_refused_in_the_words_of_the_rfc(access) -> None:
    answers = [access.ask(**form) for form, _ in WRONGLY_ASKED]
    assert [answer.json()["error"] for answer in answers] == [error for _, error in WRONGLY_ASKED]
    assert {answer.status_code for answer in answers} == {400}
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


WRONGLY_FORMED = [
    {"json": {"grant_type": "client_credentials"}},
    {"content": b"grant_type=client_credentials&grant_type=client_credentials", "headers": FORM},
    {"content": b"\xff\xfe", "headers": FORM},
    {"content": b"&".join(b"a%d=1" % n for n in range(30)), "headers": FORM},
    {"data": {"grant_type": "client_credentials"}, "headers": {"Authorization": "Basic %%%"}},
    {"data": {"grant_type": "client_credentials"}, "headers": {"Authorization": "Bearer abc"}},
    {
        "data": {"grant_type": "client_credentials"},
        "headers": {"Authorization": "Basic " + b64encode(b"no-colon").decode()},
    },
    {"data": {"grant_type": "client_credentials", "client_secret": "x"}, "auth": ("cli_00000001", "x")},
    {"data": {"grant_type": "client_credentials", "client_id": "cli_00000002"}, "auth": ("cli_00000001", "x")},
]


def test_a_request_of_a_wrong_form_is_invalid_request(access) -> None:
    answers = [access.http.post(access.url + "/oauth/token", **parts) for parts in WRONGLY_FORMED]
    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == [(400, "invalid_request")] * 9


def test_an_unknown_client_and_a_wrong_secret_get_the_same_answer(access) -> None:
    wrong = access.ask(SimpleNamespace(id=access.first.id, secret="hbs_wrong"))
    unknown = access.ask(SimpleNamespace(id="cli_nobody01", secret="hbs_wrong"))
    nobody = access.http.post(access.url + "/oauth/token", data={"grant_type": "client_credentials"})
    assert (wrong.status_code, wrong.content) == (unknown.status_code, unknown.content)
    assert {answer.status_code for answer in (wrong, unknown, nobody)} == {401}
    assert {answer.json()["error"] for answer in (wrong, unknown, nobody)} == {"invalid_client"}
    assert wrong.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("client_id", ["cli_\x00nobody01", "cli_nobody\u20ac1", "c" * 5000, "cli"])
def test_what_cannot_be_a_clients_id_is_an_unknown_client_on_every_database(access, client_id) -> None:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "hbs_wrong\x00"}
    answer = access.http.post(access.url + "/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_oversized_secret_is_wrong_and_an_oversized_form_is_too_large(access) -> None:
    assert access.ask(SimpleNamespace(id=access.first.id, secret="s" * 5000)).status_code == 401
    assert access.ask(scope="s" * 30_000).status_code == 413


@pytest.mark.safeguard("164.312(d)", "API2")
def test_ten_wrong_secrets_make_the_eleventh_wait_and_never_lock_out_a_right_one(access) -> None:
    wrong = SimpleNamespace(id=access.first.id, secret="hbs_wrong")
    assert {access.ask(wrong).status_code for _ in range(MAX_FAILURES)} == {401}
    refused = access.ask(wrong)
    assert (refused.status_code, refused.json()["error"]) == (429, "temporarily_unavailable")
    assert access.ask().status_code == 200
    wait = int(refused.headers["retry-after"])
    access.monotonic.advance(wait)
    assert access.ask(wrong).status_code == 401


@pytest.mark.safeguard("API2")
def test_an_address_that_fails_too_often_waits_whatever_ids_it_names_that_there_are_or_not(access) -> None:
    def fail(client_id: str) -> int:
        return access.ask(SimpleNamespace(id=client_id, secret="hbs_wrong")).status_code

    assert {fail(f"cli_{number:08d}") for number in range(MAX_FAILURES_OF_ADDRESS)} == {401}
    assert (fail(access.first.id), fail("cli_nobody01")) == (429, 429)
    assert access.ask().status_code == 200


@pytest.mark.safeguard("164.312(a)(2)(iii)", "API5")
def test_a_service_gets_five_minutes_for_one_organization_and_one_other_service(access) -> None:
    answer = access.ask(
        access.service("claims"), organization_id=access.organization.id, audience="notes", scope="internal"
    )
    assert answer.json()["expires_in"] == 300
    claims = claims_of(access, answer, "notes")
    assert (claims.organization_id, claims.time_zone) == (access.organization.id, "America/Los_Angeles")
    assert (claims.audience, claims.scopes) == (("notes",), {"internal"})
    assert claims.acting_service == "claims"


WRONGLY_ASKED_BY_A_SERVICE = [
    ({"audience": "notes"}, 400, "invalid_request"),
    ({"organization_id": "org_nowhere1"}, 400, "invalid_request"),
    ({"organization_id": "org_nowhere1", "audience": "access"}, 400, "invalid_request"),
    ({"organization_id": "org_nowhere1", "audience": "notes"}, 404, "invalid_request"),
    ({"organization_id": "org_\x00nowhere", "audience": "notes"}, 404, "invalid_request"),
    ({"organization_id": "o" * 5000, "audience": "notes"}, 404, "invalid_request"),
    ({"organization_id": "org_nowhere1", "audience": "notes", "scope": "notes:read"}, 400, "invalid_scope"),
]


def test_a_service_names_an_organization_that_is_there_and_a_service_it_may_call(access) -> None:
    claims = access.service("claims")
    answers = [access.ask(claims, **form) for form, _, _ in WRONGLY_ASKED_BY_A_SERVICE]
    expected = [(status, error) for _, status, error in WRONGLY_ASKED_BY_A_SERVICE]
    assert [(answer.status_code, answer.json()["error"]) for answer in answers] == expected


def test_the_typed_client_for_service_tokens_agrees_with_the_service(access, monotonic) -> None:
    access.service("claims")
    credentials = access.settings.credentials_of("claims")
    tokens = ServiceTokens(access.url, credentials, access.http, monotonic)
    first = tokens.token(access.organization.id, "notes")
    assert tokens.token(access.organization.id, "notes") == first
    monotonic.advance(241)
    assert tokens.token(access.organization.id, "notes") != first
    with pytest.raises(NotFound):
        tokens.token("org_nowhere1", "notes")
    wrong = Credentials(client_id=credentials.client_id, client_secret="hbs_wrong")
    with pytest.raises(Unavailable):
        ServiceTokens(access.url, wrong, access.http, monotonic).token(access.organization.id, "notes")


def test_published_keys_are_public_halves_only(access) -> None:
    (jwk,) = access.http.get(access.url + "/.well-known/jwks.json").json()["keys"]
    assert set(jwk) == {"kty", "crv", "use", "alg", "kid", "x"}
    assert jwk["kid"] == access.deps.signer.key_id


def test_the_token_route_declares_what_it_answers(access) -> None:
    operation = httpx.get(access.url + "/openapi.json").json()["paths"]["/oauth/token"]["post"]
    assert {"200", "400", "401", "404", "413", "429"} <= set(operation["responses"])
    error = operation["responses"]["401"]["content"]["application/json"]["schema"]["$ref"]
    assert error == "#/components/schemas/OAuthError"
    assert list(operation["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
