"""A claim's way through the clearinghouse, as a table `(state, event) -> state`; nothing moves but by it."""

from enum import StrEnum


class State(StrEnum):
    """Where a claim is."""

    RECEIVED = "received"
    FORWARDED = "forwarded"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ADJUDICATED = "adjudicated"
    REVERSED = "reversed"


class Event(StrEnum):
    """What happens to it."""

    FORWARD = "forward"
    TURN_BACK = "turn_back"
    ACCEPT = "accept"
    ADJUDICATE = "adjudicate"
    REVERSE = "reverse"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.RECEIVED, Event.FORWARD): State.FORWARDED,
    (State.RECEIVED, Event.TURN_BACK): State.REJECTED,
    (State.FORWARDED, Event.ACCEPT): State.ACCEPTED,
    (State.FORWARDED, Event.TURN_BACK): State.REJECTED,
    (State.ACCEPTED, Event.ADJUDICATE): State.ADJUDICATED,
    (State.ADJUDICATED, Event.REVERSE): State.REVERSED,
}


class TransitionNotAllowed(Exception):
    """The state does not know the event: a mistake of ours, never of a file."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises `TransitionNotAllowed`."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise TransitionNotAllowed(f"{state} does not know {event}") from None
