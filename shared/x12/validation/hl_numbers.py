"""The numbers of HL segments: counted up, with the number of the level above and whether there are levels beneath."""

from shared.x12.splitting.segment_positions import SegmentPosition
from shared.x12.validation.finding_log import FindingLog

Level = tuple[str, str, SegmentPosition]


class HlNumbers:
    """The levels of one transaction; a level is its HL01, its HL04 and its position."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log
        self.expected = 1
        self.with_children: set[str] = set()

    def enter(self, elements: list[bytes], outer: Level | None, position: SegmentPosition, loop: str) -> Level:
        """Check HL01 and HL02 of a level that begins."""
        number, parent, _, children = ([part.decode("latin-1") for part in elements] + [""] * 4)[:4]
        if number != str(self.expected):
            self.log.add("hl_number", position, loop=loop, element=1)
        # A wrong number is reported once: counting goes on from it, else each of the levels after it would be wrong
        # too. More than nine digits are no number of a level, and `int` of a long text takes quadratic time.
        self.expected = (
            int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 10 else self.expected + 1
        )
        above = outer[0] if outer is not None else ""
        if parent != above:
            self.log.add("hl_parent", position, loop=loop, element=2)
        if outer is not None:
            self.with_children.add(outer[0])
        return number, children, position

    def leave(self, level: Level, loop: str) -> None:
        """Check HL04 of a level that ends."""
        number, children, position = level
        has = number in self.with_children
        self.with_children.discard(number)
        # Another value than 0 or 1 was reported with the elements of the segment.
        if children in ("0", "1") and has != (children == "1"):
            self.log.add("hl_children", position, loop=loop, element=4)
