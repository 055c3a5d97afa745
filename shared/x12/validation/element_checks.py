"""SNIP types 1 and 2 for the elements of one segment: everything that is wrong with them, in their order.

A generated function only refuses a segment; this finds out why. It also gives the elements that can
still be read, so that one bad element does not lose the others.
"""

import dataclasses
import re
from collections.abc import Iterator

from shared.x12.explain.qualifier_names import name_of
from shared.x12.model.element_patterns import PERIODS
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.code_sets import CODE_SETS
from shared.x12.model.guides.grammar import Element, SegmentUse
from shared.x12.model.values import CENTS, DATES, npi_ok

NUMBER = re.compile(rb"-?(?:\d+(?:\.\d*)?|\.\d+)")
WHOLE = re.compile(rb"\d+")
TIME = re.compile(rb"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?")


@dataclasses.dataclass(frozen=True)
class ElementFault:
    """One thing wrong in a segment, by its code in the catalogue; `unreadable` when the value cannot be kept."""

    code: str
    element: int
    component: int = 0
    repetition: int = 0
    label: str = ""
    count: str = ""
    name: str = ""
    value: bytes = b""
    unreadable: bool = False


def find_faults(use: SegmentUse, elements: list[bytes], delimiters: Delimiters) -> list[ElementFault]:
    """All faults of a segment's elements (without its id)."""
    faults = list(trailing(elements))
    faults.extend(too_many(use, elements))
    for number, element in enumerate(use.elements, 1):
        raw = elements[number - 1] if number <= len(elements) else b""
        faults.extend(element_faults(use, element, raw, number, delimiters))
    faults.extend(relations(use, elements))
    faults.extend(dates(use, elements))
    faults.extend(external_codes(use, elements))
    faults.extend(accident_states(use, elements, delimiters))
    return sorted(faults, key=lambda fault: (fault.element, fault.component))


def trailing(elements: list[bytes]) -> Iterator[ElementFault]:
    """Separators with nothing after them."""
    if elements and not elements[-1]:
        yield ElementFault("trailing_separators", len(elements))


def too_many(use: SegmentUse, elements: list[bytes]) -> Iterator[ElementFault]:
    """More elements than the segment has."""
    for number in range(len(use.elements) + 1, len(elements) + 1):
        if elements[number - 1]:
            yield ElementFault("element_extra", number, value=elements[number - 1], unreadable=True)


def element_faults(
    use: SegmentUse, element: Element, raw: bytes, number: int, delimiters: Delimiters
) -> Iterator[ElementFault]:
    """One element: presence, repetitions, components, value."""
    label = label_of(use, element)
    if not raw:
        if element.usage == "R":
            yield ElementFault("element_missing", number, label=label, unreadable=True)
        return
    if element.usage == "N":
        yield ElementFault("element_unused", number, label=label, value=raw, unreadable=True)
        return
    repeated = (
        raw.split(delimiters.repetition_separator) if delimiters.repetition_separator and element.repeats > 1 else [raw]
    )
    if len(repeated) > element.repeats:
        yield ElementFault("repetition_extra", number, label=label, unreadable=True)
    for repetition, one in enumerate(repeated[: element.repeats], 1):
        at = repetition if element.repeats > 1 else 0
        if element.components:
            yield from composite_faults(use, element, one, number, at, delimiters)
        else:
            yield from value_faults(element, one, number, 0, at, label, delimiters)


def composite_faults(
    use: SegmentUse, element: Element, raw: bytes, number: int, at: int, delimiters: Delimiters
) -> Iterator[ElementFault]:
    """The components of one composite."""
    parts = raw.split(delimiters.component_separator)
    if not parts[-1]:
        yield ElementFault("trailing_separators", number, len(parts), at)
    for index, part in enumerate(parts[len(element.components) :], len(element.components) + 1):
        if part:
            yield ElementFault(
                "component_extra", number, index, at, label=label_of(use, element), value=part, unreadable=True
            )
    for index, component in enumerate(element.components, 1):
        value = parts[index - 1] if index <= len(parts) else b""
        label = label_of(use, component)
        if not value:
            if component.usage == "R" or (component.type == "P" and index <= len(parts) + 1 and parts[index - 2]):
                yield ElementFault("element_missing", number, index, at, label=label, unreadable=True)
        elif component.usage == "N":
            yield ElementFault("element_unused", number, index, at, label=label, value=value)
        else:
            yield from value_faults(component, value, number, index, at, label, delimiters)
            code = period_fault(parts[index - 2], value) if component.type == "P" else ""
            if code:
                yield ElementFault(code, number, index, at, label=label, value=value, unreadable=True)


