"""The life of a message from the clearinghouse: one table `(state, event) -> state`, and nothing else moves a message.

A message is applied once. What does not fit is quarantined and waits for a person, who releases it: it is then applied
as it is, and is quarantined again when a part of it still fits nothing.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class MessageState(StrEnum):
    """How far a message has come."""

    RECEIVED = "received"
    APPLIED = "applied"
    QUARANTINED = "quarantined"
    RELEASED = "released"


class MessageEvent(StrEnum):
    """`apply`: every part of it is understood; `quarantine`: a part is not; `release`: a person lets it pass."""

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
"""States of a message that is kept and not yet applied."""
