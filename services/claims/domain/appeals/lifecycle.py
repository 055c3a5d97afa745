"""The lifecycle of an appeal: one table `(state, event) -> state`; nothing else changes an appeal's state.

Each level is an appeal of its own. Once it was sent it ends by the payer's answer, by a person who gives up waiting
(`unanswered`), or by its withdrawal; a silent payer may be pressed as often as it takes (`escalated`).
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class AppealState(StrEnum):
    """The state of one appeal."""

    DRAFT = "draft"
    SENT = "sent"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    PARTLY_OVERTURNED = "partly_overturned"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"


class AppealEvent(StrEnum):
    """The events of an appeal. `upheld`: the payer's decision stands."""

    SEND = "send"
    ESCALATE = "escalate"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    PARTLY_OVERTURNED = "partly_overturned"
    UNANSWERED = "unanswered"
    WITHDRAW = "withdraw"


S, E = AppealState, AppealEvent
WAITING = frozenset({S.SENT, S.ESCALATED})
"""The payer has it and has not answered."""
OPEN = WAITING | {S.DRAFT}
WON = frozenset({S.OVERTURNED, S.PARTLY_OVERTURNED})
LOST = frozenset({S.UPHELD, S.UNANSWERED})
_ANSWERS = {
    E.UPHELD: S.UPHELD,
    E.OVERTURNED: S.OVERTURNED,
    E.PARTLY_OVERTURNED: S.PARTLY_OVERTURNED,
    E.UNANSWERED: S.UNANSWERED,
    E.WITHDRAW: S.WITHDRAWN,
    E.ESCALATE: S.ESCALATED,
}

APPEAL_LIFECYCLE: TransitionTable[AppealState, AppealEvent] = TransitionTable(
    initial=(S.DRAFT,),
    final=(S.UPHELD, S.OVERTURNED, S.PARTLY_OVERTURNED, S.UNANSWERED, S.WITHDRAWN),
    transitions={
        (S.DRAFT, E.SEND): S.SENT,
        (S.DRAFT, E.WITHDRAW): S.WITHDRAWN,
        **{(state, event): found for state in (S.SENT, S.ESCALATED) for event, found in _ANSWERS.items()},
    },
)
