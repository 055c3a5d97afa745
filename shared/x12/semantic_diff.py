"""Two files compared by meaning: record by record, field by field, whatever their delimiters and line breaks are.

Records are matched by what they are about (claim number, trace, member id) and, among equals, by their order. Numbers
of the envelope are not meaning. The lines name fields and give both values, so they may hold what is private.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from shared.x12.model.records.parts import Part
from shared.x12.reading.events import Record
from shared.x12.reading.reader import read
from shared.x12.splitting.pieces import ByteSource

Key = tuple[str, str]
# Fields that hold a level above the record: compared once, with the record's own fields.
MISSING = "nothing"


def differences(one: ByteSource, other: ByteSource) -> Iterator[str]:
    """What differs, one line each; nothing when both mean the same."""
    left, right = records_by_key(one), records_by_key(other)
    for key in [*left, *(key for key in right if key not in left)]:
        first, second = left.get(key, []), right.get(key, [])
        for index in range(max(len(first), len(second))):
            name = " ".join(part for part in key if part) + (f" ({index + 1})" if index else "")
            if index >= len(second):
                yield f"{name}: only in the first"
            elif index >= len(first):
                yield f"{name}: only in the second"
            else:
                for path, before, after in fields(first[index], second[index], ""):
                    yield f"{name}: {path}: {display(before)} -> {display(after)}"


def records_by_key(source: ByteSource) -> dict[Key, list[Part]]:
    """Records by kind and by what they are about."""
    found: dict[Key, list[Part]] = defaultdict(list)
    for event in read(source):
        if isinstance(event, Record) and event.record is not None:
            found[(type(event.record).__name__, key_value(event.record))].append(event.record)
    return dict(found)


def key_value(record: Any) -> str:
    """What a record is about: its claim number, trace or member id."""
    for name in ("claim_number", "provider_id", "group_control_number"):
        value = getattr(record, name, "")
        if value:
            return str(value)
    trace = getattr(record, "trace", None)
    if trace is not None:
        return str(trace.value)
    subscriber = getattr(record, "subscriber", None)
    party = getattr(subscriber, "party", subscriber)
    return str(getattr(party, "id", ""))


def fields(one: Any, other: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """(path, before, after) of every value that differs."""
    if one == other:
        return
    if isinstance(one, Part) and type(one) is type(other):
        for name in one.__struct_fields__:
            yield from fields(getattr(one, name), getattr(other, name), f"{path}.{name}" if path else name)
    elif isinstance(one, tuple) and isinstance(other, tuple):
        for index in range(max(len(one), len(other))):
            before = one[index] if index < len(one) else None
            after = other[index] if index < len(other) else None
            yield from fields(before, after, f"{path}[{index}]")
    else:
        yield path, one, other


def display(value: Any) -> str:
    """A value in one line."""
    if value is None or value in ("", ()):
        return MISSING
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
