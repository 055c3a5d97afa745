"""Remittances in any order and repeated, broken ones among them: the same claim and the same account."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.claims.fake_clearinghouse import denied, paid_in_part, remittance, reversal_of
from tests.services.claims.test_order_of_messages import ends, tell

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
EXAMPLES = 8


def story(number):
    """A payment whole, out of balance and half-written, its reversal, a correction that denies, and no X12 at all."""
    first = paid_in_part(number)
    whole = remittance(first, trace=f"{number}1", provider=(("L6", -12),))
    later = {"paid_on": date(2026, 3, 9)}
    return [
        whole,
        remittance(first, trace=f"{number}1", total_cents=1),
        whole[: whole.rindex("SVC") + 12],
        remittance(reversal_of(first), trace=f"{number}2", **later),
        remittance(denied(number, "50"), trace=f"{number}3", **later),
        f"<html>{number}</html>",
    ]


def account(scenario):
    [found] = scenario.api.get("/v1/provider-accounts").json()["items"]
    return {name: cents for name, cents in found.items() if name.endswith("_cents")}


def test_any_order_and_repetition_of_six_remittances_ends_in_the_same_claim_and_account(scenario):
    scenario.send(EXAMPLES + 1)
    tell(scenario, story(scenario.number(0)))
    wanted, booked = ends(scenario, 0), account(scenario)
    assert (wanted["outcome"], wanted["next_action"]["kind"]) == ("denied", "appeal")
    assert {name: cents for name, cents in booked.items() if cents} == {
        "deposits_cents": 11_457,
        "interest_cents": -12,
        "forward_balance_cents": -11_445,
    }
    places = iter(range(1, EXAMPLES + 1))
    told = []

    @settings(max_examples=EXAMPLES - 2, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.permutations(range(6)).flatmap(lambda order: st.tuples(st.just(order), st.sampled_from(order))))
    def in_any_order(drawn):
        order, repeated = drawn
        place = next(places, None)
        if place is None:
            return
        said = story(scenario.number(place))
        tell(scenario, [said[one] for one in (*order, repeated)])
        told.append(place)
        assert ends(scenario, place) == wanted
        assert account(scenario) == {name: cents * (len(told) + 1) for name, cents in booked.items()}

    in_any_order()
