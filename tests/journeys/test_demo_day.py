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
        claims = {claim["id"]: claim for end in ends for claim in end.claims}
        ledgers = {one: running.ehr.pages("claims", f"/v1/claims/{one}/ledger") for one in claims}
        sent = {one: running.ehr.get("claims", f"/v1/claims/{one}/submissions")["items"] for one in claims}
        accounts = running.ehr.get("claims", "/v1/provider-accounts")["items"]
        events = running.ehr.get("claims", "/v1/events", limit=200)["items"]
        token = fetch_token(running.settings, None, None, None)
        address = f"{url_of(running.settings, 'claims')}/v1/claims"
        seen = httpx.get(address, headers={"Authorization": f"Bearer {token}"}).json()["items"]
        stored = {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {
        "practice": practice,
        "ends": {end.visit.note_id: end for end in ends},
        "files": exchanged,
        "claims": claims,
        "ledgers": ledgers,
        "sent": sent,
        "accounts": {one["payer_name"].upper(): one for one in accounts},
        "events": events,
        "stored": stored,
        "seen": seen,
    }


@pytest.mark.parametrize("note_id", list(VISITS))
def test_every_visit_ends_as_it_was_worked_out_by_hand(played, note_id):
    assert found(played["ends"][note_id]) == by_hand(note_id)


def test_the_folder_keeps_the_practices_client_so_that_handbill_up_goes_on_with_it(played):
    assert {one["id"] for one in played["seen"]} == set(played["claims"])


def test_the_totals_are_those_of_the_table(played):
    sums = {name: sum(end.money[name] for end in played["ends"].values()) for name in MONEY}
    assert sums == {name: EXPECTED["totals"][name] for name in MONEY}


def test_no_cent_is_unexplained(played):
    assert unexplained(list(played["ends"].values())) == []


def test_the_ledger_of_every_claim_adds_up_to_its_balances(played):
    names = ("charges", "insurer", "patient", "paid", "written_off", "other_payers")
    for claim_id, claim in played["claims"].items():
        accounts = dict.fromkeys(names, 0)
        for entry in played["ledgers"][claim_id]:
            accounts[entry["from_account"]] -= entry["amount_cents"]
            accounts[entry["to_account"]] += entry["amount_cents"]
        money = claim["money"]
        assert accounts == {
            "charges": -money["charge_cents"],
            "insurer": money["insurer_balance_cents"],
            "patient": money["patient_balance_cents"],
            "paid": money["paid_cents"],
            "written_off": money["written_off_cents"],
            "other_payers": money["other_payers_cents"],
        }


def ledger_of(played, note_id):
    """(claim of the visit, line, from, to, cents, reason), in the order of booking."""
    names = ("line_number", "from_account", "to_account", "amount_cents", "reason")
    return [
        (place, *(entry[name] for name in names))
        for place, claim in enumerate(played["ends"][note_id].claims, 1)
        for entry in played["ledgers"][claim["id"]]
    ]


def test_a_denied_claim_is_replaced_and_paid_to_the_cent(played):
    assert ledger_of(played, "note_0025") == [
        (1, 1, "charges", "insurer", 9_000, "charge"),
        (1, 1, "insurer", "paid", 5_128, "payment"),
        (1, 1, "insurer", "written_off", 2_590, "CO-45"),
        (1, 1, "insurer", "patient", 1_282, "PR-2"),
    ]
    claim = played["ends"]["note_0025"].claim
    assert [(one["frequency"], one["state"]) for one in played["sent"][claim["id"]]] == [
        ("1", "adjudicated"),
        ("7", "adjudicated"),
    ]
    assert [one["amount_cents"] for one in claim["adjustments"] if one["reason_code"] == "197"] == [9_000, -9_000]


def test_the_second_payer_pays_what_the_first_left_and_the_patient_nothing(played):
    assert ledger_of(played, "note_0026") == [
        (1, 1, "charges", "insurer", 13_500, "charge"),
        (1, 1, "insurer", "paid", 8_196, "payment"),
        (1, 1, "insurer", "written_off", 3_255, "CO-45"),
        (1, 1, "insurer", "patient", 2_049, "PR-2"),
        (1, 1, "patient", "other_payers", 2_049, "to_next_payer"),
        (2, 1, "charges", "insurer", 13_500, "charge"),
        (2, 1, "insurer", "other_payers", 11_451, "earlier_payers"),
        (2, 1, "insurer", "paid", 2_049, "payment"),
    ]
    assert [one["payer_name"] for one in played["ends"]["note_0026"].claims] == [
        "Cascade Mutual Health",
        "Rainier Choice Health",
    ]


def test_what_a_payer_takes_back_leaves_the_claim_and_is_carried_forward_in_its_account(played):
    """Cascade has paid all others as the table says, and 77.45 more that it will take from a later check."""
    back = [entry for entry in ledger_of(played, "note_0027") if entry[5] != "charge"]
    assert sorted(back) == [
        (1, 1, "insurer", "paid", 7_745, "payment"),
        (1, 1, "insurer", "patient", 2_500, "PR-3"),
        (1, 1, "insurer", "written_off", 3_255, "CO-45"),
        (1, 1, "paid", "insurer", 7_745, "payment"),
        (1, 1, "patient", "insurer", 2_500, "PR-3"),
        (1, 1, "written_off", "insurer", 3_255, "CO-45"),
    ]
    cascade = played["accounts"]["CASCADE MUTUAL HEALTH"]
    paid = sum(one["money"]["paid_cents"] for one in played["claims"].values() if one["payer_id"] == "pay_cascade")
    assert (-cascade["payments_cents"], cascade["forward_balance_cents"], cascade["deposits_cents"]) == (
        paid,
        -7_745,
        paid + 7_745,
    )


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
    submitted = [claim for claim in played["claims"].values() if claim["state"] != "blocked"]
    submissions = {one["claim_number"] for claim in submitted for one in played["sent"][claim["id"]]}
    assert len(sent) == len(set(sent)) == len(submissions)
    assert set(sent) == submissions


def test_the_feed_has_no_gaps_and_no_names(played):
    assert [event["sequence"] for event in played["events"]] == list(range(1, len(played["events"]) + 1))
    text = repr(played["events"])
    assert not [name for name in names(played["practice"]) if name in text]


def test_payers_without_a_270_route_answer_not_available(played):
    statuses = {end.claims[0]["payer_name"]: end.check_status for end in played["ends"].values()}
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
