"""Payer files: every mistake is named with file, key and fix, all at once, and the sample practice's files are good."""

from pathlib import Path

import pytest

from services.clearinghouse.domain.payer_configuration import PayerTransaction, Sharing
from services.clearinghouse.domain.payer_file import PayerFileError, read_payer, read_payers
from tests.services.clearinghouse.factories import HEAD

DEMO = Path(__file__).parents[5] / "deploy" / "demo" / "payers"


def _problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PayerFileError) as caught:
        read_payer("p.toml", text)
    assert all(problem.file == "p.toml" and problem.fix for problem in caught.value.problems)
    return [(problem.key, problem.what) for problem in caught.value.problems]


def test_the_files_of_the_sample_practice_make_six_payers_with_unique_members():
    payers = read_payers({path.name: path.read_text() for path in sorted(DEMO.glob("*.toml"))})
    assert [payer.id for payer in payers] == ["CASCM", "EVGAC", "OLYMA", "RAINC", "VACCN", "WALNI"]
    ids = [member.id for payer in payers for member in payer.members]
    assert len(ids) == len(set(ids)) == 13
    assert {payer.id for payer in payers if not payer.takes(PayerTransaction.ELIGIBILITY)} == {"EVGAC", "WALNI"}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('id = "TEST1"', "", "payer.id"),
        ('program = "commercial"', 'program = "hmo"', "payer.program"),
        ("days_to_pay = 10", "days_to_pay = 0", "payer.days_to_pay"),
        ("days_to_pay = 10", "days_to_pay = true", "payer.days_to_pay"),
        ('tax_id = "910000999"', 'tax_id = "91-000"', "payer.tax_id"),
        ('phone = "2065550199"', 'phone = "call"', "payer.phone"),
        ('transactions = ["837P", "270"]', "transactions = []", "payer.transactions"),
        ('transactions = ["837P", "270"]', 'transactions = ["837I"]', "payer.transactions"),
        ("97124 = 3000", '97124 = "30.00"', "fees.97124"),
        ("97124 = 3000", "9712 = 3000", "fees.9712"),
        ('name = "Plan"', 'name = "Plan"\ncopay_cents = -1', "plans[0].copay_cents"),
        ('name = "Plan"', 'name = "Plan"\nauthorization = "maybe"', "plans[0].authorization"),
        ('name = "Plan"', 'name = "Plan"\nauthorization = { from_visit = 0 }', "plans[0].authorization.from_visit"),
        ('name = "Plan"', 'name = "Plan"\nauthorization = { from_visit = 7, form_visit = 9 }',
         "plans[0].authorization.form_visit"),
        ('name = "Plan"', 'name = "Plan"\ncost_sharing = ["copay"]', "plans[0].cost_sharing"),
        ('name = "Plan"', 'name = "Plan"\nmassage_covered = "yes"', "plans[0].massage_covered"),
        ("birth_date = 1980-05-05", 'birth_date = "1980-05-05"', "members[0].birth_date"),
        ('id = "M1"', f'id = "{"M" * 21}"', "members[0].id"),
        ('sex = "F"', 'sex = "X"', "members[0].sex"),
        ('plan = "P"', 'plan = "Q"', "members[0].plan"),
        ('plan = "P"', 'plan = "P"\nrelation = "spouse"', "members[0].subscriber"),
        ('plan = "P"', 'plan = "P"\nsubscriber = { last_name = "A", first_name = "B", birth_date = 1970-01-01 }',
         "members[0].subscriber"),
        ("effective_from = 2025-01-01", "effective_from = 2025-01-01\neffective_to = 2024-01-01",
         "members[0].effective_to"),
        ('zip = "981011234"', "zip = 98101", "payer.address.zip"),
    ],
)  # fmt: skip
def test_one_mistake_is_named_by_its_key(old, new, key):
    assert [found for found, _what in _problems(HEAD.replace(old, new))] == [key]


def test_a_plan_shares_costs_in_the_order_in_which_its_file_names_the_steps():
    ordered = HEAD.replace('name = "Plan"', 'name = "Plan"\ncost_sharing = ["coinsurance", "copay", "deductible"]')
    assert read_payer("p.toml", ordered).plans[0].cost_sharing == (
        Sharing.COINSURANCE,
        Sharing.COPAY,
        Sharing.DEDUCTIBLE,
    )


def test_a_misspelt_key_is_a_mistake_that_offers_the_right_one():
    with pytest.raises(PayerFileError) as caught:
        read_payer("p.toml", HEAD.replace('name = "Plan"', 'name = "Plan"\ncopay_cent = 2500'))
    assert str(caught.value) == "p.toml: plans[0].copay_cent: Nobody knows this key. Did you mean copay_cents?"
    with pytest.raises(PayerFileError, match=r"Did you mean visit_limit\?"):
        read_payer("p.toml", HEAD.replace('name = "Plan"', 'name = "Plan"\nvisits_limit = 12'))


def test_all_mistakes_of_a_file_are_reported_at_once():
    text = HEAD.replace('sex = "F"', 'sex = "X"').replace("97124 = 3000", "97124 = -1").replace("WA", "Washington")
    assert [key for key, _what in _problems(text)] == ["members[0].sex", "fees.97124", "payer.address.state"]


def test_a_value_of_a_member_never_stands_in_a_message():
    text = HEAD.replace('last_name = "Holm"', 'last_name = " Secretname "')
    with pytest.raises(PayerFileError) as caught:
        read_payer("p.toml", text)
    assert "Secretname" not in str(caught.value)


def test_text_that_is_not_toml_is_named_as_such():
    assert _problems("[payer")[0][1].startswith("This is not TOML")


def test_a_reduction_needs_expenses_below_the_fees():
    reduced = HEAD.replace(
        "opening_year = 2026", "opening_year = 2026\nmultiple_procedure_reduction_basis_points = 5000"
    )
    assert [key for key, _what in _problems(reduced)] == ["practice_expense"]
    too_much = reduced.replace("[fees]", "[practice_expense]\n97124 = 9999\n\n[fees]")
    assert [key for key, _what in _problems(too_much)] == ["practice_expense.97124"]


def test_the_same_member_or_plan_twice_is_a_mistake():
    member = HEAD[HEAD.index("[[members]]") :]
    assert [key for key, _what in _problems(HEAD + member)] == ["members"]
    plan = '[[plans]]\nid = "P"\nname = "Again"\n\n[[members]]'
    assert [key for key, _what in _problems(HEAD.replace("[[members]]", plan))] == ["plans"]


def test_two_files_with_one_payer_id_and_an_empty_folder_are_mistakes():
    with pytest.raises(PayerFileError, match=r"b.toml: payer.id: Another file"):
        read_payers({"a.toml": HEAD, "b.toml": HEAD})
    with pytest.raises(PayerFileError, match="There is no payer file"):
        read_payers({})


def test_a_world_reports_the_mistakes_of_all_files():
    with pytest.raises(PayerFileError) as caught:
        read_payers({"a.toml": "[payer", "b.toml": HEAD.replace('sex = "F"', 'sex = "X"')})
    assert {problem.file for problem in caught.value.problems} == {"a.toml", "b.toml"}
