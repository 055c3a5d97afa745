"""The demo's tables fit the terminal: every width shows whole amounts, and a wider one shows more."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from rich.console import Console

from services.cli.demo.day import VisitEnd
from services.cli.demo.practice import SamplePractice, Visit
from services.cli.demo.report import print_report, unexplained
from shared.money import format_dollars

ENDS = (
    ("0001", "Cascade Mutual Health", "paid", "", "paid", (13500, 7745, 3255, 2500, 0), "bill_patient"),
    ("0013", "Cascade Mutual Health", "blocked", "", "none", (13800, 0, 0, 0, 13800), "fix_claim"),
    ("0020", "Washington L and I", "rejected", "clearinghouse", "none", (13500, 0, 0, 0, 13500), "fix_and_resubmit"),
    ("0024", "Olympic Advantage", "adjudicated", "", "partly_paid", (999999, 500000, 100000, 199999, 200000), "appeal"),
)
HEADINGS = {
    80: ["visit", "payer", "state", "charge", "paid", "patient"],
    120: ["visit", "payer", "state", "charge", "paid", "patient", "next action"],
    160: ["visit", "payer", "state", "lines", "charge", "paid", "written off", "patient", "insurer", "next action"],
}
AMOUNTS = {
    80: ("charge_cents", "paid_cents", "patient_balance_cents"),
    120: ("charge_cents", "paid_cents", "patient_balance_cents"),
    160: ("charge_cents", "paid_cents", "written_off_cents", "patient_balance_cents", "insurer_balance_cents"),
}


def visit_end(note_id, payer, state, state_by, outcome, cents, action):
    members = ("charge_cents", "paid_cents", "written_off_cents", "patient_balance_cents", "insurer_balance_cents")
    claim = {
        "date_of_service": "2026-04-20",
        "payer_name": payer,
        "state": state,
        "state_by": state_by,
        "outcome": outcome,
        "lines": [
            {"procedure_code": "97124", "modifiers": ["GP", "59"], "units": 2},
            {"procedure_code": "97140", "modifiers": [], "units": 1},
        ],
        "money": {**dict(zip(members, cents, strict=True)), "patient_paid_cents": 0, "other_payers_cents": 0},
        "next_action": {"kind": action, "owner": "biller", "due_on": "2026-05-04", "reason": "A reason."},
    }
    return VisitEnd(Visit(f"note_{note_id}", "cov_1", True, {}), (claim,), "answered")


@pytest.fixture(scope="module")
def ends():
    return [visit_end(*end) for end in ENDS]


def printed(ends, width, **terminal):
    out = StringIO()
    starts = datetime(2026, 5, 4, tzinfo=UTC)
    practice = SamplePractice("Salal Street Bodywork", "America/Los_Angeles", starts, {}, {}, (), ())
    print_report(Console(file=out, width=width, **terminal), practice, ends)
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 99, 100, 120, 159, 160, 200])
def test_nothing_is_cut_off_and_no_table_is_wider_than_the_terminal(ends, width):
    text = printed(ends, width)
    assert "…" not in text
    assert max(map(len, text.partition("What to do next")[0].splitlines())) <= width


@pytest.mark.parametrize("width", [80, 120, 160])
def test_every_row_of_the_visits_has_its_amounts_whole_and_wider_terminals_show_more_columns(ends, width):
    lines = [line.strip() for line in printed(ends, width).splitlines()]
    heading = next(line for line in lines if line.startswith("visit"))
    assert [name.strip() for name in heading.split("  ") if name.strip()] == HEADINGS[width]
    for end in ends:
        row = next(line for line in lines if line.startswith(f"{end.visit.note_id.removeprefix('note_')} 04-20"))
        money = end.claim["money"]
        amounts = [format_dollars(money[name]) if money[name] else "-" for name in AMOUNTS[width]]
        assert [cell for cell in row.split() if cell == "-" or cell.startswith("$")] == amounts
        assert (end.claim["next_action"]["kind"] in row) is (width >= 120)


@pytest.mark.parametrize("width", [80, 120, 160])
def test_the_totals_are_whole_sums(ends, width):
    lines = [line.strip() for line in printed(ends, width).splitlines()]
    row = next(line for line in lines if line.startswith("all visits"))
    sums = [sum(end.claim["money"][name] for end in ends) for name in AMOUNTS[width]]
    assert row.split() == ["all", "visits", str(len(ends)), *(format_dollars(cents) for cents in sums)]


@pytest.mark.parametrize("width", [80, 120, 160])
def test_a_visit_of_two_payers_is_one_row_with_its_charge_once(width):
    """135.00: the first payer paid 81.96 and left 20.49, which the second paid of the 135.00 that it was billed."""
    first = visit_end("0026", "Cascade Mutual", "adjudicated", "", "paid", (13500, 8196, 3255, 0, 0), "none")
    second = visit_end("0026", "Rainier Choice", "adjudicated", "", "paid", (13500, 2049, 0, 0, 0), "none")
    first.claim["money"]["other_payers_cents"], second.claim["money"]["other_payers_cents"] = 2_049, 11_451
    both = replace(first, claims=(*first.claims, *second.claims))
    for claim in both.claims:
        claim["lines"], claim["adjustments"] = [{"charge_cents": 13_500, **claim["lines"][0]}], []
    assert unexplained([both]) == []
    text = " ".join(printed([both], width).split())
    assert "Cascade Mutual, then" in text
    row = next(line for line in printed([both], width).splitlines() if "0026 04-20" in line)
    shown = [cell for cell in row.split() if cell == "-" or cell.startswith("$")]
    assert shown[:2] == ["$135.00", "$102.45"]
    assert set(shown[2:]) <= {"-", "$32.55"}


@pytest.mark.parametrize("width", [80, 100])
def test_every_usual_visit_stands_on_one_line(ends, width):
    usual = visit_end(
        "0007", "Evergreen Auto Casualty", "adjudicated", "", "paid", (13500, 7745, 3255, 2500, 0), "none"
    )
    row = next(line for line in printed([usual], width).splitlines() if "0007" in line)
    assert row.split()[2:8] == ["Evergreen", "Auto", "Casualty", "paid", "$135.00", "$77.45"]


def test_what_to_do_next_is_broken_between_words_on_a_terminal_and_nowhere_in_a_log():
    end = visit_end("0012", "Cascade Mutual Health", "blocked", "", "none", (13500, 0, 0, 0, 13500), "fix_claim")
    end.claim["next_action"]["reason"] = "A rule blocks the claim: coverage_not_active and 1 more."
    whole = f"note_0012 by 2026-05-04 fix_claim (biller): {end.claim['next_action']['reason']}"
    assert f"\n  {whole}\n" in printed([end], 80)
    told = printed([end], 80, force_terminal=True, color_system=None).partition("What to do next\n")[2].splitlines()
    assert told == [
        f"  {whole.removesuffix('coverage_not_active and 1 more.').rstrip()}",
        "      coverage_not_active and 1 more.",
    ]
