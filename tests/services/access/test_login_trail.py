"""Every login leaves an entry in the audit trail, and whoever makes up client ids cannot fill the disk with them."""

from types import SimpleNamespace

import pytest
from sqlmodel import select

from services.access.domain.grants import Refusal
from services.access.flows.bootstrap import HANDBILL
from services.access.flows.login_trail import MAX_ENTRIES, WINDOW_SECONDS, LoginTrail
from services.access.flows.tokens import Issued, Login
from shared.clocks import SetClock
from shared.contracts.access import Token
from shared.database.audit_recorder import AuditRecorder
from shared.database.operations import AuditEntry
from tests.harness.clocks import STARTS_AT

REFUSED = Refusal("invalid_client", "the secret is wrong", status=401)
GIVEN = Issued(Token(access_token="t", token_type="Bearer", expires_in=1, scope=""))
ACTION = "create_token"


def logins(database, organization_id):
    with database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.organization_id == organization_id, AuditEntry.action == ACTION)
        return [
            (one.client_id, one.outcome, one.reason)
            for one in sorted(session.exec(query), key=lambda entry: entry.sequence)
        ]


@pytest.mark.safeguard("164.312(b)", "164.312(d)", "API2")
def test_a_token_and_a_refusal_leave_an_entry_with_the_address_sealed_and_no_secret(access) -> None:
    assert access.ask().status_code == 200
    assert access.ask(SimpleNamespace(id=access.first.id, secret="wrong-canary-secret")).status_code == 401
    access.http.get(f"{access.url}/v1/organization", headers=access.headers()).raise_for_status()
    client, address = access.first.id, "from 127.0.0.1"
    assert logins(access.deps.database, access.organization.id) == [
        (client, "done", address),
        (client, "refused", f"invalid_client, {address}"),
        (client, "done", address),
    ]
    with access.deps.database.engine.connect() as connection:
        rows = str(connection.exec_driver_sql("SELECT * FROM audit_entries").all())
    assert "127.0.0.1" not in rows
    assert "canary" not in rows


def test_what_one_client_does_too_often_is_counted_and_said_by_the_next_entry(deps, access, monotonic) -> None:
    wall = SetClock(STARTS_AT)
    trail, recorder = LoginTrail(deps.database, monotonic), AuditRecorder(deps.database, deps.ids, wall)
    login = Login(access.first.id, "", "")
    for _ in range(MAX_ENTRIES + 7):
        trail.record(recorder, login, REFUSED)
    trail.record(recorder, login, GIVEN)
    monotonic.advance(WINDOW_SECONDS)
    trail.record(recorder, login, REFUSED)
    recorder.close()
    assert [(outcome, reason) for _, outcome, reason in logins(deps.database, access.organization.id)] == [
        *[("refused", "invalid_client")] * MAX_ENTRIES,
        ("done", None),
        ("refused", "invalid_client, and 7 more before it"),
    ]


@pytest.mark.safeguard("API4")
def test_made_up_client_ids_share_one_entry_a_minute_and_nothing_of_them_is_kept(deps, monotonic) -> None:
    wall = SetClock(STARTS_AT)
    trail, recorder = LoginTrail(deps.database, monotonic), AuditRecorder(deps.database, deps.ids, wall)
    for number in range(500):
        trail.record(recorder, Login(f"cli_made_up_{number}", "", "192.0.2.1"), REFUSED)
        trail.record(recorder, Login(f"not an id {number}", "", "192.0.2.2"), REFUSED)
    monotonic.advance(WINDOW_SECONDS)
    trail.record(recorder, Login("cli_one_more", "", "192.0.2.3"), REFUSED)
    recorder.close()
    assert logins(deps.database, HANDBILL) == [
        ("unknown_client", "refused", "invalid_client, from 192.0.2.1"),
        ("unknown_client", "refused", "invalid_client, from 192.0.2.3, and 999 more before it"),
    ]
    assert len(trail._windows) == 1
