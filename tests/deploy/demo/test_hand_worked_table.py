"""The hand-worked table agrees with itself: no cent of a charge is lost, and both its forms say the same."""

import re

import pytest

from tests.deploy.demo.practice_files import EXPECTED, by_id, expected, visits

TABLE = expected()
ROWS = TABLE["visits"]
EACH = pytest.mark.parametrize("row", ROWS, ids=[f"visit_{row['visit']:02}" for row in ROWS])
BALANCES = ("paid_cents", "written_off_cents", "patient_balance_cents", "insurer_balance_cents")
CONTRACTUAL = {"CO-45", "CO-59"}
COLUMNS = ("charge_cents", *BALANCES)


@EACH
def test_every_cent_of_the_charge_is_somewhere(row):
    assert row["charge_cents"] == sum(row[name] for name in BALANCES)
    billed = sum(line["charge_cents"] for line in row["lines"])
    assert row["charge_cents"] == (0 if row["state"] == "voided" else billed)


@EACH
def test_a_line_is_its_units_at_the_practices_one_fee(row):
    (schedule,) = by_id("fees.json").values()
    fees = {fee["procedure_code"]: fee["charge_cents"] for fee in schedule["fees"]}
    for line in row["lines"]:
        assert line["charge_cents"] == line["units"] * fees[line["procedure_code"]]


@EACH
def test_adjustments_go_where_their_group_and_code_say(row):
    said = row["adjustments_cents"]
    assert row["written_off_cents"] == sum(cents for code, cents in said.items() if code in CONTRACTUAL)
    assert row["patient_balance_cents"] == sum(cents for code, cents in said.items() if code.startswith("PR-"))
    if row["state"] == "adjudicated":
        assert row["charge_cents"] == row["paid_cents"] + sum(said.values())
        assert row["insurer_balance_cents"] == sum(cents for code, cents in said.items() if code in {"CO-50", "CO-197"})
    elif row["state"] == "voided":
        assert not said
        assert row["charge_cents"] == row["insurer_balance_cents"] == 0
    else:
        assert not said
        assert row["insurer_balance_cents"] == row["charge_cents"]


@EACH
def test_nothing_is_the_patients_in_comp_and_veterans_care(row):
    if row["payer_id"] in {"pay_wa_lni", "pay_va_care"}:
        assert row["patient_balance_cents"] == 0


@EACH
def test_a_row_speaks_of_the_visit_of_its_number(row):
    visit = visits()[row["visit"] - 1]
    assert (row["note_id"], row["coverage_id"]) == (visit["id"], visit["coverage_id"])
    assert row["patient_id"] == visit["note"]["patient_id"]
    assert row["payer_id"] == by_id("coverages.json")[visit["coverage_id"]]["payer_id"]
    assert row["date_of_service"] == visit["note"]["started_at"][:10]
    noted = {technique["procedure_code"] for technique in visit["note"]["techniques"]}
    assert {line["procedure_code"] for line in row["lines"]} <= noted


def test_the_totals_add_up():
    for name in COLUMNS:
        assert TABLE["totals"][name] == sum(row[name] for row in ROWS)
    assert TABLE["totals"]["visits"] == len(ROWS) == 27


def test_the_table_for_people_says_the_same_as_the_one_for_machines():
    text = (EXPECTED / "visits.md").read_text()
    rows = [[cell.strip() for cell in line.strip("| \n").split("|")] for line in text.splitlines() if line[:2] == "| "]
    table = {cells[0]: cells[1:] for cells in rows if re.fullmatch(r"\d+", cells[0])}
    assert len(table) == 27
    for row in ROWS:
        money = [_dollars(row[name]) for name in COLUMNS]
        assert table[str(row["visit"])] == [row["state"], row["outcome"], *money, row["next_action"]]
    total = next(cells for cells in rows if cells[0] == "all")
    assert total[3:8] == [_dollars(TABLE["totals"][name]) for name in COLUMNS]


@EACH
def test_the_arithmetic_of_each_visit_ends_in_its_row(row):
    text = (EXPECTED / "visits.md").read_text()
    section = text.split(f"### Visit {row['visit']}, {row['date_of_service']}, ")[1].split("\n##")[0]
    assert f"Next: {row['next_action']}." in section
    for name in COLUMNS:
        assert not row[name] or _dollars(row[name]) in section


def test_every_end_that_a_visit_can_come_to_is_there():
    ends = {(row["state"], row["outcome"]) for row in ROWS}
    assert ends == {
        ("adjudicated", "paid"),
        ("adjudicated", "zero_paid"),
        ("adjudicated", "denied"),
        ("rejected", "none"),
        ("blocked", "none"),
        ("voided", "none"),
    }
    blocked = sorted(rule for row in ROWS for rule in row["blocking_rules"])
    inactive = ["coverage_not_active", "coverage_reported_inactive"]
    assert blocked == [*inactive, "diagnosis_not_valid", "note_unsigned", "pair_never_together"]
    denied = {code for row in ROWS for code in row["adjustments_cents"] if code in {"CO-50", "CO-197"}}
    assert denied == {"CO-50", "CO-197"}
    assert "bill_secondary" in {row["next_action"] for row in ROWS}


def _dollars(cents):
    return f"{cents // 100}.{cents % 100:02}"
