"""The lifecycle of a history that is kept: a table `(state, event) -> state`; nothing else changes its state.

Files are added while it is open. Once its report is asked for it takes no more; the worker makes the report, and the
files go with that: the practice has them, and the report names no patient.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable


class HistoryState(StrEnum):
    """`open`: files may be added; `asked`: the worker makes its report; `reported`: the report is there."""

    OPEN = "open"
    ASKED = "asked"
    REPORTED = "reported"


class HistoryEvent(StrEnum):
    """`add`: a file more; `ask`: a person wants the report; `report`: the worker has made it."""

    ADD = "add"
    ASK = "ask"
    REPORT = "report"


S, E = HistoryState, HistoryEvent
HISTORY_LIFECYCLE: TransitionTable[HistoryState, HistoryEvent] = TransitionTable(
    initial=(S.OPEN,),
    final=(S.REPORTED,),
    transitions={
        (S.OPEN, E.ADD): S.OPEN,
        (S.OPEN, E.ASK): S.ASKED,
        (S.ASKED, E.REPORT): S.REPORTED,
    },
)
