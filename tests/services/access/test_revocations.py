"""What the other services learn of revocations: a signed list of those whose tokens may be alive."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine

from services.access.flows.operator import add_organization_client, revoke
from shared.contracts.access import SCOPES
from shared.errors import NotFound, RuleBroken
from shared.security.revocations import LISTED_FOR, read_revocations
from shared.security.tokens import LEEWAY_SECONDS, MAX_TOKEN_SECONDS
from shared.settings import Settings


def published(access):
    answer = access.http.get(access.url + "/.well-known/revocations.jwt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jose")
    return answer.text


def listed(access) -> set[str]:
    return set(read_revocations(published(access), keys=access.deps.signer, issuer="handbill").client_ids)


def test_the_list_names_a_client_from_its_revocation_until_its_last_token_has_ended(access) -> None:
    client = add_organization_client(access.deps, access.organization.id, "phone", ["notes:read"])
    assert listed(access) == set()
    revoke(access.deps, client.id)
    assert listed(access) == {client.id}
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=MAX_TOKEN_SECONDS + 2 * LEEWAY_SECONDS)):
        assert listed(access) == {client.id}
    with time_machine.travel(datetime.now(UTC) + LISTED_FOR + timedelta(seconds=1)):
        assert listed(access) == set()


def test_a_client_that_was_revoked_while_the_clock_was_a_day_behind_is_listed_when_it_is_right(access) -> None:
    client = add_organization_client(access.deps, access.organization.id, "phone", ["notes:read"])
    with time_machine.travel(datetime.now(UTC) - timedelta(days=1)):
        revoke(access.deps, client.id)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=MAX_TOKEN_SECONDS)):
        assert listed(access) == {client.id}


def test_a_client_that_was_revoked_in_2037_stays_on_the_list(access) -> None:
    client = add_organization_client(access.deps, access.organization.id, "phone", ["notes:read"])
    with time_machine.travel(datetime(2037, 5, 1, tzinfo=UTC)):
        revoke(access.deps, client.id)
    assert listed(access) == {client.id}


def test_no_token_can_be_asked_to_live_longer_than_a_revocation_is_listed() -> None:
    assert Settings.model_json_schema()["properties"]["token_seconds"]["maximum"] == MAX_TOKEN_SECONDS


def test_the_list_holds_ids_and_times_and_says_when_it_was_made(access) -> None:
    revoke(access.deps, access.first.id)
    payload = jwt.decode(published(access), options={"verify_signature": False})
    now = datetime.now(UTC).timestamp()
    assert set(payload) == {"iss", "iat", "exp", "clients", "persons"}
    assert payload["persons"] == {}
    assert payload["clients"].keys() == {access.first.id}
    assert 0 <= now - payload["iat"] < 60
    assert abs(now - payload["clients"][access.first.id]) < 60


def test_the_operator_revokes_all_clients_of_an_organization_and_none_of_another(access) -> None:
    client = add_organization_client(access.deps, access.organization.id, "phone", ["notes:read"])
    _, other = access.another()
    assert {row.id for row in revoke(access.deps, access.organization.id)} == {access.first.id, client.id}
    assert revoke(access.deps, access.organization.id) == []
    assert [access.ask(one).status_code for one in (access.first, client, other)] == [401, 401, 200]
    assert listed(access) == {access.first.id, client.id}


def test_the_operator_makes_a_client_where_none_is_left(access) -> None:
    revoke(access.deps, access.organization.id)
    again = add_organization_client(access.deps, access.organization.id, "way back", [])
    assert access.ask(again).json()["scope"] == " ".join(sorted(SCOPES))
    page = access.http.get(access.url + "/v1/clients", headers=access.headers(again)).json()
    assert [item["name"] for item in page["items"] if item["revoked_at"] is None] == ["way back"]


def test_the_operator_is_told_what_is_not_there(access) -> None:
    with pytest.raises(NotFound, match="handbill org list"):
        revoke(access.deps, "cli_nobody01")
    with pytest.raises(NotFound, match="handbill org list"):
        add_organization_client(access.deps, "org_nowhere1", "phone", [])
    with pytest.raises(RuleBroken, match="there is no scope internal; choose from notes:read"):
        add_organization_client(access.deps, access.organization.id, "phone", ["notes:read", "internal"])
