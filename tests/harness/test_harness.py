"""The harness does what the tests that stand on it believe."""

import socket

import httpx
import pytest
from fastapi import FastAPI
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import text

from shared.database import Database
from shared.security import RemoteKeys, verify
from tests.harness.tokens import ISSUER, KEY_ID, ORGANIZATION, OTHER_ORGANIZATION


def test_a_connection_to_another_machine_is_refused() -> None:
    with pytest.warns(UserWarning), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_gets_an_empty_database(turn: int, database: Database, database_kind: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_mine (id INTEGER)"))
    assert database.engine.dialect.name == database_kind


def test_apps_run_on_their_own_ports_and_stop(run_app, http, free_url) -> None:
    app = FastAPI()
    app.get("/hello")(lambda: "here")
    wanted = free_url()
    with pytest.raises(httpx.ConnectError):
        http.get(wanted + "/hello")
    assert run_app(app, at=wanted) == wanted
    other = run_app(app)
    assert [http.get(url + "/hello").json() for url in (wanted, other)] == ["here", "here"]


def test_tokens_verify_against_the_published_keys(access_url, token, http, monotonic) -> None:
    keys = RemoteKeys(access_url + "/.well-known/jwks.json", http, monotonic)
    claims = verify(
        token(organization_id=OTHER_ORGANIZATION, scopes=["notes:read"], audience="notes"),
        key=keys.find(KEY_ID),
        issuer=ISSUER,
        audience="notes",
    )
    assert (claims.organization_id, claims.scopes) == (OTHER_ORGANIZATION, frozenset({"notes:read"}))


def test_settings_lead_to_the_stand_in_and_a_database(make_settings, http, open_database) -> None:
    settings = make_settings("notes", claims_url="http://127.0.0.1:9")
    open_database(settings.database_url_of("notes")).ping()
    credentials = settings.credentials_of("claims")
    form = {"organization_id": ORGANIZATION, "audience": "notes", "grant_type": "client_credentials"}
    secret = credentials.client_secret.get_secret_value()
    answer = http.post(settings.access_url + "/oauth/token", data=form, auth=(credentials.client_id, secret))
    assert answer.json()["expires_in"] == 300
