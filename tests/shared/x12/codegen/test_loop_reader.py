"""Reading a whole loop at once gives what reading it segment by segment gives, or gives up."""

import gc
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.x12_files import claims, remittances
from shared import x12
from shared.x12.codegen.compiled_guide import compiled_guide, owner
from shared.x12.codegen.loop_reader import SegmentCache
from shared.x12.codegen.segment_reader import defaults_of
from shared.x12.codegen.straight_reader import loop_reader
from shared.x12.model.bindings.binding import FieldsBinding, ListBinding
from shared.x12.model.envelope import Delimiters
from shared.x12.model.registry import TRANSACTION_SETS
from shared.x12.model.values import PLAIN_CENTS, CentsCache
from tests.shared.x12 import examples
from tests.shared.x12.fuzz import seeds

FILES = seeds.own()
ENVELOPE = [
    b"TA1*1*260101*1200*A*000",
    b"ST*835*0009",
    b"SE*9*0001",
    b"GS*HP*A*B*20260302*1015*9*X*005010X221A1",
    b"GE*1*1",
]
ENVELOPE += [b"IEA*1*000000101", b"", b"ZZ*1"]


def at_once(data):
    return list(x12.read(data, strict=True))


def slowly(data):
    """Nothing is held until it is whole, so that everything is read segment by segment."""
    return list(x12.read(data, strict=True, limits=x12.Limits(record_bytes=0)))


def in_pieces(data, size):
    """Records wait for the rest of them."""
    return list(x12.read((data[at : at + size] for at in range(0, len(data), size)), strict=True))


def loop_of(type_, name):
    compiled = compiled_guide(type_, Delimiters())
    return compiled, next(step.loop for use, step in compiled.steps.items() if use.loop.id == name)


def segments_from(data, head):
    segments = data.split(b"~")
    start = next(number for number, segment in enumerate(segments) if segment.startswith(head))
    return segments[start:]


def read_at_once(type_, name, segments, context=None):
    compiled, loop = loop_of(type_, name)
    return loop_reader(compiled.steps, compiled.transaction_set, loop)(
        segments, 0, segments[0].split(b"*"), context or {}
    )


def test_a_claim_payment_is_read_with_all_its_lines():
    data = examples.write_835()
    segments, expected = segments_from(data, b"CLP*"), x12.read_all(data).transactions[0].records[0]
    end, payment = read_at_once("835", "2100", segments, {"group": expected.group})
    assert segments[end].startswith(b"CLP*")
    assert payment == expected


def test_a_level_tells_what_it_has_seen_and_where_it_ended():
    segments = segments_from(examples.write_837p(), b"HL*2*")
    compiled, loop = loop_of("837P", "2000B")
    end, subscriber, seen, place = read_at_once("837P", "2000B", segments)
    assert segments[end].startswith(b"CLM*")
    assert subscriber == examples.claim().subscriber
    within = [child for child in loop.children if child.bit & seen]
    assert (within[0].id, within[-1].id, place) == ("HL", "2010BB", within[-1].ordinal)
    assert compiled.rest(loop, place).use.ordinal == place


def test_a_segment_that_opens_a_loop_leads_to_what_reads_the_loop_at_once():
    compiled, loop = loop_of("835", "2100")
    move = compiled.moving(compiled.steps[loop.first], 0, loop)
    assert move.opens is loop
    assert callable(move.reader)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda found: [*found[:3], b"ZZ*1", *found[3:]], "a segment that nobody knows ends it too soon"),
        (lambda found: found[:4], "it is not whole in the piece"),
        (lambda found: [found[0].replace(b"*1*", b"*99*", 1), *found[1:]], "a code that is not allowed"),
        (lambda found: [found[0], *found[2:5], found[1], *found[5:]], "segments out of order"),
        (lambda found: [one for one in found if not one.startswith(b"NM1*QC")], "something required is missing"),
        (lambda found: [found[0], found[1], found[1], *found[2:]], "something stands there twice"),
        (lambda found: [found[0] + b"*", *found[1:]], "separators with nothing after them"),
    ],
)
def test_it_gives_up_where_there_is_something_to_report(change, why):
    segments = change(segments_from(examples.write_835(examples.payment()), b"CLP*"))
    try:
        end, _ = read_at_once("835", "2100", segments)
    except (ValueError, LookupError):
        return
    assert segments[end].startswith(b"ZZ"), why


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_gives_the_same_events_at_once_slowly_and_in_pieces(name):
    assert at_once(FILES[name]) == slowly(FILES[name]) == in_pieces(FILES[name], 700)


