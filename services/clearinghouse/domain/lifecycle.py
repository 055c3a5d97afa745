"""A claim's way through the clearinghouse, as a table `(state, event) -> state`; nothing moves but by it."""

from enum import StrEnum

from shared.transition_table import TransitionTable


class State(StrEnum):
    """Where a claim is."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADJUDICATED = "adjudicated"
    APPEALED = "appealed"
    REVERSED = "reversed"


class Event(StrEnum):
    """What happens to it."""

    FORWARD = "forward"
    TURN_BACK = "turn_back"
    ACCEPT = "accept"
    ADJUDICATE = "adjudicate"
    APPEAL = "appeal"
    DECIDE_APPEAL = "decide_appeal"
    REVERSE = "reverse"


S, E = State, Event
CLAIM_LIFECYCLE: TransitionTable[State, Event] = TransitionTable(
    initial=(S.RECEIVED,),
    final=(S.REJECTED, S.REVERSED),
    transitions={
        (S.RECEIVED, E.FORWARD): S.FORWARDED,
        (S.RECEIVED, E.TURN_BACK): S.REJECTED,
        (S.FORWARDED, E.ACCEPT): S.ACCEPTED,
        (S.FORWARDED, E.TURN_BACK): S.REJECTED,
        (S.ACCEPTED, E.ADJUDICATE): S.ADJUDICATED,
        (S.ADJUDICATED, E.APPEAL): S.APPEALED,
        (S.APPEALED, E.APPEAL): S.APPEALED,
        (S.APPEALED, E.DECIDE_APPEAL): S.ADJUDICATED,
        (S.ADJUDICATED, E.REVERSE): S.REVERSED,
        (S.APPEALED, E.REVERSE): S.REVERSED,
    },
)

STANDING = (S.ADJUDICATED, S.APPEALED)
"""States of a claim whose decision counts: it uses benefits up, and a correction takes it back."""
