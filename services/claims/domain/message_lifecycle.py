"""The lifecycle of a clearinghouse message: one table `(state, event) -> state`; nothing else changes its state.

A message is applied once. One that does not match is quarantined and waits for a person, who releases it: it is then
applied unchanged, and is quarantined again if part of it still matches nothing.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class MessageState(StrEnum):
    """The state of a message."""

    RECEIVED = "received"
    APPLIED = "applied"
    QUARANTINED = "quarantined"
    RELEASED = "released"


class MessageEvent(StrEnum):
    """`apply`: every part of it was processed; `quarantine`: a part was not; `release`: a person released it."""

    APPLY = "apply"
    QUARANTINE = "quarantine"
    RELEASE = "release"


S, E = MessageState, MessageEvent
MESSAGE_LIFECYCLE: TransitionTable[MessageState, MessageEvent] = TransitionTable(
    initial=(S.RECEIVED,),
    final=(S.APPLIED,),
    transitions={
        (S.RECEIVED, E.APPLY): S.APPLIED,
        (S.RECEIVED, E.QUARANTINE): S.QUARANTINED,
        (S.QUARANTINED, E.RELEASE): S.RELEASED,
        (S.RELEASED, E.APPLY): S.APPLIED,
        (S.RELEASED, E.QUARANTINE): S.QUARANTINED,
    },
)
TO_APPLY = tuple(state for state in S if MESSAGE_LIFECYCLE.allows(state, E.APPLY))
"""States of a message that is stored and not yet applied."""
