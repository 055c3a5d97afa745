"""Each edit turns back what it names and lets the rest through; the first of the list decides."""

from dataclasses import replace
from datetime import date

import pytest

from services.clearinghouse.domain.edits import (
    CLEARINGHOUSE_EDITS,
    PAYER_EDITS,
    Arrival,
    Rejection,
    first_rejection,
    member_of,
)
from services.clearinghouse.domain.payer_configuration import PayerTransaction
from services.clearinghouse.domain.submitted_claim import PatientIdentity
from tests.services.clearinghouse.factories import PAYER, claim, line, member

TODAY = date(2026, 5, 4)
ACCIDENT = {"related_causes": ("AA",), "accident_date": date(2026, 3, 14), "accident_state": "WA"}


def at_clearinghouse(billed, **facts):
    return first_rejection(CLEARINGHOUSE_EDITS, replace(Arrival(billed, PAYER, TODAY), **facts))


def at_payer(billed, payer=PAYER, **facts):
    return first_rejection(PAYER_EDITS, Arrival(billed, payer, TODAY, **facts))


def test_a_clean_claim_passes_both():
    assert at_clearinghouse(claim()) is None
    assert at_payer(claim()) is None
    assert at_clearinghouse(claim(**ACCIDENT)) is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"billing_npi": "1234567890"}, "A7:562:85"),
        ({"rendering_npi": ""}, "A7:562:82"),
        ({"frequency": "2"}, "A7:535:"),
        ({"charge_cents": 18001}, "A7:178:"),
        ({"lines": (), "charge_cents": 0}, "A7:178:"),
        ({"related_causes": ("EM",)}, "A7:248:"),
        ({**ACCIDENT, "accident_state": ""}, "A7:248:"),
        ({**ACCIDENT, "accident_date": None}, "A7:248:"),
        ({**ACCIDENT, "accident_date": date(2026, 4, 21)}, "A7:248:"),
    ],
)
def test_the_clearinghouse_turns_a_wrong_claim_back(facts, code):
    found = at_clearinghouse(replace(claim(), **facts))
    assert f"{found.category}:{found.status}:{found.entity}" == code


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"charge_cents": 0}, "178"),
        ({"units": None}, "476"),
        ({"service_date": None}, "187"),
        ({"service_date": date(2026, 5, 5)}, "187"),
    ],
)
def test_the_clearinghouse_turns_a_wrong_line_back(facts, status):
    assert at_clearinghouse(claim(replace(line(), **facts))) == Rejection("A7", status)


def test_an_accident_at_work_needs_no_state():
    assert at_clearinghouse(claim(related_causes=("EM",), accident_date=date(2026, 3, 1))) is None


def test_an_unknown_payer_or_one_without_claims_is_turned_back_first():
    wrong = claim(billing_npi="1")
    assert at_clearinghouse(wrong, payer=None) == Rejection("A3", "116", "PR")
    deaf = replace(PAYER, transactions=frozenset({PayerTransaction.ELIGIBILITY}))
    assert at_clearinghouse(wrong, payer=deaf) == Rejection("A3", "116", "PR")


def test_a_claim_number_is_taken_once():
    assert at_clearinghouse(claim(), seen_before=True) == Rejection("A3", "54")


def test_the_payer_finds_a_member_by_id_birth_date_and_last_name():
    born = date(1980, 5, 5)
    assert at_payer(claim(member_id="M2")) == Rejection("A3", "33", "IL")
    other_day = claim(patient=PatientIdentity("Ida", "Holm", date(1980, 5, 6)))
    assert at_payer(other_day) == Rejection("A7", "158", "QC")
    assert at_payer(claim(patient=PatientIdentity("Ida", "Berg", born))) == Rejection("A7", "125", "QC")
    assert at_payer(claim(patient=PatientIdentity("I", "HOLM", born))) is None


def test_twins_under_one_id_are_told_apart_by_name_only_where_names_differ():
    twin = member(first_name="Ole", last_name="Holm-Berg")
    family = replace(PAYER, members=(member(), twin))
    billed = claim(patient=PatientIdentity("Ole", "HOLM BERG", date(1980, 5, 5)))
    assert member_of(Arrival(billed, family, TODAY)) == twin


def test_a_payer_that_wants_its_own_claim_number_compares_letters_and_digits_only():
    wants = replace(PAYER, wants_claim_number=True, members=(member(claim_number="26-0314-7781"),))
    assert at_payer(claim(), wants) == Rejection("A7", "629")
    assert at_payer(claim(insurer_claim_number="26-0314-7782"), wants) == Rejection("A7", "629")
    assert at_payer(claim(insurer_claim_number="2603147781"), wants) is None


def test_a_payer_that_wants_a_referral_asks_who_sent_the_patient():
    wants = replace(PAYER, wants_referral=True)
    assert at_payer(claim(referring_named=False), wants) == Rejection("A6", "125", "DN")
    assert at_payer(claim(), wants) is None


@pytest.mark.parametrize("frequency", ["7", "8"])
def test_a_correction_names_a_claim_that_the_payer_has_decided(frequency):
    assert at_payer(claim(frequency=frequency)) == Rejection("A7", "464")
    assert at_payer(claim(frequency=frequency), original_known=True) is None
