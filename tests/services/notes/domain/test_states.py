"""The table of a note's states."""

import pytest

from services.notes.domain.states import DRAFT, PUT, SIGN, SIGNED, after


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [(DRAFT, PUT, DRAFT), (DRAFT, SIGN, SIGNED), (SIGNED, PUT, None), (SIGNED, SIGN, None)],
)
def test_a_draft_can_be_put_and_signed_and_a_signed_note_has_no_way_back(state: str, event: str, expected: str) -> None:
    assert after(state, event) == expected
