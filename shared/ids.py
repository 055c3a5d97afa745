"""Identifiers: opaque, prefixed, sortable by birth; made by a port so that tests and replays can fix them.

An id never holds anything about a person. `random_ids` is the production port: 48 bits of wall-clock
milliseconds and 80 random bits in Crockford's base 32, as a ULID lays them out.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable
from typing import Protocol

ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
"""The ids that callers may make."""
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CLAIM_NUMBER_LENGTH = 12
"""Payers cut claim numbers at 17 characters and the printed form at 14; 12 of 31 characters hold 59 random bits."""


class Ids(Protocol):
    """`ids("clm")` answers a new id such as `clm_01JZ...`; `ids.claim_number()` one fit for CLM01."""

    def __call__(self, prefix: str) -> str: ...

    def claim_number(self) -> str:
        """A new number for CLM01: 12 characters that no eye confuses."""
        ...


def is_id(text: str) -> bool:
    """Whether this can be the id of anything."""
    return re.match(ID_PATTERN, text) is not None and not text.endswith("\n")


def ulid(milliseconds: int, entropy: int) -> str:
    """The 26 characters of a ULID: `milliseconds` since 1970 in 48 bits, then 80 bits of `entropy`."""
    value = (milliseconds << 80) | entropy
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(125, -1, -5))


class RandomIds:
    """Ids for production: unguessable from outside, and in order of birth within a process.

    Within one millisecond the next id is the last one plus a random step, so that rows written together keep their
    order."""

    # Our own, and not the package python-ulid (4.1): that keeps the order only while the millisecond is the same, so a
    # clock that is set back breaks it; and it steps by 1 within a millisecond, so that whoever sees one id can guess
    # the ones beside it.

    def __init__(
        self,
        milliseconds: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._milliseconds = milliseconds
        self._bits = bits
        self._lock = threading.Lock()
        self._last = (0, 0)

    def __call__(self, prefix: str) -> str:
        with self._lock:
            now, (before, entropy) = self._milliseconds(), self._last
            if now > before:
                self._last = (now, self._bits(79))
            else:
                self._last = (before, entropy + 1 + self._bits(64))
            return f"{prefix}_{ulid(*self._last)}"

    def claim_number(self) -> str:
        """A random claim number that no eye confuses: no 0 or O, no 1, I or L-like pairs."""
        return "".join(UNAMBIGUOUS[self._bits(40) % len(UNAMBIGUOUS)] for _ in range(CLAIM_NUMBER_LENGTH))


random_ids = RandomIds()
