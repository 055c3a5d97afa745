"""The lifecycle of a claim: one table `(state, event) -> state`; nothing else changes a claim's state.

Messages come in any order and more than once, so events of an earlier step do not change a later state:
a 277CA that arrives after the remittance changes nothing. A rejected claim was never adjudicated; correcting the
data makes it ready again under a new claim number. Whether it was paid or denied is the outcome, derived
from amounts alone.

A claim is sent once or several times; its state is that of its newest submission. An accepted or adjudicated claim that
is corrected goes back to the rules, and returns to where it was if the correction is withdrawn. A void that a payer has
to act on is a submission like any other; the claim is voided when the payer has taken its decision back.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable, unmoved


class ClaimState(StrEnum):
    """The state of a claim; the accepted and rejected states also say by whom."""

    BLOCKED = "blocked"
    HELD = "held"
    READY = "ready"
    SUBMITTED = "submitted"
    ACCEPTED_BY_CLEARINGHOUSE = "accepted_by_clearinghouse"
    ACCEPTED_BY_PAYER = "accepted_by_payer"
    REJECTED_BY_CLEARINGHOUSE = "rejected_by_clearinghouse"
    REJECTED_BY_PAYER = "rejected_by_payer"
    ADJUDICATED = "adjudicated"
    VOIDED = "voided"

    @property
    def wire(self) -> tuple[str, str | None]:
        """The state and by whom, as contracts say it: `("accepted", "payer")`."""
        name, _, by = self.value.partition("_by_")
        return name, by or None


class ClaimEvent(StrEnum):
    """The events of a claim."""

    FOUND_BLOCKED = "found_blocked"
    FOUND_HELD = "found_held"
    FOUND_CLEAN = "found_clean"
    SUBMIT = "submit"
    REFUSED_BY_CLEARINGHOUSE = "refused_by_clearinghouse"
    ACCEPTED_BY_CLEARINGHOUSE = "accepted_by_clearinghouse"
    ACCEPTED_BY_PAYER = "accepted_by_payer"
    REJECTED_BY_PAYER = "rejected_by_payer"
    REMITTED = "remitted"
    REMITTANCE_TAKEN_BACK = "remittance_taken_back"
    VOID = "void"
    VOID_SENT = "void_sent"
    TAKEN_BACK = "taken_back"
    DECIDED_AGAIN = "decided_again"
    OPENING_WITHDRAWN = "opening_withdrawn"
    WITHDRAWN_TO_ACCEPTED = "withdrawn_to_accepted"
    WITHDRAWN_TO_ADJUDICATED = "withdrawn_to_adjudicated"


class Outcome(StrEnum):
    """The result of adjudication, derived from amounts and adjustments, never from CLP02."""

    NONE = "none"
    PAID = "paid"
    PARTLY_PAID = "partly_paid"
    ZERO_PAID = "zero_paid"
    DENIED = "denied"
    REVERSED = "reversed"


S, E = ClaimState, ClaimEvent
_UNSENT = (S.BLOCKED, S.HELD, S.READY)
_REJECTED = (S.REJECTED_BY_CLEARINGHOUSE, S.REJECTED_BY_PAYER)
_SENT = (S.SUBMITTED, S.ACCEPTED_BY_CLEARINGHOUSE, S.ACCEPTED_BY_PAYER, S.ADJUDICATED)
_DECIDED = (S.ACCEPTED_BY_PAYER, S.ADJUDICATED)
_FOUND = {E.FOUND_BLOCKED: S.BLOCKED, E.FOUND_HELD: S.HELD, E.FOUND_CLEAN: S.READY}
_NEWS = (E.REFUSED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER, E.REJECTED_BY_PAYER)

CLAIM_LIFECYCLE: TransitionTable[ClaimState, ClaimEvent] = TransitionTable(
    initial=(S.BLOCKED, S.HELD, S.READY),
    final=(S.VOIDED,),
    transitions={
        (S.BLOCKED, E.FOUND_BLOCKED): S.BLOCKED,
        (S.BLOCKED, E.FOUND_HELD): S.HELD,
        (S.BLOCKED, E.FOUND_CLEAN): S.READY,
        (S.BLOCKED, E.VOID): S.VOIDED,
        (S.HELD, E.FOUND_BLOCKED): S.BLOCKED,
        (S.HELD, E.FOUND_HELD): S.HELD,
        (S.HELD, E.FOUND_CLEAN): S.READY,
        (S.HELD, E.VOID): S.VOIDED,
        (S.READY, E.FOUND_BLOCKED): S.BLOCKED,
        (S.READY, E.FOUND_HELD): S.HELD,
        (S.READY, E.FOUND_CLEAN): S.READY,
        (S.READY, E.SUBMIT): S.SUBMITTED,
        (S.READY, E.VOID): S.VOIDED,
        (S.SUBMITTED, E.REFUSED_BY_CLEARINGHOUSE): S.REJECTED_BY_CLEARINGHOUSE,
        (S.SUBMITTED, E.ACCEPTED_BY_CLEARINGHOUSE): S.ACCEPTED_BY_CLEARINGHOUSE,
        (S.SUBMITTED, E.ACCEPTED_BY_PAYER): S.ACCEPTED_BY_PAYER,
        (S.SUBMITTED, E.REJECTED_BY_PAYER): S.REJECTED_BY_PAYER,
        (S.SUBMITTED, E.REMITTED): S.ADJUDICATED,
        (S.ACCEPTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER): S.ACCEPTED_BY_PAYER,
        (S.ACCEPTED_BY_CLEARINGHOUSE, E.REJECTED_BY_PAYER): S.REJECTED_BY_PAYER,
        (S.ACCEPTED_BY_CLEARINGHOUSE, E.REMITTED): S.ADJUDICATED,
        **unmoved((S.ACCEPTED_BY_CLEARINGHOUSE,), (E.REFUSED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_CLEARINGHOUSE)),
        # Of the payer's acceptance and rejection the rejection counts, in whichever order they come.
        (S.ACCEPTED_BY_PAYER, E.REJECTED_BY_PAYER): S.REJECTED_BY_PAYER,
        (S.ACCEPTED_BY_PAYER, E.REMITTED): S.ADJUDICATED,
        **unmoved(
            (S.ACCEPTED_BY_PAYER,), (E.REFUSED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER)
        ),
        # The clearinghouse's refusal and acceptance may come in either order, and both orders end in the acceptance.
        (S.REJECTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_CLEARINGHOUSE): S.ACCEPTED_BY_CLEARINGHOUSE,
        (S.REJECTED_BY_CLEARINGHOUSE, E.ACCEPTED_BY_PAYER): S.ACCEPTED_BY_PAYER,
        (S.REJECTED_BY_CLEARINGHOUSE, E.REJECTED_BY_PAYER): S.REJECTED_BY_PAYER,
        (S.REJECTED_BY_CLEARINGHOUSE, E.REMITTED): S.ADJUDICATED,
        (S.REJECTED_BY_CLEARINGHOUSE, E.FOUND_BLOCKED): S.BLOCKED,
        (S.REJECTED_BY_CLEARINGHOUSE, E.FOUND_HELD): S.HELD,
        (S.REJECTED_BY_CLEARINGHOUSE, E.FOUND_CLEAN): S.READY,
        (S.REJECTED_BY_CLEARINGHOUSE, E.VOID): S.VOIDED,
        **unmoved((S.REJECTED_BY_CLEARINGHOUSE,), (E.REFUSED_BY_CLEARINGHOUSE,)),
        (S.REJECTED_BY_PAYER, E.REMITTED): S.ADJUDICATED,
        (S.REJECTED_BY_PAYER, E.FOUND_BLOCKED): S.BLOCKED,
        (S.REJECTED_BY_PAYER, E.FOUND_HELD): S.HELD,
        (S.REJECTED_BY_PAYER, E.FOUND_CLEAN): S.READY,
        (S.REJECTED_BY_PAYER, E.VOID): S.VOIDED,
        **unmoved((S.REJECTED_BY_PAYER,), _NEWS),
        (S.ADJUDICATED, E.REMITTED): S.ADJUDICATED,
        # A person took the last payment off it. The other answers, which are kept, lead on from here.
        (S.ADJUDICATED, E.REMITTANCE_TAKEN_BACK): S.SUBMITTED,
        **unmoved((S.ADJUDICATED,), _NEWS),
        # A claim that the payer has is corrected: the rules judge it again, and it gets a new claim number.
        **{(state, event): found for state in _DECIDED for event, found in _FOUND.items()},
        # A correction that is not wanted any more: the earlier submission is the claim's present one again.
        **{(state, E.WITHDRAWN_TO_ACCEPTED): S.ACCEPTED_BY_PAYER for state in (*_UNSENT, *_REJECTED)},
        **{(state, E.WITHDRAWN_TO_ADJUDICATED): S.ADJUDICATED for state in (*_UNSENT, *_REJECTED)},
        **{(state, E.VOID_SENT): S.SUBMITTED for state in (*_UNSENT, *_REJECTED, *_DECIDED)},
        # The payer's reversal may come before or after any answer to the void itself.
        **{(state, E.TAKEN_BACK): S.VOIDED for state in (*_SENT, *_REJECTED)},
        **unmoved((S.VOIDED,), (E.TAKEN_BACK,)),
        # The balance of a claim that was sent elsewhere was entered by mistake.
        **{(state, E.OPENING_WITHDRAWN): S.VOIDED for state in (*_SENT, *_REJECTED)},
        # The payer's decision stands again, as a payment has come that nothing takes back.
        (S.VOIDED, E.DECIDED_AGAIN): S.ADJUDICATED,
        # News, but no remittance: money for a claim that was taken back is for a person to look at.
        **unmoved((S.VOIDED,), _NEWS),
    },
)

NOT_SUBMITTED = frozenset({S.BLOCKED, S.HELD, S.READY})
"""States of a claim that will be sent under its present claim number."""
REJECTED = frozenset({S.REJECTED_BY_CLEARINGHOUSE, S.REJECTED_BY_PAYER})
"""States of a claim that was rejected before adjudication; it goes out again under a new claim number."""
EDITABLE = NOT_SUBMITTED | REJECTED
"""States in which a claim may be refreshed from its note and coverage: no payer has this version of it."""
