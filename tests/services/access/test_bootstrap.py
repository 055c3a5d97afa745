"""Setting an installation up: once, again, and after something was lost."""

import json
import stat

import pytest

from services.access.app import connect
from services.access.flows.bootstrap import HANDBILL, create_organization, ensure_service_clients
from services.access.flows.clients import add_client
from services.access.store import active_clients, client
from shared.contracts.access import OrganizationCreate
from shared.errors import Malformed

ALL = ["claims", "trading-partner"]


@pytest.fixture
def fresh(settings):
    for file in (settings.data_dir / "credentials").iterdir():
        file.unlink()
    return settings


def test_service_clients_are_made_once_and_their_files_are_private(fresh, deps) -> None:
    assert ensure_service_clients(deps, fresh) == ALL
    before = {name: fresh.secret_file(name).read_bytes() for name in ALL}
    assert ensure_service_clients(deps, fresh) == []
    assert {name: fresh.secret_file(name).read_bytes() for name in ALL} == before
    assert {stat.S_IMODE(fresh.secret_file(name).stat().st_mode) for name in ALL} == {0o600}
    assert fresh.trading_partner_credentials().sender_id == "HANDBILL"


@pytest.mark.parametrize("damage", ["", "{}", json.dumps({"client_id": "cli_other", "client_secret": "x"})])
def test_a_lost_or_broken_credentials_file_is_made_anew_and_the_old_client_revoked(fresh, deps, damage) -> None:
    ensure_service_clients(deps, fresh)
    fresh.secret_file("claims").write_text(damage)
    assert ensure_service_clients(deps, fresh) == ["claims"]
    with deps.database.reading() as session:
        assert len([row for row in active_clients(session, HANDBILL) if row.name == "claims"]) == 1
    assert ensure_service_clients(deps, fresh) == []


@pytest.mark.safeguard("164.312(a)(1)", "API2")
def test_credentials_of_services_that_call_nobody_are_revoked_and_their_files_removed(fresh, deps) -> None:
    ensure_service_clients(deps, fresh)
    old = add_client(
        deps, deps.database, organization_id=HANDBILL, by_client_id="command_line", name="notes", scopes=["internal"]
    )
    fresh.secret_file("notes").write_text(json.dumps({"client_id": old.id, "client_secret": old.secret}))
    assert ensure_service_clients(deps, fresh) == []
    assert not fresh.secret_file("notes").exists()
    with deps.database.reading() as session:
        assert [row.name for row in active_clients(session, HANDBILL)] == ["claims"]
        assert client(session, HANDBILL, old.id).revoked_at is not None


def test_an_unknown_time_zone_is_refused(deps) -> None:
    for zone in ("America/Nowhere", "Europe"):
        with pytest.raises(Malformed) as refused:
            create_organization(deps, OrganizationCreate(name="Nowhere", time_zone=zone))
        assert refused.value.errors[0].code == "time_zone_unknown"


def test_two_processes_of_one_installation_sign_with_one_key(settings, deps) -> None:
    again = connect(settings)
    again.database.close()
    assert again.signer.key_id == deps.signer.key_id
