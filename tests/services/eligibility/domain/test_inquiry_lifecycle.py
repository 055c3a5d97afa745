"""The table of an inquiry's state."""

from pathlib import Path

import services.eligibility
from services.eligibility.domain.inquiry_lifecycle import INQUIRY_LIFECYCLE


def test_an_inquiry_is_out_until_it_is_answered_or_surely_did_not_arrive() -> None:
    assert {(str(now), str(event)): str(then) for (now, event), then in INQUIRY_LIFECYCLE.transitions.items()} == {
        ("sent", "answer"): "answered",
        ("sent", "bounce"): "undelivered",
        ("sent", "silence"): "sent",
    }


def test_the_readme_shows_the_diagram_of_the_table() -> None:
    readme = Path(services.eligibility.__path__[0], "README.md").read_text()
    assert f"```mermaid\n{INQUIRY_LIFECYCLE.diagram()}\n```" in readme
