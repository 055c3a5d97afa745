"""What was written segment by segment is read back, so that nothing of it is lost without a word.

The writer asks of each part whether its loop has a place for it, and of each segment whether the guide allows it. That
does not see a value which a segment leaves out beside another one, such as the end of a date that is no period. The
reader sees it: what comes back has to equal what was given.
"""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from shared.x12.model.envelope import Transaction
from shared.x12.model.records.parts import Part
from shared.x12.model.records.status import LevelStatus
from shared.x12.reading.whole_file import read_all
from shared.x12.writing.write_error import WriteError

LOST = "has no place in this transaction, and would be lost"


def check_read_back(data: bytes, transaction: Transaction, *, records: bool) -> None:
    """Raise `WriteError` for the first field that does not come back from `data`, which begins an interchange and
    ends with the SE. Without `records` only the header is in it, and only the header is compared."""
    back = read_all(data).transactions[-1]
    lost = _lost(transaction.header, back.header, ["header"])
    if records and lost is None:
        lost = _lost_record(transaction.records, back.records)
    if lost is not None:
        raise WriteError("/".join(lost), LOST)


def _lost_record(given: Sequence[Part], back: Sequence[object]) -> list[str] | None:
    """The path of the first record that is lost. A level with a status comes back as a record of its own as well, after
    the records beneath it, so levels are looked for anywhere."""
    levels = [one for one in back if isinstance(one, LevelStatus)]
    others = iter([one for one in back if not isinstance(one, LevelStatus)])
    for index, record in enumerate(given):
        if not isinstance(record, LevelStatus):
            lost = _lost(record, next(others, None), ["records", str(index)])
        else:
            lost = None if record in levels else ["records", str(index)]
        if lost is not None:
            return lost
    return None


def _lost(given: Any, back: Any, path: list[str]) -> list[str] | None:
    """The path of the first value that is another one; a list counts as the tuple of its items."""
    if given == back:
        return None
    if isinstance(given, Part) and type(given) is type(back):
        pairs = [(name, getattr(given, name), getattr(back, name)) for name in given.__struct_fields__]
    elif isinstance(given, (tuple, list)) and isinstance(back, tuple):
        pairs = [(str(index), *pair) for index, pair in enumerate(zip_longest(given, back))]
    else:
        return path
    return next((lost for name, one, other in pairs if (lost := _lost(one, other, [*path, name])) is not None), None)
