"""A transaction set is one guide, one module of records, one of bindings and one row, and nothing else knows it."""

import dataclasses
import types
from pathlib import Path

import pytest

from shared import x12
from shared.x12.codegen.compiled_guide import CompiledGuide, compiled_guide
from shared.x12.codegen.straight_reader import loop_reader
from shared.x12.model import registry
from shared.x12.model.bindings.binding import SegmentTable
from shared.x12.model.bindings.element_kinds import CODE, MONEY, TEXT
from shared.x12.model.envelope import Delimiters
from shared.x12.model.records.parts import Part, Reference
from shared.x12.model.registry import TRANSACTION_SETS, TransactionSet, find_type, functional_id, has_header
from shared.x12.writing.segment_output import SegmentOutput
from shared.x12.writing.transaction_writer import TransactionWriter

MODEL = Path(registry.__file__).parent


class Order(Part, frozen=True):
    reference: str
    kind: str = ""


class Payment(Part, frozen=True):
    qualifier: str
    amount_cents: int
    references: tuple[Reference, ...] = ()


RECORDS = types.ModuleType("records")
RECORDS.Order, RECORDS.Payment = Order, Payment
NEW = TransactionSet(
    type="820",
    st01="820",
    gs01="RA",
    versions=("005010X218",),
    title="premium payment",
    guide_text="""
LOOP HEADER R 1 : header Order
  ST R 1 : R=820 R R
  NTE R 1 : R=ADD,DCP R
  LOOP 2000 R > : record Payment
    AMT R 1 : R=F5 R
    REF S 2 : R=EA,1L R
""",
    records=RECORDS,
    bindings=SegmentTable(
        fields={
            "NTE": ((1, "kind", CODE), (2, "reference", TEXT)),
            "AMT": ((1, "qualifier", CODE), (2, "amount_cents", MONEY)),
        }
    ),
)


def test_a_new_row_can_be_written_and_read_without_any_other_change():
    compiled = CompiledGuide(NEW, Delimiters())
    paid = Payment(qualifier="F5", amount_cents=1250, references=(Reference(qualifier="EA", value="77"),))
    output = SegmentOutput(Delimiters(), "")
    header = Order(reference="MARCH", kind="ADD")
    TransactionWriter(compiled, output).write(
        x12.Transaction(type="820", control_number="0001", header=header, records=(paid, paid))
    )
    written = output.drain()
    body = "NTE*ADD*MARCH~" + "AMT*F5*12.5~REF*EA*77~" * 2
    assert written.decode() == f"ST*820*0001*005010X218~{body}SE*7*0001~"

    segments = written.split(b"~")[2:]
    read = loop_reader(compiled.steps, NEW, compiled.guide.root.children[-1])
    assert read(segments, 0, segments[0].split(b"*"), {}) == (2, paid)


@pytest.mark.parametrize("folder", ["guides", "records", "bindings"])
def test_every_module_of_the_model_belongs_to_a_row_or_is_shared(folder):
    shared = {
        "guides": {"code_sets", "dictionary", "grammar"},
        "records": {"parts"},
        "bindings": {"binding", "common", "element_kinds", "lookup"},
    }[folder]
    modules = {file.stem for file in (MODEL / folder).glob("*.py")} - shared - {"__init__"}
    assert modules == {row.records.__name__.rpartition(".")[2] for row in TRANSACTION_SETS.values()}


@pytest.mark.parametrize("type_", list(TRANSACTION_SETS))
def test_a_row_is_found_by_st01_and_each_of_its_versions(type_):
    row = TRANSACTION_SETS[type_]
    assert {find_type(row.st01, version) for version in row.versions} == {type_}
    assert functional_id(row.st01) == row.gs01
    assert has_header(type_) == (type_ != "999")
    assert row.record_class(row.guide.root.record).__name__ == row.guide.root.record


def test_what_is_in_no_row_is_not_found():
    assert find_type("837", "005010X223A3") is None
    assert find_type("850", "005010") is None
    assert functional_id("850") == ""
    assert not has_header("850")


def test_every_record_of_every_row_is_a_public_name_of_the_codec():
    records = {row.records.__name__: row.records for row in TRANSACTION_SETS.values()}
    for module in records.values():
        assert [name for name in module.__all__ if getattr(x12, name) is not getattr(module, name)] == []


@pytest.mark.parametrize("type_", sorted(TRANSACTION_SETS))
def test_a_level_stands_right_beneath_the_level_or_the_header_above_it(type_):
    """HL loops are nested in one another, and never in the name loop that comes before them."""
    compiled = compiled_guide(type_, Delimiters())
    above = {(use.loop.id, use.loop.parent.id, use.loop.parent.first.id) for use in compiled.steps if use.id == "HL"}
    assert {first for _level, _above, first in above} <= {"HL", "ST"}, above


def test_a_segment_that_stands_deeper_than_its_loop_is_a_mistake_of_the_guide():
    wrong = dataclasses.replace(NEW, guide_text=NEW.guide_text.replace("    REF S 2", "      REF S 2"))
    with pytest.raises(AssertionError, match="deeper than the loop it stands in: REF S 2"):
        assert wrong.guide
