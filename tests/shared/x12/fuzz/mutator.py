"""Makes broken files: one seed, a few random changes of bytes, elements, segments, delimiters, counts and levels.

The same seed file, pool and `random.Random` always make the same mutant. A change takes the bytes, the delimiters that
they declare, the chance and the pool of other seeds, and gives bytes.
"""

import dataclasses

ODD_BYTES = (b"\x00", b"\x01", b"\x0b", b"\x1a", b"\x1b", b"\x1c", b"\x7f", b"\t", b"\r", b"\n", b"\r\n", b" ")
FOREIGN = (
    "é".encode(),
    "é".encode("latin-1"),
    b"\xff",
    b"\xc3",
    b"\xa0",
    "\u2028".encode(),
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
)
TOKENS = (
    b"ISA",
    b"GS*",
    b"ST*",
    b"SE*",
    b"HL*",
    b"NM1*",
    b"~~",
    b"**",
    b"::",
    b"^^",
    b"9" * 30,
    b"-",
    b".",
    b"1e9",
    b"",
)
DELIMITERS = b"*:^~|>!<\n\x1c\x1d\x1e\x1f;,{}\x00 A0\xff"
HUGE = (100, 100, 100, 1_000, 1_000, 5_000, 70_000)
NUMBERS = (b"0", b"-1", b"2", b"00000001", b"999999999", b"9" * 40, b"1.5", b"", b"x")


@dataclasses.dataclass(frozen=True)
class Marks:
    """The delimiters of a file, as its first ISA declares them."""

    element: bytes
    component: bytes
    segment: bytes

    @classmethod
    def of(cls, data):
        if data[:3] == b"ISA" and len(data) > 105:
            return cls(data[3:4], data[104:105], data[105:106])
        return cls(b"*", b":", b"~")


def mutant(seed, chance, pool):
    """One to six changes, fewer where the file has become large."""
    data = seed
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4, 6))):
        change = chance.choice(CHANGES)
        data = change(data, Marks.of(data), chance, pool)
        if len(data) > 400_000:
            break
    return data


