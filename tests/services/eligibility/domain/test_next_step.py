"""What to do after an answer: the first thing that could cost most."""

import dataclasses

import pytest

from services.eligibility.domain import massage_benefit
from services.eligibility.domain.massage_benefit import MassageBenefit, VisitLimit
from services.eligibility.domain.next_step import REFUSED, STEPS, OnFile, after_answer, after_rejection
from services.eligibility.domain.rejections import InquiryRejection

NOTHING = OnFile(authorization=False, other_coverage=False)
CLEAR = {"active": "active", "massage": "covered", "service_type": "BE", "authorization": "not_required"}


def benefit(**changed: object) -> MassageBenefit:
    return MassageBenefit(**(CLEAR | changed))  # type: ignore[arg-type]


def test_a_clear_answer_leaves_nothing_to_do() -> None:
    assert after_answer(benefit(visits=VisitLimit(12, 5, 7, "23")), NOTHING) is None


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"active": "inactive"}, "not active"),
        ({"massage": "not_covered"}, "does not cover massage"),
        ({"doubts": frozenset({massage_benefit.OTHER_PAYER})}, "who pays first"),
        ({"doubts": frozenset({massage_benefit.NETWORK_DECIDES})}, "network"),
        ({"doubts": frozenset({massage_benefit.CONTRADICTION})}, "contradicts itself"),
        ({"doubts": frozenset({massage_benefit.OUT_OF_RANGE})}, "contradicts itself"),
        ({"active": "unknown"}, "whether the coverage is active"),
        ({"massage": "unknown"}, "whether massage therapy is covered"),
        ({"visits": VisitLimit(12, 0, 12, "23")}, "used up"),
        ({"authorization": "required"}, "Get an authorization"),
        ({"authorization": "unknown"}, "needs an authorization"),
        ({"doubts": frozenset({massage_benefit.ASK_THE_PAYER})}, "needs an authorization"),
        ({"doubts": frozenset({massage_benefit.LIMIT_IN_TEXT})}, "messages"),
        ({"visits": VisitLimit(12, None, None, "23")}, "how many of the visits are left"),
        ({"service_type": "PT"}, "counts as physical therapy"),
    ],
)
def test_each_thing_that_is_not_settled_has_its_step(changed: dict[str, object], word: str) -> None:
    step = after_answer(benefit(**changed), NOTHING)
    assert step is not None
    assert word in step


def test_no_cover_comes_before_everything_else() -> None:
    step = after_answer(benefit(active="inactive", massage="not_covered", authorization="required"), NOTHING)
    assert step == STEPS[0][1]


def test_after_a_rejection_the_innermost_is_mended() -> None:
    outer = InquiryRejection("42", "R", "2100A", "later", "m", "Ask again later.")
    inner = InquiryRejection("75", "C", "2100C", "patient", "m", "Correct the member id.")
    assert after_rejection([outer, inner]) == "Correct the member id."
    assert after_rejection([]) == REFUSED


def test_what_is_on_file_is_nobodys_next_step() -> None:
    assert after_answer(benefit(authorization="required"), OnFile(authorization=True, other_coverage=False)) is None
    named = benefit(doubts=frozenset({massage_benefit.OTHER_PAYER}))
    assert after_answer(named, OnFile(authorization=False, other_coverage=True)) is None
    assert after_answer(named, OnFile(authorization=True, other_coverage=False)) is not None


def test_what_no_answer_said_is_unknown_and_never_a_number() -> None:
    """Of amounts and dates None; of states the word for it."""
    nothing = dataclasses.asdict(MassageBenefit())
    amount = {"total_cents": None, "remaining_cents": None, "period": None}
    names = ("deductible_individual", "deductible_family", "out_of_pocket_individual", "out_of_pocket_family")
    assert nothing == {
        **dict.fromkeys(("active", "massage", "authorization", "network"), "unknown"),
        **dict.fromkeys(("service_type", "effective_from", "effective_to", "copay_cents", "plan_name")),
        **dict.fromkeys(names, amount),
        "coinsurance_basis_points": None,
        "visits": {"limit": None, "remaining": None, "used": None, "period": None},
        "messages": (),
        "doubts": frozenset(),
    }
