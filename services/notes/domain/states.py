"""How a note's status moves: one table `(status, event) -> status`.

A draft may be put again and again; signing ends that. A signed note has no way back: an addendum is a new note.
"""

from enum import StrEnum


class NoteStatus(StrEnum):
    """Whether a note may still change."""

    DRAFT = "draft"
    SIGNED = "signed"


class NoteEvent(StrEnum):
    """What can happen to a note."""

    PUT = "put"
    SIGN = "sign"
    COUNTERSIGN = "countersign"
    """The therapist signs what somebody else has signed for her."""


TRANSITIONS: dict[tuple[NoteStatus, NoteEvent], NoteStatus] = {
    (NoteStatus.DRAFT, NoteEvent.PUT): NoteStatus.DRAFT,
    (NoteStatus.DRAFT, NoteEvent.SIGN): NoteStatus.SIGNED,
    (NoteStatus.SIGNED, NoteEvent.COUNTERSIGN): NoteStatus.SIGNED,
}


def next_status(status: NoteStatus, event: NoteEvent) -> NoteStatus | None:
    """The next status, or None where the table does not allow the event."""
    return TRANSITIONS.get((status, event))


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    moves = [f"    {now} --> {then}: {event}" for (now, event), then in TRANSITIONS.items()]
    return "\n".join(["stateDiagram-v2", "    [*] --> draft", *moves, "    signed --> [*]"])
