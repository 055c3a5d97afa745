from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dates import DateRange, ZoneError, add_days, add_months, days_between, is_zone, local_date, whole_years

SEATTLE = "America/Los_Angeles"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 5, 5, 6, 30, tzinfo=UTC), date(2026, 5, 4)),
        (datetime(2026, 5, 5, 7, 0, tzinfo=UTC), date(2026, 5, 5)),
        (datetime(2026, 11, 1, 8, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 1, 9, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 3, 8, 9, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), date(2025, 12, 31)),
    ],
)
def test_the_day_of_a_moment_is_the_local_day(moment, day):
    assert local_date(moment, SEATTLE) == day


def test_a_moment_without_an_offset_has_no_day():
    with pytest.raises(ValueError, match="offset"):
        local_date(datetime(2026, 5, 5, 6, 30), SEATTLE)  # noqa: DTZ001


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../etc/passwd", "America"])
def test_what_is_no_zone_is_refused(name):
    assert not is_zone(name)
    with pytest.raises(ZoneError):
        local_date(datetime(2026, 5, 5, tzinfo=UTC), name)


def test_appeal_deadlines_count_local_days():
    assert add_days(date(2025, 10, 1), 180) == date(2026, 3, 30)
    assert add_days(date(2025, 10, 1), 65) == date(2025, 12, 5)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(start, months, end):
    assert add_months(start, months) == end


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_months_only_move_forward(start, months):
    assert add_months(start, months) >= start


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(1984, 7, 19), date(2026, 7, 18), 41),
        (date(1984, 7, 19), date(2026, 7, 19), 42),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
    ],
)
def test_an_age_is_of_whole_years_and_a_birthday_of_29_february_is_on_1_march(born, on, years):
    assert whole_years(born, on) == years


def test_days_between_are_whole_and_signed():
    assert days_between(date(2026, 3, 7), date(2026, 3, 9)) == 2
    assert days_between(date(2026, 3, 9), date(2026, 3, 7)) == -2


def test_a_range_includes_both_its_days():
    year = DateRange(date(2026, 1, 1), date(2026, 12, 31))
    assert year.holds(date(2026, 1, 1))
    assert year.holds(date(2026, 12, 31))
    assert not year.holds(date(2027, 1, 1))
    assert [
        one.text() for one in (year, DateRange(date(2026, 1, 1)), DateRange(None, date(2026, 1, 1)), DateRange())
    ] == [
        "2026-01-01 to 2026-12-31",
        "from 2026-01-01",
        "until 2026-01-01",
        "always",
    ]


def test_counting_stops_at_the_ends_of_the_calendar():
    assert add_days(date.max, 1) == add_months(date.max, 1) == date.max
    assert add_days(date.min, -1) == add_months(date.min, -1) == date.min
