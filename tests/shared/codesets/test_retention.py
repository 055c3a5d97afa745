"""The day from which a record may be destroyed, at the edges of the calendar and of the law."""

from datetime import date

import pytest

from shared.codesets.programs import Program
from shared.codesets.retention import RecordFacts, retention_schedule, years_after

pytestmark = pytest.mark.safeguard("164.316(b)(2)")
ADULT = date(1970, 5, 4)


def of(service: date, *states: str, birth: date = ADULT, activity: date | None = None, programs=()):
    facts = RecordFacts(birth, service, activity or service, frozenset(states), frozenset(programs))
    found = retention_schedule().of(facts)
    return found.destroyable_from, found.period.name


def test_the_years_of_a_state_end_with_the_same_day_and_the_record_may_go_on_the_day_after() -> None:
    assert of(date(2015, 5, 4), "AZ") == (date(2021, 5, 5), "hipaa")
    assert of(date(2015, 12, 31), "NY") == (date(2022, 1, 1), "hipaa")


def test_february_29_ends_with_march_1_where_there_is_none() -> None:
    assert years_after(date(2016, 2, 29), 4) == date(2020, 2, 29)
    assert years_after(date(2016, 2, 29), 6) == date(2022, 3, 1)
    assert of(date(2016, 2, 29), "AZ") == (date(2022, 3, 2), "hipaa")


@pytest.mark.parametrize(
    ("state", "birth", "expected"),
    [
        ("AZ", date(2006, 5, 4), date(2027, 5, 5)),
        ("NV", date(2006, 5, 4), date(2029, 5, 5)),
        ("NY", date(2006, 5, 4), date(2028, 5, 5)),
        # Born on February 29, she is 21 with March 1 of a year that has none.
        ("AZ", date(2008, 2, 29), date(2029, 3, 2)),
        ("WA", date(2006, 5, 4), date(2029, 5, 5)),
    ],
)
def test_the_record_of_a_child_is_kept_until_the_age_that_its_state_names(state, birth, expected) -> None:
    day, period = of(date(2014, 1, 10), state, birth=birth)
    assert (day, period) == (expected, state if state != "WA" else "default")


def test_at_the_18th_birthday_years_and_age_ask_for_the_same_and_a_day_later_for_the_years() -> None:
    """Arizona keeps a child's record three years after the 18th birthday, and any record six years."""
    birth = date(1997, 5, 4)
    assert of(date(2012, 5, 4), "AZ", birth=birth) == (date(2018, 5, 5), "hipaa")
    assert of(date(2012, 5, 3), "AZ", birth=birth) == (date(2018, 5, 5), "AZ")
    assert of(date(2015, 5, 4), "AZ", birth=birth) == (date(2021, 5, 5), "hipaa")


def test_of_several_states_the_longest_counts_and_one_without_a_row_has_the_default() -> None:
    child = date(2006, 5, 4)
    assert of(date(2014, 1, 10), "AZ", "NY", birth=child) == (date(2028, 5, 5), "NY")
    assert of(date(2014, 1, 10), "AZ", "NV", "NY", birth=child) == (date(2029, 5, 5), "NV")
    assert of(date(2014, 1, 10), "AZ", "WA") == (date(2024, 1, 11), "default")
    assert of(date(2014, 1, 10)) == (date(2024, 1, 11), "default")


def test_programs_add_their_years_and_medicare_advantage_counts_from_the_end_of_the_year() -> None:
    service = date(2014, 1, 10)
    assert of(service, "AZ", programs=[Program.COMMERCIAL]) == (date(2020, 1, 11), "hipaa")
    assert of(service, "AZ", programs=[Program.MEDICARE]) == (date(2021, 1, 11), "medicare")
    assert of(service, "AZ", programs=[Program.MEDICARE_ADVANTAGE]) == (date(2025, 1, 1), "medicare_advantage")
    both = [Program.MEDICARE, Program.MEDICARE_ADVANTAGE]
    assert of(service, programs=both) == (date(2025, 1, 1), "medicare_advantage")


def test_a_late_payment_or_disclosure_keeps_the_record_six_years_more() -> None:
    assert of(date(2014, 1, 10), "AZ", activity=date(2016, 3, 1)) == (date(2022, 3, 2), "hipaa")
    assert of(date(2014, 1, 10), "AZ", activity=date(2013, 3, 1)) == (date(2020, 1, 11), "hipaa")


def test_the_default_is_the_longest_of_the_table_and_every_row_names_its_source() -> None:
    periods = retention_schedule().periods
    [default] = [one for one in periods if one.is_default]
    assert default.years == max(one.years for one in periods)
    assert default.until_age == max(one.until_age or 0 for one in periods)
    assert all(len(one.source) > 20 for one in periods)
    assert all(one.until_age for one in periods if one.state or one.is_default)
    assert {one.years for one in periods if one.state} == {5, 6}