def value_faults(
    element: Element, raw: bytes, number: int, component: int, at: int, label: str, delimiters: Delimiters
) -> Iterator[ElementFault]:
    """Characters, form, length, code of one value."""

    def fault(code: str, count: str = "", *, unreadable: bool = False) -> ElementFault:
        return ElementFault(code, number, component, at, label=label, count=count, value=raw, unreadable=unreadable)

    if not element.codes and element.type in ("N", "R", "M", "D", "T"):
        yield from (fault(code, count, unreadable=True) for code, count in numeric(element, raw))
        return
    used = delimiters.all_bytes
    if any(byte < 0x20 or byte == 0x7F or byte in used for byte in raw):
        yield fault("element_characters", unreadable=element.type == "P")
        return
    if element.codes:
        if raw.decode("latin-1") not in element.codes:
            yield fault("element_code")
        return
    if raw.endswith(b" ") and element.type != "P":
        yield fault("trailing_space")
    length = len(raw.decode("utf-8", "replace"))
    if length < element.min_length:
        yield fault("element_short", str(element.min_length))
    if length > element.max_length:
        yield fault("element_long", str(element.max_length))


def numeric(element: Element, raw: bytes) -> Iterator[tuple[str, str]]:
    """Numbers, money, dates and times."""
    match element.type:
        case "M":
            try:
                CENTS[raw]
            except ValueError:
                yield "element_money", ""
        case "R":
            if not NUMBER.fullmatch(raw):
                yield "element_number", ""
            elif sum(48 <= byte <= 57 for byte in raw) > max(element.max_length, 9):
                yield "element_long", str(element.max_length)
        case "N":
            if not WHOLE.fullmatch(raw):
                yield "element_number", ""
            elif not element.min_length <= len(raw) <= element.max_length:
                yield ("element_long" if len(raw) > element.max_length else "element_short"), str(element.max_length)
        case "D":
            if not is_date(raw):
                yield "element_date", ""
        case _:
            if not TIME.fullmatch(raw):
                yield "element_time", ""


def is_date(raw: bytes) -> bool:
    """CCYYMMDD of a day that exists."""
    try:
        DATES[raw]
    except ValueError:
        return False
    return True


def relations(use: SegmentUse, elements: list[bytes]) -> Iterator[ElementFault]:
    """Elements that need or exclude one another."""
    groups = tuple(elements)
    for rule in use.relations:
        if not holds(rule, groups):
            letter, numbers = rule
            missing = [n for n in numbers if n > len(elements) or not elements[n - 1]] or list(numbers[1:])
            element = missing[0] if letter != "E" else numbers[1]
            label = label_of(use, use.elements[element - 1])
            related = letter + " " + " ".join(f"{use.id}{n:02d}" for n in numbers)
            yield ElementFault("element_related", element, label=label, count=related)


def holds(rule: tuple[str, tuple[int, ...]], groups: tuple[bytes, ...]) -> bool:
    """One relation between elements, by its letter (see the dictionary)."""
    letter, numbers = rule
    count = len(groups)
    given = [number <= count and bool(groups[number - 1]) for number in numbers]
    match letter:
        case "P":
            return all(given) or not any(given)
        case "R":
            return any(given)
        case "E":
            return sum(given) <= 1
        case "C":
            return not given[0] or all(given[1:])
        case _:
            return not given[0] or any(given[1:])


def dates(use: SegmentUse, elements: list[bytes]) -> Iterator[ElementFault]:
    """Dates and periods in the form that the element before them names."""
    for number, element in enumerate(use.elements, 1):
        raw = elements[number - 1] if number <= len(elements) else b""
        if element.type == "P" and element.usage != "N" and raw:
            code = period_fault(elements[number - 2], raw)
            if code:
                yield ElementFault(code, number, label=label_of(use, element), value=raw, unreadable=True)


