"""`handbill npi` and `handbill messages`: the operator's part, on the machine that holds the databases."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.claims.components import compose
from services.claims.flows.messages.split_message import split_message
from services.claims.store.tables import (
    ReceivedMessageRow,
)
from shared.settings import Settings
from shared.tenancy import INSTALLATION_ID
from tests.services.claims.fake_clearinghouse import paid_in_part, remittance
from tests.services.cli.test_commands import failed, fields

NPI = "1487302659"


@pytest.fixture
def organization(handbill):
    assert handbill("init").returncode == 0
    return fields(handbill("org", "create", "Rainier Bodywork", "--time-zone", "UTC"))["organization"]


def test_an_npi_is_confirmed_listed_and_withdrawn(handbill, organization) -> None:
    assert handbill("npi", "list").stdout == ""
    confirmed = handbill("npi", "confirm", organization, NPI, "--by", "Olga").stdout
    assert confirmed.startswith(f"{NPI}  {organization}  confirmed 20")
    assert handbill("npi", "list").stdout == confirmed
    withdrawn = handbill("npi", "withdraw", NPI, "--reason", "The practice was sold.").stdout
    assert withdrawn == f"{NPI}  not confirmed\n"
    assert handbill("npi", "list").stdout == ""
    assert "handbill npi list" in failed(handbill("npi", "withdraw", NPI, "--reason", "again"))


def test_nothing_is_given_to_an_organization_that_there_is_not(handbill, organization) -> None:
    said = failed(handbill("npi", "confirm", "org_nobody", NPI))
    assert "there is no organization org_nobody" in said
    assert "Copy it again from NPPES." in failed(handbill("npi", "confirm", organization, "1234567890"))
    assert "handbill messages list" in failed(handbill("messages", "route", "prt_x", organization, "--reason", "x"))


@pytest.fixture
def part(organization, environment):
    """The id of a part that is nobody's: a claim number that nobody has, and a payee whom nobody has confirmed."""
    components = compose(Settings(data_dir=Path(environment["HANDBILL_DATA_DIR"])))
    deps = components.dependencies
    row = ReceivedMessageRow(
        organization_id=INSTALLATION_ID,
        id="msg_received",
        arrival=1,
        account="HANDBILL",
        kind="835",
        content=remittance(paid_in_part("NEVERGIVEN01")),
        state="received",
        received_at=datetime(2026, 3, 4, 17, tzinfo=UTC),
    )
    deps.database.run(lambda session: session.add(row))
    assert split_message(deps, "msg_received") == "split"
    components.close()


def test_what_is_nobodys_is_listed_shown_closed_and_routed(handbill, organization, part) -> None:
    listed = json.loads(handbill("messages", "list", "--json").stdout)
    assert (listed["kind"], listed["state"], listed["npi"], listed["claims"]) == ("835", "unrouted", NPI, 1)
    line = f"{listed['id']}  2026-03-04 17:00  835  unrouted  NPI {NPI}"
    assert handbill("messages", "list").stdout.splitlines()[0] == line
    shown = handbill("messages", "show", listed["id"], "--by", "Olga").stdout
    assert "CLP*NEVERGIVEN01" in shown
    assert "CLP*NEVERGIVEN01" in handbill("messages", "show", "msg_received").stdout
    closed = handbill("messages", "close", listed["id"], "--reason", "A stranger's.").stdout
    assert "  closed  " in closed
    assert handbill("messages", "list").stdout == ""
    assert handbill("messages", "list", "--all").stdout == closed
    routed = handbill("messages", "route", listed["id"], organization, "--reason", "It is theirs.").stdout
    assert f"  routed  {organization}" in routed
    assert "is routed already" in failed(handbill("messages", "close", listed["id"], "--reason", "x"))
    assert "only a failed message is tried again" in failed(handbill("messages", "retry", "msg_received"))
