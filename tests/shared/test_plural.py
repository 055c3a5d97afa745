"""A number agrees with its noun."""

import pytest

from shared.plural import counted, with_article


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "0 days"), (1, "1 day"), (2, "2 days"), (11, "11 days"), (-1, "-1 days"), ("1", "1 day"), ("21", "21 days")],
)
def test_only_one_is_singular(count, sentence):
    assert counted(count, "day") == sentence


@pytest.mark.parametrize(("count", "sentence"), [(1, "1 rule blocks"), (3, "3 rules block")])
def test_a_plural_of_its_own_is_taken(count, sentence):
    assert counted(count, "rule blocks", "rules block") == sentence


@pytest.mark.parametrize("words", ["a massage therapist", "an acupuncturist", "an occupational therapist"])
def test_the_article_goes_with_the_sound(words):
    assert with_article(words.split(" ", 1)[1]) == words
