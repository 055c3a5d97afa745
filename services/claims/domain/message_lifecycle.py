"""The lifecycles of what the clearinghouse sends: tables `(state, event) -> state`; nothing else changes a state.

What is received is kept whole, for the installation, and is split into the parts of its organizations. Each part is a
message of its organization and is applied once. One that does not match is quarantined and waits for a person, who
releases it: it is then applied unchanged, and is quarantined again if part of it still matches nothing, or if what was
decided about a payment in it is taken back. What belongs to
no organization is an unrouted part: the operator routes it to an organization, or closes it as nobody's.

What fails because of an error of Handbill's own is tried again, later each time; after `MAX_TRIES` it is set aside as
failed, is listed, and can be tried again.
"""

from datetime import timedelta
from enum import StrEnum

from shared.transition_table import TransitionTable

MAX_TRIES = 8
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)


class MessageState(StrEnum):
    """The state of an organization's message."""

    RECEIVED = "received"
    APPLIED = "applied"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    FAILED = "failed"


class MessageEvent(StrEnum):
    """`apply`: every part of it was processed; `quarantine`: a part was not; `release`: a person released it; `fail`:
    it failed too often because of an error of Handbill's own; `retry`: it is to be tried again; `resolve`: a person has
    decided each payment in it that waited; `reopen`: she has taken back such a decision."""

    APPLY = "apply"
    QUARANTINE = "quarantine"
    RELEASE = "release"
    FAIL = "fail"
    RETRY = "retry"
    RESOLVE = "resolve"
    REOPEN = "reopen"


S, E = MessageState, MessageEvent
MESSAGE_LIFECYCLE: TransitionTable[MessageState, MessageEvent] = TransitionTable(
    initial=(S.RECEIVED,),
    final=(),
    transitions={
        (S.RECEIVED, E.APPLY): S.APPLIED,
        (S.RECEIVED, E.QUARANTINE): S.QUARANTINED,
        (S.RECEIVED, E.FAIL): S.FAILED,
        (S.QUARANTINED, E.RELEASE): S.RELEASED,
        (S.QUARANTINED, E.RESOLVE): S.APPLIED,
        (S.APPLIED, E.REOPEN): S.QUARANTINED,
        (S.RELEASED, E.APPLY): S.APPLIED,
        (S.RELEASED, E.QUARANTINE): S.QUARANTINED,
        (S.RELEASED, E.FAIL): S.FAILED,
        # Also for one that a person had released: what she has seen may not be what is wrong now.
        (S.FAILED, E.RETRY): S.RECEIVED,
    },
)
TO_APPLY = tuple(state for state in S if MESSAGE_LIFECYCLE.allows(state, E.APPLY))
"""States of a message that is stored and not yet applied."""


class ReceivedState(StrEnum):
    """The state of what was received, whole."""

    RECEIVED = "received"
    SPLIT = "split"
    FAILED = "failed"


class ReceivedEvent(StrEnum):
    """`split`: each of its parts has its owner, or waits for the operator."""

    SPLIT = "split"
    FAIL = "fail"
    RETRY = "retry"


RECEIVED_LIFECYCLE: TransitionTable[ReceivedState, ReceivedEvent] = TransitionTable(
    initial=(ReceivedState.RECEIVED,),
    final=(ReceivedState.SPLIT,),
    transitions={
        (ReceivedState.RECEIVED, ReceivedEvent.SPLIT): ReceivedState.SPLIT,
        (ReceivedState.RECEIVED, ReceivedEvent.FAIL): ReceivedState.FAILED,
        (ReceivedState.FAILED, ReceivedEvent.RETRY): ReceivedState.RECEIVED,
    },
)


class UnroutedState(StrEnum):
    """The state of a part that belongs to no organization."""

    UNROUTED = "unrouted"
    ROUTED = "routed"
    CLOSED = "closed"


class UnroutedEvent(StrEnum):
    """`route`: the operator has given it to an organization; `close`: the operator has found that it is nobody's."""

    ROUTE = "route"
    CLOSE = "close"


UNROUTED_LIFECYCLE: TransitionTable[UnroutedState, UnroutedEvent] = TransitionTable(
    initial=(UnroutedState.UNROUTED,),
    final=(UnroutedState.ROUTED,),
    transitions={
        (UnroutedState.UNROUTED, UnroutedEvent.ROUTE): UnroutedState.ROUTED,
        (UnroutedState.UNROUTED, UnroutedEvent.CLOSE): UnroutedState.CLOSED,
        # Closed is not lost: whose it is may turn out later.
        (UnroutedState.CLOSED, UnroutedEvent.ROUTE): UnroutedState.ROUTED,
    },
)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed (from 1 on): twice as long each time, up to an hour."""
    return min(FIRST_WAIT * (1 << (tries - 1)), LONGEST_WAIT)
