"""No number is a date, and no text that is one: pydantic alone would count its seconds from 1970."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.common import Id, IsoDate, IsoDateTime

NO_DATES = [
    0,
    1,
    -1,
    1.5,
    True,
    False,
    "0",
    "1777852800",
    "",
    "2026-5-4",
    "20260504",
    "2026-05-04T00:00:00",
    "٢٠٢٦-05-04",
]
NO_MOMENTS = [0, 1777852800, 0.5, False, "1777852800", "2026-05-04", "2026-05-04T09:00:00", ""]


@pytest.mark.parametrize("value", [*NO_DATES, "2026-02-30"])
def test_what_is_no_date_is_refused(value) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDate).validate_python(value)


@pytest.mark.parametrize("value", NO_MOMENTS)
def test_what_is_no_moment_with_an_offset_is_refused(value) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(IsoDateTime).validate_python(value)


def test_iso_text_is_taken() -> None:
    assert TypeAdapter(IsoDate).validate_python("2026-05-04") == date(2026, 5, 4)
    moment = TypeAdapter(IsoDateTime).validate_python("2026-05-04T09:00:00-07:00")
    assert moment.astimezone(UTC) == datetime(2026, 5, 4, 16, tzinfo=UTC)


def test_an_id_has_1_to_64_characters_of_letters_digits_dash_and_underscore() -> None:
    for taken in ("4", "4711", "a" * 64, "A-b_9"):
        assert TypeAdapter(Id).validate_python(taken) == taken
    for refused in ("", "a" * 65, "a b", "ä", "a/b", "a\n"):
        with pytest.raises(ValidationError):
            TypeAdapter(Id).validate_python(refused)
