"""The table of a note's status."""

from pathlib import Path

import services.notes
from services.notes.domain.states import NoteEvent, NoteStatus, diagram, next_status


def test_a_draft_can_be_put_and_signed_and_a_signed_note_only_countersigned() -> None:
    moves = {(status, event): next_status(status, event) for status in NoteStatus for event in NoteEvent}
    assert moves == {
        (NoteStatus.DRAFT, NoteEvent.PUT): NoteStatus.DRAFT,
        (NoteStatus.DRAFT, NoteEvent.SIGN): NoteStatus.SIGNED,
        (NoteStatus.DRAFT, NoteEvent.COUNTERSIGN): None,
        (NoteStatus.SIGNED, NoteEvent.PUT): None,
        (NoteStatus.SIGNED, NoteEvent.SIGN): None,
        (NoteStatus.SIGNED, NoteEvent.COUNTERSIGN): NoteStatus.SIGNED,
    }


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    readme = Path(services.notes.__path__[0], "README.md").read_text()
    assert f"```mermaid\n{diagram()}\n```" in readme
