"""Writing a record at once gives the bytes of writing it segment by segment, or leaves it to that."""

# Odd values are laid out as tables, made to be read across.
# ruff: noqa: E501

import csv
import datetime
import decimal
import gc
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.x12_files import claims, remittances
from shared import x12
from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.codegen.generated import compile_function
from shared.x12.codegen.loop_writer import LoopWriterSource
from shared.x12.codegen.segment_reader import WrittenCache
from shared.x12.model.registry import TRANSACTION_SETS
from shared.x12.writing.open_levels import OpenLevels
from shared.x12.writing.quick_records import QuickRecords
from shared.x12.writing.segment_output import SegmentOutput
from tests.shared.x12 import examples, test_properties
from tests.shared.x12.fuzz import seeds

USUAL = x12.Delimiters()
OTHERS = (
    USUAL,
    x12.Delimiters(element="|", component=">", repetition="!", segment="'"),
    x12.Delimiters(element="{", component="}", repetition="\\", segment="\n"),
    x12.Delimiters(element="\x1d", component="\x1c", repetition="\x1e", segment="\x1f"),
    x12.Delimiters(element='"', component="'", repetition="%", segment="$"),
)


def envelope(delimiters=USUAL, newline=""):
    plain = examples.envelope()
    interchange = msgspec.structs.replace(plain.interchange, delimiters=delimiters)
    return x12.Envelope(interchange=interchange, group=plain.group, newline=newline)


def transaction(type_, records, header=None):
    headers = {"837P": examples.submission(), "835": examples.remittance(100)}
    header = header or headers.get(type_)
    return x12.Transaction(type=type_, control_number="0001", header=header, records=tuple(records))


def outcome(one, around=None, *, careful):
    """The bytes, or what is raised with all its words."""
    try:
        return x12.write(around or envelope(), [one], careful=careful)
    except Exception as error:
        return type(error), str(error)


def same(one, around=None):
    quick, careful = outcome(one, around, careful=False), outcome(one, around, careful=True)
    assert quick == careful
    return quick


def written_at_once(type_, records):
    """How many of the records need no second look."""
    compiled = compiled_guide(type_, USUAL)
    quick = QuickRecords(compiled, SegmentOutput(USUAL, ""), OpenLevels())
    return sum(quick.write(record) for record in records)


def records_of(data):
    return [record for one in x12.read_all(data).transactions for record in one.records]


@settings(max_examples=25, deadline=None)
@given(st.lists(test_properties.claims(), min_size=1, max_size=5), st.sampled_from(OTHERS), st.sampled_from(["", "\n"]))
def test_generated_claims_are_written_the_same(made, delimiters, newline):
    """A name that holds a delimiter is refused the same."""
    written = same(transaction("837P", made), envelope(delimiters, newline))
    assert isinstance(written, bytes) or delimiters != USUAL


@settings(max_examples=25, deadline=None)
@given(st.lists(test_properties.payments(), min_size=1, max_size=5), st.sampled_from(OTHERS))
def test_generated_remittances_are_written_the_same(made, delimiters):
    assert isinstance(same(transaction("835", made), envelope(delimiters)), bytes)


@pytest.mark.parametrize("name", sorted(seeds.own()))
def test_every_file_that_was_read_is_written_the_same(name):
    for one in x12.read_all(seeds.own()[name]).transactions:
        if one.opened.type in {"837P", "835", "270", "271", "276", "277", "277CA", "278", "999"}:
            same(transaction(one.opened.type, one.records, one.header), envelope(newline="\n"))


def test_the_public_gold_files_are_written_the_same():
    with_index = seeds.CORPUS / "INDEX.tsv"
    text = with_index.read_text() if with_index.exists() else ""
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    for row in rows:
        if row["grade"] == "gold":
            for one in x12.read_all((seeds.CORPUS / row["file"]).read_bytes()).transactions:
                assert isinstance(same(transaction(one.opened.type, one.records, one.header)), bytes), row["file"]


@pytest.mark.parametrize(
    ("type_", "records"),
    [
        ("837P", examples.claims()),
        ("835", (examples.payment(), examples.denial(), examples.reversal(), examples.take_back())),
        ("837P", records_of(b"".join(claims(30_000, 20)))),
        ("835", records_of(b"".join(remittances(30_000, 20)))),
    ],
)
def test_what_is_in_order_is_written_at_once(type_, records):
    """Otherwise writing would be slow, and no other test would tell."""
    assert written_at_once(type_, records) == len(records)


