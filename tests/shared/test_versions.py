"""Conditions of a write, as RFC 9110 §13 has them: If-Match compares strongly, If-None-Match weakly."""

import pytest

from shared.errors import PreconditionFailed
from shared.versions import UNCONDITIONAL, Precondition, etag_of


@pytest.mark.parametrize(
    ("precondition", "version"),
    [
        (UNCONDITIONAL, None),
        (UNCONDITIONAL, 3),
        (Precondition(if_match='"3"'), 3),
        (Precondition(if_match='"1", "3"'), 3),
        (Precondition(if_match="*"), 3),
        (Precondition(if_none_match="*"), None),
        (Precondition(if_none_match='"2"'), 3),
    ],
)
def test_a_write_is_allowed(precondition, version) -> None:
    precondition.check(version)


@pytest.mark.parametrize(
    ("precondition", "version", "code"),
    [
        (Precondition(if_match='"2"'), 3, "version_changed"),
        (Precondition(if_match='W/"3"'), 3, "version_changed"),
        (Precondition(if_match="*"), None, "version_changed"),
        (Precondition(if_none_match="*"), 3, "already_exists"),
        (Precondition(if_none_match='"3"'), 3, "already_exists"),
        (Precondition(if_match='"3"', if_none_match="*"), 3, "already_exists"),
    ],
)
def test_a_write_is_refused_with_the_version_that_is_there(precondition, version, code) -> None:
    with pytest.raises(PreconditionFailed) as refused:
        precondition.check(version)
    assert (refused.value.problem_code, refused.value.current_version) == (code, version)
    assert refused.value.body().get("current_version") == version


def test_a_read_is_known_by_tag_weak_tag_or_star() -> None:
    assert [Precondition(if_none_match=tag).is_known(3) for tag in ('"3"', 'W/"3"', "*", '"2"', None)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_an_etag_is_the_version_in_quotes() -> None:
    assert etag_of(12) == '"12"'
