"""A published edition as it is downloaded: a text file, tab- or comma-separated, or a zip with one in it.

CMS publishes each quarter a zip with the same rows as .txt, .csv and .xlsx; the text is read, as Latin-1. A workbook is
refused with the sentence that says so.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator

from shared.codesets.imports import BadRow, ImportRefused

MAX_TEXT_BYTES = 200_000_000
MAX_MEMBERS = 50
TEXT_ENDINGS = (".txt", ".csv")
_ZIP = b"PK\x03\x04"


def lines_of(kind: str, content: bytes) -> Iterator[str]:
    """The lines of the text in ``content``. Raises ``ImportRefused`` where there is none, or it is too large."""
    text = _unzipped(kind, content) if content.startswith(_ZIP) else content
    if b"\x00" in text[:4_000]:
        raise _refused(kind, "the file is no text; send the .txt or .csv of the edition, or the zip that has it")
    return iter(io.StringIO(text.decode("latin-1"), newline=None))


def cells_of(line: str) -> list[str]:
    """The cells of a row: separated by tabs, or else by commas, with or without quotes."""
    cells = line.split("\t") if "\t" in line else next(csv.reader([line]), [])
    return [cell.strip().strip('"') for cell in cells]


def _unzipped(kind: str, content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = _text_member(kind, archive)
            with archive.open(member) as opened:
                text = opened.read(MAX_TEXT_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _refused(kind, "the zip is damaged or encrypted; download it again") from error
    if len(text) > MAX_TEXT_BYTES:
        raise _refused(kind, "the text in the zip is larger than any edition")
    return text


def _text_member(kind: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The largest text of the first kind of ending that is there: what else lies in a zip are readmes and addenda."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise _refused(kind, "the zip has more files than any edition")
    if any(one.filename == "[Content_Types].xml" for one in members):
        raise _refused(kind, "a workbook is not read; send the .txt or .csv of the same edition")
    for ending in TEXT_ENDINGS:
        found = [one for one in members if one.filename.lower().endswith(ending)]
        if found:
            return max(found, key=lambda one: one.file_size)
    raise _refused(kind, "the zip has no .txt and no .csv; send the text file of the edition")


def _refused(kind: str, words: str) -> ImportRefused:
    return ImportRefused(kind, (BadRow(0, words),))
