"""Segments alone: their places, numbers and elements, whatever the delimiters, line breaks and pieces of a source."""

import itertools
import tracemalloc

import pytest

from bench.x12_files import remittances
from shared import x12
from shared.x12.splitting.pieces import SEGMENT_BYTES
from tests.shared.x12 import examples
from tests.shared.x12.fuzz import seeds

FILES = {name: data for name, data in seeds.own().items() if data.startswith(b"ISA")}
PLAIN = examples.write_835()
# Element, component, repetition, segment.
SETS = ("*:^~", "|>!'", "*:^\n", "~*^|", "+<&\r", "*\x1d^\x1c")


def found(source):
    return list(x12.segments(source))


def parts_of(source):
    return [parts for _, _, parts in found(source)]


def in_pieces(data, size):
    return (data[at : at + size] for at in range(0, len(data), size))


def with_delimiters(characters):
    """The same remittance with other delimiters."""
    return PLAIN.translate(bytes.maketrans(b"*:^~", characters.encode()))


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_segment_stands_where_its_offset_says(name):
    data = FILES[name]
    given = iter(x12.segments(data))
    delimiters = x12.segments(data)
    next(delimiters)
    one = delimiters.delimiters
    for number, (offset, counted, parts) in enumerate(given, 1):
        text = one.element_separator.join(parts)
        assert counted == number
        assert data[offset : offset + len(text)] == text
        assert data[offset + len(text) : offset + len(text) + 1] in (one.segment_terminator, b"")


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("size", [1, 7, 700])
def test_the_pieces_of_a_source_change_nothing(name, size):
    assert found(in_pieces(FILES[name], size)) == found(FILES[name])


def test_a_large_source_is_split_as_a_whole_one_is():
    data = b"".join(remittances(300_000, 100))
    assert parts_of(data) == [segment.split(b"*") for segment in data.split(b"~")[:-1]]
    assert found(in_pieces(data, 1000)) == found(data)


@pytest.mark.parametrize("characters", SETS)
def test_the_delimiters_are_those_of_the_isa(characters):
    given = x12.segments(with_delimiters(characters))
    for (_, _, parts), (_, _, plain) in zip(given, x12.segments(PLAIN), strict=True):
        assert parts[0] == plain[0]
        assert len(parts) == len(plain)
    assert given.delimiters == x12.Delimiters.from_bytes(*(one.encode() for one in characters))


@pytest.mark.parametrize("pair", tuple(itertools.product(SETS, SETS)))
@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n  "])
def test_each_of_two_joined_interchanges_has_its_own_delimiters(pair, between):
    one, other = map(with_delimiters, pair)
    joined = one + between + other
    assert parts_of(joined) == parts_of(one) + parts_of(other)
    assert found(in_pieces(joined, 90)) == found(joined)
    assert {offset for offset, _, parts in found(joined) if parts[0] == b"ISA"} == {0, len(one + between)}


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\n\n   ", b"\x00"])
def test_what_is_between_segments_belongs_to_none(ending):
    broken = PLAIN.replace(b"~", b"~" + ending)
    assert parts_of(broken) == parts_of(PLAIN)
    assert all(broken[offset:].startswith(parts[0] + b"*") for offset, _, parts in x12.segments(broken))


def test_a_line_break_inside_a_segment_is_left_out():
    assert parts_of(PLAIN.replace(b"CASCADE HEALTH", b"CASCADE\r\n HEALTH")) == parts_of(PLAIN)


def test_an_empty_segment_is_none_and_has_no_number():
    assert parts_of(PLAIN.replace(b"~CLP", b"~~~CLP")) == parts_of(PLAIN)
    assert [number for _, number, _ in x12.segments(PLAIN + b"~~")] == list(range(1, PLAIN.count(b"~") + 1))


def test_a_mark_or_text_in_front_of_the_isa_is_passed_over():
    for before in (b"\xef\xbb\xbf", b"\r\n ", b"Mail from the payer: "):
        assert [(at - len(before), number, parts) for at, number, parts in found(before + PLAIN)] == found(PLAIN)


def test_a_file_without_its_isa_or_its_last_terminator_is_split_all_the_same():
    body = PLAIN[PLAIN.index(b"GS*") :]
    assert parts_of(body) == parts_of(PLAIN)[1:]
    assert parts_of(body.replace(b"*", b"|"))[0][:2] == [b"GS", b"HP"]
    assert parts_of(PLAIN[:-1]) == parts_of(PLAIN)
    assert parts_of(PLAIN[: PLAIN.index(b"~IEA")]) == parts_of(PLAIN)[:-1]


@pytest.mark.parametrize("data", [b"", b"  \n", b"no X12 at all", b"%PDF-1.7" * 2000])
def test_nothing_comes_of_what_is_no_x12(data):
    assert found(data) == []


def test_a_segment_that_never_ends_ends_the_reading():
    endless = PLAIN[: PLAIN.index(b"CLP*")] + b"CLP*" + b"A" * (4 * SEGMENT_BYTES)
    assert (
        parts_of(itertools.chain([endless], itertools.repeat(b"A" * 16000))) == parts_of(PLAIN)[: len(found(endless))]
    )


def test_an_isa_inside_an_element_begins_nothing():
    assert parts_of(PLAIN.replace(b"CASCADE HEALTH", b"LISA ISA"))[0] == parts_of(PLAIN)[0]
    assert len(found(PLAIN.replace(b"CASCADE HEALTH", b"LISA ISA"))) == len(found(PLAIN))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_finding_names_the_same_offset_and_number(name):
    places = {number: offset for offset, number, _ in x12.segments(FILES[name])}
    for finding in x12.check(FILES[name], strict=True).findings:
        assert places.get(finding.segment_number, finding.offset) == finding.offset, finding


def test_memory_stays_flat():
    tracemalloc.start()
    try:
        count = sum(1 for _ in x12.segments(remittances(3_000_000, 100)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count > 100_000
    assert peak < 1_000_000