def often(parts, count):
    """Parts repeated, but never to more than a few hundred thousand bytes."""
    return parts * max(1, min(count, 300_000 // (sum(map(len, parts)) + len(parts))))


def flip_bit(data, marks, chance, pool):
    at = chance.randrange(len(data) or 1)
    return data[:at] + bytes(byte ^ (1 << chance.randrange(8)) for byte in data[at : at + 1]) + data[at + 1 :]


def insert_bytes(data, marks, chance, pool):
    at = chance.randrange(len(data) + 1)
    new = chance.choice((*ODD_BYTES, *FOREIGN, *TOKENS, bytes([chance.randrange(256)])))
    return data[:at] + new + data[at:]


def replace_bytes(data, marks, chance, pool):
    at = chance.randrange(len(data) or 1)
    return data[:at] + chance.choice((*ODD_BYTES, *FOREIGN)) + data[at + 1 :]


def delete_bytes(data, marks, chance, pool):
    at = chance.randrange(len(data) or 1)
    return data[:at] + data[at + chance.choice((1, 1, 1, 2, 5, 40)) :]


def truncate(data, marks, chance, pool):
    return data[: chance.randrange(len(data) + 1)]


def swap_delimiters(data, marks, chance, pool):
    """Two delimiters change places at one spot, or everywhere behind it."""
    one, other = chance.sample((marks.element, marks.component, marks.segment), 2)
    at = data.find(one, chance.randrange(len(data) or 1))
    if at < 0:
        return data
    return data[:at] + (data[at:].replace(one, other) if chance.random() < 0.2 else other + data[at + 1 :])


def other_delimiter(data, marks, chance, pool):
    """One delimiter becomes another byte in the whole file, or in its ISA alone."""
    old = chance.choice((marks.element, marks.component, marks.segment))
    new = bytes([chance.choice(DELIMITERS)])
    return data.replace(old, new) if chance.random() < 0.7 else data[:106].replace(old, new) + data[106:]


def spaced(data, marks, chance, pool):
    """Something stands between the segments."""
    between = chance.choice((b"\n", b"\r\n", b"\n\n  ", b" ", b"\t", b"\x00", b"\r", marks.segment))
    return data.replace(marks.segment, marks.segment + between)


def segments_changed(data, marks, chance, pool):
    """A segment goes, is doubled, moves, or comes from another file."""
    segments = data.split(marks.segment)
    one, other = chance.randrange(len(segments)), chance.randrange(len(segments))
    match chance.randrange(5):
        case 0:
            del segments[one]
        case 1:
            segments.insert(other, segments[one])
        case 2:
            segments[one], segments[other] = segments[other], segments[one]
        case 3:
            segments[one:one] = often([segments[one]], chance.choice((1, 1, 3, 3, 60, 400)))
        case _:
            strange = chance.choice(pool)
            segments.insert(one, chance.choice(strange.split(Marks.of(strange).segment)))
    return marks.segment.join(segments)


def spliced(data, marks, chance, pool):
    """The front of one file and the back of another, or two files after one another."""
    other = chance.choice(pool)
    if chance.random() < 0.4:
        return data + chance.choice((b"", b"\n", b"\x1a", b"garbage")) + other
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def parts_changed(data, marks, chance, pool):
    """An element or component of one segment goes, is doubled, emptied, or becomes very long."""
    segments = data.split(marks.segment)
    at = chance.randrange(len(segments))
    separator = marks.component if chance.random() < 0.3 else marks.element
    parts = segments[at].split(separator)
    one = chance.randrange(len(parts))
    match chance.randrange(6):
        case 0:
            del parts[one]
        case 1:
            parts.insert(one, parts[one])
        case 2:
            parts[one] = b""
        case 3:
            parts[one] = b"".join(often([parts[one] or b"9"], chance.choice(HUGE)))
        case 4:
            parts[one] = chance.choice((*NUMBERS, *TOKENS, *FOREIGN))
        case _:
            parts[one:one] = often([chance.choice((b"", b"1"))], chance.choice((1, 1, 3, 300, 300, 5_000)))
    segments[at] = separator.join(parts)
    return marks.segment.join(segments)


def counts_changed(data, marks, chance, pool):
    """Another number in an SE, GE, IEA, HL, LX or ST."""
    segments = data.split(marks.segment)
    counted = [at for at, one in enumerate(segments) if one[:2] in (b"SE", b"GE", b"IE", b"HL", b"LX", b"ST")]
    if not counted:
        return data
    at = chance.choice(counted)
    parts = segments[at].split(marks.element)
    parts[chance.randrange(len(parts))] = chance.choice(NUMBERS)
    segments[at] = marks.element.join(parts)
    return marks.segment.join(segments)


def envelope_again(data, marks, chance, pool):
    """An ISA, GS or ST stands once more, in the middle."""
    segments = data.split(marks.segment)
    heads = [one for one in segments if one[:2] in (b"IS", b"GS", b"ST", b"SE", b"GE", b"IE")] or [b"ST"]
    new = often([chance.choice(heads)], chance.choice((1, 1, 1, 2, 2, 300)))
    at = chance.randrange(len(segments) + 1)
    return marks.segment.join([*segments[:at], *new, *segments[at:]])


def levels(data, marks, chance, pool):
    """A chain or a fan of levels, far more than anyone sends."""
    segments = data.split(marks.segment)
    at = next((index for index, one in enumerate(segments) if one[:2] == b"HL"), len(segments) // 2)
    deep, code = chance.random() < 0.5, chance.choice((b"20", b"21", b"22", b"23", b"19", b"EV"))
    count = chance.choice((5, 5, 5, 50, 50, 1_500))
    new = [
        marks.element.join((b"HL", b"%d" % number, b"%d" % (number - 1 if deep else 1), code, b"1"))
        for number in range(2, count)
    ]
    return marks.segment.join([*segments[: at + 1], *new, *segments[at + 1 :]])


CHANGES = (
    *(flip_bit, insert_bytes, replace_bytes, delete_bytes, truncate, swap_delimiters, other_delimiter, spaced),
    *(segments_changed, segments_changed, segments_changed, spliced, parts_changed, parts_changed, parts_changed),
    *(counts_changed, envelope_again, levels),
)
