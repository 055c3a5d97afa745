"""Every service that takes tokens asks access who is revoked, and lets nobody in whom access has revoked."""

from datetime import UTC, datetime

import pytest

from services.cli.composition import build_of

SERVICES = ("eligibility", "notes", "claims")
REVOKED = "cli_revoked01"


@pytest.fixture
def revoked(keys):
    keys.revoked[REVOKED] = datetime.now(UTC)
    yield
    del keys.revoked[REVOKED]


@pytest.mark.safeguard("164.312(a)(1)", "API2")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", SERVICES)
def test_a_revoked_clients_token_is_refused_whatever_its_scopes(
    service, make_settings, run_app, http, bearer, revoked
) -> None:
    url = run_app(build_of(service)(make_settings(service)))
    for scopes in ({}, {"scopes": ["internal"]}):
        answer = http.get(url + "/v1/events", headers=bearer(client_id=REVOKED, **scopes))
        assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert http.get(url + "/v1/events", headers=bearer()).status_code == 200
