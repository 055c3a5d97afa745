"""One visit as a coder would know it, read from a table: who treated what, for which payer, and what it is in words.

A row is `LMT plan | 97124 30 neck>M54.2+M54.6, 97140 15 low back | M54.2 M54.6 | options | sentence`: discipline and
payer; techniques, each with its code, minutes, region, and what it treated, where the note says that; diagnoses.
Options are `male`, `unknown` (sex), `age=14`, `authorized`, `unprescribed`, `day=`,
`starts=`, `accident=`, `prior=6` (visits of the injury before), `mod=97140:59` (a modifier of the biller's),
`off=97010` (left off), `written` (a test's report). Of wrong claims also `ended=` (the coverage), `license=` (its last
day), `noaddress`, `unsigned`, `without=plan` (a part of the note), `complaint=` with `_` for spaces; and before the
sentence stands the rule that must find something.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TAXONOMIES = {
    "LMT": "225700000X",
    "PT": "225100000X",
    "OT": "225X00000X",
    "DC": "111N00000X",
    "LAc": "171100000X",
    "ND": "175F00000X",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What is not in the row is as in every visit: a complete record, signed, of a woman of 41."""

    state: str
    discipline: str
    payer: str
    techniques: tuple[Mapping[str, Any], ...]
    diagnoses: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    sentence: str
    caught_by: str = ""

    def option(self, name: str, otherwise: str = "") -> str:
        return next(iter(self.options.get(name, ())), otherwise)

    @property
    def modifiers(self) -> dict[str, list[str]]:
        """The biller's own, by procedure."""
        added: dict[str, list[str]] = {}
        for one in self.options.get("mod", ()):
            procedure_code, _, modifier = one.partition(":")
            added.setdefault(procedure_code, []).append(modifier)
        return added


def visits_in(table: Path) -> list[Visit]:
    """The rows of a table; its name is the state."""
    rows = [line for line in table.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [_visit(table.stem.upper(), row) for row in rows]


def _visit(state: str, row: str) -> Visit:
    who, done, diagnoses, given, *caught_by, sentence = (part.strip() for part in row.split("|"))
    options: dict[str, tuple[str, ...]] = {}
    for option in given.split():
        name, _, value = option.partition("=")
        options[name] = (*options.get(name, ()), value)
    discipline, payer = who.split()
    techniques = tuple(_technique(one.strip(), "written" in options) for one in done.split(","))
    return Visit(state, discipline, payer, techniques, tuple(diagnoses.split()), options, sentence, "".join(caught_by))


def _technique(text: str, written: bool) -> dict[str, Any]:
    what, _, treated = text.partition(">")
    procedure_code, minutes, *where = what.split()
    technique: dict[str, Any] = {"procedure_code": procedure_code, "minutes": int(minutes), "region": " ".join(where)}
    if treated:
        technique["diagnoses"] = treated.split("+")
    if written and procedure_code == "97750":
        technique["written_report"] = True
    return technique
