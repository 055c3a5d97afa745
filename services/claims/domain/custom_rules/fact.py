"""What a fact is: its name, its type, its meaning, and how its value is read of a claim.

A fact that a claim does not have is unknown (None). `shown` is False for what tells more of the patient than a claim's
view does: a finding then names the comparison and not the value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.claims.domain.scrubber_input.claim import ProfessionalServiceLine
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets.icd10 import without_dot

Value = bool | int | str | date | tuple[str, ...] | None


class FactType(StrEnum):
    """What a fact is; which operators it takes depends on it. `number` is a whole number, `list` one of texts."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line of a claim and its number, from 1."""

    number: int
    line: ProfessionalServiceLine


def upper(text: str) -> str:
    """How codes are written."""
    return text.strip().upper()


def lower(text: str) -> str:
    """How words of a closed list are written."""
    return " ".join(text.lower().split())


def diagnosis(text: str) -> str:
    """How diagnoses are written."""
    return without_dot(text.strip().upper())


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `read` answers its value; a fact of a line gets the line too. `fold` is how its texts are written
    before they are compared. `values` is all that a text can be, where that is a closed list."""

    name: str
    type: FactType
    meaning: str
    example: Value
    read: Callable[[ScrubberInput, LineInput | None], Value]
    fold: Callable[[str], str] = str
    values: tuple[str, ...] = ()
    shown: bool = True

    @property
    def of_line(self) -> bool:
        """True for a fact of one line."""
        return self.name.startswith("line.")
