"""ISA and GS: their elements as an `Interchange` and a `Group`, and the faults that a TA1 or 999 reports of them."""

import re
from collections.abc import Iterator

from shared.x12.model.envelope import Delimiters, Group, Interchange
from shared.x12.model.values import DATES

QUALIFIERS = {"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"}
TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
LONG_TIME = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d\d?)?)?")


def read_interchange(parts: list[str], delimiters: Delimiters) -> Interchange:
    """The interchange from the elements of its ISA (`parts[0]` is the id)."""
    values = [part.rstrip() for part in parts] + [""] * (17 - len(parts))
    raw = f"20{values[9]}".encode("latin-1")
    return Interchange(
        authorization_qualifier=values[1],
        authorization=values[2],
        security_qualifier=values[3],
        security=values[4],
        sender_qualifier=values[5],
        sender=values[6],
        receiver_qualifier=values[7],
        receiver=values[8],
        date=DATES[raw] if good_day(raw) else None,
        time=values[10],
        version=values[12],
        control_number=values[13],
        acknowledgement_requested=values[14] == "1",
        usage=values[15],
        delimiters=delimiters,
    )


def good_day(raw: bytes) -> bool:
    """A day of the calendar."""
    try:
        DATES[raw]
    except ValueError:
        return False
    return True


def interchange_faults(parts: list[str]) -> Iterator[tuple[str, int, str]]:
    """(label, element, TA105) for every element of the ISA that is not valid."""
    values = parts + [""] * (17 - len(parts))
    tests = (
        ("The authorization qualifier", 1, values[1] in {"00", "03"}, "010"),
        ("The security qualifier", 3, values[3] in {"00", "01"}, "012"),
        ("The sender's qualifier", 5, values[5] in QUALIFIERS, "005"),
        ("The sender", 6, bool(values[6].strip()), "006"),
        ("The receiver's qualifier", 7, values[7] in QUALIFIERS, "007"),
        ("The receiver", 8, bool(values[8].strip()), "008"),
        ("The date", 9, len(values[9]) == 6 and good_day(f"20{values[9]}".encode("latin-1")), "014"),
        ("The time", 10, TIME.fullmatch(values[10]) is not None, "015"),
        ("The version", 12, values[12] in {"00401", "00501"}, "017"),
        ("The control number", 13, len(values[13]) == 9 and values[13].isdigit(), "018"),
        ("The acknowledgement request", 14, values[14] in {"0", "1"}, "019"),
        ("The usage indicator", 15, values[15] in {"P", "T", "I"}, "020"),
    )
    return ((label, number, code) for label, number, good, code in tests if not good)


def read_group(parts: list[str]) -> Group:
    """The group from the elements of its GS."""
    values = parts + [""] * (9 - len(parts))
    raw = values[4].encode("latin-1")
    return Group(
        functional_id=values[1],
        sender=values[2],
        receiver=values[3],
        date=DATES[raw] if good_day(raw) else None,
        time=values[5],
        control_number=values[6],
        version=values[8],
    )


def group_faults(parts: list[str]) -> Iterator[tuple[str, int]]:
    """(label, element) for every element of the GS that is not valid."""
    values = parts + [""] * (9 - len(parts))
    tests = (
        ("The functional id", 1, len(values[1]) == 2),
        ("The sender", 2, 2 <= len(values[2]) <= 15),
        ("The receiver", 3, 2 <= len(values[3]) <= 15),
        ("The date", 4, good_day(values[4].encode("latin-1"))),
        ("The time", 5, LONG_TIME.fullmatch(values[5]) is not None),
        ("The control number", 6, values[6].isdigit() and len(values[6]) <= 9),
        ("The agency", 7, values[7] == "X"),
        ("The version", 8, 1 <= len(values[8]) <= 12),
    )
    return ((label, number) for label, number, good in tests if not good)
