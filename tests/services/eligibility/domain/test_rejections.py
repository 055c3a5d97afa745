"""What a rejection asks for."""

import pytest

from services.eligibility.domain.rejections import (
    DATES,
    ENROLLMENT,
    FIXES,
    FOLLOW_UPS,
    MESSAGES,
    OTHER_MESSAGE,
    PATIENT,
    PERSON,
    PROVIDER,
    REQUEST,
    RESPONSIBLE_PARTIES,
    RETRY,
    rejections,
)
from shared import x12
from tests.services.eligibility.domain.conftest import answer, row


def aaa(reason: str, followup: str = "C") -> tuple[x12.RequestValidation, ...]:
    return (x12.RequestValidation(reason=reason, followup=followup),)


def rejected(reason: str, followup: str = "C") -> x12.BenefitResponse:
    return answer(subscriber=x12.Member(party=x12.Party(entity="IL", rejections=aaa(reason, followup))))


@pytest.mark.parametrize(
    ("codes", "responsible_party"),
    [
        ("42 80", RETRY),
        ("58 64 65 66 67 68 71 72 73 75", PATIENT),
        ("57 60 61 62 63", DATES),
        ("43 44 45 46 47 48 49 50 51 97", PROVIDER),
        ("04 41 79", ENROLLMENT),
        ("15 33", REQUEST),
        ("52 53 56 69 70 76 77 78 98 T4 ZZ", PERSON),
    ],
)
def test_each_reject_code_says_who_has_to_act(codes: str, responsible_party: str) -> None:
    for code in codes.split():
        (found,) = rejections(rejected(code))
        assert (found.responsible_party, found.fix) == (responsible_party, FIXES[responsible_party]), code
        assert found.message


@pytest.mark.parametrize("followup", ["N", "P", "S", "W", "X", "Y"])
def test_the_follow_up_code_comes_before_the_reject_code(followup: str) -> None:
    (found,) = rejections(rejected("75", followup))
    assert found.fix == FOLLOW_UPS[followup]
    assert (found.reject_code, found.follow_up_code) == ("75", followup)


@pytest.mark.parametrize("followup", ["C", "R", ""])
def test_a_follow_up_that_leaves_it_open_leaves_it_to_the_reject_code(followup: str) -> None:
    (found,) = rejections(rejected("75", followup))
    assert found.fix == FIXES[PATIENT]


def test_none_is_lost_and_each_has_its_loop() -> None:
    found = rejections(
        answer(
            row("1", "30", rejections=aaa("53")),
            source=x12.InformationSource(party=x12.Party(entity="PR", rejections=aaa("80")), rejections=aaa("42")),
            receiver=x12.InformationReceiver(party=x12.Party(entity="1P", rejections=aaa("43"))),
            subscriber=x12.Member(party=x12.Party(entity="IL", rejections=aaa("75") + aaa("71"))),
            dependent=x12.Member(party=x12.Party(entity="03", rejections=aaa("67"))),
        )
    )
    assert [(each.loop, each.reject_code) for each in found] == [
        ("2000A", "42"),
        ("2100A", "80"),
        ("2100B", "43"),
        ("2100C", "75"),
        ("2100C", "71"),
        ("2100D", "67"),
        ("2110D", "53"),
    ]


def test_every_mapped_code_has_words_of_its_own() -> None:
    assert set(RESPONSIBLE_PARTIES) <= set(MESSAGES)
    assert rejections(rejected("T4"))[0].message == OTHER_MESSAGE
