"""A use of a segment, ready to run: what its elements fill, and the function that reads it."""

from typing import Any

from shared.x12.codegen.segment_reader import SegmentCodegen, SegmentReader, field_names
from shared.x12.model.bindings.binding import Binding, Data, Lists
from shared.x12.model.envelope import ENVELOPE_SEGMENTS
from shared.x12.model.guides.grammar import SegmentUse


class Step:
    """A use of a segment, ready to run; its reading function is made when it is first needed."""

    __slots__ = (
        "binding",
        "bit",
        "codegen",
        "ends",
        "field",
        "head",
        "loop",
        "max_repeat",
        "moves",
        "names",
        "upward",
        "use",
        "values",
    )

    def __init__(self, use: SegmentUse, binding: Binding, codegen: SegmentCodegen) -> None:
        self.use, self.loop, self.bit, self.max_repeat, self.upward = use, use.loop, use.bit, use.max_repeat, use.upward
        self.binding, self.codegen = binding, codegen
        separator = codegen.delimiters.element_separator
        # A segment that begins like one of these ends a loop that began with this use.
        self.ends = tuple(identifier + separator for identifier in (use.id.encode(), *ENVELOPE_SEGMENTS))
        # How each of its segments begins; empty where a code inside distinguishes it from other uses.
        self.head: bytes | tuple[bytes, ...] = () if use.qualifiers else use.id.encode() + separator
        self.moves: dict[bytes, Any] = {}
        self.values: SegmentReader = self.first_values
        self.names = field_names(use, binding)
        # The list that its items fill; empty when it fills fields or is taken another way.
        self.field: str = getattr(binding, "field", "") if not self.names and hasattr(binding, "parse_items") else ""

    def first_values(self, parts: list[bytes]) -> Any:
        """Stands in for `values` until the first segment comes."""
        self.values = self.codegen.reader_for(self.use, self.binding)
        return self.values(parts)

    def run(self, data: Data, lists: Lists, segment: bytes) -> bool:
        """Read a segment into the fields and lists of a record; False when `element_checks` has to look at it."""
        try:
            found = self.values(segment.split(self.codegen.delimiters.element_separator))
            if self.field:
                lists.setdefault(self.field, []).extend(found)
            elif self.names:
                data.update(zip(self.names, found, strict=True))
            else:
                self.binding.parse(data, lists, found)
        except (ValueError, LookupError):
            return False
        return True

    def fits(self, segment: bytes) -> bool:
        """Whether a segment has nothing wrong with it."""
        return self.run({}, {}, segment)
