"""Makes the function that reads the elements of one kind of segment, specialised to its guide, table and delimiters.

`SegmentCodegen.reader_for` writes a few lines of Python for one use of a segment and compiles them, so that reading it
is one split and one look-up an element, without a loop over tables. The text is made only from our own guides and
tables, never from data. A function takes the parts of a segment and returns its values; it raises `ValueError` or
`LookupError` wherever `validation.element_checks` would find a fault.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from shared.x12.codegen.generated import compile_function
from shared.x12.model.bindings.binding import Binding, Field, FieldsBinding, ListBinding, PartBinding, UnparsedBinding
from shared.x12.model.bindings.common import AdjustmentBinding
from shared.x12.model.bindings.element_kinds import (
    CODE,
    COMPONENT,
    DATE,
    MONEY,
    NUMBER,
    REPETITION,
    TEXT,
    ElementKind,
)
from shared.x12.model.element_patterns import PERIODS, element_pattern
from shared.x12.model.envelope import Delimiters
from shared.x12.model.guides.grammar import Element, SegmentUse
from shared.x12.model.records.parts import ClaimAdjustment
from shared.x12.model.values import NPIS, PLAIN_CENTS, BoundedCache, ElementCache

SegmentReader = Callable[[list[bytes]], Any]
# How an element is read that fills no field of its own, by its type.
KINDS = {"D": DATE, "M": MONEY}
# The qualifier and the identifier of a party, where it may be an NPI.
NPI_ELEMENTS = {"NM1": (8, 9), "N1": (3, 4)}


class SegmentCodegen:
    """Makes reading functions for one set of delimiters; elements of the same form share one cache of values."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.readers: dict[tuple[bytes, ElementKind], ElementCache] = {}
        self.writers: dict[ElementKind, WrittenCache] = {}

    def element_reader(self, element: Element, kind: ElementKind) -> dict[bytes, Any]:
        """The cache from an element's bytes to its value; `ValueError` for what the guide does not allow."""
        # An amount looks the same whatever the delimiters are, so all files share one cache.
        if kind is MONEY:
            return PLAIN_CENTS
        form = element_pattern(element, self.delimiters)
        found = self.readers.get((form, kind))
        if found is None:
            found = self.readers[(form, kind)] = ElementCache(re.compile(form), kind.parser(self.delimiters))
        return found

    def written(self, kind: ElementKind) -> "WrittenCache":
        """The cache from a value to its text."""
        if kind not in self.writers:
            self.writers[kind] = WrittenCache(kind.format, self.delimiters)
        return self.writers[kind]

    def reader_for(self, use: SegmentUse, binding: Binding) -> SegmentReader:
        """The reading function of a use.

        It gives the values of used fields for a table of fields, a list of items for a list, and the elements
        themselves for a binding that takes them its own way.
        """
        if isinstance(binding, AdjustmentBinding):
            return self.adjustments(use)
        text = SegmentReaderSource(self, use, binding)
        return compile_function(text.source(), text.names, f"reader of {use.id} in {use.loop.id}")

    def adjustments(self, use: SegmentUse) -> SegmentReader:
        """CAS: a group, then reason and amount together, each time with or without a quantity, and no gaps."""
        group, reason, money, number = use.elements[:4]
        groups, reasons = self.element_reader(group, CODE), self.element_reader(reason, CODE)
        cents, quantities = self.element_reader(money, MONEY), self.element_reader(number, NUMBER)
        longest = len(use.elements) + 1

        def values(parts: list[bytes]) -> tuple[ClaimAdjustment, ...]:
            _, head, code, amount, *rest = parts
            first = ClaimAdjustment(groups[head], reasons[code], cents[amount])
            if not rest:
                return (first,)
            if len(parts) > longest or not parts[-1]:
                raise ValueError("not as the guide has it")
            # The last quantity is not there; the triplets before it have theirs, if only an empty one.
            if len(parts) % 3 == 1:
                parts.append(b"")
            return tuple(
                ClaimAdjustment(
                    first.group,
                    reasons[parts[index]],
                    cents[parts[index + 1]],
                    quantities[parts[index + 2]] if parts[index + 2] else None,
                )
                for index in range(2, len(parts), 3)
            )

        return values


class WrittenCache(BoundedCache[str]):
    """A value -> its text with the delimiters of the file. No free text is remembered."""

    def __init__(self, write: Callable[[Any], str], delimiters: Delimiters) -> None:
        super().__init__()
        self.write = write
        self.table = {ord(COMPONENT): delimiters.component, ord(REPETITION): delimiters.repetition}

    def __missing__(self, value: Any) -> str:
        text = self.write(value).translate(self.table)
        # Noughts with and without a sign are equal, and are written each its own way.
        forgotten = getattr(value, "description", "") or (value.__class__ is Decimal and not value)
        return text if forgotten else self.store(value, text)


