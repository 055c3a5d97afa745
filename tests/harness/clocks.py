"""Time and ids that a test decides."""

from datetime import UTC, datetime
from itertools import count

import pytest

from shared.clocks import SetClock

STARTS_AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""A Monday morning in Seattle."""


class SequentialIds:
    """`ids("clm")` answers clm_00000001, clm_00000002, ...; claim numbers are K00000000001 and so on."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._claim_numbers = count(1)

    def __call__(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):08d}"

    def claim_number(self) -> str:
        return f"K{next(self._claim_numbers):011d}"


class SetMonotonic:
    """A monotonic clock in seconds that stands still until `advance(seconds)`."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture
def clock() -> SetClock:
    """Business time: 2026-03-02 17:00 UTC, 09:00 in Seattle, until a test moves it."""
    return SetClock(STARTS_AT)


@pytest.fixture
def monotonic() -> SetMonotonic:
    return SetMonotonic()


@pytest.fixture
def ids() -> SequentialIds:
    return SequentialIds()
