"""Regions of the body: the fixed list, the words for them, and whether two places are apart.

What a therapist writes is read word by word. Where a single word is not known nothing is known of the place, since the
unknown word may be anywhere: such a place proves nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEFT, RIGHT, BOTH = "left", "right", "both"
_SIDES = {
    "left": LEFT,
    "l": LEFT,
    "lt": LEFT,
    "right": RIGHT,
    "r": RIGHT,
    "rt": RIGHT,
    "both": BOTH,
    "bilateral": BOTH,
    "bilaterally": BOTH,
    "bilat": BOTH,
    "left-sided": LEFT,
    "right-sided": RIGHT,
}
_SPINE = (("c", 8, "cervical"), ("t", 12, "thoracic"), ("l", 5, "lumbar"), ("s", 5, "sacral"))
_LEVEL = re.compile(r"([ctls])(\d{1,2})(?:-([ctls]?)(\d{1,2}))?")
_BOTH_SIDES = re.compile(r"\bb/l\b|\bbil\b")
_RANGE = re.compile(r"\b([ctls]\d{1,2})\s*(?:-|to|through|/)\s*([ctls]?\d{1,2})\b")
_PARTS = re.compile(r"[,;&+/]|\b(?:and|plus)\b")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class BodyPlace:
    """Where on the body: regions of the list, and ``left``, ``right``, ``both`` or "" (not said)."""

    regions: frozenset[str]
    side: str = ""


class BodyRegions:
    """The list with its words."""

    def __init__(
        self,
        words: Mapping[str, frozenset[str]],
        codes: Mapping[str, frozenset[str]],
        *,
        paired: frozenset[str],
        fillers: frozenset[str],
    ) -> None:
        self._words = words
        self._codes = codes
        self._paired = paired
        self._fillers = fillers
        self._longest = max(len(phrase.split()) for phrase in words)

    @property
    def codes(self) -> tuple[str, ...]:
        """What a region may be named by: those of the list, then the names for several of them."""
        return tuple(self._codes)

    def of_codes(self, codes: Iterable[str]) -> frozenset[str]:
        """The regions that these codes name."""
        return frozenset(region for code in codes for region in self._codes[code])

    def read(self, text: str, side: str = "") -> BodyPlace | None:
        """The place that these words name, or None where one of them is not known. ``side`` goes before the words'."""
        plain = _BOTH_SIDES.sub("bilateral", text.lower().replace("_", " ").replace("–", "-"))
        found: set[str] = set()
        said: set[str] = set()
        for part in _PARTS.split(_RANGE.sub(r"\1-\2", plain)):
            tokens = _WORD.findall(part)
            regions = self._part([token for token in tokens if token not in _SIDES])
            if regions is None:
                return None
            found |= regions
            said.update(_SIDES[token] for token in tokens if token in _SIDES)
        return BodyPlace(frozenset(found), side or _one_side(said)) if found else None

    def named_in(self, text: str) -> BodyPlace | None:
        """The place that some words of a longer text name, as a diagnosis does; None where no word is of the list. The
        words between say what is there, not where."""
        tokens = _WORD.findall(text.lower())
        named, said, at = [], set[str](), 0
        while at < len(tokens):
            regions, length = self._phrase(tokens, at)
            if regions is not None:
                named.append(regions)
            elif tokens[at] in _SIDES:
                said.add(_SIDES[tokens[at]])
            at += length
        return BodyPlace(_narrowed(named), _one_side(said)) if named else None

    def _part(self, tokens: list[str]) -> frozenset[str] | None:
        """The regions that some words without "and" or a comma name, or None for a word that is not known."""
        named: list[frozenset[str]] = []
        at = 0
        while at < len(tokens):
            regions, length = self._phrase(tokens, at)
            if regions is not None:
                named.append(regions)
            elif tokens[at] not in self._fillers:
                return None
            at += length
        return _narrowed(named)

    def apart(self, one: BodyPlace, other: BodyPlace) -> bool:
        """True where the two have nothing in common: other regions, or the other side of one that there are two of."""
        common = one.regions & other.regions
        opposite = {one.side, other.side} == {LEFT, RIGHT}
        return not common or (opposite and common <= self._paired)

    def _phrase(self, tokens: list[str], at: int) -> tuple[frozenset[str] | None, int]:
        """The regions of the longest phrase that begins here, and how many words it has."""
        for length in range(min(self._longest, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + length])
            for spelled in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
                if spelled in self._words:
                    return self._words[spelled], length
        return _levels(tokens[at]), 1


def _narrowed(named: list[frozenset[str]]) -> frozenset[str]:
    """What several words name together. "Lumbar paraspinals" are those of the lumbar spine alone: the word for less
    narrows the word for more."""
    return frozenset().union(*(one for one in named if not any(other < one for other in named)))


def _one_side(said: set[str]) -> str:
    return next(iter(said)) if len(said) == 1 else BOTH if said else ""


def _levels(token: str) -> frozenset[str] | None:
    """The regions of vertebrae (``c5``, ``l4-l5``, ``c7-t1``), or None."""
    match = _LEVEL.fullmatch(token)
    if match is None:
        return None
    first, number, last, until = match.groups()
    ends = [(first, int(number)), (last or first, int(until))] if until else [(first, int(number))]
    places = [
        place
        for letter, count in ends
        for place, (begins, most, _) in enumerate(_SPINE)
        if letter == begins and 1 <= count <= most
    ]
    if len(places) != len(ends):
        return None
    return frozenset(region for _, _, region in _SPINE[min(places) : max(places) + 1])


def read_regions(data: Mapping[str, Any]) -> BodyRegions:
    """The packaged list."""
    codes = {one["code"]: frozenset([one["code"]]) for one in data["region"]}
    codes |= {one["code"]: frozenset(one["of"]) for one in data["several"] if "code" in one}
    words = {code.replace("_", " "): regions for code, regions in codes.items()} | dict(_words(data))
    paired = frozenset(one["code"] for one in data["region"] if one.get("paired"))
    return BodyRegions(words, codes, paired=paired, fillers=frozenset(data["fillers"]))


def _words(data: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for one in (*data["region"], *data["several"]):
        regions = frozenset(one["of"] if "of" in one else [one["code"]])
        for word in one["words"]:
            yield word, regions
