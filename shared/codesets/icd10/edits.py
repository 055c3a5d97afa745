"""What a diagnosis says of its patient and of its place on a claim: age, sex, never first, not paid alone, vague.

Lists are data (`icd10_edits.toml`), by code beginnings. What the classification's own words tell (a side that is not
named, a site that is not) is read from the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.codesets.icd10.table import CODE_WIDTH, DiagnosisTable, without_dot

_SIDES = re.compile(r"\b(?:right|left|bilateral)\b", re.IGNORECASE)
_SIDE_WORDS = re.compile(r"\b(?:unspecified|right|left)\b|,", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9-]+")
_NUMBER_WORDS = frozenset({"right", "left", "bilateral", "unilateral", "of", "in", "the"})
_BOTH = re.compile(r"\bbilateral\b", re.IGNORECASE)
_UNSPECIFIED = re.compile(r"\bunspecified\b", re.IGNORECASE)
_NO_SITE = re.compile(
    r"\bunspecified (?:sites?|joint|limb|region|body region)\b(?! of)|\b(?:site|region|limb|joint) unspecified\b",
    re.IGNORECASE,
)
_PLACES_OF_SIDE = range(3, CODE_WIDTH - 1)


@dataclass(frozen=True, slots=True)
class AgeSpan:
    """Whole years, both included, in which diagnoses of one kind occur."""

    kind: str
    from_years: int
    to_years: int
    starts: tuple[str, ...]


class DiagnosisEdits:
    """The lists, and what a table's descriptions say."""

    def __init__(self, data: Mapping[str, Any], table: DiagnosisTable) -> None:
        self._table = table
        age, sex = data["age"], data["sex"]
        self.age_source, self.sex_source = str(age["source"]), str(sex["source"])
        self.spans = tuple(
            AgeSpan(kind, one["from"], one["to"], tuple(one["starts"]))
            for kind, one in age.items()
            if isinstance(one, Mapping)
        )
        self._sexes = {kind: tuple(sex[kind]) for kind in ("female", "male")}
        self._never_first = tuple(data["never_first"]["starts"])
        self.never_first_source = str(data["never_first"]["source"])
        self._not_alone = tuple(data["not_alone"]["starts"])
        self._alone = tuple(data["not_alone"]["except"])
        self.not_alone_source = str(data["not_alone"]["source"])
        self._vague = frozenset(data["vague"]["codes"])
        self.vague_source = str(data["vague"]["source"])

    def span_missed(self, code: str, years: int) -> AgeSpan | None:
        """The span of ages that the diagnosis belongs to and a person of these years is outside of, or None."""
        bare = without_dot(code)
        missed = (span for span in self.spans if not span.from_years <= years <= span.to_years)
        return next((span for span in missed if bare.startswith(span.starts)), None)

    def other_sex(self, code: str, sex: str) -> str:
        """The one sex that the diagnosis is of, where the person's is the other; else ""."""
        other = {"female": "male", "male": "female"}.get(sex, "")
        return other if other and without_dot(code).startswith(self._sexes[other]) else ""

    def never_first(self, code: str) -> bool:
        """True when the code stands after the condition that it adds to."""
        return without_dot(code).startswith(self._never_first)

    def stands_alone(self, code: str) -> bool:
        """False for what plans do not pay hands-on therapy for by itself."""
        bare = without_dot(code)
        return bare.startswith(self._alone) or not bare.startswith(self._not_alone)

    def vague(self, code: str) -> bool:
        """True when the code names no site where others do, or is as general as can be."""
        bare = without_dot(code)
        return bare in self._vague or _NO_SITE.search(self._table.description(bare)) is not None

    def unspecified(self, code: str) -> bool:
        """True when the code's own words say that something is unspecified."""
        return _UNSPECIFIED.search(self._table.description(code)) is not None

    def with_sides(self, code: str, on: date) -> tuple[str, ...]:
        """Codes that say the same of the right or the left, where this one leaves the side unspecified."""
        bare, text = without_dot(code), self._table.description(code)
        if not _UNSPECIFIED.search(text) or _SIDES.search(text):
            return ()
        same, found = _without_side(text), []
        for place in _PLACES_OF_SIDE:
            for figure in "0123456789" if place < len(bare) else "":
                other = bare[:place] + figure + bare[place + 1 :]
                words = self._table.description(other) if other != bare and self._table.is_valid(other, on) else ""
                if _SIDES.search(words) and _without_side(words) == same:
                    found.append(other)
        return tuple(found)

    def of_two_sides(self, one: str, other: str) -> bool:
        """True when one is of the right alone and the other of the left alone."""
        sides = [{side.lower() for side in _SIDES.findall(self._table.description(code))} for code in (one, other)]
        return sides in ([{"right"}, {"left"}], [{"left"}, {"right"}])

    def of_both_sides(self, one: str, other: str, on: date) -> str:
        """The code that says of both sides what these two say of the right and of the left, or "" where there is none
        in force on the day."""
        first, second = without_dot(one), without_dot(other)
        differing = [place for place, (here, there) in enumerate(zip(first, second, strict=False)) if here != there]
        if len(first) != len(second) or len(differing) != 1 or not self.of_two_sides(first, second):
            return ""
        place, same = differing[0], _of_any_number(self._table.description(first))
        # The code for both differs in the figure of the side, or in the one before it: M17.0 of M17.11 and M17.12.
        for start, end in ((first[:place], first[place + 1 :]), (first[: place - 1], "")):
            for both in (start + figure + end for figure in "0123456789"):
                words = self._table.description(both) if self._table.is_valid(both, on) else ""
                if _BOTH.search(words) and _of_any_number(words) == same:
                    return both
        return ""


def _without_side(text: str) -> str:
    return " ".join(_SIDE_WORDS.sub(" ", text.lower()).split())


def _of_any_number(text: str) -> frozenset[str]:
    """The words that one side and both have in common."""
    return frozenset(word.rstrip("s") for word in _WORD.findall(text.lower()) if word not in _NUMBER_WORDS)