class SegmentReaderSource:
    """The text of one reading function, and the names that it uses (each begins with `tag`)."""

    def __init__(self, codegen: SegmentCodegen, use: SegmentUse, binding: Binding, tag: str = "") -> None:
        self.codegen, self.use, self.binding, self.tag = codegen, use, binding, tag
        self.elements = used_elements(use)
        self.count = len(self.elements)
        self.table = used_fields(use, binding.table if isinstance(binding, FieldsBinding | ListBinding) else ())
        self.composites = binding.composites if isinstance(binding, FieldsBinding) else ()
        blanks = tuple((b"",) * (self.count + 1 - length) for length in range(self.count + 2))
        self.names: dict[str, Any] = {f"{tag}blanks": blanks, "npis": NPIS, "period": check_period}
        self.checks, self.expressions = self.all_elements()

    def source(self) -> str:
        """A whole function."""
        lines = [*self.reading(), f"return {self.result()}"]
        return "def values(parts):\n" + "\n".join(f"    {line}" for line in lines)

    def reading(self) -> list[str]:
        """The lines that take a segment apart and refuse what `element_checks` has to look at."""
        groups = "".join(f"g{number}, " for number in range(1, self.count + 1))
        unused = [f"g{number}" for number, element in enumerate(self.elements, 1) if element.usage == "N"]
        refused = [" or ".join(unused)] if unused else []
        refused += [relation_broken(rule, self.count) for rule in self.use.relations if not self.holds_always(rule)]
        return [
            "if not parts[-1]: raise ValueError",
            # There are blanks for each length that is allowed, so a segment that is too long ends in a LookupError.
            f"parts += {self.tag}blanks[len(parts)]",
            f"_, {groups}= parts",
            *(f"if {condition}: raise ValueError" for condition in (*refused, *self.npi(), *self.facts())),
            *self.checks,
        ]

    def holds_always(self, rule: tuple[str, tuple[int, ...]]) -> bool:
        """A relation that asks for at least one of its elements holds when the guide requires one of them."""
        return rule[0] == "R" and any(self.use.elements[number - 1].usage == "R" for number in rule[1])

    def npi(self) -> list[str]:
        """An identifier with the qualifier XX has a right check digit."""
        numbers = NPI_ELEMENTS.get(self.use.id)
        if numbers is None or numbers[1] > self.count:
            return []
        qualifier = self.elements[numbers[0] - 1]
        if qualifier.usage == "N" or (qualifier.codes and "XX" not in qualifier.codes):
            return []
        return [f"g{numbers[0]} == b'XX' and not npis[g{numbers[1]}]"]

    def facts(self) -> list[str]:
        """Facts of the world that `element_checks.external_codes` looks at: numbers and codes of the wrong form."""
        use, count = self.use, self.count
        if use.id == "REF" and use.qualifiers & {"EI", "SY"}:
            return ["g1 in (b'EI', b'SY') and not (len(g2) == 9 and g2.isdigit())"]
        if use.id == "PER":
            pairs = ((number, number + 1) for number in (3, 5, 7) if number < count)
            return [f"g{kind} == b'TE' and not (len(g{value}) >= 10 and g{value}.isdigit())" for kind, value in pairs]
        if use.id == "PRV" and count >= len(("role", "qualifier", "taxonomy")):
            return ["g2 == b'PXC' and not (len(g3) == 10 and g3.isalnum() and g3[-1:] == b'X')"]
        if use.id == "N4":
            return ["not g2 and g4 in (b'', b'US')" if count >= len(("city", "state", "code", "country")) else "not g2"]
        return []

    def all_elements(self) -> tuple[list[str], dict[int, str]]:
        """The checks of all elements, and the expression of each value."""
        kinds = {number: kind for number, _, kind in self.table}
        checks: list[str] = []
        expressions: dict[int, str] = {}
        for number, element in enumerate(self.elements, 1):
            if element.usage != "N":
                own, expressions[number] = self.element(number, element, kinds.get(number) or self.composite(number))
                checks += own
        return checks, expressions

    def element(self, number: int, element: Element, kind: ElementKind | None) -> tuple[list[str], str]:
        """The checks of one element, and the expression of its value."""
        group, needed = f"g{number}", element.usage == "R"
        checks = self.form(number, element, kind)
        if kind in (TEXT, None) and is_free_text(element):
            self.names[f"{self.tag}check{number}"] = text_check(element, self.codegen.delimiters)
            # Most texts are letters and digits, which is one call in C; only the others are held against the pattern.
            odd = f"not {group}.isalnum() or not {element.min_length} <= len({group}) <= {element.max_length}"
            checks.append(f"if {odd if needed else f'{group} and ({odd})'}: {self.tag}check{number}({group})")
            return checks, f"{group}.decode()"
        reader = self.codegen.element_reader(element, kind or KINDS.get(element.type, CODE))
        self.names[f"{self.tag}read{number}"] = reader
        value = f"{self.tag}read{number}[{group}]"
        if kind is None:
            checks.append(value if needed else f"if {group}: {value}")
        return checks, value if needed or kind is None else f"({value} if {group} else {kind.absent})"

    def composite(self, number: int) -> ElementKind | None:
        """The kind of an element that is several fields."""
        return next((one.kind for one in self.composites if one.number == number), None)

    def assignments(self) -> list[str]:
        """The lines that put the values of fields into locals named after them."""
        lines = [f"f_{name} = {self.expressions[number]}" for number, name, _ in self.table]
        return lines + [
            f"{''.join(f'f_{name}, ' for name in one.names)}= {self.expressions[one.number]}" for one in self.composites
        ]

    def form(self, number: int, element: Element, kind: ElementKind | None) -> list[str]:
        """A date or period has the form that the element before it names."""
        before = self.elements[number - 2] if number > 1 else element
        if element.type != "P" or before.label != "date format":
            return []
        if before.codes == {"D8"}:
            # A date is read as one anyway; a binding of its own would take a time or a period for a date.
            wrong = f"if len(g{number}) != 8: raise ValueError"
            return [] if kind is DATE else [wrong if element.usage == "R" else f"if g{number} and {wrong[3:]}"]
        call = f"period(g{number - 1}, g{number})"
        return [call if before.usage == "R" else f"if g{number - 1} or g{number}: {call}"]

    def result(self) -> str:
        """What the function gives."""
        binding, values = self.binding, self.expressions
        if isinstance(binding, ListBinding):
            self.names[f"{self.tag}Part"] = binding.part
            return (
                f"({call(f'{self.tag}Part', binding.part, {name: values[number] for number, name, _ in self.table})},)"
            )
        if isinstance(binding, FieldsBinding):
            several = "".join(f"*{values[one.number]}, " for one in self.composites)
            return f"({''.join(f'{values[number]}, ' for number, _, _ in self.table)}{several})"
        if hasattr(binding, "parse_items"):
            self.names[f"{self.tag}items"] = binding.parse_items
            return f"tuple({self.tag}items(tuple(parts[1:])))"
        return "tuple(parts[1:])"


