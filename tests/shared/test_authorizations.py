"""An authorization is in force when it is approved and the date of service lies within its days."""

from datetime import date

import pytest

from shared.authorizations import in_force

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@pytest.mark.parametrize(
    ("status", "on", "expected"),
    [
        ("approved", FIRST, True),
        ("approved", LAST, True),
        ("approved", date(2026, 2, 28), False),
        ("approved", date(2026, 4, 1), False),
        ("pending", FIRST, False),
        ("denied", FIRST, False),
        ("withdrawn", FIRST, False),
    ],
)
def test_only_an_approved_one_counts_and_only_on_its_days(status, on, expected):
    assert in_force(status, FIRST, LAST, on) is expected
