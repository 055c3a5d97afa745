"""A claim payment that could not be posted by itself: a table `(state, event) -> state`; nothing else changes a state.

It waits until a person matches it to a claim or sets it aside, or until what it waited for has come about and it is
posted after all. What was set aside is not lost: it may still be matched.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class PaymentState(StrEnum):
    """The state of a payment that waited at least once."""

    WAITING = "waiting"
    POSTED = "posted"
    SET_ASIDE = "set_aside"


class PaymentEvent(StrEnum):
    """`post`: it was posted to a claim; `set_aside`: a person has found that it is not to be posted."""

    POST = "post"
    SET_ASIDE = "set_aside"


S, E = PaymentState, PaymentEvent
PAYMENT_LIFECYCLE: TransitionTable[PaymentState, PaymentEvent] = TransitionTable(
    initial=(S.WAITING,),
    final=(S.POSTED,),
    transitions={
        (S.WAITING, E.POST): S.POSTED,
        (S.WAITING, E.SET_ASIDE): S.SET_ASIDE,
        (S.SET_ASIDE, E.POST): S.POSTED,
    },
)


class RemittanceState(StrEnum):
    """`read`: before its payments were tried; `waiting`: some of it waits for a person; `posted`: every payment is
    posted, set aside or moves no money."""

    READ = "read"
    WAITING = "waiting"
    POSTED = "posted"


MESSAGE_WAITS = "message_quarantined"
"""Why a payment waits whose whole message was not applied."""
CUT_OFF = "payment_cut_off"
"""Why the last payment of a transaction waits that ends in the middle: it may be half of itself, and is not posted. It
is set aside when the whole of it comes under the same trace, or by a person."""
POSTED_OTHERWISE = "payment_posted_otherwise"
"""Why a payment waits that has the trace, the claim and the amounts of one that came from another source, as a paper
that was typed before its 835 came: it may be the same money."""
DECIDED_BY_PAYMENT = frozenset(
    {"claim_unknown", "claim_not_submitted", "service_unknown", "amount_beyond_limit", POSTED_OTHERWISE}
)
"""Reasons for which a message waits that are over when each of its payments is decided."""
