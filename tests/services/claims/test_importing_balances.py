"""Opening balances from a CSV file: a result for each row, nothing twice, and no row keeps another out."""

import pytest

from tests.services.claims.factories import BILLER, COVERAGE, THERAPIST

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HEADER = (
    "Reference,coverage_id,therapist_id,date_of_service,submitted_on,remitted_on,claim_number,procedure_code,units,"
    "charge,paid,written_off,patient,insurer,patient_reason_code,open_group,open_reason_code"
)
OF_FILE = {"as_of": "2026-02-28", "source": "Aged receivables of 2026-02-28", "actor": BILLER}


def row(reference, day, rest, coverage=COVERAGE):
    return f"{reference},{coverage},{THERAPIST},2026-02-{day},2026-02-21,{rest}"


FILE = [
    HEADER,
    row("A-1", "18", "2026-02-25,AB-1,97124,4,180.00,112.45,42.55,25.00,,3,,"),
    row("A-1", "18", '2026-02-25,AB-1,97110,1,"$1,047.00",,,,1047,,CO,50'),
    row("A-2", "19", ",AB-2,97124,4,180.00,,,,180.00,,,"),
    row("A-3", "20", ",AB-3,97124,4,180.00,,,,179.99,,,"),
    row("A-4", "17", ",AB-4,97124,four,180.00,,,,180.00,,,"),
    row("A-5", "16", ",AB-5,97124,4,12.345,,,,180.00,,,"),
    row("A-6", "15", ",AB-6,97124,4,180.00,,,,180.00,,,", coverage="cov_nobody"),
    row("A-7", "14", ",AB-7,97124,4,180.00,,,,180.00,,,"),
    row("A-7", "13", ",AB-7,97110,1,47.00,,,,47.00,,,"),
    row("A-8", "31", ",AB-8,97124,4,180.00,,,,180.00,,,"),
    row("A-9", "12", ",AB-2,97124,4,180.00,,,,180.00,,,"),
    row("A-10", "11", f",AB-10,97124,{'9' * 5000},180.00,,,,180.00,,,"),
    "A-11",
]


def imported(office, rows, **changed):
    return office.post("/v1/opening-balances/import", {"csv": "\n".join(rows) + "\n", **OF_FILE, **changed})


def test_each_row_says_what_came_of_it_and_a_file_may_come_again(office):
    found = imported(office, FILE)
    assert found.status_code == 200, found.text
    assert {name: found.json()[name] for name in ("entered", "entered_before", "rejected")} == {
        "entered": 2,
        "entered_before": 0,
        "rejected": 9,
    }
    rows = found.json()["rows"]
    assert [(one["row"], one["result"], one["column"], one["code"]) for one in rows] == [
        (2, "entered", None, None),
        (3, "entered", None, None),
        (4, "entered", None, None),
        (5, "rejected", "charge", "opening_out_of_balance"),
        (6, "rejected", "units", "value_malformed"),
        (7, "rejected", "charge", "amount_unreadable"),
        (8, "rejected", "coverage_id", "coverage_not_found"),
        (9, "rejected", "date_of_service", "rows_differ"),
        (10, "rejected", "date_of_service", "rows_differ"),
        (11, "rejected", "date_of_service", "value_malformed"),
        (12, "rejected", "claim_number", "claim_number_taken"),
        (13, "rejected", "units", "value_malformed"),
        (14, "rejected", "coverage_id", "value_malformed"),
    ]
    assert all(one["fix"] and one["message"] for one in rows if one["result"] == "rejected")
    assert [one["claim_id"] is None for one in rows] == [False] * 3 + [True] * 10
    assert rows[0]["claim_id"] == rows[1]["claim_id"] != rows[2]["claim_id"]
    claim = office.claim(rows[0]["claim_id"])
    assert [(one["procedure_code"], one["units"], one["charge_cents"]) for one in claim["lines"]] == [
        ("97124", 4, 18_000),
        ("97110", 1, 104_700),
    ]
    balances = claim["money"]
    assert (balances["paid_cents"], balances["patient_balance_cents"], balances["insurer_balance_cents"]) == (
        11_245,
        2_500,
        104_700,
    )
    assert claim["next_action"]["kind"] == "appeal"
    mended = [FILE[0], *FILE[1:4], FILE[4].replace("179.99", "180.00")]
    again = imported(office, mended)
    assert [(one["row"], one["result"]) for one in again.json()["rows"]] == [
        (2, "entered_before"),
        (3, "entered_before"),
        (4, "entered_before"),
        (5, "entered"),
    ]
    assert [one["claim_id"] for one in again.json()["rows"]][:3] == [one["claim_id"] for one in rows[:3]]
    assert len(office.get("/v1/claims").json()["items"]) == 3
    assert len(office.get("/v1/opening-balances?limit=2").json()["items"]) == 2


def test_what_is_no_such_file_is_refused_whole(office):
    many = [HEADER, *(row(f"B-{place}", "20", ",,97124,4,1.00,,,,1.00,,,") for place in range(101))]
    long = [HEADER, *(row("B-1", "20", ",,97124,4,1.00,,,,1.00,,,") for _ in range(501))]
    for csv, said in (
        (["reference,charge", "A-1,1.00"], "It has no column `coverage_id`."),
        ([HEADER + ",colour", FILE[1] + ",red"], "It has columns that are not known."),
        ([HEADER, '"A-1'], "It is no CSV."),
        (many, "It has 101 claims; 100 is the most."),
        (long, "It has 501 rows; 500 is the most."),
    ):
        refused = imported(office, csv)
        assert refused.status_code == 422, refused.text
        assert [(one["pointer"], one["message"]) for one in refused.json()["errors"]] == [("/body/csv", said)]
    assert office.get("/v1/opening-balances").json()["items"] == []
