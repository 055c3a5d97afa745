"""How a claim is sent again: every case of the one decision, and each illegal move with its code."""

from datetime import date

import pytest

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.sending import Frequency, IllegalMove, Standing, correction, void
from shared.payer_profiles import PayerProfile

S = ClaimState
ONE, SEVEN, EIGHT = Frequency.ORIGINAL, Frequency.REPLACEMENT, Frequency.VOID


def decided(paid=0, *, remark="", reversal=False, digest="a"):
    sign = -1 if reversal else 1
    adjustment = AdjustmentResponse(1, "CO", "16", (remark,) if remark else (), 100, "", "insurer", "correct_claim")
    return PaymentResponse(date(2026, 3, 9), digest, sign * 100, sign * paid, reversal, adjustments=(adjustment,))


DENIED = PayerResponses(payments=(decided(),))
PAID = PayerResponses(payments=(decided(60),))
UNPROCESSABLE = PayerResponses(payments=(decided(remark="MA130"),))
BACK = PayerResponses(payments=(decided(60), decided(60, reversal=True, digest="b")))
NOTHING = PayerResponses()
WHOLE = {"send_as": "replacement"}


def standing(state=S.ADJUDICATED, responses=DENIED, *, takes="replacement", number="ICN1", **more):
    profile = PayerProfile(corrected_claims=takes)
    return Standing(state, more.pop("frequency", ONE), responses, profile, payer_claim_number=number, **more)


@pytest.mark.parametrize(
    ("known", "asked", "frequency", "number"),
    [
        (standing(), {}, SEVEN, "ICN1"),
        (standing(), {"send_as": "replacement"}, SEVEN, "ICN1"),
        (standing(number=""), {}, SEVEN, ""),
        (standing(responses=PAID), {}, SEVEN, "ICN1"),
        (standing(S.ACCEPTED_BY_PAYER, NOTHING), {}, SEVEN, "ICN1"),
        (standing(S.REJECTED_BY_PAYER, DENIED), {}, SEVEN, "ICN1"),
        (standing(S.REJECTED_BY_PAYER, NOTHING, accepted_before=True), {}, SEVEN, "ICN1"),
        (standing(S.REJECTED_BY_CLEARINGHOUSE, DENIED, frequency=EIGHT), {}, SEVEN, "ICN1"),
        (standing(takes="new"), {"send_as": "replacement"}, SEVEN, "ICN1"),
        (standing(takes="new"), {}, ONE, ""),
        (standing(), {"send_as": "new"}, ONE, ""),
        (standing(responses=UNPROCESSABLE), {}, ONE, ""),
        (standing(responses=UNPROCESSABLE, takes="reopening"), {}, ONE, ""),
        (standing(responses=BACK), {}, ONE, ""),
        (standing(S.REJECTED_BY_PAYER, NOTHING), {}, ONE, ""),
        (standing(S.REJECTED_BY_CLEARINGHOUSE, NOTHING), {"send_as": "new"}, ONE, ""),
    ],
)
def test_what_the_payer_has_is_replaced_and_what_it_has_not_is_new(known, asked, frequency, number):
    found = correction(known, **asked)
    assert (found.frequency, found.payer_claim_number, found.lines) == (frequency, number, ())
    assert f"(frequency {frequency.value})" in found.why


def test_denied_lines_alone_are_new_and_a_replacement_of_them_bills_the_same_lines():
    some = standing(responses=PAID, denied_lines=(2,), line_count=2)
    found = correction(some, only_denied_lines=True)
    assert (found.frequency, found.lines, found.payer_claim_number) == (ONE, (2,), "")
    assert correction(standing(sent_lines=(2,))).lines == (2,)


@pytest.mark.parametrize(
    ("known", "asked", "code"),
    [
        (standing(S.SUBMITTED, NOTHING), {}, "answer_awaited"),
        (standing(S.ACCEPTED_BY_CLEARINGHOUSE, NOTHING), {}, "answer_awaited"),
        (standing(S.READY), {}, "claim_not_submitted"),
        (standing(S.BLOCKED), {}, "claim_not_submitted"),
        (standing(S.HELD), {}, "claim_not_submitted"),
        (standing(S.VOIDED), {}, "claim_voided"),
        (standing(S.ACCEPTED_BY_PAYER, frequency=EIGHT), {}, "void_under_way"),
        (standing(takes="reopening"), {}, "payer_takes_no_replacement"),
        (standing(responses=PAID), {"send_as": "new"}, "paid_claim_is_replaced"),
        (standing(responses=BACK), {"send_as": "replacement"}, "nothing_to_replace"),
        (standing(responses=UNPROCESSABLE), {"only_denied_lines": True}, "no_line_was_decided"),
        (standing(denied_lines=(1,), line_count=2), WHOLE | {"only_denied_lines": True}, "replacement_is_whole"),
        (standing(denied_lines=(), line_count=2), {"only_denied_lines": True}, "not_some_lines_denied"),
        (standing(denied_lines=(1, 2), line_count=2), {"only_denied_lines": True}, "not_some_lines_denied"),
    ],
)  # fmt: skip
def test_an_illegal_correction_says_why_and_what_to_do(known, asked, code):
    with pytest.raises(IllegalMove) as illegal:
        correction(known, **asked)
    assert illegal.value.code == code
    assert illegal.value.message.endswith(".")
    assert illegal.value.fix.endswith(".")


@pytest.mark.parametrize(
    ("known", "sent"),
    [
        (standing(), True),
        (standing(S.ACCEPTED_BY_PAYER, NOTHING), True),
        (standing(S.READY), True),
        (standing(S.REJECTED_BY_PAYER, frequency=EIGHT), True),
        (standing(S.READY, NOTHING), False),
        (standing(S.BLOCKED, BACK), False),
        (standing(S.REJECTED_BY_PAYER, NOTHING), False),
        (standing(responses=BACK), False),
        (standing(responses=UNPROCESSABLE), False),
    ],
)
def test_a_void_is_sent_to_the_payer_that_has_the_claim_and_to_no_other(known, sent):
    found = void(known)
    assert found is None if not sent else (found.frequency, found.payer_claim_number) == (EIGHT, "ICN1")


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (standing(S.SUBMITTED, NOTHING), "answer_awaited"),
        (standing(S.VOIDED, BACK), "claim_voided"),
        (standing(S.ADJUDICATED, frequency=EIGHT), "void_under_way"),
        (standing(takes="new"), "payer_takes_no_replacement"),
        (standing(takes="reopening"), "payer_takes_no_replacement"),
        (standing(sent_lines=(2,)), "two_decisions_stand"),
        (standing(number=""), "payer_claim_number_missing"),
    ],
)
def test_an_illegal_void_says_why(known, code):
    with pytest.raises(IllegalMove) as illegal:
        void(known)
    assert illegal.value.code == code