@pytest.mark.parametrize("make", [remittances, claims])
def test_many_records_give_the_same_events_at_once_slowly_and_in_pieces(make):
    data = b"".join(make(60_000, 40))
    assert at_once(data) == slowly(data) == in_pieces(data, 1000) == in_pieces(data, 77)


def body(data):
    """Segments with the envelope left out, so that a change meets a record."""
    segments = data.split(b"~")
    return segments[:3], segments[3:-4], segments[-4:]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_file_gives_the_same_events_at_once_slowly_and_in_pieces(data):
    """Segments left out, doubled, exchanged, or moved: whatever is wrong is reported the same way."""
    head, inside, tail = body(FILES[data.draw(st.sampled_from(["835", "837P", "271", "277CA", "278"]))])
    for _ in range(data.draw(st.integers(1, 3))):
        here, there = (data.draw(st.integers(0, len(inside) - 1)) for _ in range(2))
        match data.draw(st.sampled_from(["leave out", "double", "exchange", "move", "envelope"])):
            case "leave out":
                inside = inside[:here] + inside[here + 1 :]
            case "double":
                inside = inside[:here] + [inside[here]] * data.draw(st.integers(2, 4)) + inside[here + 1 :]
            case "exchange":
                inside[here], inside[there] = inside[there], inside[here]
            case "move":
                inside.insert(there, inside.pop(here))
            case _:
                inside.insert(here, data.draw(st.sampled_from(ENVELOPE)))
    changed = b"~".join([*head, *inside, *tail])
    assert at_once(changed) == slowly(changed) == in_pieces(changed, 99)


def test_a_long_record_in_small_pieces_is_read_like_any_other():
    line = b"SVC*HC:97124:GP*50*50~DTM*472*20260224~"
    data = examples.write_835(examples.payment()).replace(b"SVC*", line * 900 + b"SVC*", 1)
    assert in_pieces(data, 64) == slowly(data) == at_once(data)


def test_no_free_text_and_no_patient_is_remembered():
    """What stays in memory after a file was read tells of nobody."""
    for data in FILES.values():
        at_once(data)
    gc.collect()
    kept = {segment for known in gc.get_objects() if isinstance(known, SegmentCache) for segment in known}
    heads = {segment.split(b"*")[0] for segment in kept}
    assert heads
    assert heads.isdisjoint({b"NTE", b"MSG", b"PER", b"N3", b"N4", b"DMG"})
    assert not [segment for segment in kept if segment.startswith((b"NM1*QC", b"NM1*IL", b"NM1*74"))]


@pytest.mark.parametrize(
    ("head", "count", "code"),
    [(b"DTM*472", 3, "segment_repeated"), (b"REF*6R", 2, "segment_repeated"), (b"AMT*B6", 10, "segment_repeated")],
)
def test_an_entry_too_many_is_found(head, count, code):
    data = b"".join(remittances(200, 0))
    segment = next(one for one in data.split(b"~") if one.startswith(head))
    changed = data.replace(segment + b"~", (segment + b"~") * count, 1)
    assert code in [one.code for one in x12.check(changed).findings]


def test_amounts_are_read_as_they_are_written_and_in_no_other_form():
    slow = CentsCache()
    for length in range(6):
        for raw in map(bytes, itertools.product(b"-.05_ ", repeat=length)):
            try:
                quick = PLAIN_CENTS[raw]
            except ValueError:
                continue
            assert quick == slow[raw], raw
    for raw in (b"12.345", b"12.", b"+1", b"1_0", b"", b"-", b".", b"--1", b"1e3", b"12345678901234567", "१".encode()):
        with pytest.raises(ValueError, match="amount"):
            PLAIN_CENTS[raw]


@pytest.mark.parametrize("type_", sorted(TRANSACTION_SETS))
def test_an_absent_element_leaves_a_field_as_it_is_without_its_segment(type_):
    for use, step in compiled_guide(type_, Delimiters()).steps.items():
        binding = step.binding
        if isinstance(binding, ListBinding):
            record = binding.part
        elif isinstance(binding, FieldsBinding) and use.loop.parent is not None:
            loop = owner(use.loop.parent if use.upward else use.loop)
            record = TRANSACTION_SETS[type_].record_class(loop.record)
        else:
            continue
        defaults = defaults_of(record)
        for number, name, kind in binding.table:
            if use.elements[number - 1].usage == "S":
                absent = {"None": None, "()": (), '""': ""}[kind.absent]
                assert defaults[name] == absent, (use.id, name)
