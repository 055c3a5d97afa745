"""The life of an inquiry (one 270): one table `(state, event) -> state`, and nothing else moves it.

An inquiry is `sent` before it leaves, so that a process that dies meanwhile has left its trace. It stays so while
nobody knows whether it arrived, and within 90 seconds nobody asks the same again.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable, unmoved


class InquiryState(StrEnum):
    """How far an inquiry has come."""

    SENT = "sent"
    ANSWERED = "answered"
    UNDELIVERED = "undelivered"


class InquiryEvent(StrEnum):
    """`answer`: a 271 or a refusal came; `bounce`: it surely did not arrive; `silence`: nobody knows."""

    ANSWER = "answer"
    BOUNCE = "bounce"
    SILENCE = "silence"


S, E = InquiryState, InquiryEvent
INQUIRY_LIFECYCLE: TransitionTable[InquiryState, InquiryEvent] = TransitionTable(
    initial=(S.SENT,),
    final=(S.ANSWERED, S.UNDELIVERED),
    transitions={
        (S.SENT, E.ANSWER): S.ANSWERED,
        (S.SENT, E.BOUNCE): S.UNDELIVERED,
        **unmoved((S.SENT,), (E.SILENCE,)),
    },
)
