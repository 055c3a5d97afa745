"""How names and addresses are written on the wire, and when somebody is to be warned about it."""

import pytest

from shared.wire.basic_character_set import Transliteration, to_basic, transliteration

UNCHANGED = [
    ("Jane", "JANE"),
    ("O'Brien", "O'BRIEN"),
    ("  two \t spaces\n", "TWO SPACES"),
    ('Smith & Sons (West), Inc.; "A"', 'SMITH & SONS (WEST), INC.; "A"'),
    ("9 Pine #4-B/C + D = E! F?", "9 PINE #4-B/C + D = E! F?"),
    ("", ""),
]
CHANGED = [
    ("O'Brien-Łódź", "O'BRIEN-LODZ"),
    ("9 Pine #4 ½", "9 PINE #4 1/2"),
    ("Weiß", "WEISS"),
    ("Łukasz", "LUKASZ"),
    ("Zoë Müller-Strauß", "ZOE MULLER-STRAUSS"),
    ("Zoe\u0308", "ZOE"),
    ("D’Angelo", "D'ANGELO"),
    ("Núñez", "NUNEZ"),
    ("Øyvind Æsa", "OYVIND AESA"),
    ("Iğdır", "IGDIR"),
    ("山田", "SHANTIAN"),
    ("A*B:C^D~E", "A B C D E"),
    ("one_two@three|four", "ONE TWO THREE FOUR"),
    ("bell\x07", "BELL"),
    ("Kim 😀", "KIM"),
    ("\ue000", ""),
]


@pytest.mark.parametrize(("text", "sent"), UNCHANGED)
def test_capitals_and_single_spaces_are_no_change_worth_a_warning(text: str, sent: str) -> None:
    assert to_basic(text) == sent
    assert transliteration(text) is None


@pytest.mark.parametrize(("text", "sent"), CHANGED)
def test_what_the_wire_cannot_say_is_transliterated_and_told_before_and_after(text: str, sent: str) -> None:
    assert to_basic(text) == sent
    assert transliteration(text) == Transliteration(before=text, after=sent)


def test_a_text_that_is_too_long_is_cut_without_a_space_at_its_end() -> None:
    assert to_basic("Half Moon Bay", 10) == "HALF MOON"
    assert transliteration("Half Moon Bay", 10) == ("Half Moon Bay", "HALF MOON")
    assert transliteration("Half Moon", 10) is None


def test_a_transliteration_may_lengthen_a_text_and_is_cut_afterwards() -> None:
    assert to_basic("ß" * 4, 5) == "SSSSS"
