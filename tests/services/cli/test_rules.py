"""`handbill rules`: every rule is listed and explained, and the page of them all is up to date."""

import json

from services.claims.domain.rules import RULES, rule_docs, rules_markdown
from services.cli.commands.rules import PAGE


def test_every_rule_is_listed_with_its_severity(handbill):
    lines = handbill("rules", "list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[one.severity.value, one.code] for one in RULES]
    assert json.loads(handbill("rules", "list", "--json").stdout) == rule_docs()


def test_a_rule_is_explained_with_fix_source_and_dates(handbill):
    shown = handbill("rules", "show", "pair_never_together").stdout
    for words in (
        "Indicator 0",
        "Leave the second procedure off the claim (`left_off`)",
        "NCCI",
        "from 1996-01-01",
        "block",
    ):
        assert words in shown
    assert json.loads(handbill("rules", "show", "pair_never_together", "--json").stdout)["severity"] == "block"


def test_each_source_is_shown_with_whom_it_speaks_for(handbill):
    shown = handbill("rules", "show", "first_care_too_late").stdout.splitlines()
    title = "Fla. Stat. 627.736, required personal injury protection benefits"
    assert f"source       {title}, (1)(a) (14 days) (State of Florida, 2024), for auto_pip in FL" in shown
    unconfirmed = handbill("rules", "show", "diagnosis_sequela_first").stdout
    assert "section I.B.10 (CMS and NCHS, FY2026), for all programs; unconfirmed\n" in unconfirmed
    assert "source       Our own advice\n" in handbill("rules", "show", "technique_not_billed").stdout


def test_a_rule_that_is_none_is_said_so(handbill):
    done = handbill("rules", "show", "no_such_rule")
    assert (done.returncode, done.stdout) == (1, "")
    assert "handbill rules list" in done.stderr


def test_the_page_of_all_rules_is_up_to_date():
    assert PAGE.read_text() == rules_markdown(), "run: handbill rules docs"