CLAIMS = records_of(b"".join(claims(9_000, 20)))
PAYMENTS = records_of(b"".join(remittances(9_000, 20)))
FULL = (*examples.claims(), *CLAIMS[:3])
PAID = (examples.payment(), examples.denial(), examples.reversal(), examples.take_back(), *PAYMENTS[:3])
ODD = (
    *("", " ", "A", "zz", "A ", "A*B", "A:B", "A^B", "A~B", "A\nB", "A\x1cB", "A\x1dB", "\x1e", "É", "\x7f", "X" * 300, "82", "QC", "1"),
    *(None, 0, 1, -1, 5, 100.0, 12.5, True, 10**20, b"A", (), ("",), ("A", "B"), ("A:B",), (1.0,), (True,), [], ["A"], {}),
    *(Decimal("1.0"), Decimal("-0"), Decimal(0), Decimal("0.50"), Decimal("1E+3"), Decimal("NaN"), Decimal(12345678901)),
    *(datetime.date(2026, 2, 24), datetime.date(1, 1, 1), datetime.datetime(2026, 2, 24, tzinfo=datetime.UTC)),
    *(x12.Segment(id="K3", elements=("A:B",)), x12.Reference("G1", "A"), x12.Party("82"), x12.MonetaryAmount("F5", 1), x12.MonetaryAmount("F5", 1.0)),
    *((x12.Segment(id="K3", elements=("A:B^C",)),), (x12.Segment(id="CRC", elements=("75", "Y", "IH")),), (x12.Segment(id="ZZ"),)),
    *((x12.DatePeriod("472"),), (x12.DatePeriod("439", examples.DOS),), (x12.DatePeriod("472", None, None, "1015"),)),
    *((examples.adjust("CO", "45", 5), examples.adjust("CO", "97", 7)), (examples.adjust("CO", "45", 5.0),)),
    *((examples.adjust("PR", "1", 5, Decimal(2)), examples.adjust("CO", "97", 7), examples.adjust("PR", "3", 0)),),
)  # fmt: skip


def places(value, path=()):
    """The path of everything inside a record."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield (*path, name)
            yield from places(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield (*path, index)
            yield from places(item, (*path, index))


def replaced(value, path, new):
    """The record with something else at a path; `twice` doubles what is there."""
    if not path:
        return new
    first, *rest = path
    if isinstance(value, tuple):
        inside = replaced(value[first], rest, new)
        return (*value[:first], *([value[first]] * 2 if inside == "twice" else [inside]), *value[first + 1 :])
    return msgspec.structs.replace(value, **{first: replaced(getattr(value, first), rest, new)})


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_record_with_something_odd_in_it_has_the_same_outcome(data):
    """The same bytes, or the same refusal with the same words; whatever the class and the place of the value."""
    type_, records = data.draw(st.sampled_from([("837P", FULL), ("835", PAID)]))
    at = data.draw(st.integers(0, len(records) - 1))
    record = records[at]
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(list(places(record))))
        record = replaced(record, path, data.draw(st.sampled_from((*ODD, "twice"))))
    same(transaction(type_, (*records[:at], record, *records[at + 1 :])), envelope(data.draw(st.sampled_from(OTHERS))))


@pytest.mark.parametrize("field", ["subscriber", "billing_provider", "patient"])
def test_levels_that_change_to_and_fro_are_written_the_same(field):
    one, other = examples.claims()[0], examples.accident_claim()
    mixed = [one, other, one, *examples.claims(), msgspec.structs.replace(one, claim_number="Z1"), one]
    if field == "billing_provider":
        mixed[2] = msgspec.structs.replace(one, billing_provider=examples.provider(taxonomy="111N00000X"))
    if field == "patient":
        mixed[2] = msgspec.structs.replace(
            one, subscriber=examples.subscriber(relationship=""), patient=examples.patient()
        )
    assert isinstance(same(transaction("837P", mixed)), bytes)


def test_a_refused_record_leaves_nothing_behind():
    """A level that was opened for it alone would be in the file, and its number in the next HL."""
    good, bad = examples.claims()[0], examples.accident_claim()
    compiled = compiled_guide("837P", USUAL)
    output, levels = SegmentOutput(USUAL, ""), OpenLevels()
    quick = QuickRecords(compiled, output, levels)
    assert quick.write(good)
    before = (list(output.pieces), output.count, list(levels.open), levels.number)
    assert not quick.write(msgspec.structs.replace(bad, assignment="Q"))
    assert not quick.write(msgspec.structs.replace(bad, lines=()))
    assert (list(output.pieces), output.count, list(levels.open), levels.number) == before


@pytest.mark.parametrize("quantity", ["1.0", "0.50", "-0", "0", "12.5", "1E+1"])
def test_a_quantity_is_written_as_short_as_it_can_be(quantity):
    lines = [examples.line(1, quantity=decimal.Decimal(other)) for other in ("0", quantity, "-0", quantity)]
    for line in lines:
        same(transaction("837P", [examples.claim(lines=(line,))]))


@pytest.mark.parametrize("type_", sorted(TRANSACTION_SETS))
@pytest.mark.parametrize("delimiters", OTHERS)
def test_a_function_is_made_for_every_loop_that_makes_a_record(type_, delimiters):
    compiled = compiled_guide(type_, delimiters)
    for loop in {use.loop for use in compiled.steps if use.loop.record}:
        source = LoopWriterSource(compiled.steps, compiled.transaction_set, loop)
        assert callable(compile_function(source.text(), source.names, f"test of {type_} {loop.id}"))


def test_no_name_and_no_free_text_is_remembered():
    """What stays in memory after a file was written tells of nobody."""
    described = x12.ProcedureIdentifier(code="97124", description="FOR JUNE ALDER")
    same(transaction("837P", [*FULL, examples.claim(lines=(examples.line(procedure=described),))]))
    gc.collect()
    kept = [(value, text) for one in gc.get_objects() if isinstance(one, WrittenCache) for value, text in one.items()]
    assert kept
    for value, text in kept:
        assert "JUNE" not in text
        assert not isinstance(value, x12.Party | x12.Reference | x12.ClaimNote | x12.Contact)
