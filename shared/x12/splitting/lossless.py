"""Lossless: a file taken apart into segments, elements, components and repetitions, and put together again.

What is between segments (line breaks, indentation), in front of the first and behind the last is kept as it stood,
and so is every element's own spelling (`.75` stays `.75`). The typed records are not asked: they keep the meaning,
this keeps the bytes.
"""

from collections.abc import Iterator

import msgspec

from shared.x12.model.element_patterns import Dialect
from shared.x12.splitting.isa_header import BLANKS, BYTE_ORDER_MARK, proper, read_header

Element = tuple[tuple[bytes, ...], ...]


class Laid(msgspec.Struct, frozen=True, gc=False):
    """A segment as it lay in the file: what stood before it, its elements by repetition and component, its ending."""

    lead: bytes
    elements: tuple[Element, ...]
    dialect: Dialect
    ended: bool

    def render(self) -> bytes:
        """The bytes again."""
        one = self.dialect
        elements = [one.repetition.join(one.component.join(parts) for parts in element) for element in self.elements]
        return self.lead + one.element.join(elements) + (one.segment if self.ended else b"")


def lay_out(data: bytes) -> Iterator[Laid]:
    """The segments of a file (nothing for what is no X12)."""
    at, dialect = 0, None
    while at < len(data):
        start = at
        while data[at : at + 1] in (b" ", b"\t", b"\r", b"\n", b"\x00", b"\x1a"):
            at += 1
        if data.startswith(BYTE_ORDER_MARK, at):
            at += 3
        if data.startswith(b"ISA", at):
            header = read_header(data[at : at + 512])
            if header is not None and proper(header.dialect):
                dialect = header.dialect
                stop = at + header.length - 1
                elements = tuple(((part,),) for part in data[at:stop].split(dialect.element))
                yield Laid(data[start:at], elements, dialect, ended=True)
                at = stop + 1
                continue
        if dialect is None:
            return
        stop = data.find(dialect.segment, at)
        ended = stop >= 0
        stop = stop if ended else len(data)
        yield Laid(data[start:at], split(data[at:stop], dialect), dialect, ended)
        at = stop + 1


def split(segment: bytes, dialect: Dialect) -> tuple[Element, ...]:
    """Elements, their repetitions, their components."""
    found: list[Element] = []
    for element in segment.split(dialect.element):
        repeated = element.split(dialect.repetition) if dialect.repetition else [element]
        found.append(tuple(tuple(one.split(dialect.component)) for one in repeated))
    return tuple(found)


def first_difference(data: bytes) -> str | None:
    """None when the file comes back byte for byte, else where it first differs."""
    if not data.strip(BLANKS):
        return "not X12: there is nothing in it"
    written = b"".join(laid.render() for laid in lay_out(data))
    if not written:
        return "not X12: no ISA segment was found"
    if written == data:
        return None
    pairs = enumerate(zip(written, data, strict=False))
    at = next((index for index, (one, other) in pairs if one != other), min(len(written), len(data)))
    return f"differs from byte {at} on"
