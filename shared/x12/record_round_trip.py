"""Proves that nothing is lost: a file's bytes come back, and so do its records after they were written.

The bytes are proved by `splitting.lossless`, which asks no record; the records by the writer and the reader, for every
transaction without an error. What has errors cannot be written, and is counted.
"""

import msgspec

from shared.x12.model.envelope import Envelope, Transaction
from shared.x12.model.registry import TRANSACTION_SETS
from shared.x12.reading.whole_file import ReadTransaction, read_all
from shared.x12.splitting.lossless import first_difference
from shared.x12.writing.write_error import WriteError
from shared.x12.writing.writer import write


class RoundTrip(msgspec.Struct, frozen=True, kw_only=True):
    """`difference` is empty when every byte and every record came back; `written` and `left_out` count transactions."""

    difference: str = ""
    written: int = 0
    left_out: int = 0


def round_trip(data: bytes) -> RoundTrip:
    """Take a file apart and put it together, then write the records of each transaction and read them again."""
    difference = first_difference(data)
    if difference is not None:
        return RoundTrip(difference=difference)
    written = left_out = 0
    for one in read_all(data).transactions:
        if not is_writable(one):
            left_out += 1
            continue
        written += 1
        lost = lost_in_writing(one)
        if lost:
            number = one.opened.control_number
            return RoundTrip(difference=f"transaction {number} {lost}", written=written, left_out=left_out)
    return RoundTrip(written=written, left_out=left_out)


def is_writable(one: ReadTransaction) -> bool:
    """Without errors, of a known set, with nothing in it that the writer has no place for."""
    strange = any(finding.code == "not_ascii" for item in one.items for finding in item.findings)
    known = one.opened.type in TRANSACTION_SETS and one.opened.group is not None
    return one.ok and known and not strange and not any(item.unknown for item in one.items)


def lost_in_writing(one: ReadTransaction) -> str:
    """Which record is not the same after it was written and read; empty when all are."""
    opened = one.opened
    group = msgspec.structs.replace(opened.group, functional_id="", version="") if opened.group is not None else None
    transaction = Transaction(
        type=opened.type,
        control_number=opened.control_number,
        header=one.header,  # type: ignore[arg-type]
        records=one.records,  # type: ignore[arg-type]
    )
    try:
        data = write(Envelope(interchange=opened.interchange, group=group), [transaction])
    except WriteError as error:
        return f"cannot be written: {error}"
    again = read_all(data).transactions[0]
    same = (again.header, again.records) == (one.header, one.records)
    return "" if same else "differs when it is written and read again"
