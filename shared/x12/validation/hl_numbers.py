"""The numbers of HL segments: counted up, with the number of the level above and whether there are levels beneath."""

from shared.x12.splitting.segment_positions import SegmentPosition
from shared.x12.validation.finding_log import FindingLog

Level = tuple[str, str, SegmentPosition]


class HlNumbers:
    """The levels of one transaction; a level is its HL01, its HL04 and its position."""

    def __init__(self, log: FindingLog) -> None:
        self.log = log
        # The number that the next level has, and another one that it may have; any number after levels that were lost.
        self.expected, self.also = 1, ""
        self.lost = False
        self.with_children: set[str] = set()

    def enter(self, elements: list[bytes], outer: Level | None, position: SegmentPosition, loop: str) -> Level:
        """Check HL01 of a level that begins; HL02 has already led here."""
        number = elements[0].decode("latin-1")
        if number != str(self.expected):
            self.another(number, position, loop)
        self.expected += 1
        if outer is not None:
            self.with_children.add(outer[0])
        return number, elements[3].decode("latin-1") if len(elements) > 3 else "", position

    def another(self, number: str, position: SegmentPosition, loop: str) -> None:
        """A level has another number than expected."""
        # More than nine digits are no number of a level, and `int` of a long text takes quadratic time.
        given = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else self.expected
        if not self.lost and number != self.also:
            self.log.add("hl_number", position, loop=loop, element=1)
        # A wrong number is reported once: those after it go on from where it should have been, or from it.
        self.also = "" if self.lost or number == self.also else str(self.expected + 1)
        self.expected, self.lost = given, False

    def forget(self) -> None:
        """Levels were lost: the next one may have any number."""
        self.lost = True

    def leave(self, level: Level, loop: str) -> None:
        """Check HL04 of a level that ends."""
        number, children, position = level
        has = number in self.with_children
        self.with_children.discard(number)
        # Another value than 0 or 1 was reported with the elements of the segment.
        if children in ("0", "1") and has != (children == "1"):
            self.log.add("hl_children", position, loop=loop, element=4)
