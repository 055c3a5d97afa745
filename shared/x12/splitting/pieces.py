"""The bytes of a source in pieces of bounded size."""

from collections.abc import Iterable, Iterator

ByteSource = bytes | bytearray | memoryview | Iterable[bytes]
# Bytes that may occur between segments. NUL and SUB (Ctrl-Z) end files that came from mainframes and from DOS.
BLANKS = b" \t\r\n\x00\x1a"
# Those of them that no line break is made of.
INDENTATION = b" \t\x00\x1a"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Small enough that the segments of a piece stay in the processor's cache.
PIECE_BYTES = 16 * 1024
# No segment is longer, unless somebody means harm.
SEGMENT_BYTES = 64 * 1024


def pieces(source: ByteSource) -> Iterator[bytes]:
    """The source in pieces of bounded size."""
    if isinstance(source, bytes | bytearray | memoryview):
        view = memoryview(source)
        for start in range(0, len(view), PIECE_BYTES):
            yield bytes(view[start : start + PIECE_BYTES])
        return
    for piece in source:
        if len(piece) <= 4 * PIECE_BYTES:
            yield bytes(piece)
        else:
            yield from pieces(bytes(piece))
