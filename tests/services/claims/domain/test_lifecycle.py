"""The claim's life: one table moves it, any order of the same news ends in the same state."""

from itertools import permutations

import pytest

from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, EDITABLE, ClaimEvent, ClaimState
from shared.transition_table import NotAllowed

NEWS = (
    ClaimEvent.REFUSED_BY_CLEARINGHOUSE,
    ClaimEvent.ACCEPTED_BY_CLEARINGHOUSE,
    ClaimEvent.ACCEPTED_BY_PAYER,
    ClaimEvent.REJECTED_BY_PAYER,
    ClaimEvent.REMITTED,
)


def after(events):
    state = ClaimState.SUBMITTED
    for event in events:
        state = CLAIM_LIFECYCLE.step(state, event)
    return state


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_the_same_messages_in_any_order_end_in_the_same_state(size):
    for chosen in {tuple(sorted(some)) for some in permutations(NEWS, size)}:
        assert len({after(order) for order in permutations(chosen)}) == 1


@pytest.mark.parametrize("event", NEWS)
def test_a_message_that_comes_twice_changes_nothing_the_second_time(event):
    assert after([event, event]) is after([event])


def test_money_outweighs_every_earlier_verdict():
    assert all(after([event, ClaimEvent.REMITTED]) is ClaimState.ADJUDICATED for event in NEWS)


def test_a_payers_rejection_outweighs_its_acceptance_and_the_clearinghouse():
    assert after(NEWS[:4]) is ClaimState.REJECTED_BY_PAYER


def test_a_rejected_claim_was_never_adjudicated_and_can_be_mended():
    assert CLAIM_LIFECYCLE.step(ClaimState.REJECTED_BY_PAYER, ClaimEvent.FOUND_CLEAN) is ClaimState.READY
    assert CLAIM_LIFECYCLE.step(ClaimState.REJECTED_BY_CLEARINGHOUSE, ClaimEvent.FOUND_BLOCKED) is ClaimState.BLOCKED


@pytest.mark.parametrize("event", NEWS[:4])
def test_the_payers_reversal_voids_a_claim_whatever_it_has_said_to_the_void_and_whenever(event):
    taken_back = CLAIM_LIFECYCLE.step(after([event]), ClaimEvent.TAKEN_BACK)
    assert taken_back is ClaimState.VOIDED
    assert CLAIM_LIFECYCLE.step(taken_back, event) is taken_back
    assert CLAIM_LIFECYCLE.step(taken_back, ClaimEvent.DECIDED_AGAIN) is ClaimState.ADJUDICATED


@pytest.mark.safeguard("164.312(c)(1)")
@pytest.mark.parametrize(
    ("state", "event"),
    [
        (ClaimState.BLOCKED, ClaimEvent.SUBMIT),
        (ClaimState.SUBMITTED, ClaimEvent.SUBMIT),
        (ClaimState.SUBMITTED, ClaimEvent.VOID),
        (ClaimState.ADJUDICATED, ClaimEvent.VOID),
        (ClaimState.SUBMITTED, ClaimEvent.FOUND_CLEAN),
        (ClaimState.ACCEPTED_BY_CLEARINGHOUSE, ClaimEvent.VOID_SENT),
        (ClaimState.ADJUDICATED, ClaimEvent.WITHDRAWN_TO_ADJUDICATED),
        (ClaimState.READY, ClaimEvent.TAKEN_BACK),
        (ClaimState.VOIDED, ClaimEvent.VOID_SENT),
        (ClaimState.VOIDED, ClaimEvent.REMITTED),
    ],
)
def test_what_the_table_does_not_hold_is_not_allowed(state, event):
    with pytest.raises(NotAllowed) as refused:
        CLAIM_LIFECYCLE.step(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


def test_a_claim_in_somebody_elses_hands_is_not_edited():
    in_hands = {
        ClaimState.SUBMITTED,
        ClaimState.ACCEPTED_BY_CLEARINGHOUSE,
        ClaimState.ACCEPTED_BY_PAYER,
        ClaimState.ADJUDICATED,
    }
    assert not in_hands & EDITABLE


def test_states_say_by_whom():
    assert ClaimState.ACCEPTED_BY_PAYER.wire == ("accepted", "payer")
    assert ClaimState.READY.wire == ("ready", None)
