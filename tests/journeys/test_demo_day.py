"""The sample practice's day as `make demo` runs it: processes, a worker, SQLite; against the hand-made table."""

import re
from datetime import date
from io import StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from services.cli.composition import url_of
from services.cli.demo.day import files
from services.cli.demo.installation import installation
from services.cli.demo.practice import load
from services.cli.demo.report import print_report, unexplained
from services.cli.demo.run import PLAIN_WIDTH
from services.cli.organizations import fetch_token
from tests.harness.validators import pyx12_findings
from tests.journeys.table import EXPECTED, MONEY, VISITS, by_hand, found

KINDS = ("837P", "TA1", "999", "277CA", "835")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The day, once: its ends, its X12 files, and the folder as it lies there while everything still runs."""
    folder = tmp_path_factory.mktemp("demo")
    practice = load()
    with installation(folder, practice) as running:
        ends = running.day.run(lambda *_: None)
        exchanged = dict(files(running.ehr))
        ledgers = {end.claim["id"]: running.ehr.pages("claims", f"/v1/claims/{end.claim['id']}/ledger") for end in ends}
        events = running.ehr.get("claims", "/v1/events", limit=200)["items"]
        token = fetch_token(running.settings, None, None, None)
        address = f"{url_of(running.settings, 'claims')}/v1/claims"
        seen = httpx.get(address, headers={"Authorization": f"Bearer {token}"}).json()["items"]
        stored = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {
        "practice": practice,
        "ends": {end.visit.note_id: end for end in ends},
        "files": exchanged,
        "ledgers": ledgers,
        "events": events,
        "stored": stored,
        "seen": seen,
    }


@pytest.mark.parametrize("note_id", list(VISITS))
def test_every_visit_ends_as_it_was_worked_out_by_hand(played, note_id):
    assert found(played["ends"][note_id]) == by_hand(note_id)


def test_the_folder_keeps_the_practices_client_so_that_handbill_up_goes_on_with_it(played):
    assert {one["id"] for one in played["seen"]} == {end.claim["id"] for end in played["ends"].values()}


def test_the_totals_are_those_of_the_table(played):
    sums = {name: sum(end.claim["money"][name] for end in played["ends"].values()) for name in MONEY}
    assert sums == {name: EXPECTED["totals"][name] for name in MONEY}


def test_no_cent_is_unexplained(played):
    assert unexplained(list(played["ends"].values())) == []


def test_the_ledger_of_every_claim_adds_up_to_its_balances(played):
    for end in played["ends"].values():
        accounts = dict.fromkeys(("charges", "insurer", "patient", "paid", "written_off"), 0)
        for entry in played["ledgers"][end.claim["id"]]:
            accounts[entry["from_account"]] -= entry["amount_cents"]
            accounts[entry["to_account"]] += entry["amount_cents"]
        money = end.claim["money"]
        assert accounts == {
            "charges": -money["charge_cents"],
            "insurer": money["insurer_balance_cents"],
            "patient": money["patient_balance_cents"],
            "paid": money["paid_cents"],
            "written_off": money["written_off_cents"],
        }


def test_nothing_contractual_is_ever_a_patients(played):
    for entries in played["ledgers"].values():
        assert not [
            entry for entry in entries if entry["reason"].startswith("CO-") and entry["to_account"] == "patient"
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_day_has_messages_of_every_kind(played, kind):
    assert [name for name in played["files"] if f".{kind}." in name]


def test_every_file_that_pyx12_knows_is_accepted_by_it(played):
    """It has no map for the 277 that answers a 276 (005010X212)."""
    checked = 0
    for name, content in played["files"].items():
        if ".TA1." not in name and ".277." not in name:
            assert not pyx12_findings(content), name
            checked += 1
    assert checked >= 8


def test_each_claim_went_out_once_and_was_taken_once(played):
    sent = [number for name, text in played["files"].items() if ".837P." in name for number in claim_numbers(text)]
    submitted = [end for end in played["ends"].values() if end.claim["state"] != "blocked"]
    assert len(sent) == len(set(sent)) == len(submitted)
    assert set(sent) == {end.claim["claim_number"] for end in submitted}


def test_the_feed_has_no_gaps_and_no_names(played):
    assert [event["sequence"] for event in played["events"]] == list(range(1, len(played["events"]) + 1))
    text = repr(played["events"])
    assert not [name for name in names(played["practice"]) if name in text]


def test_payers_without_a_270_route_answer_not_available(played):
    statuses = {end.claim["payer_name"]: end.check_status for end in played["ends"].values()}
    assert statuses["Washington L and I"] == statuses["Evergreen Auto Casualty"] == "not_available"
    assert statuses["Cascade Mutual Health"] == "answered"


@pytest.mark.safeguard("164.312(a)(2)(iv)", "164.312(e)(1)")
def test_no_name_member_id_or_birth_date_rests_in_the_clear(played):
    practice = played["practice"]
    canaries = {value: standing_alone(value.encode()) for value in phi(practice)}
    places = {file.name for file in played["stored"]}
    assert {"claims.sqlite", "eligibility.sqlite", "notes.sqlite", "claims-workflows.sqlite"} <= places
    assert any(name.endswith(".log") for name in places)
    assert any(name.endswith("-wal") for name in places)
    leaks = [
        (str(file), value)
        for file, content in played["stored"].items()
        for value, canary in canaries.items()
        if value.encode() in content and canary.search(content)
    ]
    assert leaks == []


def standing_alone(value):
    """A short name comes about by chance within the letters of a sealed value, but not with an end on either side."""
    return re.compile(rb"(?<![A-Za-z0-9+/])" + re.escape(value) + rb"(?![A-Za-z0-9+/])")


def test_the_readme_shows_the_report_as_it_is_printed(played):
    printed = StringIO()
    print_report(Console(file=printed, width=PLAIN_WIDTH), played["practice"], list(played["ends"].values()))
    lines = {line.strip() for line in printed.getvalue().splitlines()}
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    shown = [
        line for line in readme.splitlines() if re.match(r"\d{4} \d\d-\d\d |(all visits|paid|denied|blocked) +\d", line)
    ]
    assert len(shown) >= 9
    assert [line for line in shown if line.strip() not in lines] == []


def claim_numbers(text):
    return re.findall(r"~\s*CLM\*([^*]+)\*", text)


def names(practice):
    return [patient["name"][part] for patient in practice.things["patients"] for part in ("first", "last")]


def phi(practice):
    """Names as typed and as they travel, member ids, birth dates in the forms that they travel in, a note's words."""
    people = {name for patient in practice.things["patients"] for name in (patient["name"]["last"],)}
    people |= {name.upper() for name in people}
    members = {coverage["member_id"] for coverage in practice.things["coverages"]}
    births = {patient["birth_date"] for patient in practice.things["patients"]}
    births |= {date.fromisoformat(birth).strftime("%Y%m%d") for birth in births}
    words = {visit.note["subjective"]["complaint"][:40] for visit in practice.visits}
    return people | members | births | words
