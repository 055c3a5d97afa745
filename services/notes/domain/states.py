"""How a note's state moves: one table `(state, event) -> state`.

A draft may be put again and again; signing ends that. A signed note has no way back: an addendum is a new note.
"""

DRAFT = "draft"
SIGNED = "signed"

PUT = "put"
SIGN = "sign"
COUNTERSIGN = "countersign"
"""The therapist signs what somebody else has signed for her."""

TRANSITIONS: dict[tuple[str, str], str] = {
    (DRAFT, PUT): DRAFT,
    (DRAFT, SIGN): SIGNED,
    (SIGNED, COUNTERSIGN): SIGNED,
}


def after(state: str, event: str) -> str | None:
    """The next state, or None where the table does not allow the event."""
    return TRANSITIONS.get((state, event))
