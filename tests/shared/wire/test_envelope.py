"""ISA and GS as they stand in a file."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared import x12
from shared.wire.envelope import Route, Usage, envelope, interchange_of_group

ROUTE = Route(sender_id="SALALST", receiver_id="CLEARING", usage=Usage.TEST)
AT = datetime(2026, 3, 9, 4, 5, tzinfo=UTC)


def segments(route: Route, at: datetime, number: int) -> list[str]:
    accepted = x12.Acknowledgement(
        functional_id="HC",
        group_control_number="1",
        version="005010X222A1",
        transactions=(x12.TransactionAcknowledgement(type="837", control_number="0001", result="A"),),
        result="A",
        included=1,
        received=1,
        accepted=1,
    )
    transaction = x12.Transaction(type="999", control_number="0001", records=(accepted,))
    return x12.write(envelope(route, at, number), [transaction]).decode().split("~")


def test_both_headers_carry_the_same_ids_moment_and_number():
    assert segments(ROUTE, AT, 4711)[:2] == [
        "ISA*00*          *00*          *ZZ*SALALST        *ZZ*CLEARING       *260309*0405*^*00501*000004711*0*T*:",
        "GS*FA*SALALST*CLEARING*20260309*0405*4711*X*005010X231A1",
    ]


def test_the_trailers_repeat_the_numbers():
    assert segments(ROUTE, AT, 4711)[-3:] == ["GE*1*4711", "IEA*1*000004711", ""]


@pytest.mark.parametrize(("usage", "indicator"), [(Usage.TEST, "T"), (Usage.PRODUCTION, "P")])
def test_isa15_is_the_usage_and_reads_back(usage, indicator):
    route = Route(sender_id="SALALST", receiver_id="CLEARING", usage=usage)
    assert segments(route, AT, 1)[0].split("*")[15] == indicator
    assert Usage.of_indicator(indicator) is usage


def test_an_indicator_that_is_no_p_is_a_test():
    assert Usage.of_indicator("I") is Usage.TEST


def test_applications_may_have_ids_of_their_own_in_the_group():
    route = Route(
        sender_id="SALALST",
        receiver_id="CLEARING",
        application_sender_id="SALALCLAIMS",
        application_receiver_id="CLEARCLAIMS",
        usage=Usage.TEST,
    )
    isa, gs = (segment.split("*") for segment in segments(route, AT, 1)[:2])
    assert (isa[6].strip(), isa[8].strip(), gs[2], gs[3]) == ("SALALST", "CLEARING", "SALALCLAIMS", "CLEARCLAIMS")


def test_the_date_is_the_moments_own_in_its_zone():
    gs = segments(ROUTE, AT.astimezone(ZoneInfo("America/Los_Angeles")), 1)[1].split("*")
    assert (gs[4], gs[5]) == ("20260308", "2105")


def test_a_ta1_stands_in_an_interchange_without_a_group():
    answer = x12.InterchangeAcknowledgement(
        control_number="000000009", date=AT.date(), time="0405", code="A", note="000"
    )
    transaction = x12.Transaction(type="TA1", control_number="", records=(answer,))
    written = x12.write(envelope(ROUTE, AT, 3, grouped=False), [transaction]).decode().split("~")
    assert written[1:] == ["TA1*000000009*260309*0405*A*000", "IEA*0*000000003", ""]


@pytest.mark.parametrize("number", [1, 4711, 999_999_999])
def test_a_group_names_the_interchange_that_it_is_in(number):
    written = envelope(ROUTE, AT, number)
    assert interchange_of_group(written.group.control_number) == written.interchange.control_number
