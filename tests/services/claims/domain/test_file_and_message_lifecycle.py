"""The tables of files and messages, whole; the diagrams of docs/lifecycles.md are drawn from the tables."""

from itertools import permutations
from pathlib import Path

import pytest

from services.claims.domain.appeals.lifecycle import APPEAL_LIFECYCLE
from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, UNSENT, FileEvent, FileState
from services.claims.domain.histories.history_lifecycle import HISTORY_LIFECYCLE
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE
from services.claims.domain.message_lifecycle import (
    MAX_TRIES,
    MESSAGE_LIFECYCLE,
    RECEIVED_LIFECYCLE,
    TO_APPLY,
    UNROUTED_LIFECYCLE,
    MessageEvent,
    MessageState,
    wait_after,
)
from services.claims.domain.remittances.payment_states import PAYMENT_LIFECYCLE
from shared.transition_table import NotAllowed

NEWS = (FileEvent.TAKEN, FileEvent.NOT_TAKEN, FileEvent.UNCLEAR, FileEvent.ACCEPTED, FileEvent.REFUSED)


@pytest.mark.parametrize(
    ("state", "after_each_event"),
    [
        # tried, taken, not_taken, unclear, turned_away, retry, lost, accepted, refused
        ("formed", ("sending", "sent", "formed", "sending", "turned_away", None, None, "accepted", "refused")),
        ("sending", ("sending", "sent", "formed", "sending", "turned_away", None, None, "accepted", "refused")),
        (
            "turned_away",
            ("sending", "sent", "turned_away", "sending", "turned_away", "formed", None, "accepted", "refused"),
        ),
        ("sent", (None, "sent", "sent", "sent", "sent", None, "formed", "accepted", "refused")),
        ("accepted", (None, *["accepted"] * 4, None, None, "accepted", "refused")),
        ("refused", (None, *["refused"] * 4, None, None, "refused", "refused")),
    ],
)
def test_a_file_moves_by_this_table_alone(state, after_each_event):
    found = [FILE_LIFECYCLE.transitions.get((FileState(state), event)) for event in FileEvent]
    assert found == list(after_each_event)


def test_a_refused_file_is_not_accepted_by_a_second_999():
    assert FILE_LIFECYCLE.step(FileState.REFUSED, FileEvent.ACCEPTED) is FileState.REFUSED


@pytest.mark.parametrize("verdicts", [(FileEvent.TAKEN, FileEvent.ACCEPTED), (FileEvent.TAKEN, *NEWS[3:]), NEWS[3:]])
def test_acknowledgements_in_any_order_end_in_the_same_state_of_the_file(verdicts):
    def after(events):
        state = FileState.SENDING
        for event in events:
            state = FILE_LIFECYCLE.step(state, event)
        return state

    assert len({after(order) for order in permutations(verdicts)}) == 1


def test_only_what_the_clearinghouse_is_not_known_to_have_is_tried():
    tried = {state for state in FileState if FILE_LIFECYCLE.allows(state, FileEvent.TRIED)}
    assert tried == set(UNSENT) == {FileState.FORMED, FileState.SENDING, FileState.TURNED_AWAY}


def test_a_message_moves_by_this_table_alone():
    assert {(str(now), str(event)): str(then) for (now, event), then in MESSAGE_LIFECYCLE.transitions.items()} == {
        ("received", "apply"): "applied",
        ("received", "quarantine"): "quarantined",
        ("quarantined", "release"): "released",
        ("quarantined", "resolve"): "applied",
        ("applied", "reopen"): "quarantined",
        ("released", "apply"): "applied",
        ("released", "quarantine"): "quarantined",
        ("received", "fail"): "failed",
        ("released", "fail"): "failed",
        ("failed", "retry"): "received",
    }
    assert TO_APPLY == (MessageState.RECEIVED, MessageState.RELEASED)


@pytest.mark.parametrize("event", [one for one in MessageEvent if one is not MessageEvent.REOPEN])
def test_an_applied_message_moves_again_only_where_a_decision_is_taken_back(event):
    with pytest.raises(NotAllowed) as refused:
        MESSAGE_LIFECYCLE.step(MessageState.APPLIED, event)
    assert (refused.value.state, refused.value.event) == (MessageState.APPLIED, event)


@pytest.mark.parametrize(
    "table",
    [
        CLAIM_LIFECYCLE,
        FILE_LIFECYCLE,
        RECEIVED_LIFECYCLE,
        MESSAGE_LIFECYCLE,
        UNROUTED_LIFECYCLE,
        PAYMENT_LIFECYCLE,
        APPEAL_LIFECYCLE,
        HISTORY_LIFECYCLE,
    ],
)
def test_the_page_of_lifecycles_shows_every_diagram_with_every_move_of_its_table(table):
    drawn = table.diagram()
    moves = [(now, event, then) for (now, event), then in table.transitions.items() if now is not then]
    assert moves
    assert all(f"    {now} --> {then}: {event}" in drawn.splitlines() for now, event, then in moves)
    assert all(f"    [*] --> {state}" in drawn for state in table.initial)
    page = Path(__file__).parents[4] / "docs" / "lifecycles.md"
    assert f"```mermaid\n{drawn}\n```" in page.read_text()


def test_the_first_try_again_comes_after_five_seconds_and_the_waits_double_up_to_an_hour():
    assert [wait_after(tries).total_seconds() for tries in range(1, MAX_TRIES)] == [5, 10, 20, 40, 80, 160, 320]
    assert wait_after(30).total_seconds() == 3_600


def test_what_was_received_is_split_once_and_what_is_nobodys_is_never_lost():
    assert {(str(now), str(event)): str(then) for (now, event), then in RECEIVED_LIFECYCLE.transitions.items()} == {
        ("received", "split"): "split",
        ("received", "fail"): "failed",
        ("failed", "retry"): "received",
    }
    assert {(str(now), str(event)): str(then) for (now, event), then in UNROUTED_LIFECYCLE.transitions.items()} == {
        ("unrouted", "route"): "routed",
        ("unrouted", "close"): "closed",
        ("closed", "route"): "routed",
    }
