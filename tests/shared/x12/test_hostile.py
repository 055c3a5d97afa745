"""Files made to hurt: no crash, no hang, findings and time within limits. (Files broken by chance: `fuzz/`.)"""

import itertools
import random
import tracemalloc

import pytest

from bench.x12_files import remittances
from shared import x12
from shared.x12.validation.catalogue import CATALOGUE
from tests.shared.x12 import examples
from tests.shared.x12.fuzz.rules import deadline

FILES = {
    "837P": examples.write_837p(),
    "835": examples.write_835(examples.payment(), examples.denial(), examples.reversal(), cents=0),
    "271": examples.write_271(),
    "TA1": examples.write_ta1(),
}


def test_random_bytes_are_no_x12():
    chance = random.Random(3)
    for length in (0, 1, 105, 106, 5000):
        data = bytes(chance.randrange(256) for _ in range(length))
        assert not x12.check(data).ok


HOSTILE = {
    "one endless segment": lambda: (b"A" * 100_000 for _ in range(50)),
    "a million elements": lambda: FILES["835"].replace(b"LX*1~", b"LX" + b"*1" * 20_000 + b"~"),
    "a million empty segments": lambda: FILES["835"].replace(b"LX*1~", b"LX*1~" + b"~" * 100_000),
    "a hundred thousand unknown segments": lambda: FILES["835"].replace(b"LX*1~", b"LX*1~" + b"ZZ*1~" * 30_000),
    "a hundred thousand references": lambda: FILES["835"].replace(b"REF*6R*L1~", b"REF*6R*L1~" + b"REF*LU*1~" * 30_000),
    "deep levels": lambda: FILES["837P"].replace(b"HL*2*1*22*0~", b"HL*2*1*22*0~" * 3000),
    "many interchanges": lambda: FILES["TA1"] * 2000,
    "no terminator": lambda: FILES["837P"][:106] + b"GS*" * 60_000,
    "open transactions": lambda: FILES["837P"][:160] + b"ST*837*0001*005010X222A1~" * 3000,
    "lines without anything in them": lambda: FILES["837P"].replace(b"LX*1~", b"LX*1~" * 20_000, 1),
    "lines that do not balance": lambda: FILES["835"].replace(b"SVC*", b"SVC*HC:97124*100*50~" * 10_000 + b"SVC*", 1),
    "lines that point nowhere": lambda: FILES["837P"].replace(b"LX*1~", b"LX*1~SV1*HC:97124*1*UN*1***9~" * 10_000, 1),
    "an ISA cut off in front of its terminator": lambda: FILES["837P"][:105],
    "repetitions": lambda: FILES["271"].replace(b"EB*1**30", b"EB*1**" + b"^".join([b"30"] * 20_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_does_not_keep_the_reader(name):
    with deadline(60):
        report = x12.check(HOSTILE[name](), limits=x12.Limits(findings=500))
    assert not report.ok or name in ("many interchanges", "a million empty segments")
    assert len(report.findings) <= 3 * 500 + len(CATALOGUE)


def test_empty_segments_are_held_no_longer_than_others():
    """A record that is not whole waits for its rest, and empty segments made it wait for the whole file."""
    data = FILES["835"].replace(b"LX*1~", b"LX*1~" + b"~" * 500_000)
    tracemalloc.start()
    try:
        x12.check(data, limits=x12.Limits(findings=10))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_reading_stops_at_the_size_of_a_file():
    report = x12.check(FILES["837P"], limits=x12.Limits(file_bytes=1000))
    assert "too_large" in [one.code for one in report.findings]


@pytest.mark.parametrize("size", [7_000, 70_000, 1_000_000])
def test_a_segment_longer_than_the_limit_stops_the_reading_whatever_the_pieces(size):
    data = FILES["835"].replace(b"CLP*", b"CLP*" + b"9" * 150_000, 1)
    found = x12.check(data[at : at + size] for at in range(0, len(data), size)).findings
    assert [(one.code, data[one.offset :][:4]) for one in found if one.code == "too_large"] == [("too_large", b"CLP*")]


def test_a_record_of_too_many_segments_stops_the_reading():
    line = b"SVC*HC:97124*50*50~DTM*472*20260224~"
    report = x12.check(FILES["835"].replace(b"SVC*", line * 60_000 + b"SVC*", 1))
    assert "too_large" in [one.code for one in report.findings]


def test_a_file_may_have_so_many_sets_of_delimiters_and_no_more():
    sets = itertools.islice(itertools.permutations(b"!#$%&;<", 3), 40)
    files = [FILES["TA1"].translate(bytes.maketrans(b"*:~", bytes(three))) for three in sets]
    assert x12.check(b"".join(files[:32])).ok
    report = x12.check(b"".join(files))
    assert [one.code for one in report.findings if one.severity is x12.Severity.ERROR] == ["too_large"]
    assert "different delimiters" in report.findings[-1].message


def test_places_are_right_behind_an_interchange_with_other_delimiters():
    first = FILES["837P"] * 2
    data = first + FILES["835"].replace(b"*", b"|").replace(b"CAS|CO|45|20~", b"CAS|CO|45|21~", 1)
    finding = next(one for one in x12.check(data).findings if one.code == "line_balance")
    assert data[finding.offset :].startswith(b"SVC|")
    assert finding.segment_number == data[: finding.offset].count(b"~") + 1


@pytest.mark.parametrize("between", [b"", b"\r\n"])
@pytest.mark.parametrize("size", [5_000, 1_000_000])
def test_files_of_any_size_and_with_other_terminators_may_stand_in_one(size, between):
    large = b"".join(remittances(200_000, 50)).replace(b"~", b"|")
    data = FILES["835"] + between + large + between + FILES["835"]
    report = x12.check(data[at : at + size] for at in range(0, len(data), size))
    assert report.ok
    assert len(report.transactions) == 2 + large.count(b"|ST*")


def test_empty_segments_do_not_move_the_numbers_of_those_in_front_of_them():
    data = FILES["835"].replace(b"SVC*HC:97124:GP*120*80", b"SVC*HC:97124:GP*120*81", 1)
    report = x12.check(data)
    (plain,) = [one for one in report.findings if one.code == "line_balance"]
    at = data.index(b"SVC*")
    behind = data[:at] + data[at:].replace(b"~", b"~~~")
    (moved,) = [one for one in x12.check(behind).findings if one.code == "line_balance"]
    assert (moved.segment_number, moved.offset) == (plain.segment_number, plain.offset)


def test_no_transaction_opens_inside_another():
    opened = [isinstance(one, x12.Opened) for one in x12.read(FILES["TA1"].replace(b"TA1*", b"ST*835*0001~TA1*", 1))]
    assert opened.count(True) == 1