def call(name: str, record: type[msgspec.Struct], given: dict[str, str]) -> str:
    """The text that makes a record: by position, since by name msgspec takes the square of its fields."""
    defaults = defaults_of(record)
    values = [given.get(field) or repr(defaults.get(field)) for field in record.__struct_fields__]
    last = max((number for number, field in enumerate(record.__struct_fields__) if field in given), default=-1)
    return f"{name}({', '.join(values[: last + 1])})"


def defaults_of(record: type[msgspec.Struct]) -> dict[str, Any]:
    """The fields of a record that have a default, and what it is."""
    given = record.__struct_defaults__
    return dict(zip(record.__struct_fields__[len(record.__struct_fields__) - len(given) :], given, strict=True))


def used_elements(use: SegmentUse) -> list[Element]:
    """The elements of a use without those at its end that the guide does not use."""
    elements = list(use.elements)
    while elements and elements[-1].usage == "N":
        elements.pop()
    return elements


def used_fields(use: SegmentUse, table: tuple[Field, ...]) -> tuple[Field, ...]:
    """The entries of a table that the guide uses here."""
    return tuple(entry for entry in table if use.elements[entry[0] - 1].usage != "N")


def field_names(use: SegmentUse, binding: Binding) -> tuple[str, ...]:
    """The fields that the values of a use fill; empty when they are items of a list or taken another way."""
    if isinstance(binding, PartBinding) or (isinstance(binding, UnparsedBinding) and binding.single):
        return (binding.field,)
    if not isinstance(binding, FieldsBinding):
        return ()
    several = (name for one in binding.composites for name in one.names)
    return (*(name for _, name, _ in used_fields(use, binding.table)), *several)


def is_free_text(element: Element) -> bool:
    """Any text of the right length: numbers and names that differ each time, so that remembering them is no use."""
    return element.type == "AN" and not (element.codes or element.components) and element.repeats == 1


def text_check(element: Element, delimiters: Delimiters) -> Callable[[bytes], None]:
    """Refuses text that has characters it must not have, or too many of them."""
    match = re.compile(element_pattern(element, delimiters)).fullmatch

    def check(raw: bytes) -> None:
        if match(raw) is None:
            raise ValueError("not as the guide has it")

    return check


def relation_broken(rule: tuple[str, tuple[int, ...]], count: int) -> str:
    """The condition under which a relation between elements does not hold, by its letter (see the dictionary)."""
    letter, numbers = rule
    given = [f"g{number}" if number <= count else "b''" for number in numbers]
    first, *rest = given
    match letter:
        case "P":
            return f"({' or '.join(given)}) and not ({' and '.join(given)})"
        case "R":
            return f"not ({' or '.join(given)})"
        case "E":
            return f"{' and '.join(given)}"
        case "C":
            return f"{first} and not ({' and '.join(rest)})"
        case _:
            return f"{first} and not ({' or '.join(rest)})"


def check_period(form: bytes, raw: bytes) -> None:
    """A date has the form that the element before it names."""
    if PERIOD_FORMS[form].fullmatch(raw) is None:
        raise ValueError("not in the form that the element before names")


PERIOD_FORMS = {form.encode(): re.compile(pattern) for form, pattern in PERIODS.items()}
