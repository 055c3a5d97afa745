"""A claim moves by the table and by nothing else."""

from itertools import product

import pytest

from services.clearinghouse.domain.lifecycle import TRANSITIONS, Event, State, TransitionNotAllowed, after


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)))
def test_a_move_is_in_the_table_or_forbidden(state, event):
    if (state, event) in TRANSITIONS:
        assert after(state, event) is TRANSITIONS[state, event]
    else:
        with pytest.raises(TransitionNotAllowed):
            after(state, event)


def test_a_rejected_claim_is_never_adjudicated():
    assert not [move for move in TRANSITIONS if move[0] is State.REJECTED]
