"""Any order and any repetition of the same messages ends in the same state, to the cent and to the next action."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.claims.store.tables import ClaimRow
from tests.services.claims.peer import accepted, denied, paid_in_part, remittance, reversal_of, ta1

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TOLD = ("state", "state_by", "outcome", "payer_claim_number", "lines", "adjustments", "money", "next_action")
EXAMPLES = 10


def story(number, place):
    """All that is said of one claim: two acceptances, a payment, its reversal, and a correction that denies."""
    first = paid_in_part(number)
    return [
        accepted(number, "AY", on=date(2026, 3, 3)),
        accepted(number, "PR", payer_claim_number=f"ACK{place}"),
        remittance(first, trace="EFT0001"),
        remittance(reversal_of(first), trace="EFT0002", paid_on=date(2026, 3, 9)),
        remittance(denied(number, "50"), trace="EFT0003", paid_on=date(2026, 3, 9)),
        ta1("000000001"),
    ]


def ends(desk, place):
    """What a reader sees of the claim in the end, but for what names it."""
    desk.money(place)
    claim = desk.claim(place)
    return {name: claim[name] for name in TOLD}


def tell(desk, messages):
    for content in messages:
        desk.peer.say(content, "any")
    while not desk.run().idle:
        pass


def test_the_same_messages_in_any_order_and_repeated_end_in_the_same_state(desk):
    """One claim an order: they are alike but for their numbers and days."""
    desk.send(EXAMPLES + 1)
    tell(desk, story(desk.number(0), 0))
    wanted = ends(desk, 0)
    assert (wanted["outcome"], wanted["next_action"]["kind"]) == ("denied", "appeal")
    places = iter(range(1, EXAMPLES + 1))

    @settings(max_examples=EXAMPLES - 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(6)).flatmap(lambda order: st.tuples(st.just(order), st.sampled_from(order))))
    def in_any_order(drawn):
        order, repeated = drawn
        place = next(places, None)
        if place is None:
            return
        said = story(desk.number(place), place)
        tell(desk, [said[one] for one in (*order, repeated)])
        found = ends(desk, place)
        assert found["payer_claim_number"] == "PAYER0001"
        assert found == wanted

    in_any_order()


@sqlite_only
@pytest.mark.parametrize("order", ["PRC", "CRP", "RPC", "RCP", "CPR", "PCR"])
def test_a_correction_may_come_before_between_and_after(desk, order):
    desk.send()
    number = desk.number()
    first = paid_in_part(number)
    said = {
        "P": remittance(first, trace="EFT0001"),
        "R": remittance(reversal_of(first), trace="EFT0002"),
        "C": remittance(denied(number), trace="EFT0003"),
    }
    tell(desk, [said[one] for one in order])
    claim = desk.claim()
    assert (desk.money(), claim["outcome"]) == ((0, 0, 0, 18_200), "denied")
    assert claim["next_action"]["rule"] == "adjustment_correct_claim" or claim["next_action"]["kind"] == "appeal"


@sqlite_only
def test_a_reversal_before_what_it_reverses_is_no_denial(desk):
    desk.send()
    first = paid_in_part(desk.number())
    tell(desk, [remittance(reversal_of(first), trace="EFT0002")])
    claim = desk.claim()
    assert (claim["outcome"], claim["next_action"]["rule"]) == ("reversed", "reversal")
    tell(desk, [remittance(first, trace="EFT0001")])
    assert desk.money() == (0, 0, 0, 18_200)
    assert desk.claim()["outcome"] == "reversed"


def test_messages_before_the_receipt_count_as_well(desk):
    """The reply was lost, but the acknowledgements come."""
    desk.submit()
    desk.peer.orders = ["lose_reply"]
    desk.run()
    tell(desk, [accepted(desk.number())])
    assert desk.claim()["state"] == "accepted"
    assert (desk.files()[0]["state"], len(desk.peer.tries)) == ("sent", 1)
    assert desk.rows(ClaimRow)[0].state == "accepted_by_payer"
