"""How a note's status moves: one table `(status, event) -> status`.

A draft may be put again and again; signing ends that. A signed note has no way back: an addendum is a new note.
"""

from enum import StrEnum

from shared.transition_table import TransitionTable, unmoved


class NoteStatus(StrEnum):
    """Whether a note may still change."""

    DRAFT = "draft"
    SIGNED = "signed"


class NoteEvent(StrEnum):
    """What can happen to a note."""

    PUT = "put"
    SIGN = "sign"


S, E = NoteStatus, NoteEvent
NOTE_LIFECYCLE: TransitionTable[NoteStatus, NoteEvent] = TransitionTable(
    initial=(S.DRAFT,),
    final=(S.SIGNED,),
    transitions={
        (S.DRAFT, E.SIGN): S.SIGNED,
        **unmoved((S.DRAFT,), (E.PUT,)),
    },
)
