"""A claim moves by the table and by nothing else."""

from pathlib import Path

import services.clearinghouse
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE


def test_a_claim_moves_by_this_table_alone():
    assert {(str(now), str(event)): str(then) for (now, event), then in CLAIM_LIFECYCLE.transitions.items()} == {
        ("received", "forward"): "forwarded",
        ("received", "turn_back"): "rejected",
        ("forwarded", "accept"): "accepted",
        ("forwarded", "turn_back"): "rejected",
        ("accepted", "adjudicate"): "adjudicated",
        ("adjudicated", "appeal"): "appealed",
        ("appealed", "appeal"): "appealed",
        ("appealed", "decide_appeal"): "adjudicated",
        ("adjudicated", "reverse"): "reversed",
        ("appealed", "reverse"): "reversed",
    }


def test_the_readme_shows_the_diagram_of_the_table():
    readme = Path(services.clearinghouse.__path__[0], "README.md").read_text()
    assert f"```mermaid\n{CLAIM_LIFECYCLE.diagram()}\n```" in readme
