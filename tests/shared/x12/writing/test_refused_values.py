"""What a record cannot hold is refused with the name of its field; nothing is lost without a word."""

import datetime
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace

from shared import x12
from shared.x12.writing.field_types import field_types
from tests.shared.x12 import examples

MOMENT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
ODD = (1.5, "x", 7, None, b"b", MOMENT, object(), (1,))
OTHERS = {
    str: ("ZZ", "1", ""),
    int: (0, -5),
    datetime.date: (datetime.date(2026, 2, 3),),
    Decimal: (Decimal("1.5"),),
}
WRITERS = ("837p", "835", "270", "271", "276", "277", "277ca", "278")


def written(name):
    """An example's envelope, and its first transaction as it is given to the writer."""
    one = x12.read_all(getattr(examples, f"write_{name}")()).transactions[0]
    transaction = x12.Transaction(
        type=one.opened.type, control_number=one.opened.control_number, header=one.header, records=one.records
    )
    return x12.Envelope(interchange=one.opened.interchange, group=one.opened.group), transaction


def places(part, path=()):
    """The path of every field and item beneath a part."""
    for name in part.__struct_fields__:
        value = getattr(part, name)
        yield (*path, name)
        items = [((*path, name), value)]
        if isinstance(value, tuple):
            items = [((*path, name, index), item) for index, item in enumerate(value)]
            yield from (place for place, _ in items)
        for place, item in items:
            if isinstance(item, msgspec.Struct):
                yield from places(item, place)


def one_place_a_field(part):
    """One path for each field of each class: the first in the order of the record."""
    found = {}
    for path in places(part):
        names = [step for step in path if isinstance(step, str)]
        found.setdefault((type(held(part, path[:-1])).__name__, isinstance(path[-1], int), *names[-2:]), path)
    return list(found.values())


def held(part, path):
    for step in path:
        part = part[step] if isinstance(step, int) else getattr(part, step)
    return part


def changed(part, path, value):
    """The part with another value at the path."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        return (*part[:step], changed(part[step], rest, value), *part[step + 1 :])
    return replace(part, **{step: changed(getattr(part, step), rest, value)})


def fits(part, path, value):
    """Whether the class of the record allows the value there."""
    *above, last = path
    if isinstance(last, int):
        return type(value) is type(held(part, path))
    return field_types(type(held(part, above)))[last].holds(value)


@pytest.mark.parametrize("name", WRITERS)
def test_a_value_of_another_type_is_refused_with_the_name_of_its_field(name):
    envelope, transaction = written(name)
    tried = 0
    for path in one_place_a_field(transaction):
        for value in ODD:
            if fits(transaction, path, value):
                continue
            tried += 1
            with pytest.raises(x12.WriteError) as refused:
                x12.write(envelope, [changed(transaction, path, value)])
            assert refused.value.pointer.startswith("/".join(map(str, path[:2])))
    assert tried > 100


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_written_comes_back_or_is_refused(name):
    envelope, transaction = written(name)
    came_back = refused = 0
    for path in one_place_a_field(transaction):
        for value in (value for values in OTHERS.values() for value in values):
            if not fits(transaction, path, value):
                continue
            other = changed(transaction, path, value)
            try:
                data = x12.write(envelope, [other])
            except x12.WriteError:
                refused += 1
                continue
            back = x12.read_all(data).transactions[0]
            came_back += 1
            assert (back.header, all(one in back.records for one in other.records)) == (other.header, True), path
    assert came_back > 10 and refused > 10


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("records", 0, "charge_cents"), "200.00", "has to be a whole number"),
        (("records", 0, "charge_cents"), True, "has to be a whole number"),
        (("records", 0, "dates", 0, "start"), MOMENT, "has to be a date without a time or None"),
        (("records", 0, "services"), "SVC", "has to be a tuple"),
        (("records", 0, "services", 0), None, "has to be a ServicePayment"),
        (("records", 0), "CLP", "has to be a record"),
        (("header", "payment_date"), None, "has to be a date without a time"),
        (("control_number",), 1, "has to be text"),
        (("header",), "BPR", "has to be a Part or None"),
    ],
)
def test_the_refusal_says_what_the_field_has_to_be(path, value, message):
    envelope, transaction = written("835")
    with pytest.raises(x12.WriteError) as refused:
        x12.write(envelope, [changed(transaction, path, value)])
    assert (refused.value.pointer, refused.value.message) == ("/".join(map(str, path)), message)


def test_an_envelope_of_other_types_is_refused():
    envelope, transaction = written("835")
    with pytest.raises(x12.WriteError, match=r"^interchange/sender: has to be text$"):
        x12.write(changed(envelope, ("interchange", "sender"), 5), [transaction])


def test_a_value_that_its_segment_leaves_out_is_refused_and_not_lost():
    envelope, transaction = written("835")
    lost = "has no place in this transaction, and would be lost"
    payer = {"line1": "9 LAKE RD", "city": "SEATTLE", "state": "WA", "postal_code": "98101"}
    for path, value in (
        (("header", "dates", 0, "end"), examples.TODAY),
        (("header", "dates", 0, "qualifier"), "ZZ"),
        (("records", 0, "services", 0, "dates", 0, "end"), examples.TODAY),
        *(((("records", 0, "parties", 0, name), text)) for name, text in payer.items()),
    ):
        with pytest.raises(x12.WriteError) as refused:
            x12.write(envelope, [changed(transaction, path, value)])
        assert refused.value.message == lost
        assert "/".join(map(str, path)).startswith(refused.value.pointer)
