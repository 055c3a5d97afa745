"""A claim payment that could not be posted by itself: a table `(state, event) -> state`; nothing else changes a state.

It waits until a person matches it to a claim or sets it aside, or until what it waited for has come about and it is
posted after all. What was set aside is not lost: it may still be matched. What was decided by mistake is taken back,
and the payment waits again.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class PaymentState(StrEnum):
    """The state of a payment that waited at least once."""

    WAITING = "waiting"
    POSTED = "posted"
    SET_ASIDE = "set_aside"


class PaymentEvent(StrEnum):
    """`post`: it was posted to a claim; `set_aside`: a person has found that it is not to be posted; `unmatch`: a
    person takes back that it was posted or set aside."""

    POST = "post"
    SET_ASIDE = "set_aside"
    UNMATCH = "unmatch"


S, E = PaymentState, PaymentEvent
PAYMENT_LIFECYCLE: TransitionTable[PaymentState, PaymentEvent] = TransitionTable(
    initial=(S.WAITING,),
    final=(),
    transitions={
        (S.WAITING, E.POST): S.POSTED,
        (S.WAITING, E.SET_ASIDE): S.SET_ASIDE,
        (S.SET_ASIDE, E.POST): S.POSTED,
        (S.POSTED, E.UNMATCH): S.WAITING,
        (S.SET_ASIDE, E.UNMATCH): S.WAITING,
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
UNMATCHED = "payment_unmatched"
"""Why a payment waits that a person has taken back from a claim: no message posts it there again by itself."""
RELEASE_TAKEN_BACK = "release_taken_back"
"""Why a message waits again whose faults a person had accepted when a payment in it was decided."""
BEFORE_FORWARDING = "payment_before_forwarding"
"""Why a payment of the next payer waits that names the claim to the payer before, which has not yet said that it has
forwarded the claim. It is posted when that has come."""
DECIDED_BY_PAYMENT = frozenset(
    {
        "claim_unknown",
        "claim_not_submitted",
        "service_unknown",
        "amount_beyond_limit",
        POSTED_OTHERWISE,
        UNMATCHED,
        BEFORE_FORWARDING,
    }
)
"""Reasons for which a message waits that are over when each of its payments is decided."""
WITHOUT_ACCOUNTS = frozenset({MESSAGE_WAITS, CUT_OFF, POSTED_OTHERWISE})
"""Reasons of payments whose remittance is not in the accounts with its payer as long as none of them is posted."""


def code_after_unmatching(code: str, *, released: bool) -> str:
    """Why a payment waits that was posted and is taken back; `released`: it was posted by the release of the message
    in which it had waited for this `code`."""
    if code == POSTED_OTHERWISE or (released and code in (MESSAGE_WAITS, CUT_OFF)):
        return code
    return UNMATCHED
