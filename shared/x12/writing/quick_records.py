"""Writes a record at once, and proves that nothing of it was lost.

The levels that it opens and its own loop are written by generated functions (`codegen.loop_writer`), without a check.
The bytes are then read back by the reader of files, and what comes out has to equal the record. The reader refuses
whatever the guide does not allow, so bytes that come back as the same record are those that `transaction_writer` would
write with all of its checks. Where anything differs nothing is written here: `transaction_writer` writes the record
segment by segment, or says what is wrong with it.
"""

import functools
from typing import Any, NamedTuple

from shared.x12.codegen.compiled_guide import CompiledGuide
from shared.x12.codegen.loop_reader import level_fields
from shared.x12.model.guides.grammar import Loop
from shared.x12.model.records.parts import Part
from shared.x12.writing.open_levels import LevelParts, OpenLevel, OpenLevels, hl_elements
from shared.x12.writing.record_layout import level_part, routes
from shared.x12.writing.segment_output import SegmentOutput

# What a generated function may raise for a record that is not what it should be.
ODD = (TypeError, ValueError, LookupError, AttributeError)


class QuickRoute(NamedTuple):
    """A way to a record: the levels around it, its loop, and the fields that hold the levels."""

    levels: tuple[Loop, ...]
    loop: Loop
    fields: tuple[str, ...]


class QuickRecords:
    """Writes the records of one transaction."""

    def __init__(self, compiled: CompiledGuide, output: SegmentOutput, levels: OpenLevels) -> None:
        self.compiled, self.output, self.levels = compiled, output, levels
        self.routes = quick_routes(compiled)

    def write(self, record: Part) -> bool:
        """Write a record with the levels that it needs; False when it has to be written segment by segment."""
        for route in self.routes.get(type(record).__name__, ()):
            levels = []
            for level in route.levels:
                part = level_part(record, level)
                if part is None:
                    break
                levels.append((level, part))
            else:
                try:
                    return self.write_in(route, levels, record)
                except ODD:
                    return False
        return False

    def write_in(self, route: QuickRoute, levels: LevelParts, record: Part) -> bool:
        """Write a record in the loop of a route; nothing is kept of one that does not come back the same."""
        shared = self.levels.shared(levels)
        parent = self.levels.open[shared - 1].hl if shared else ""
        texts, opened, number = [], [], self.levels.number
        compiled, separator = self.compiled, self.output.delimiters.element
        for index in range(shared, len(levels)):
            level, part = levels[index]
            children, hl = index < len(levels) - 1, ""
            if level.first.id == "HL":
                number += 1
                elements = hl_elements(level, number, parent, children=children)
                children, hl = elements[-1] == "1", elements[1]
                texts.append(separator.join(elements).rstrip(separator) + self.output.delimiters.segment)
            texts.append(compiled.writer(level).write(part))
            opened.append(OpenLevel(level, part, hl, children or not hl))
            parent = hl
        texts.append(compiled.writer(route.loop).write(record))
        # A letter beyond ASCII raises here, and the careful way says in which field it is.
        raw = "".join(texts).encode("ascii")
        count = self.segments_read_back(raw, levels[shared:], route, record)
        if not count:
            return False
        # Only now: a record that did not come back the same must leave no level open.
        self.levels.open[shared:] = opened
        self.levels.number = number
        self.output.add_segments(raw, count)
        return True

    def segments_read_back(self, raw: bytes, levels: LevelParts, route: QuickRoute, record: Any) -> int:
        """How many segments were read, when they give these levels and this record and nothing else; otherwise 0."""
        delimiters, readers = self.output.delimiters, self.compiled.readers
        separator = delimiters.element_separator
        segments = raw.split(delimiters.segment_terminator)
        index = 0
        for level, part in levels:
            reader = readers[level]
            assert reader is not None
            index, back, seen, _ = reader.read(segments, index, segments[index].split(separator), {})
            if back != part or level.required_head & ~seen:
                return 0
        reader = readers[route.loop]
        assert reader is not None
        # The levels are the record's own here; those that were opened for it were compared above.
        context = {field: getattr(record, field) for field in route.fields}
        index, back = reader.read(segments, index, segments[index].split(separator), context)
        # Behind the last terminator there is one empty piece; anything more was written and not read.
        return index if back == record and index == len(segments) - 1 else 0


@functools.lru_cache(maxsize=64)
def quick_routes(compiled: CompiledGuide) -> dict[str, list[QuickRoute]]:
    """Record class -> the ways to its loop, deepest first, for the records that can be read at once."""
    return {
        name: [
            QuickRoute(tuple(levels), loop, tuple(level_fields(loop)))
            for levels, loop in sorted(ways, key=lambda way: -len(way[0]))
        ]
        for name, ways in routes(compiled).items()
        if all(loop.kind == "record" and all(map(compiled.reader, (*levels, loop))) for levels, loop in ways)
    }
