"""Any order and any repetition of the same messages ends in the same state, to the cent and to the next action."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.claims.store.tables import ClaimRow
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance, reversal_of, ta1

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
TOLD = ("state", "state_by", "outcome", "payer_claim_number", "lines", "adjustments", "money", "next_action")
EXAMPLES = 10
CHAINS = 6


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


def ends(scenario, place):
    """What a reader sees of the claim in the end, but for what names it."""
    scenario.money(place)
    claim = scenario.claim(place)
    # What the action's operation is sent to names the claim.
    del claim["next_action"]["operation"]
    return {name: claim[name] for name in TOLD}


def tell(scenario, messages):
    for content in messages:
        scenario.clearinghouse.deliver(content, "any")
    while not scenario.run().idle:
        pass


def test_the_same_messages_in_any_order_and_repeated_end_in_the_same_state(scenario):
    """One claim an order: they are alike but for their numbers and days."""
    scenario.send(EXAMPLES + 1)
    tell(scenario, story(scenario.number(0), 0))
    wanted = ends(scenario, 0)
    assert (wanted["outcome"], wanted["next_action"]["kind"]) == ("denied", "appeal")
    places = iter(range(1, EXAMPLES + 1))

    @settings(max_examples=EXAMPLES - 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(6)).flatmap(lambda order: st.tuples(st.just(order), st.sampled_from(order))))
    def in_any_order(drawn):
        order, repeated = drawn
        place = next(places, None)
        if place is None:
            return
        said = story(scenario.number(place), place)
        tell(scenario, [said[one] for one in (*order, repeated)])
        found = ends(scenario, place)
        assert found["payer_claim_number"] == "PAYER0001"
        assert found == wanted

    in_any_order()


def replaced(scenario, place):
    """A claim that the payer accepted and that was replaced: what is still to come of both its submissions."""
    first = sent_again(scenario, place, "correct")
    second = scenario.number(place)
    return [
        remittance(paid_in_part(first), trace=f"EFT{place}1"),
        accepted(second, payer_claim_number="ACK2"),
        remittance(reversal_of(paid_in_part(first)), trace=f"EFT{place}2", paid_on=date(2026, 3, 9)),
        remittance(denied(second, "50"), trace=f"EFT{place}3", paid_on=date(2026, 3, 9)),
    ]


def voided(scenario, place):
    """A claim that the payer accepted and that was voided: what is still to come of both its submissions."""
    first = sent_again(scenario, place, "void")
    return [
        remittance(paid_in_part(first), trace=f"EFT{place}1"),
        accepted(scenario.number(place)),
        remittance(reversal_of(paid_in_part(first)), trace=f"EFT{place}2", paid_on=date(2026, 3, 9)),
        accepted(first, payer_claim_number="ACK1"),
    ]


def sent_again(scenario, place, verb):
    """Correct or void an accepted claim and send it; its first number."""
    claim, first = scenario.claims[place], scenario.number(place)
    scenario.receive(accepted(first, payer_claim_number="ACK1"))
    answer = scenario.api.post(f"/v1/claims/{claim['id']}/{verb}", {"reason": "Another modifier was meant."})
    assert answer.status_code == 200, answer.text
    if verb == "correct":
        assert scenario.api.submit(claim["id"]).status_code == 202
    scenario.run()
    return first


def chain(scenario, place):
    """The claim's submissions, but for what names them."""
    items = scenario.api.get(f"/v1/claims/{scenario.claims[place]['id']}/submissions").json()["items"]
    named = {"claim_number", "file_id", "submitted_at"}
    return [{name: value for name, value in one.items() if name not in named} for one in items]


@sqlite_only
@pytest.mark.parametrize(
    ("story_of", "money", "wanted"),
    [
        (replaced, (0, 0, 0, 18_200), ("adjudicated", None, "denied", "appeal")),
        (voided, (0, 0, 0, 0), ("voided", None, "none", "none")),
    ],
)
def test_a_history_with_a_replacement_or_a_void_ends_alike_in_any_order(scenario, story_of, money, wanted):
    """The ledger balances after every message, and whatever comes twice changes nothing."""
    scenario.send(CHAINS)
    found, places = [], iter(range(CHAINS))

    @settings(max_examples=CHAINS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(4)).flatmap(lambda order: st.tuples(st.just(order), st.sampled_from(order))))
    def in_any_order(drawn):
        place = next(places, None)
        if place is None:
            return
        order, repeated = drawn
        said = story_of(scenario, place)
        for one in (*order, repeated):
            tell(scenario, [said[one]])
            scenario.money(place)
        found.append((ends(scenario, place), chain(scenario, place)))

    in_any_order()
    assert [one for one in found if one != found[0]] == []
    claim = found[0][0]
    assert scenario.money() == money
    assert (claim["state"], claim["state_by"], claim["outcome"], claim["next_action"]["kind"]) == wanted


@sqlite_only
@pytest.mark.parametrize("order", ["PRC", "CRP", "RPC", "RCP", "CPR", "PCR"])
def test_a_correction_may_come_before_between_and_after(scenario, order):
    scenario.send()
    number = scenario.number()
    first = paid_in_part(number)
    said = {
        "P": remittance(first, trace="EFT0001"),
        "R": remittance(reversal_of(first), trace="EFT0002"),
        "C": remittance(denied(number), trace="EFT0003"),
    }
    tell(scenario, [said[one] for one in order])
    claim = scenario.claim()
    assert (scenario.money(), claim["outcome"]) == ((0, 0, 0, 18_200), "denied")
    assert claim["next_action"]["rule"] == "adjustment_correct_claim" or claim["next_action"]["kind"] == "appeal"


@sqlite_only
def test_a_reversal_before_what_it_reverses_is_no_denial(scenario):
    scenario.send()
    first = paid_in_part(scenario.number())
    tell(scenario, [remittance(reversal_of(first), trace="EFT0002")])
    claim = scenario.claim()
    assert (claim["outcome"], claim["next_action"]["rule"]) == ("reversed", "reversal")
    tell(scenario, [remittance(first, trace="EFT0001")])
    assert scenario.money() == (0, 0, 0, 18_200)
    assert scenario.claim()["outcome"] == "reversed"


def test_messages_before_the_receipt_count_as_well(scenario):
    """The reply was lost, but the acknowledgements come."""
    scenario.submit()
    scenario.clearinghouse.orders = ["lose_reply"]
    scenario.run()
    tell(scenario, [accepted(scenario.number())])
    assert scenario.claim()["state"] == "accepted"
    assert (scenario.files()[0]["state"], len(scenario.clearinghouse.tries)) == ("sent", 1)
    assert scenario.rows(ClaimRow)[0].state == "accepted_by_payer"
