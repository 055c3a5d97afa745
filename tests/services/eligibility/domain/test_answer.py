"""Which bytes are the answer to our question."""

from datetime import UTC, datetime

import pytest

from services.eligibility.domain.answer import ANSWERED, NOT_OURS, REFUSED, UNREADABLE, read_answer
from services.eligibility.domain.inquiry import (
    Addressing,
    InquiryFacts,
    PersonFacts,
    basic,
    originator_of,
    write_inquiry,
)
from shared import x12
from tests.services.eligibility.payer import DAY, envelope, write_271, write_ta1

ID = "chk_00000001-1"
ROWS = (x12.Benefit(information="1", service_types=("30",)), x12.Benefit(information="1", service_types=("BE",)))


def facts(**changed: object) -> InquiryFacts:
    whole = {
        "id": ID,
        "payer_name": "Cascade Mutual",
        "payer_identifier": "CASCM",
        "provider_name": "Rainier Bodywork",
        "provider_npi": "1234567893",
        "member_id": "W123",
        "subscriber": PersonFacts("Doe", "Jane"),
        "dependent": None,
        "relationship": "self",
        "service_date": DAY,
    }
    return InquiryFacts(**(whole | changed))  # type: ignore[arg-type]


def asked(**changed: object) -> x12.EligibilityInquiry:
    to = Addressing("HANDBILL", "CLEARING", datetime(2026, 3, 2, 10, 15, tzinfo=UTC), 500_000_001)
    file = x12.read_all(write_inquiry(facts(**changed), ("BE",), to), strict=True)
    assert file.ok, file.findings
    record = file.transactions[0].records[0]
    assert isinstance(record, x12.EligibilityInquiry)
    return record


def test_a_whole_271_with_our_trace_is_the_answer() -> None:
    answer = read_answer(write_271(asked(), ROWS), ID)
    assert answer.kind == ANSWERED
    assert answer.response is not None
    assert answer.response.benefits == ROWS


def test_a_dependents_trace_is_ours_too() -> None:
    inquiry = asked(dependent=PersonFacts("Doe", "Kim"), relationship="child")
    assert inquiry.dependent is not None
    assert inquiry.dependent.relationship == "19"
    assert read_answer(write_271(inquiry, ROWS), ID).kind == ANSWERED


def test_another_trace_is_somebody_elses_answer() -> None:
    assert read_answer(write_271(asked(), ROWS), "chk_00000002-1").kind == NOT_OURS


def test_a_rejection_on_our_question_is_an_answer() -> None:
    assert read_answer(write_271(asked(), aaa=("75",)), ID).kind == ANSWERED


def test_a_rejection_by_the_payer_without_a_member_is_an_answer() -> None:
    party = x12.Party(entity="PR", kind="2", name="P", id_qualifier="PI", id="P1")
    source = x12.InformationSource(party=party, rejections=(x12.Rejection(reason="42", followup="R"),))
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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Zoë Müller-Strauß", "ZOE MULLER-STRAUSS"),
        ("O'Brien", "O'BRIEN"),
        ("A*B:C^D~E", "A B C D E"),
        ("  two   spaces ", "TWO SPACES"),
        ("x" * 70, "X" * 60),
        ("山田", ""),
    ],
)
def test_text_goes_out_in_the_basic_character_set(text: str, written: str) -> None:
    assert basic(text, 60) == written


def test_a_name_of_which_nothing_can_be_written_is_an_error_without_the_name() -> None:
    with pytest.raises(x12.WriteError) as error:
        asked(subscriber=PersonFacts("山田", "花"))
    assert "山田" not in str(error.value)


def test_the_originator_of_a_trace_is_ten_characters_of_our_own() -> None:
    assert originator_of("HANDBILL") == "9HANDBILL0"
    assert originator_of("A-LONG-SENDER-ID") == "9A-LONG-SE"
