"""Makes the function that reads one kind of segment, specialised to its guide, table and delimiters.

`forge` writes a few lines of Python for a table of fields and compiles them, so that reading a segment is one pattern
and as many assignments as it has elements, without a loop over tables. The text is made only from our own guides and
tables, never from data. A function takes the fields and lists of the record being read and the segment; it gives
False when the segment needs the slow look (`elements`), having changed nothing that the slow look does not set again.
"""

# Reading functions share one signature, so some leave an argument unused.
# ruff: noqa: ARG001

import re
from collections.abc import Callable
from typing import Any

from shared.x12.bindings import Binding, Data, Fields, Items, Lists, Single
from shared.x12.bindings.special import Adjustments
from shared.x12.bindings.tables import Field
from shared.x12.facts import Facts
from shared.x12.guides.model import Use
from shared.x12.values import CENTS, DATES, DECIMALS, TEXTS

Run = Callable[[Data, Lists, bytes], bool]
CACHE_ENTRIES = 1024
# List items whose bytes repeat within a file; numbers that are different each time are not worth remembering.
PATIENTS = frozenset({"QC", "IL", "74", "GB"})
REPEATING = {"CAS", "DTM", "DTP", "AMT", "QTY", "LQ", "PER", "HI", "NTE", "MSG", "HSD", "NM1", "AAA", "STC"}
NAMES: dict[str, Any] = {"cents": CENTS, "texts": TEXTS, "decimals": DECIMALS, "dates": DATES, "limit": CACHE_ENTRIES}


def repeating(use: Use) -> bool:
    """The bytes of the segment come again within a file; those that name a patient do not."""
    return use.id in REPEATING and not (use.id == "NM1" and use.qualifiers & PATIENTS)


def forge(use: Use, binding: Binding, pattern: re.Pattern[bytes], facts: Facts | None, known: dict[bytes, Any]) -> Run:
    """The reading function of a use; `known` remembers items by the bytes that they were read from."""
    if isinstance(binding, Adjustments):
        return remembering(binding, pattern, facts, known)
    if isinstance(binding, Items) and not isinstance(binding, Single):
        return compiled(items_source(use, binding, pattern, facts), binding, pattern, facts, known)
    if isinstance(binding, Fields):
        return compiled(fields_source(use, binding, pattern, facts), binding, pattern, facts, known)
    if hasattr(binding, "items") and repeating(use):
        return remembering(binding, pattern, facts, known)
    return plain(binding, pattern, facts)


def compiled(
    source: str, binding: Fields | Items, pattern: re.Pattern[bytes], facts: Facts | None, known: dict[bytes, Any]
) -> Run:
    """Compile the text of a reading function."""
    names = {**NAMES, "match": pattern.fullmatch, "facts": facts, "known": known}
    names |= {f"read{index}": read for index, _, read in binding.readers}
    names["Part"] = getattr(binding, "part", None)
    exec(source, names)  # noqa: S102 - made from our own tables only
    run: Run = names["run"]
    return run


def expression(entry: Field) -> str:
    """One element as a value."""
    number, _, kind = entry
    return kind.inline.format(f"g{number}") if kind.inline else f"read{number - 1}(g{number})"


def unpacking(pattern: re.Pattern[bytes], table: tuple[Field, ...]) -> str:
    """`_, g2, g3, = ...`: the groups that the table uses."""
    wanted = {number for number, _, _ in table}
    return "".join(f"g{number}, " if number in wanted else "_, " for number in range(1, pattern.groups + 1))


def present(use: Use, number: int) -> bool:
    """The guide requires the element, so that it is there when the pattern matches."""
    return use.elements[number - 1].usage == "R"


def live(use: Use, pattern: re.Pattern[bytes], table: tuple[Field, ...]) -> tuple[Field, ...]:
    """The entries of a table that the guide uses here."""
    return tuple(entry for entry in table if entry[0] <= pattern.groups and use.elements[entry[0] - 1].usage != "N")


def fields_source(use: Use, binding: Fields, pattern: re.Pattern[bytes], facts: Facts | None) -> str:
    """The text of a function that fills fields."""
    table = live(use, pattern, binding.table)
    lines = ["def run(data, lists, segment):", "    m = match(segment)", "    if m is None:", "        return False"]
    if facts is not None:
        lines += ["    if not facts(m.groups()):", "        return False"]
    lines += ["    try:", f"        {unpacking(pattern, table)} = m.groups()" if pattern.groups else "        pass"]
    for entry in table:
        number, name, _ = entry
        target = f"data[{name!r}] = {expression(entry)}"
        lines.append(f"        {target}" if present(use, number) else f"        if g{number}: {target}")
    lines += ["    except ValueError:", "        return False", "    return True"]
    return "\n".join(lines)


def items_source(use: Use, binding: Items, pattern: re.Pattern[bytes], facts: Facts | None) -> str:
    """The text of a function that adds an item to a list."""
    table = live(use, pattern, binding.table)
    values = []
    for entry in table:
        number, name, kind = entry
        text = expression(entry)
        values.append(f"{name}={text}" if present(use, number) else f"{name}={text} if g{number} else {kind.absent}")
    make = [
        "m = match(segment)",
        "if m is None:",
        "    return False",
        *(["if not facts(m.groups()):", "    return False"] if facts is not None else []),
        "try:",
        f"    {unpacking(pattern, table)} = m.groups()",
        f"    item = Part({', '.join(values)})",
        "except ValueError:",
        "    return False",
    ]
    if repeating(use):
        remember = ["if len(known) >= limit:", "    known.clear()", "known[segment] = item"]
        make = ["item = known.get(segment)", "if item is None:", *(f"    {line}" for line in [*make, *remember])]
    add = [f"if {binding.field!r} in lists:", f"    lists[{binding.field!r}].append(item)"]
    add += ["else:", f"    lists[{binding.field!r}] = [item]", "return True"]
    return "def run(data, lists, segment):\n" + "\n".join(f"    {line}" for line in [*make, *add])


def remembering(binding: Any, pattern: re.Pattern[bytes], facts: Facts | None, known: dict[bytes, Any]) -> Run:
    """A special binding with items whose bytes repeat."""
    match, field, make = pattern.fullmatch, binding.field, binding.items

    def run(data: Data, lists: Lists, segment: bytes) -> bool:
        items = known.get(segment)
        if items is None:
            found = match(segment)
            if found is None or (facts is not None and not facts(found.groups())):
                return False
            try:
                items = tuple(make(found.groups()))
            except ValueError:
                return False
            if len(known) >= CACHE_ENTRIES:
                known.clear()
            known[segment] = items
        if field in lists:
            lists[field].extend(items)
        else:
            lists[field] = list(items)
        return True

    return run


def plain(binding: Binding, pattern: re.Pattern[bytes], facts: Facts | None) -> Run:
    """Any other binding."""
    match, take = pattern.fullmatch, binding.take

    def run(data: Data, lists: Lists, segment: bytes) -> bool:
        found = match(segment)
        if found is None or (facts is not None and not facts(found.groups())):
            return False
        try:
            take(data, lists, found.groups())
        except ValueError:
            return False
        return True

    return run
