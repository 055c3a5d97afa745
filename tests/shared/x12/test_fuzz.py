"""Whatever bytes come: no crash, no hang, memory within limits, and the same findings whatever the pieces."""

import random
import time

import pytest

from shared import x12
from shared.x12 import commands
from tests.shared.x12 import samples

FILES = {
    "837P": samples.write_837p(),
    "835": samples.write_835(samples.payment(), samples.denial(), samples.reversal(), cents=0),
    "270": samples.write_270(),
    "271": samples.write_271(),
    "276": samples.write_276(),
    "277": samples.write_277(),
    "277CA": samples.write_277ca(),
    "278": samples.write_278(),
    "999": samples.write_999(samples.write_837p().replace(b"HI*ABK", b"HI*XXX")),
    "TA1": samples.write_ta1(),
}
TOKENS = [
    b"~",
    b"*",
    b":",
    b"^",
    b"\n",
    b"\r\n",
    b" ",
    b"",
    b"ISA",
    b"GS*",
    b"ST*",
    b"SE*",
    b"HL*",
    b"NM1*",
    b"\xff",
    b"\x00",
    b"9" * 30,
]


def mutate(data, chance):
    """A few random changes: bytes, tokens, segments dropped, doubled, moved, swapped."""
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(7)
        at = chance.randrange(len(data) or 1)
        if kind == 0:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 1:
            data = data[:at] + chance.choice(TOKENS) + data[at:]
        elif kind == 2:
            data = data[:at] + data[at + chance.randint(1, 40) :]
        elif kind == 3:
            data = data[:at]
        else:
            segments = data.split(b"~")
            one, other = chance.randrange(len(segments)), chance.randrange(len(segments))
            if kind == 4:
                del segments[one]
            elif kind == 5:
                segments.insert(other, segments[one])
            else:
                segments[one], segments[other] = segments[other], segments[one]
            data = b"~".join(segments)
    return data


def read_through(data):
    """Read, and hold the events to their order."""
    opened = False
    for event in x12.read(data, strict=True):
        if isinstance(event, x12.Opened):
            assert not opened
            opened = True
        elif isinstance(event, x12.Closed):
            assert opened
            opened = False
        elif isinstance(event, x12.Record):
            assert opened
            assert event.ok <= (event.record is not None)
    assert not opened


@pytest.mark.parametrize("name", FILES)
def test_no_change_of_bytes_makes_the_codec_crash(name):
    chance = random.Random(name)
    for _ in range(120):
        data = mutate(FILES[name], chance)
        read_through(data)


def test_no_change_of_bytes_makes_a_command_crash():
    chance = random.Random(5)
    lines = []
    for file in FILES.values():
        for _ in range(8):
            data = mutate(file, chance)
            commands.run_explain(data, lines.append)
            commands.run_read(data, lines.append)
            assert commands.run_roundtrip([("f", data)], lines.append) in (0, 2)
            assert commands.run_diff(data, data, lines.append) == 0
            assert commands.run_ack(data, lines.append, samples.envelope()) in (0, 1, 2)


@pytest.mark.parametrize("name", FILES)
def test_the_same_events_come_whatever_the_pieces(name):
    chance = random.Random(name)
    for data in (FILES[name], mutate(FILES[name], chance), FILES[name].replace(b"~", b"~\r\n")):
        whole = [one.findings for one in x12.read(data) if not isinstance(one, x12.Opened)]
        for size in (1, 7, 106, 1000):
            pieces = (data[start : start + size] for start in range(0, len(data), size))
            parts = [one.findings for one in x12.read(pieces) if not isinstance(one, x12.Opened)]
            assert sorted(map(repr, sum(parts, ()))) == sorted(map(repr, sum(whole, ())))


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
    "repetitions": lambda: FILES["271"].replace(b"EB*1**30", b"EB*1**" + b"^".join([b"30"] * 20_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_bounded_time(name):
    start = time.process_time()
    source = HOSTILE[name]()
    report = x12.check(source, limits=x12.Limits(findings=500))
    assert not report.ok or name == "many interchanges"
    assert len(report.findings) <= 501
    assert time.process_time() - start < 8


def test_reading_stops_at_the_size_of_a_file():
    report = x12.check(FILES["837P"], limits=x12.Limits(file_bytes=1000))
    assert "too_large" in [one.code for one in report.findings]


def test_a_segment_longer_than_the_limit_stops_the_reading():
    data = FILES["837P"].replace(b"CLM*", b"X" * 200_000 + b"CLM*", 1).replace(b"~", b"|")[:200_500]
    report = x12.check(FILES["837P"][:106] + b"X" * 200_000, limits=x12.Limits(segment_bytes=1000))
    assert "too_large" in [one.code for one in report.findings]
    assert not x12.check(data).ok