def period_fault(form: bytes, raw: bytes) -> str:
    """What is wrong with a date or period in this form (`D8`, `RD8`, ...); empty when nothing is."""
    name = form.decode("latin-1")
    if name not in PERIODS or not re.fullmatch(PERIODS[name], raw):
        return "element_period"
    days = [raw[:8], raw[9:]] if name == "RD8" else [raw[:8]] if name in ("D8", "DT") else []
    if not all(is_date(day) for day in days):
        return "element_date"
    return "period_order" if name == "RD8" and days[1] < days[0] else ""


def external_codes(use: SegmentUse, elements: list[bytes]) -> Iterator[ElementFault]:
    """Facts of the world: NPI, state, ZIP code."""
    name = name_of(use.id, elements, use)
    at = {"NM1": 9, "N1": 4}.get(use.id)
    if at and len(elements) >= at and elements[at - 2] == b"XX" and elements[at - 1] and not npi_ok(elements[at - 1]):
        yield ElementFault("npi", at, name=name, value=elements[at - 1])
    yield from numbers_and_taxonomy(use, elements, name)
    if use.id == "N4":
        country = elements[3] if len(elements) > 3 else b""
        # The list of states has the provinces of Canada too; of other countries nothing is known.
        if country in (b"", b"US", b"CA"):
            state = elements[1] if len(elements) > 1 else b""
            if state and state.decode("latin-1") not in CODE_SETS["states"]:
                yield ElementFault("state", 2, name=name, value=state)
            if not state and country != b"CA":
                yield ElementFault("state_missing", 2, name=name)
        code = elements[2] if len(elements) > 2 else b""
        if country in (b"", b"US") and code and not (code.isdigit() and len(code) in (5, 9)):
            yield ElementFault("postal_code", 3, name=name, value=code)


def numbers_and_taxonomy(use: SegmentUse, elements: list[bytes], name: str) -> Iterator[ElementFault]:
    """The form of tax ids, telephone numbers and taxonomy codes."""
    first, second, third = [*elements, b"", b"", b""][:3]
    if use.id == "REF" and first in (b"EI", b"SY") and second and not (len(second) == 9 and second.isdigit()):
        yield ElementFault("tax_id", 2, name=name, value=second)
    formed = len(third) == 10 and third.isalnum() and third.endswith(b"X")
    if use.id == "PRV" and second == b"PXC" and third and not formed:
        yield ElementFault("taxonomy", 3, name=name, value=third)
    if use.id == "PER":
        for number in range(3, len(elements), 2):
            value = elements[number]
            if elements[number - 1] == b"TE" and value and not (len(value) >= 10 and value.isdigit()):
                yield ElementFault("telephone", number + 1, name=name, value=value)


def accident_states(use: SegmentUse, elements: list[bytes], delimiters: Delimiters) -> Iterator[ElementFault]:
    """The state beside the causes of a claim (CLM11), unless there is a foreign country too."""
    for number, element in enumerate(use.elements[: len(elements)], 1):
        labels = [component.label for component in element.components]
        if "state" in labels:
            parts = [*elements[number - 1].split(delimiters.component_separator), *[b""] * len(labels)]
            at = labels.index("state")
            state, country = parts[at], parts[labels.index("country")]
            known = not state or state.decode("latin-1") in CODE_SETS["states"]
            if not known and country in (b"", b"US", b"CA"):
                yield ElementFault("state", number, at + 1, name="accident", value=state)


def label_of(use: SegmentUse, element: Element) -> str:
    """What the element is called in a sentence."""
    return f"{element.label} of the {name_of(use.id, [], use)}" if element.label in VAGUE else element.label


VAGUE = frozenset(
    {"qualifier", "value", "date", "amount", "quantity", "code", "entity", "kind", "name", "id", "type", "reason"}
)
VAGUE |= {"id qualifier", "date format", "number", "number qualifier", "text"}


def readable_elements(elements: list[bytes], faults: list[ElementFault], count: int) -> tuple[bytes | None, ...]:
    """The elements as groups for a binding, with those that cannot be read left out."""
    groups: list[bytes | None] = [as_utf8(raw) or None for raw in elements]
    groups += [None] * (count - len(groups))
    for fault in faults:
        if fault.unreadable and 0 < fault.element <= len(groups):
            groups[fault.element - 1] = None
    return tuple(groups[:count])


def as_utf8(raw: bytes) -> bytes:
    """UTF-8, whatever the file's encoding was, so that decoding cannot fail."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1").encode()
    return raw
