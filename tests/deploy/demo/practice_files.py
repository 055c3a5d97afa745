"""The sample practice as its files say it, and the hand-worked table of what its visits must come to."""

import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PRACTICE = ROOT / "deploy" / "demo" / "practice"
PAYERS = ROOT / "deploy" / "demo" / "payers"
EXPECTED = ROOT / "tests" / "journeys" / "expected"


def read(name: str) -> Any:
    """One JSON file of the practice."""
    return json.loads((PRACTICE / name).read_text())


def by_id(name: str) -> dict[str, dict[str, Any]]:
    """The objects of a register by id, each without its id: the body that the API takes."""
    rows = read(name)
    bodies = {row["id"]: {key: value for key, value in row.items() if key != "id"} for row in rows}
    assert len(bodies) == len(rows), f"{name} holds an id twice"
    return bodies


def visits() -> list[dict[str, Any]]:
    """The visits in the order of their files."""
    return [json.loads(path.read_text()) for path in sorted((PRACTICE / "visits").glob("visit_*.json"))]


def payer_files() -> dict[str, dict[str, Any]]:
    """The simulator's payer files by the payer's id on the wire."""
    files = [tomllib.loads(path.read_text()) for path in sorted(PAYERS.glob("*.toml"))]
    return {file["payer"]["id"]: file for file in files}


def expected() -> dict[str, Any]:
    """The machine form of the hand-worked table."""
    return json.loads((EXPECTED / "visits.json").read_text())
