"""An organization administers its own API clients, and nobody else's."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import select

from services.access import store
from services.access.flows.clients import MAX_CLIENTS, create_client, revoke_client
from services.access.flows.operator import revoke
from shared.contracts.access import SCOPES, ClientCreate
from shared.database.operations import IdempotencyKey
from shared.errors import Unauthorized
from shared.security.caller import Caller
from tests.harness.clocks import STARTS_AT

NEW = {"name": "phone app", "scopes": ["notes:read", "notes:write"]}


def made(access, key="make-a-client", **changes):
    answer = access.http.post(access.url + "/v1/clients", json={**NEW, **changes}, headers=access.headers(key=key))
    assert answer.status_code == 201, answer.text
    return answer


def test_a_new_client_gets_tokens_with_its_scopes_only(access) -> None:
    client = made(access).json()
    shown = type("Shown", (), client)
    assert access.ask(shown).json()["scope"] == "notes:read notes:write"
    assert access.ask(shown, scope="claims:read").json()["error"] == "invalid_scope"


def test_a_repeat_with_the_same_key_makes_one_client(access) -> None:
    first, repeat = made(access), made(access)
    assert first.json() | {"secret": None} == repeat.json()
    assert repeat.headers["idempotency-replayed"] == "true"
    assert len(access.http.get(access.url + "/v1/clients", headers=access.headers()).json()["items"]) == 2


@pytest.mark.safeguard("164.312(a)(2)(iv)", "API2")
def test_a_secret_is_never_shown_again_and_kept_only_as_a_hash(access) -> None:
    client = made(access).json()
    one = access.http.get(f"{access.url}/v1/clients/{client['id']}", headers=access.headers())
    page = access.http.get(access.url + "/v1/clients", headers=access.headers())
    assert "secret" not in one.json()
    assert client["secret"] not in page.text
    with access.deps.database.engine.connect() as connection:
        rows = connection.execute(text("SELECT secret_hash FROM clients")).scalars().all()
    with access.deps.database.reading() as session:
        answers = [row.answer for row in session.exec(select(IdempotencyKey))]
    assert all(row.startswith("sha256$") for row in rows)
    assert [json.loads(answer)["secret"] for answer in answers] == [None]
    assert client["secret"] not in "".join(answers)


@pytest.mark.parametrize("scope", ["internal", "notes:sign"])
def test_a_scope_that_is_not_an_organizations_to_give_is_malformed(access, scope) -> None:
    answer = access.http.post(
        access.url + "/v1/clients",
        json={**NEW, "scopes": ["notes:read", scope]},
        headers=access.headers(key="bad-scope-1"),
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/body/scopes/1"


def test_a_name_is_one_line_of_text(access) -> None:
    headers = access.headers(key="bad-name-1")
    for name in ("", "   ", "a\x00b", "two\nlines", "x" * 121):
        answer = access.http.post(access.url + "/v1/clients", json={**NEW, "name": name}, headers=headers)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/name")


def test_clients_without_access_admin_administer_nothing(access) -> None:
    client = type("Shown", (), made(access).json())
    headers = access.headers(client, key="not-allowed-1")
    answers = [
        access.http.get(access.url + "/v1/clients", headers=headers),
        access.http.post(access.url + "/v1/clients", json=NEW, headers=headers),
        access.http.delete(f"{access.url}/v1/clients/{access.first.id}", headers=headers),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "scope_missing")] * 3


def test_another_organizations_client_is_not_found(access) -> None:
    _, other = access.another()
    for method in ("GET", "DELETE"):
        answer = access.http.request(method, f"{access.url}/v1/clients/{other.id}", headers=access.headers())
        assert (answer.status_code, answer.json()["code"]) == (404, "client_not_found")
    assert access.ask(other).status_code == 200


def test_a_revoked_client_gets_no_token_and_stays_on_the_list(access) -> None:
    client = made(access).json()
    url = f"{access.url}/v1/clients/{client['id']}"
    assert [access.http.delete(url, headers=access.headers()).status_code for _ in range(2)] == [204, 204]
    assert access.ask(type("Shown", (), client)).json()["error"] == "invalid_client"
    assert access.http.get(url, headers=access.headers()).json()["revoked_at"] is not None
    events = access.http.get(access.url + "/v1/events", headers=access.headers()).json()["items"]
    assert [event["type"] for event in events] == [
        "organization.created",
        "client.created",
        "client.created",
        "client.revoked",
    ]


def test_the_last_client_that_can_make_clients_stays(access) -> None:
    url = f"{access.url}/v1/clients/{access.first.id}"
    answer = access.http.delete(url, headers=access.headers())
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin_stays")
    made(access, key="second-admin", scopes=["access:admin"])
    assert access.http.delete(url, headers=access.headers()).status_code == 204


def test_the_list_is_paged_oldest_first(access) -> None:
    expected = [access.first.id] + [made(access, key=f"client-number-{n}").json()["id"] for n in range(4)]
    seen, after = [], None
    headers = access.headers()
    while True:
        params = {"limit": 2} | ({"after": after} if after else {})
        page = access.http.get(access.url + "/v1/clients", params=params, headers=headers).json()
        assert len(page["items"]) <= 2
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == expected


def test_the_organization_of_a_token_shows_its_time_zone(access) -> None:
    body = access.http.get(access.url + "/v1/organization", headers=access.headers()).json()
    assert (body["id"], body["time_zone"]) == (access.organization.id, "America/Los_Angeles")


def shown(client):
    return type("Shown", (), client)


@pytest.mark.safeguard("164.312(a)(1)", "API5")
def test_a_client_gives_no_scope_that_its_token_has_not(access) -> None:
    narrow = shown(made(access, scopes=["access:admin", "notes:read"]).json())
    answer = access.http.post(
        access.url + "/v1/clients",
        json={**NEW, "scopes": ["notes:read", "notes:write", "claims:read"]},
        headers=access.headers(narrow, key="more-than-mine"),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    assert "claims:read, notes:write" in answer.json()["detail"]
    # Also where the client has the scope and its token was asked with fewer.
    token = access.ask(scope="access:admin").json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "fewer-scopes"}
    answer = access.http.post(access.url + "/v1/clients", json=NEW, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    given = made(access, key="what-i-have", scopes=["notes:read"])
    assert given.json()["scopes"] == ["notes:read"]


def test_a_client_revokes_none_that_has_more_than_it_but_itself(access) -> None:
    narrow = shown(made(access, scopes=["access:admin", "notes:read"]).json())
    headers = access.headers(narrow)
    answer = access.http.delete(f"{access.url}/v1/clients/{access.first.id}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    token = access.ask(narrow, scope="access:admin").json()["access_token"]
    answer = access.http.delete(f"{access.url}/v1/clients/{narrow.id}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 204


@pytest.mark.safeguard("164.312(a)(1)", "API2")
def test_a_revoked_client_makes_no_successor_revokes_nobody_and_sees_nothing_with_the_token_that_it_has(
    access,
) -> None:
    thief = shown(made(access, scopes=list(SCOPES)).json())
    stolen = access.headers(thief, key="a-successor")
    assert access.http.delete(f"{access.url}/v1/clients/{thief.id}", headers=access.headers()).status_code == 204
    answers = [
        access.http.post(access.url + "/v1/clients", json=NEW, headers=stolen),
        access.http.delete(f"{access.url}/v1/clients/{access.first.id}", headers=stolen),
        access.http.get(access.url + "/v1/clients", headers=stolen),
        access.http.get(access.url + "/v1/organization", headers=stolen),
        access.http.get(access.url + "/v1/events", headers=stolen),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "token_revoked")] * 5
    assert len(access.http.get(access.url + "/v1/clients", headers=access.headers()).json()["items"]) == 2


def test_a_client_that_is_revoked_while_its_request_runs_writes_nothing(access) -> None:
    """The token was checked before; the transaction looks again."""
    thief = made(access, scopes=list(SCOPES)).json()
    caller = Caller(access.organization.id, thief["id"], "UTC", frozenset(SCOPES))
    revoke(access.deps, thief["id"])
    with pytest.raises(Unauthorized):
        create_client(access.deps, access.deps.database, caller=caller, command=ClientCreate(**NEW))
    with pytest.raises(Unauthorized):
        revoke_client(access.deps, access.deps.database, caller=caller, client_id=access.first.id)
    page = access.http.get(access.url + "/v1/clients", headers=access.headers()).json()
    assert [item["revoked_at"] is None for item in page["items"]] == [True, False]


def test_an_organization_has_a_limit_of_clients_so_that_the_list_of_revocations_stays_short(access) -> None:
    def add_many(session) -> None:
        for number in range(MAX_CLIENTS - 1):
            session.add(
                store.ClientRow(
                    organization_id=access.organization.id,
                    id=f"cli_many{number:05d}",
                    name="many",
                    scopes=[],
                    secret_hash="",
                    created_at=STARTS_AT,
                    revoked_at=STARTS_AT.replace(year=2999) if number % 2 else None,
                )
            )

    access.deps.database.run(add_many)
    answer = access.http.post(access.url + "/v1/clients", json=NEW, headers=access.headers(key="one-too-many"))
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_clients")
    access.deps.database.run(
        lambda session: setattr(
            store.client_by_id(session, "cli_many00001"), "revoked_at", datetime(2026, 1, 1, tzinfo=UTC)
        )
    )
    made(access, key="as-many-as-fit")
