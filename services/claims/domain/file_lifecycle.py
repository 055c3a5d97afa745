"""The lifecycle of an 837P file: one table `(state, event) -> state`; nothing else changes a file's state.

Results of attempts and acknowledgements come in any order and more than once. A rejection is final: its claims go
out in another file, so no later acknowledgement makes the file accepted. An acknowledgement proves that the file
arrived, so no later result of an attempt makes it unsent.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable, unmoved


class FileState(StrEnum):
    """The state of a file. `sending` means an attempt without a clear answer: the clearinghouse is asked before the
    next. `turned_away` means that the account or its address was refused again and again: it is tried once an hour, and
    the operator sees it."""

    FORMED = "formed"
    SENDING = "sending"
    TURNED_AWAY = "turned_away"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class FileEvent(StrEnum):
    """The events of a file: an attempt begins, an attempt ends, TA1 or 999, the operator has it tried at once, and
    the clearinghouse, asked days later, does not have it."""

    TRIED = "tried"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    UNCLEAR = "unclear"
    TURNED_AWAY = "turned_away"
    RETRY = "retry"
    LOST = "lost"
    ACCEPTED = "accepted"
    REFUSED = "refused"


S, E = FileState, FileEvent
UNSENT = (S.FORMED, S.SENDING, S.TURNED_AWAY)
"""States of a file that the clearinghouse is not known to have."""

FILE_LIFECYCLE: TransitionTable[FileState, FileEvent] = TransitionTable(
    initial=(S.FORMED,),
    final=(S.REFUSED,),
    transitions={
        (S.FORMED, E.TRIED): S.SENDING,
        (S.FORMED, E.TAKEN): S.SENT,
        (S.FORMED, E.UNCLEAR): S.SENDING,
        (S.FORMED, E.TURNED_AWAY): S.TURNED_AWAY,
        # Its 999 may be here before it is written down that it was sent, or after a try that seemed to fail.
        (S.FORMED, E.ACCEPTED): S.ACCEPTED,
        (S.FORMED, E.REFUSED): S.REFUSED,
        **unmoved((S.FORMED,), (E.NOT_TAKEN,)),
        (S.SENDING, E.TAKEN): S.SENT,
        (S.SENDING, E.NOT_TAKEN): S.FORMED,
        (S.SENDING, E.ACCEPTED): S.ACCEPTED,
        (S.SENDING, E.REFUSED): S.REFUSED,
        (S.SENDING, E.TURNED_AWAY): S.TURNED_AWAY,
        **unmoved((S.SENDING,), (E.TRIED, E.UNCLEAR)),
        (S.TURNED_AWAY, E.TRIED): S.SENDING,
        (S.TURNED_AWAY, E.TAKEN): S.SENT,
        (S.TURNED_AWAY, E.UNCLEAR): S.SENDING,
        (S.TURNED_AWAY, E.ACCEPTED): S.ACCEPTED,
        (S.TURNED_AWAY, E.REFUSED): S.REFUSED,
        (S.TURNED_AWAY, E.RETRY): S.FORMED,
        **unmoved((S.TURNED_AWAY,), (E.NOT_TAKEN, E.TURNED_AWAY)),
        (S.SENT, E.ACCEPTED): S.ACCEPTED,
        (S.SENT, E.REFUSED): S.REFUSED,
        (S.SENT, E.LOST): S.FORMED,
        **unmoved((S.SENT,), (E.TAKEN, E.NOT_TAKEN, E.UNCLEAR, E.TURNED_AWAY)),
        # Of an acceptance and a refusal the refusal counts, in whichever order they come.
        (S.ACCEPTED, E.REFUSED): S.REFUSED,
        **unmoved((S.ACCEPTED,), (E.TAKEN, E.NOT_TAKEN, E.UNCLEAR, E.TURNED_AWAY, E.ACCEPTED)),
        **unmoved((S.REFUSED,), (E.TAKEN, E.NOT_TAKEN, E.UNCLEAR, E.TURNED_AWAY, E.ACCEPTED, E.REFUSED)),
    },
)
