"""The table of a note's status."""

from pathlib import Path

import services.notes
from services.notes.domain.note_lifecycle import NOTE_LIFECYCLE


def test_a_draft_can_be_put_and_signed_and_a_signed_note_has_no_way_back() -> None:
    assert {(str(now), str(event)): str(then) for (now, event), then in NOTE_LIFECYCLE.transitions.items()} == {
        ("draft", "put"): "draft",
        ("draft", "sign"): "signed",
    }


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    readme = Path(services.notes.__path__[0], "README.md").read_text()
    assert f"```mermaid\n{NOTE_LIFECYCLE.diagram()}\n```" in readme
