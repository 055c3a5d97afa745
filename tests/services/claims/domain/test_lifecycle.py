"""The claim's life: one table moves it, any order of the same news ends in the same state."""

from itertools import permutations

import pytest

from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, EDITABLE, Event, State
from shared.transition_table import NotAllowed

NEWS = (
    Event.REFUSED_BY_CLEARINGHOUSE,
    Event.ACCEPTED_BY_CLEARINGHOUSE,
    Event.ACCEPTED_BY_PAYER,
    Event.REJECTED_BY_PAYER,
    Event.REMITTED,
)


def after(events):
    state = State.SUBMITTED
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
    assert all(after([event, Event.REMITTED]) is State.ADJUDICATED for event in NEWS)


def test_a_payers_rejection_outweighs_its_acceptance_and_the_clearinghouse():
    assert after(NEWS[:4]) is State.REJECTED_BY_PAYER


def test_a_rejected_claim_was_never_adjudicated_and_can_be_mended():
    assert CLAIM_LIFECYCLE.step(State.REJECTED_BY_PAYER, Event.FOUND_CLEAN) is State.READY
    assert CLAIM_LIFECYCLE.step(State.REJECTED_BY_CLEARINGHOUSE, Event.FOUND_BLOCKED) is State.BLOCKED


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.BLOCKED, Event.SUBMIT),
        (State.SUBMITTED, Event.SUBMIT),
        (State.SUBMITTED, Event.VOID),
        (State.ADJUDICATED, Event.VOID),
        (State.ADJUDICATED, Event.FOUND_CLEAN),
        (State.VOIDED, Event.REMITTED),
    ],
)
def test_what_the_table_does_not_hold_is_not_allowed(state, event):
    with pytest.raises(NotAllowed) as refused:
        CLAIM_LIFECYCLE.step(state, event)
    assert (refused.value.state, refused.value.event) == (state, event)


def test_a_claim_in_somebody_elses_hands_is_not_edited():
    in_hands = {State.SUBMITTED, State.ACCEPTED_BY_CLEARINGHOUSE, State.ACCEPTED_BY_PAYER, State.ADJUDICATED}
    assert not in_hands & EDITABLE


def test_states_say_by_whom():
    assert State.ACCEPTED_BY_PAYER.wire == ("accepted", "payer")
    assert State.READY.wire == ("ready", None)
