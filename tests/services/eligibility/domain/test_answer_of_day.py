"""Which answer of a payer speaks of a day of service."""

from datetime import date

import pytest

from services.eligibility.domain.answer_of_day import PlanAnswer, answer_of_day

DAY = date(2026, 4, 30)
JANUARY, LAST_YEAR, MARCH = date(2026, 1, 1), date(2025, 12, 30), date(2026, 3, 31)


def answer(asked: date, active: str = "active", first: date | None = None, last: date | None = None) -> PlanAnswer:
    return PlanAnswer(asked, active, first, last)


@pytest.mark.parametrize(
    ("one", "speaks"),
    [
        (answer(DAY), True),
        (answer(DAY, "inactive"), True),
        (answer(date(2026, 4, 1)), True),
        (answer(date(2026, 2, 1)), True),
        (answer(date(2026, 4, 30)), True),
        (answer(date(2026, 5, 1)), False),
        (answer(date(2026, 5, 1), first=JANUARY), True),
        (answer(date(2026, 5, 1), first=date(2026, 5, 1)), False),
        (answer(date(2026, 3, 1), first=JANUARY, last=MARCH), False),
        (answer(LAST_YEAR), False),
        (answer(LAST_YEAR, first=date(2020, 1, 1)), False),
        (answer(date(2026, 6, 1), "inactive"), False),
        (answer(date(2026, 4, 1), "inactive"), True),
        (answer(date(2026, 6, 1), "inactive", last=date(2026, 5, 31)), False),
        (answer(date(2026, 6, 1), "inactive", last=MARCH), True),
        (answer(date(2026, 6, 1), "inactive", last=DAY), False),
    ],
)
def test_an_answer_speaks_of_the_day_that_was_asked_about_and_of_those_that_its_plan_holds(one, speaks):
    assert one.speaks_of(DAY) is speaks


def test_within_a_month_an_answer_speaks_of_the_days_before_it_too():
    assert answer(date(2026, 4, 30)).speaks_of(date(2026, 4, 2))


def test_the_newest_answer_for_the_day_itself_counts_before_newer_ones_for_others():
    about_june, about_the_day, before = answer(date(2026, 6, 1), "inactive"), answer(DAY), answer(date(2026, 4, 1))
    assert answer_of_day([about_june, about_the_day, answer(DAY, "inactive"), before], DAY) == 1
    assert answer_of_day([about_june, before, answer(date(2026, 3, 1))], DAY) == 1
    assert answer_of_day([before, about_the_day], DAY) == 1


def test_no_answer_counts_where_none_speaks_of_the_day():
    assert answer_of_day([], DAY) is None
    assert answer_of_day([answer(LAST_YEAR), answer(date(2026, 6, 1))], DAY) is None
