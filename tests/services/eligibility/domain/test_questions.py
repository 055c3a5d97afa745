"""What is asked next."""

import pytest

from services.eligibility.domain.questions import next_question
from shared import x12
from tests.services.eligibility.domain.conftest import answer, row

PLAN = answer(row("1", "30"))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((), ("BE",), id="massage first"),
        pytest.param((answer(row("1", "BE")),), None, id="answered under BE"),
        pytest.param((answer(row("1", "30"), row("I", "BE")),), None, id="not covered is an answer"),
        pytest.param((answer(row("6", "30")),), None, id="an inactive plan settles it"),
        pytest.param((PLAN,), ("PT", "AE"), id="30 in answer to BE: physical therapy next"),
        pytest.param((answer(row("1", "PT")),), None, id="PT was answered unasked"),
        pytest.param((PLAN, answer(row("1", "AE"))), None, id="AE answered"),
        pytest.param((PLAN, PLAN), None, id="30 is known already"),
        pytest.param((answer(), answer()), ("30",), id="nothing said so far: the plan"),
        pytest.param((answer(row("V", "BE")), answer(row("V", "PT"))), ("30",), id="cannot process is no answer"),
        pytest.param((answer(), answer(), answer()), None, id="nothing is asked a fourth time"),
    ],
)
def test_massage_then_physical_therapy_then_the_plan(
    answers: tuple[x12.BenefitResponse, ...], expected: tuple[str, ...] | None
) -> None:
    assert next_question(answers) == expected


def test_nothing_more_is_asked_after_a_rejection() -> None:
    party = x12.Party(entity="IL", kind="1", rejections=(x12.RequestValidation(reason="75", followup="C"),))
    assert next_question([answer(subscriber=x12.Member(party=party))]) is None
