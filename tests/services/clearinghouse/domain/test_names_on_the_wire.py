"""A member is found by the name that is on the wire, whatever letters the payer's own file has; and so is answered."""

from dataclasses import replace
from datetime import date

import pytest

from services.clearinghouse.domain.accumulators import Used
from services.clearinghouse.domain.edits import Arrival, member_of
from services.clearinghouse.domain.messages.eligibility_response import benefits_of, find_member
from services.clearinghouse.domain.payer_configuration import match_key
from services.clearinghouse.domain.submitted_claim import PatientIdentity
from shared import x12
from shared.wire.basic_character_set import to_basic
from tests.services.clearinghouse.factories import PAYER, claim, member

TODAY = date(2026, 5, 4)
NAMES = [("Łukasz", "LUKASZ"), ("Weiß", "WEISS"), ("D’Angelo", "D'ANGELO")]


def payer_with(last_name):
    named = member(first_name="Zoë", last_name=last_name)
    return replace(PAYER, members=(named,)), named


def question(named):
    party = x12.Party(
        entity="IL",
        kind="1",
        name=to_basic(named.last_name),
        id_qualifier="MI",
        id=named.id,
        birth_date=named.birth_date,
    )
    source = x12.InformationSource(party=x12.Party(entity="PR", kind="2", name="PAYER", id_qualifier="PI", id=PAYER.id))
    receiver = x12.InformationReceiver(
        party=x12.Party(entity="1P", kind="2", name="PRACTICE", id_qualifier="XX", id="1487302659")
    )
    return x12.EligibilityInquiry(source=source, receiver=receiver, subscriber=x12.Member(party=party))


@pytest.mark.parametrize(("last_name", "sent"), NAMES)
def test_a_270_with_the_name_as_it_is_sent_finds_the_member_and_the_271_writes_it_so(last_name, sent):
    payer, named = payer_with(last_name)
    inquiry = question(named)
    assert inquiry.subscriber.party.name == sent
    assert find_member(payer, inquiry) is named
    answered = benefits_of(payer, named, Used(named, payer.opening_year, False), inquiry, TODAY).subscriber.party
    assert (answered.name, answered.first) == (sent, "ZOE")


@pytest.mark.parametrize(("last_name", "sent"), NAMES)
def test_a_claim_with_the_name_as_it_is_sent_is_the_members(last_name, sent):
    payer, named = payer_with(last_name)
    patient = replace(claim().patient, last_name=sent)
    assert isinstance(patient, PatientIdentity)
    assert member_of(Arrival(replace(claim(), patient=patient), payer, TODAY)) is named


def test_another_name_is_nobodys():
    payer, named = payer_with("Łukasz")
    inquiry = question(replace(named, last_name="Ukasz"))
    assert find_member(payer, inquiry) == "73"


def test_names_are_compared_by_their_letters_and_digits_as_they_are_written():
    assert match_key("O'Brien-Łódź 3rd") == match_key("OBRIEN LODZ 3RD") == "OBRIENLODZ3RD"
