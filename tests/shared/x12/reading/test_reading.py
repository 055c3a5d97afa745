"""The reader: events in order, one typed record at a time, tolerant of form, exact in place."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import datetime
from decimal import Decimal

import pytest

from bench.x12_files import remittances
from shared import x12
from tests.shared.x12 import examples


def events(data, **options):
    return list(x12.read(data, **options))


def codes(data, **options):
    return [one.code for one in x12.check(data, **options).findings]


def test_a_transaction_is_opened_its_records_follow_and_it_is_closed():
    opened, header, *rest, closed = events(examples.write_835())
    assert (opened.type, opened.version, opened.control_number) == ("835", "005010X221A1", "0001")
    assert opened.interchange.sender == "HANDBILL"
    assert opened.group.functional_id == "HP"
    assert header.record.payment_cents == 6500
    assert [type(one.record).__name__ for one in rest] == ["ClaimPayment", "ClaimPayment", "ProviderAdjustment"]
    assert closed.ok
    assert closed.totals == x12.Totals(
        records=4, segments=36, charge_cents=32000, paid_cents=8000, provider_adjustment_cents=1500, payment_cents=6500
    )


def test_the_offset_of_a_record_is_that_of_its_first_segment():
    data = examples.write_835()
    offsets = [one.offset for one in events(data) if isinstance(one, x12.Record)]
    assert [data[at : at + 3] for at in offsets] == [b"ST*", b"CLP", b"CLP", b"PLB"]


def test_records_have_shortcuts_for_what_is_asked_most():
    claim = x12.read_all(examples.write_837p()).transactions[0].records[2]
    assert claim.accident_date == datetime.date(2026, 1, 5)
    assert (claim.referring.first, claim.rendering.npi) == ("ADA", examples.RENDERING_NPI)
    assert claim.reference("G1") == "AUTH77"
    assert (claim.lines[0].service_date, claim.lines[0].control_number, claim.lines[0].rendering) == (
        examples.DOS,
        "L1",
        None,
    )
    assert claim.billing_provider.party.reference("EI") == "912345678"
    assert claim.subscriber.party.npi == ""
    second = x12.read_all(examples.write_837p()).transactions[0].records[5]
    assert second.other_payers[0].paid_cents == 13000
    paid = x12.read_all(examples.write_835()).transactions[0].records[0]
    assert (paid.patient.name, paid.rendering.npi, paid.reference("1L")) == ("ALDER", examples.RENDERING_NPI, "")
    assert paid.services[0].service_date == examples.DOS
    assert paid.services[0].control_number == "L1"
    asked = x12.read_all(examples.write_270()).transactions[0].records
    assert [one.patient.party.first for one in asked] == ["JUNE", "ROBIN"]
    responses = x12.read_all(examples.write_271()).transactions[0].records
    assert [one.patient.party.first for one in responses] == ["JUNE", "ROBIN"]
    state = x12.read_all(examples.write_277()).transactions[0].records[0]
    assert (state.claim_number, state.payer_claim_number, state.statuses[0].category) == ("T0001", "PCN77", "F1")


def test_benefits_keep_every_element():
    benefits = x12.read_all(examples.write_271()).transactions[0].records[0].benefits
    assert benefits[1].service_types == ("BE", "PT")
    assert benefits[1].amount_cents == 2500
    assert benefits[2].quantity == Decimal(12)
    assert benefits[2].messages == ("COMBINED WITH PT",)
    assert benefits[3].percent == Decimal("0.2")
    assert benefits[4].deliveries[0].frequency_period == "DA"


def test_all_refusals_of_all_levels_are_kept():
    data = (
        examples.write_271(examples.refusal())
        .replace(b"~HL*2*1*21", b"~AAA*Y**42*R~HL*2*1*21")
        .replace(b"~SE*12", b"~SE*13")
    )
    record = x12.read_all(data).transactions[0].records[0]
    assert [one.reason for one in record.rejections] == ["42", "75"]


def test_a_refused_provider_without_subscriber_is_a_record():
    data = examples.write_271(examples.refusal())
    start, end = data.index(b"HL*3"), data.index(b"SE*")
    data = data[:start] + b"AAA*Y**50*N~" + b"SE*8*0001~" + data[data.index(b"~", end) + 1 :]
    data = data.replace(b"HL*2*1*21*1", b"HL*2*1*21*0")
    (record,) = x12.read_all(data).transactions[0].records
    assert record.subscriber is None
    assert record.patient is None
    assert [one.reason for one in record.rejections] == ["50"]
    written = x12.write(
        examples.envelope(),
        [x12.Transaction(type="271", control_number="0001", records=(record,),
                         header=x12.EligibilityHeader(reference="1", created=examples.TODAY, created_time="1000", purpose="11"))],
    )  # fmt: skip
    assert x12.read_all(written).transactions[0].records == (record,)


@pytest.mark.parametrize("ending", [b"\r\n", b"\n", b"\n    "])
def test_line_breaks_and_indentation_are_noted_once_and_ignored(ending):
    plain = examples.write_837p()
    data = plain.replace(b"~", b"~" + ending)
    assert codes(data) == ["line_breaks"]
    assert x12.read_all(data).transactions[0].records == x12.read_all(plain).transactions[0].records


def test_offsets_are_right_in_a_file_with_line_breaks():
    data = examples.write_837p().replace(b"~", b"~\r\n").replace(b"XX*1497758544", b"XX*1497758543", 1)
    finding = next(one for one in x12.check(data).findings if one.code == "npi")
    assert data[finding.offset :].startswith(b"NM1*82*1*OAKES*WREN****XX*1497758543~")


def test_a_file_wrapped_in_the_middle_of_segments_is_read():
    plain = examples.write_837p()
    data = b"\n".join(plain[at : at + 80] for at in range(0, len(plain), 80))
    assert [one for one in codes(data) if one != "line_breaks"] in ([], ["isa_length"])


def test_a_byte_order_mark_and_text_in_front_are_noted():
    data = examples.write_837p()
    assert codes(b"\xef\xbb\xbf" + data) == ["byte_order_mark"]
    assert codes(b"\r\n\r\n" + data) == []
    assert codes(b"HTTP/1.1 200 OK\r\n\r\n" + data) == ["leading_text"]


def test_a_last_segment_without_terminator_is_noted():
    assert codes(examples.write_837p()[:-1]) == ["no_last_terminator"]


def test_what_is_missing_behind_a_last_segment_without_terminator_is_at_the_end_of_the_source():
    data = examples.write_835()
    cut = data[: data.index(b"~", data.index(b"~CAS*") + 1)]
    at = {one.code: one.offset for one in x12.check(cut).findings}
    missing = dict.fromkeys(("se_missing", "ge_missing", "iea_missing"), len(cut))
    assert missing.items() <= at.items()
    assert at["no_last_terminator"] == cut.rindex(b"~") + 1
    with_terminator = {one.code: one.offset for one in x12.check(cut + b"~").findings}
    assert with_terminator["iea_missing"] == len(cut) + 1


def test_a_segment_without_a_proper_name_is_malformed():
    data = examples.write_835()
    (found,) = [one for one in x12.check(data.replace(b"~CAS*", b"~C@S*", 1)).findings if one.segment == "C@S"]
    assert (found.code, found.ack) == ("segment_malformed", "IK304:1")


def test_the_segment_terminator_may_be_a_line_break():
    data = examples.write_837p().replace(b"~", b"\n")
    assert codes(data) == []
    assert codes(data.replace(b"\n", b"\r\n").replace(b"T*:\r\n", b"T*:\n", 1)) == ["line_breaks"]


def test_several_interchanges_with_other_delimiters_in_one_file():
    first = examples.write_837p()
    second = examples.write_835().replace(b"*", b"|").replace(b":", b">").replace(b"~", b"'")
    third = examples.write_270()
    file = x12.read_all(first + b"\n" + second + third)
    assert [one.opened.type for one in file.transactions] == ["837P", "835", "270"]
    assert file.ok
    assert [len(one.records) for one in file.transactions] == [7, 3, 2]


TERMINATORS = ["~", "\n", "\r", "|", "'", "!", "\x1c", "\x1d"]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("second", TERMINATORS)
@pytest.mark.parametrize("first", TERMINATORS)
def test_an_interchange_may_follow_one_with_another_terminator(first, second, between):
    one = examples.write_835(delimiters=x12.Delimiters(segment=first))
    other = examples.write_835(delimiters=x12.Delimiters(segment=second, element="+"))
    data = one + between + other
    # Line breaks between segments are the sender's, whatever ends a segment.
    file = x12.read_all(data)
    assert [len(one.records) for one in file.transactions] == [3, 3]
    assert {one.code for one in file.findings} <= {"line_breaks"}
    assert list(x12.read([data[at : at + 500] for at in range(0, len(data), 500)])) == list(x12.read(data))


def test_claims_of_all_transactions_with_the_same_levels_are_delivered():
    one = x12.Transaction(type="837P", control_number="0001", header=examples.submission(), records=(examples.claim(),))
    two = x12.Transaction(
        type="837P", control_number="0002", header=examples.submission(), records=(examples.claim(claim_number="K8"),)
    )
    file = x12.read_all(x12.write(examples.envelope(), [one, two]), strict=True)
    assert [one.records[0].claim_number for one in file.transactions] == ["K7Q2M9", "K8"]
    assert file.findings == ()


def test_a_transaction_number_used_twice_is_found():
    one = x12.Transaction(type="837P", control_number="0001", header=examples.submission(), records=(examples.claim(),))
    data = x12.write(examples.envelope(), [one, one])
    assert "st_repeated" in codes(data)


def test_segments_that_nobody_expects_are_kept_with_their_place():
    data = examples.write_835().replace(b"REF*6R*L1~", b"REF*6R*L1~ZZZ*A:B*C~", 1)
    record = next(one for one in events(data) if isinstance(one, x12.Record) and one.unknown)
    (kept,) = record.unknown
    assert kept.segment == x12.Segment(id="ZZZ", elements=("A:B", "C"))
    assert (kept.loop, kept.position) == ("2110", 21)
    assert record.record.claim_number == "K7Q2M9"
    assert not record.ok


def test_a_transaction_without_a_guide_is_kept_as_segments():
    data = examples.write_837p().replace(b"005010X222A1", b"004010X098A1")
    file = x12.read_all(data)
    assert file.ok
    assert [one.code for one in file.findings] == ["older_version"]
    assert len(file.transactions[0].items[0].unknown) == 160
    other = examples.write_837p().replace(b"ST*837", b"ST*834")
    assert "st_unknown" in codes(other)


def test_a_long_transaction_without_a_guide_is_kept_in_parts():
    data = examples.write_837p(*[examples.claim(claim_number=f"C{n}") for n in range(120)]).replace(b"X222A1", b"X999")
    items = [one for one in events(data) if isinstance(one, x12.Record)]
    assert len(items) == 2
    assert len(items[0].unknown) == 1000


def test_neighbouring_versions_of_a_guide_are_read_with_a_note():
    data = examples.write_837p().replace(b"005010X222A1", b"005010X222")
    assert codes(data) == ["other_version"]


ENVELOPES = {
    "se_missing": lambda data: data[: data.index(b"SE*")] + data[data.index(b"GE*") :],
    "ge_missing": lambda data: data[: data.index(b"GE*")] + data[data.index(b"IEA*") :],
    "iea_missing": lambda data: data[: data.index(b"IEA*")],
    "isa_missing": lambda data: data[106:],
    "envelope_order": lambda data: data[:106] + data[data.index(b"ST*") :],
    "stray_segment": lambda data: data[:106] + b"REF*G1*1~" + data[106:],
    "isa_length": lambda data: data.replace(b"HANDBILL       *", b"HANDBILL*", 1),
    "isa_value": lambda data: data.replace(b"*260302*1015*", b"*261302*1015*", 1),
    "delimiters": lambda data: data.replace(b"*T*:~", b"*T**~", 1),
    "group_value": lambda data: data.replace(b"*X*005010", b"*Y*005010", 1),
    "not_x12": lambda data: b"<html>" + b" " * 200 + b"</html>",
    "st_control": lambda data: data.replace(b"ST*837*0001", b"ST*837*1"),
}
EXTRA = {"st_control": "element_short"}


@pytest.mark.safeguard("164.312(e)(2)(i)")
@pytest.mark.parametrize("code", ENVELOPES)
def test_a_broken_envelope_is_said_and_what_is_in_it_is_read(code):
    report = x12.check(ENVELOPES[code](examples.write_837p()))
    assert EXTRA.get(code, code) in [one.code for one in report.findings]
    assert not report.ok
    assert all(one.ack or one.code == "not_x12" for one in report.findings if one.severity == "error")


@pytest.mark.parametrize("cut", ["SE*162", "GE*", "IEA*", "CLM*SEC001", "HL*3", "ST*"])
def test_a_file_that_breaks_off_is_closed_properly(cut):
    data = examples.write_837p()
    file = x12.read_all(data[: data.index(cut.encode())])
    assert not file.ok
    assert len(file.transactions) == (0 if cut == "ST*" else 1)


@pytest.mark.parametrize("place", ["SE*1*1~", "GE*1*1~", "IEA*1*1~", "TA1*1~"])
def test_ends_without_beginnings_are_found(place):
    data = examples.write_837p()
    changed = data.replace(b"IEA*", place.encode() + b"IEA*")
    assert not x12.check(changed).ok
    assert "envelope_order" in codes(examples.write_835() + b"GE*1*1~IEA*1*1~")


def test_interchanges_and_groups_without_their_ends_are_closed_by_the_next():
    data = examples.write_837p()
    headless = data[: data.index(b"SE*")]
    assert {"se_missing", "ge_missing", "iea_missing"} <= set(codes(headless + examples.write_835()))
    group = data[data.index(b"GS*") : data.index(b"SE*")]
    assert {"se_missing", "ge_missing"} <= set(codes(data[: data.index(b"SE*")] + group + data[data.index(b"SE*") :]))
    twice = data[data.index(b"ST*") : data.index(b"SE*")]
    assert "se_missing" in codes(data[: data.index(b"SE*")] + twice + data[data.index(b"SE*") :])


def test_a_ta1_with_a_wrong_date_or_code_is_found():
    data = examples.write_ta1()
    assert codes(data.replace(b"*260302*1015*A", b"*261302*1015*A")) == ["element_date"]
    assert codes(data.replace(b"*A*000", b"*Q*000")) == ["element_code"]
    assert codes(data.replace(b"*A*000", b"*A*0")) == ["element_code"]


def test_empty_segments_are_noted_and_do_not_count():
    data = examples.write_837p().replace(b"LX*1~", b"~LX*1~", 1)
    assert codes(data) == ["segment_empty"]


def test_findings_stop_at_their_limit_and_the_rest_is_counted():
    data = examples.write_837p().replace(b"*WA*", b"*wa*")
    report = x12.check(data, strict=True, limits=x12.Limits(findings=3))
    assert [one.code for one in report.findings].count("state") == 3
    assert [one.message for one in report.findings if one.code == "more_findings"] == [
        f"{data.count(b'*wa*') - 3} more findings of the kind `state` not listed."
    ]


def test_no_number_of_notes_and_warnings_hides_an_error_or_makes_one():
    data = examples.write_837p().replace(b"*WA*", b"*wa*").replace(b"~LX*1~", b"~LX*1*~")
    limits = x12.Limits(findings=2)
    assert x12.check(data, limits=limits).ok
    report = x12.check(data.replace(b"SE*162", b"SE*161"), limits=limits)
    assert not report.ok
    assert [one.code for one in report.findings if one.severity == "error"] == ["se_count"]
    more = [(str(one.severity), one.message.split("`")[1]) for one in report.findings if one.code == "more_findings"]
    assert more == [("warning", "state"), ("note", "trailing_separators")]


@pytest.mark.parametrize("value", [b"1234", b"20260101-20260102", b"202601011015", b"123456"])
def test_a_date_of_the_format_d8_is_a_day(value):
    data = examples.write_837p().replace(b"DTP*439*D8*20260105", b"DTP*439*D8*" + value)
    assert ("DTP", "element_period") in [(one.segment, one.code) for one in x12.check(data).findings]


def test_a_service_after_the_file_is_a_warning_unless_strict():
    data = examples.write_837p().replace(b"472*D8*20260224", b"472*D8*20260303")
    assert {(str(one.severity), one.code) for one in x12.check(data).findings} == {("warning", "service_after_file")}
    assert {str(one.severity) for one in x12.check(data, strict=True).findings} == {"error"}


def payments_of(data):
    records = [one for one in x12.read(data) if isinstance(one, x12.Record)]
    return [(one.record.claim_number, one.ok) for one in records if isinstance(one.record, x12.ClaimPayment)]


@pytest.mark.parametrize("before", [b"CLP*K7Q2M9", b"CLP*K7Q2N0"])
def test_payments_after_a_provider_adjustment_are_delivered(before):
    data = examples.write_835()
    adjustment = data[data.index(b"PLB*") : data.index(b"SE*")]
    changed = data.replace(adjustment, b"").replace(before, adjustment + before)
    report = x12.check(changed)
    found = [(one.code, one.segment, one.element) for one in report.findings]
    # A group that the adjustment ends before its first payment has none.
    assert found == [*([("loop_missing", "CLP", 0)] if before.endswith(b"M9") else []), ("segment_order", "CLP", 0)]
    assert payments_of(changed) == [("K7Q2M9", True), ("K7Q2N0", True)]
    assert {one.group for one in x12.read_all(changed).transactions[0].records if hasattr(one, "group")} == {
        x12.ClaimGroup(number=1)
    }


def test_a_group_of_payments_after_a_provider_adjustment_is_delivered():
    data = examples.write_835()
    adjustment = data[data.index(b"PLB*") : data.index(b"SE*")]
    changed = data.replace(adjustment, b"").replace(b"LX*1", adjustment + b"LX*1")
    assert [(one.code, one.segment) for one in x12.check(changed).findings] == [("segment_order", "LX")]
    assert payments_of(changed) == [("K7Q2M9", True), ("K7Q2N0", True)]


def test_payments_without_their_lx_are_delivered():
    changed = examples.write_835().replace(b"LX*1~", b"").replace(b"SE*33", b"SE*32")
    found = [(one.code, one.segment) for one in x12.check(changed).findings if one.code != "se_count"]
    assert found == [("segment_missing", "LX")]
    assert payments_of(changed) == [("K7Q2M9", True), ("K7Q2N0", True)]


def test_the_source_may_come_in_large_pieces():
    data = b"".join(remittances(1_100_000, 100))
    assert len(data) > 1024 * 1024
    assert codes([data]) == codes(memoryview(data)) == []


def test_text_in_latin_1_is_read():
    data = examples.write_837p().replace(b"OAKES", "OAKËS".encode("latin-1"))
    assert set(codes(data)) == {"not_ascii"}
    assert x12.read_all(data).transactions[0].records[0].rendering.name == "OAKËS"


def test_spelling_of_amounts_does_not_matter():
    data = examples.write_835().replace(b"CAS*CO*45*20~", b"CAS*CO*45*20.00~").replace(b"AMT*B6*100~", b"AMT*B6*100.0~")
    assert codes(data) == []
    assert x12.read_all(data).transactions[0].records[0].services[0].amounts[0].amount_cents == 10000


def test_trailing_separators_and_spaces_are_notes():
    data = examples.write_835().replace(b"REF*6R*L1~", b"REF*6R*L1**~", 1).replace(b"EDI HELP", b"EDI HELP ")
    assert codes(data) == ["trailing_space", "trailing_separators"]
    assert x12.check(data).ok


ELEMENTS = [
    ("AMT*B6*100", "AMT*B6*1.2.3", "element_money"),
    ("**4~", "**4X~", "element_number"),
    ("**4~", "**12345678901234567~", "element_long"),
    ("LX*1", "LX*A", "element_number"),
    ("LX*1", "LX*1234567", "element_long"),
    ("REF*6R*L1", "REF*6R*L\x011", "element_characters"),
    ("WO:OLD001", "WO:OLD001:X", "component_extra"),
    ("WO:OLD001", "WO:", "trailing_separators"),
    ("LX*1", "LX*1*2", "element_extra"),
    ("N4*SEATTLE*WA*981010000", "N4*SEATTLE*WA*98101*US*CO*KING", "element_unused"),
    ("N4*SEATTLE*WA*981010000", "N4*SEATTLE*ON*A1A1A1*CA**", "trailing_separators"),
    ("PER*BL*EDI HELP*TE*8005550100", "PER*BL*EDI HELP*TE", "element_related"),
    ("N4*SEATTLE*WA*981010000", "N4*SEATTLE*WA*98101****XY", "element_related"),
    ("CAS*CO*45*20", "CAS*CO*45*20**96", "element_related"),
    ("REF*TJ*912345678", "REF*TJ", "element_missing"),
]


@pytest.mark.parametrize(
    ("old", "new", "code"), ELEMENTS, ids=[f"{row[2]}-{number}" for number, row in enumerate(ELEMENTS)]
)
def test_every_fault_of_an_element_has_its_code(old, new, code):
    assert code in codes(examples.write_835().replace(old.encode(), new.encode(), 1))


def test_a_time_that_is_none_is_found():
    assert "element_time" in codes(examples.write_837p().replace(b"20260302*1015*CH", b"20260302*2515*CH"))


def test_too_many_repetitions_are_found():
    data = examples.write_271().replace(b"*BE^PT*", b"*" + b"^".join([b"BE"] * 101) + b"*")
    messages = {one.message for one in x12.check(data).findings if one.code == "repetition_extra"}
    assert messages == {"The service type is repeated more often than allowed."}


def test_a_loop_too_many_is_found():
    claim = examples.claim(lines=tuple(examples.line(n, cents=100) for n in range(1, 51)), charge_cents=5000)
    data = examples.write_837p(claim).replace(b"LX*50~", b"LX*50~SV1*HC:97124*1*UN*1***1~DTP*472*D8*20260224~LX*51~")
    assert "loop_repeated" in codes(data)
    parties = examples.write_837p().replace(
        b"NM1*82*1*OAKES*WREN****XX*1497758544~", b"NM1*82*1*OAKES*WREN****XX*1497758544~" * 2, 1
    )
    assert "loop_repeated" in codes(parties)


def test_the_counts_of_an_acknowledgement_are_proved():
    data = examples.write_999(examples.write_837p())
    assert codes(data.replace(b"AK9*A*1*1*1", b"AK9*A*1*1*0")) == ["acknowledgement_counts"]
    assert codes(data.replace(b"AK9*A*1*1*1", b"AK9*A*1*2*1")) == ["acknowledgement_counts"]


def test_a_charge_below_nothing_is_found():
    data = examples.write_837p(examples.claim()).replace(b"GP*120*", b"GP*-120*").replace(b"K7Q2M9*200", b"K7Q2M9*-40")
    assert codes(data) == ["negative_amount", "negative_amount"]


def test_a_claim_without_service_dates_is_judged_without_them():
    data = examples.write_837p(examples.accident_claim()).replace(b"DTP*472*D8*20260224~", b"")
    assert set(codes(data)) == {"segment_missing", "se_count"}
