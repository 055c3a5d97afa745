"""The levels that are open while records are written beneath them, and the numbers of their HL segments."""

import functools

from shared.x12.model.guides.grammar import Loop
from shared.x12.model.records.parts import Part

LevelParts = list[tuple[Loop, Part]]


class OpenLevel:
    """A level that is open while records are written beneath it."""

    __slots__ = ("children", "hl", "loop", "part")

    def __init__(self, loop: Loop, part: Part, hl: str, children: bool) -> None:
        self.loop, self.part, self.hl, self.children = loop, part, hl, children


class OpenLevels:
    """All of one transaction, outermost first; `number` is that of the last HL."""

    def __init__(self) -> None:
        self.open: list[OpenLevel] = []
        self.number = 0

    @property
    def parent(self) -> str:
        """The HL number of the innermost level; empty where there is none."""
        return self.open[-1].hl if self.open else ""

    def shared(self, levels: LevelParts, fresh: Loop | None = None) -> int:
        """How many of the levels wanted are open already; `fresh` is one that has to be opened anew."""
        shared = 0
        for opened, (loop, part) in zip(self.open, levels, strict=False):
            last = shared == len(levels) - 1
            # Equal, not only identical: records that were made one by one still share their levels. A level that was
            # written as one without children (HL04 0) cannot get some any more, so it is written again.
            wanted = opened.loop is loop and (opened.part is part or opened.part == part) and loop is not fresh
            if not wanted or (not last and not opened.children):
                break
            shared += 1
        return shared


@functools.lru_cache(maxsize=512)
def hl_codes(loop: Loop) -> tuple[str, str, str]:
    """HL03 of a level, and its HL04 without and with levels beneath."""
    use = loop.first
    children = use.elements[3]
    if children.usage != "R":
        return next(iter(use.qualifiers)), "", ""
    return next(iter(use.qualifiers)), "1" if always_has_children(loop) else "0", "1"


def always_has_children(loop: Loop) -> bool:
    """HL04 can only be 1 here."""
    return loop.first.elements[3].codes == frozenset("1")


def hl_elements(loop: Loop, number: int, parent: str, *, children: bool) -> list[str]:
    """The HL of a level with its elements."""
    code, without, beneath = hl_codes(loop)
    return ["HL", str(number), parent, code, beneath if children else without]
