"""The 270 that goes out: what is in it, and that independent readers take it."""

from datetime import UTC, datetime

import pytest
from x12sdk.io import X12ModelReader

from services.eligibility.domain.inquiry import (
    Addressing,
    InquiryInput,
    PersonInput,
    originator_of,
    write_inquiry,
)
from shared import x12
from shared.wire.envelope import Route, Usage
from tests.services.eligibility.fake_clearinghouse import DAY

ID = "chk_00000001-1"
QUESTIONS = [("BE",), ("PT", "AE"), ("30",)]


def person(first: str) -> PersonInput:
    return PersonInput("Doe", first, middle="Q", birth_date=datetime(1984, 7, 19, tzinfo=UTC).date(), sex="male")


ROUTE = Route(sender_id="HANDBILL", receiver_id="CLEARING", usage=Usage.TEST)


def inquiry_input(**changed: object) -> InquiryInput:
    whole = {
        "id": ID,
        "payer_name": "Cascade Mutual",
        "payer_identifier": "CASCM",
        "provider_name": "Rainier Bodywork",
        "provider_npi": "1234567893",
        "member_id": "W123",
        "subscriber": PersonInput("Doe", "Jane"),
        "dependent": None,
        "relationship": "self",
        "service_date": DAY,
    }
    return InquiryInput(**(whole | changed))  # type: ignore[arg-type]


def written(service_types: tuple[str, ...], **changed: object) -> bytes:
    to = Addressing(ROUTE, datetime(2026, 3, 2, 10, 15, tzinfo=UTC), 500_000_001)
    return write_inquiry(inquiry_input(**changed), service_types, to)


def asked(**changed: object) -> x12.EligibilityInquiry:
    file = x12.read_all(written(("BE",), **changed), strict=True)
    assert file.ok, file.findings
    record = file.transactions[0].records[0]
    assert isinstance(record, x12.EligibilityInquiry)
    return record


@pytest.mark.parametrize("service_types", QUESTIONS)
@pytest.mark.parametrize("changed", [{}, {"dependent": person("Kim"), "relationship": "child"}], ids=["self", "child"])
def test_every_question_passes_x12sdk_and_our_own_strict_reader(
    service_types: tuple[str, ...], changed: dict[str, object]
) -> None:
    data = written(service_types, **changed)
    with X12ModelReader(data.decode()) as reader:
        assert len(list(reader.models())) == 1
    assert x12.read_all(data, strict=True).findings == ()


def test_the_envelope_carries_the_control_number_and_the_inquirys_id() -> None:
    segments = written(("BE",)).decode().split("~")
    assert segments[0].split("*")[13] == "500000001"
    assert segments[3] == "BHT*0022*13*chk_00000001-1*20260302*1015"
    assert "TRN*1*chk_00000001-1*9HANDBILL0" in segments


@pytest.mark.parametrize(("relationship", "code"), [("spouse", "01"), ("child", "19"), ("other", "34")])
def test_a_dependent_is_named_with_the_relationship(relationship: str, code: str) -> None:
    inquiry = asked(dependent=person("Kim"), relationship=relationship)
    assert inquiry.dependent is not None
    assert (inquiry.dependent.party.first, inquiry.dependent.relationship) == ("KIM", code)
    assert inquiry.subscriber.traces == ()
    assert [trace.value for trace in inquiry.dependent.traces] == [ID]


def test_names_go_out_in_the_basic_character_set() -> None:
    subscriber = PersonInput("O’Brien-Łódź", "Zoë", middle="½")
    party = asked(subscriber=subscriber).subscriber.party
    assert (party.name, party.first, party.middle) == ("O'BRIEN-LODZ", "ZOE", "1/2")
    assert asked(provider_name="Weiß & Söhne").receiver.party.name == "WEISS & SOHNE"


def test_a_name_of_which_nothing_can_be_written_is_an_error_without_the_name() -> None:
    with pytest.raises(x12.WriteError) as error:
        asked(subscriber=PersonInput("\ue000", "Hana"))
    assert "\ue000" not in str(error.value)


def test_the_originator_of_a_trace_is_ten_characters_of_our_own() -> None:
    assert originator_of("HANDBILL") == "9HANDBILL0"
    assert originator_of("A-LONG-SENDER-ID") == "9A-LONG-SE"
