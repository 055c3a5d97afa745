"""Lossless: a file taken apart into segments, elements, components and repetitions, and put together again.

What is between segments (line breaks, indentation), in front of the first and behind the last is kept as it was,
and so is every element's own spelling (`.75` stays `.75`). The typed records are not asked: they keep the meaning,
this keeps the bytes.
"""

from collections.abc import Iterator

import msgspec

from shared.x12.model.envelope import Delimiters
from shared.x12.splitting.isa_header import read_isa_header
from shared.x12.splitting.pieces import BLANKS, BYTE_ORDER_MARK

RawElement = tuple[tuple[bytes, ...], ...]


class RawSegment(msgspec.Struct, frozen=True, gc=False):
    """A segment, byte for byte: what was before it, its elements by repetition and component, its terminator."""

    before: bytes
    elements: tuple[RawElement, ...]
    delimiters: Delimiters
    ended: bool

    def render(self) -> bytes:
        """The bytes again."""
        one = self.delimiters
        elements = [
            one.repetition_separator.join(one.component_separator.join(parts) for parts in element)
            for element in self.elements
        ]
        return self.before + one.element_separator.join(elements) + (one.segment_terminator if self.ended else b"")


def raw_segments(data: bytes) -> Iterator[RawSegment]:
    """The segments of a file (nothing for what is no X12)."""
    at, delimiters = 0, None
    while at < len(data):
        start = at
        while data[at : at + 1] in (b" ", b"\t", b"\r", b"\n", b"\x00", b"\x1a"):
            at += 1
        if data.startswith(BYTE_ORDER_MARK, at):
            at += 3
        if data.startswith(b"ISA", at):
            header = read_isa_header(data[at : at + 512])
            if header is not None and header.delimiters.usable:
                delimiters = header.delimiters
                stop = at + header.length - 1
                # Split by the element separator alone: ISA11 and ISA16 are delimiters themselves, and would be taken
                # apart.
                elements = tuple(((part,),) for part in data[at:stop].split(delimiters.element_separator))
                yield RawSegment(data[start:at], elements, delimiters, ended=True)
                at = stop + 1
                continue
        if delimiters is None:
            return
        stop = data.find(delimiters.segment_terminator, at)
        ended = stop >= 0
        stop = stop if ended else len(data)
        yield RawSegment(data[start:at], split_segment(data[at:stop], delimiters), delimiters, ended)
        at = stop + 1


def split_segment(segment: bytes, delimiters: Delimiters) -> tuple[RawElement, ...]:
    """Elements, their repetitions, their components."""
    found: list[RawElement] = []
    for element in segment.split(delimiters.element_separator):
        repeated = element.split(delimiters.repetition_separator) if delimiters.repetition_separator else [element]
        found.append(tuple(tuple(one.split(delimiters.component_separator)) for one in repeated))
    return tuple(found)


def first_difference(data: bytes) -> str | None:
    """None when the file comes back byte for byte, else where it first differs."""
    if not data.strip(BLANKS):
        return "not X12: there is nothing in it"
    written = b"".join(raw_segment.render() for raw_segment in raw_segments(data))
    if not written:
        return "not X12: no ISA segment was found"
    if written == data:
        return None
    pairs = enumerate(zip(written, data, strict=False))
    at = next((index for index, (one, other) in pairs if one != other), min(len(written), len(data)))
    return f"differs from byte {at} on"
