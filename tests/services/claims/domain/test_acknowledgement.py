"""What a 277CA status says of a claim."""

import pytest

from services.claims.domain.acknowledgement import verdict
from services.claims.domain.lifecycle import ClaimEvent
from shared import x12


def said(category, code="20", entity="PR"):
    return verdict(entity, x12.Status(codes=(x12.StatusCode(category=category, code=code),), action="WQ"))


def test_received_is_not_accepted():
    assert said("A1").event is None
    assert not said("A1").ask


def test_the_same_category_means_another_thing_from_payer_and_clearinghouse():
    assert said("A2").event is ClaimEvent.ACCEPTED_BY_PAYER
    assert said("A2", entity="AY").event is ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE
    assert said("A7").event is ClaimEvent.REJECTED_BY_PAYER
    assert said("A7", entity="AY").event is ClaimEvent.REFUSED_BY_CLEARINGHOUSE


def test_a_split_claim_is_an_accepted_one():
    """A5: the payer goes on with it in parts."""
    assert (said("A5").event, said("A5").ask) == (ClaimEvent.ACCEPTED_BY_PAYER, False)
    assert said("A5", entity="AY").event is ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE


def test_forwarded_is_no_news():
    assert (said("A0").event, said("A0").ask) == (None, False)


@pytest.mark.parametrize("category", ["A3", "A6", "A7", "A8"])
def test_a_rejection_says_who_what_and_which_code(category):
    sentence = said(category, "164").sentence
    assert "payer" in sentence
    assert "member id" in sentence
    assert f"{category}-164" in sentence
    assert not said(category, "164").ask, "the rejection itself says what to do"


def test_a_rejection_speaks_of_the_subscriber_whoever_that_is():
    expected = "The payer's answer: returned, not processed; look at the subscriber and the member id (A3-33)."
    assert said("A3", "33").sentence == expected


def test_a_rejection_with_a_code_we_do_not_know_still_names_the_code():
    assert "A7-999" in said("A7", "999").sentence


@pytest.mark.parametrize("category", ["A4", "E0", "E1", "D0", "Z9"])
def test_not_found_and_errors_leave_the_claim_and_ask_a_person(category):
    assert said(category).event is None
    assert said(category).ask
