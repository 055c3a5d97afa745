"""Which files may be attached to a claim: the media types, and how the bytes of each begin.

What a file is said to be must be what it is, since it is given to others again: a payer's reviewer, a patient.
"""

from collections.abc import Mapping

PDF, PNG, JPEG, TIFF, TEXT = "application/pdf", "image/png", "image/jpeg", "image/tiff", "text/plain"
EXTENSIONS: Mapping[str, str] = {PDF: "pdf", PNG: "png", JPEG: "jpg", TIFF: "tif", TEXT: "txt"}
"""The media types that are taken, each with the ending of its files' names."""
_SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    PDF: (b"%PDF-",),
    PNG: (b"\x89PNG\r\n\x1a\n",),
    JPEG: (b"\xff\xd8\xff",),
    TIFF: (b"II*\x00", b"MM\x00*"),
}
_WHITESPACE = frozenset("\t\n\r")


def is_of(media_type: str, content: bytes) -> bool:
    """Whether these bytes are of this media type: by their first ones, of a text by all of them."""
    if media_type == TEXT:
        return _is_text(content)
    return content.startswith(_SIGNATURES[media_type])


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return not any(ord(sign) < 32 or ord(sign) == 127 for sign in set(text) - _WHITESPACE)
