"""Which bytes are the answer to our question."""

import pytest

from services.eligibility.domain.answer import ANSWERED, NOT_OURS, REFUSED, UNREADABLE, read_answer
from shared import x12
from tests.services.eligibility.domain.test_inquiry import ID, asked, person
from tests.services.eligibility.fake_clearinghouse import DAY, envelope, write_271, write_ta1

ROWS = (
    x12.BenefitInformation(information="1", service_types=("30",)),
    x12.BenefitInformation(information="1", service_types=("BE",)),
)


def test_a_whole_271_with_our_trace_is_the_answer() -> None:
    answer = read_answer(write_271(asked(), ROWS), ID)
    assert answer.kind == ANSWERED
    assert answer.response is not None
    assert answer.response.benefits == ROWS


def test_a_dependents_trace_is_ours_too() -> None:
    inquiry = asked(dependent=person("Kim"), relationship="child")
    assert read_answer(write_271(inquiry, ROWS), ID).kind == ANSWERED


def test_another_trace_is_somebody_elses_answer() -> None:
    assert read_answer(write_271(asked(), ROWS), "chk_00000002-1").kind == NOT_OURS


def test_a_rejection_on_our_question_is_an_answer() -> None:
    assert read_answer(write_271(asked(), aaa=("75",)), ID).kind == ANSWERED


def test_a_rejection_by_the_payer_without_a_member_is_an_answer() -> None:
    party = x12.Party(entity="PR", kind="2", name="P", id_qualifier="PI", id="P1")
    source = x12.InformationSource(party=party, rejections=(x12.RequestValidation(reason="42", followup="R"),))
    header = x12.EligibilityHeader(reference="R1", created=DAY, created_time="1015", purpose="11")
    record = x12.BenefitResponse(source=source)
    transaction = x12.Transaction(type="271", control_number="0001", header=header, records=(record,))
    answer = read_answer(x12.write(envelope(), [transaction]), ID)
    assert answer.kind == ANSWERED
    assert answer.response is not None
    assert [rejection.reason for rejection in answer.response.rejections] == ["42"]


def test_a_ta1_or_999_is_a_refusal() -> None:
    assert read_answer(write_ta1(), ID).kind == REFUSED


def test_what_was_cut_anywhere_is_unreadable() -> None:
    whole = write_271(asked(), ROWS)
    for end in range(len(whole) - 1):
        assert read_answer(whole[:end], ID).kind == UNREADABLE, end


@pytest.mark.parametrize("data", [b"", b"ISA", b"<html></html>", b"\x00" * 200, b"\xff\xfe" * 500])
def test_rubbish_is_unreadable_not_a_crash(data: bytes) -> None:
    assert read_answer(data, ID).kind == UNREADABLE


def test_an_odd_element_does_not_throw_the_answer_away() -> None:
    odd = write_271(asked(), ROWS).replace(b"EB*1**BE", b"EB*1*XYZ*BE")
    assert read_answer(odd, ID).kind == ANSWERED
