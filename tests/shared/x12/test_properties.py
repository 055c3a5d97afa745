"""Generated records: what is written is accepted without a finding, read back the same, and every change of a cent is found."""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import datetime
import re
import string
from decimal import Decimal

import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared import x12
from shared.x12.codegen.compiled_guide import compiled_guide
from shared.x12.model.envelope import Delimiters
from shared.x12.model.values import CENTS, format_cents, format_decimal
from shared.x12.validation.element_checks import find_faults
from tests.shared.x12 import examples

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXT = (
    st.text(string.ascii_uppercase + string.digits + " .,-'/", min_size=2, max_size=20)
    .map(str.strip)
    .filter(lambda text: len(text) > 1)
)
CODE = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=20)
CENT = st.integers(min_value=1, max_value=999_999)
DAY = st.dates(datetime.date(2025, 1, 1), examples.TODAY)
BIRTH = st.dates(datetime.date(1926, 1, 1), datetime.date(2025, 1, 1))
ICD = st.sampled_from(["M542", "M546", "M5450", "S134XXA", "M62830", "G4486"])


@st.composite
def persons(draw, entity, **fixed):
    values = {
        "entity": entity, "kind": "1", "name": draw(TEXT), "first": draw(TEXT), "middle": draw(st.one_of(st.just(""), TEXT)),
        "line1": draw(TEXT), "city": draw(TEXT), "state": draw(st.sampled_from(["WA", "OR", "CA"])), "postal_code": "98101",
        "birth_date": draw(BIRTH), "gender": draw(st.sampled_from("FMU")),
    } | fixed  # fmt: skip
    return x12.Party(**values)


@st.composite
def lines(draw, number, diagnoses):
    pointers = draw(st.lists(st.integers(1, diagnoses), min_size=1, max_size=min(4, diagnoses), unique=True))
    start = draw(DAY)
    end = draw(st.one_of(st.none(), st.just(start)))
    return examples.line(
        number, draw(st.sampled_from(["97124", "97140", "97110"])), draw(CENT), draw(st.integers(1, 20)), tuple(pointers),
        dates=(examples.day("472", start, end),), references=(examples.ref("6R", draw(CODE)),),
    )  # fmt: skip


@st.composite
def claims(draw):
    codes = draw(st.lists(ICD, min_size=1, max_size=12))
    diagnoses = tuple(examples.diagnosis(code, index == 0) for index, code in enumerate(codes))
    count = draw(st.integers(1, 6))
    made = tuple(draw(lines(number, len(codes))) for number in range(1, count + 1))
    dependent = draw(st.booleans())
    insured = draw(persons("IL", id_qualifier="MI", id=draw(CODE.filter(lambda code: len(code) > 1))))
    subscriber = examples.subscriber(relationship="" if dependent else "18", party=insured, group_number=draw(CODE))
    patient = x12.PatientLevel(relationship="19", party=draw(persons("QC"))) if dependent else None
    return examples.claim(
        subscriber=subscriber, patient=patient, diagnoses=diagnoses, lines=made, charge_cents=sum(one.charge_cents for one in made),
        claim_number=draw(CODE), references=draw(st.sampled_from([(), (examples.ref("G1", "A1"), examples.ref("9F", "R1"))])),
    )  # fmt: skip


@QUICK
@given(st.lists(claims(), min_size=1, max_size=5, unique_by=lambda claim: claim.claim_number))
def test_generated_claims_are_read_back_the_same(made):
    file = x12.read_all(examples.write_837p(*made), strict=True)
    assert file.findings == ()
    assert file.transactions[0].records == tuple(made)


@st.composite
def payments(draw):
    services = []
    for _ in range(draw(st.integers(1, 5))):
        paid = draw(st.integers(0, 99_999))
        taken = draw(
            st.lists(
                st.tuples(st.sampled_from(["CO", "PR", "OA", "PI"]), st.sampled_from(["1", "45", "97"]), CENT),
                max_size=8,
            )
        )
        adjustments = tuple(examples.adjust(*one) for one in taken)
        charge = paid + sum(one.amount_cents for one in adjustments)
        services.append(examples.service("97124", charge, paid, adjustments, quantity=Decimal(draw(st.integers(1, 9)))))
    return examples.payment(
        draw(CODE), services=tuple(services), charge_cents=sum(one.charge_cents for one in services),
        paid_cents=sum(one.paid_cents for one in services), patient_responsibility_cents=None,
    )  # fmt: skip


@QUICK
@given(st.lists(payments(), min_size=1, max_size=5))
def test_generated_remittances_balance_and_are_read_back_the_same(made):
    file = x12.read_all(examples.write_835(*made), strict=True)
    assert file.findings == ()
    assert file.transactions[0].records == tuple(made)


FREE = examples.payment("B6", services=(examples.service("97124", 0, 0),), charge_cents=0, paid_cents=0)


@QUICK
@given(payments(), st.integers(1, 999), st.integers(0, 4))
@example(FREE, 1, 0)
@example(FREE, 2, 0)
def test_a_cent_changed_anywhere_in_a_remittance_is_found(claim, cents, place):
    """One cent and several are said differently, so both are tried."""
    good = examples.write_835(claim)
    service = place % len(claim.services)
    changed = msgspec.structs.replace(claim.services[service], paid_cents=claim.services[service].paid_cents + cents)
    services = (*claim.services[:service], changed, *claim.services[service + 1 :])
    report = x12.check(examples.write_835(msgspec.structs.replace(claim, services=services), cents=claim.paid_cents))
    (finding,) = [one for one in report.findings if one.code == "line_balance"]
    assert f"({cents} {'cent' if cents == 1 else 'cents'} apart)" in finding.message
    assert good.split(b"~")[finding.segment_number - 1].startswith(b"SVC*")
    total = x12.check(examples.write_835(claim, cents=claim.paid_cents + cents))
    assert "remittance_balance" in [one.code for one in total.findings]


@st.composite
def benefits(draw):
    return x12.BenefitInformation(
        information=draw(st.sampled_from(["1", "A", "B", "C", "F", "G", "I"])),
        service_types=tuple(draw(st.lists(st.sampled_from(["BE", "PT", "30", "AE"]), max_size=4, unique=True))),
        plan=draw(st.one_of(st.just(""), TEXT)), time_period=draw(st.sampled_from(["", "22", "23", "27", "29"])),
        amount_cents=draw(st.one_of(st.none(), CENT)), authorization=draw(st.sampled_from(["", "Y", "N", "U"])),
        in_network=draw(st.sampled_from(["", "Y", "N", "U", "W"])), messages=tuple(draw(st.lists(TEXT, max_size=3))),
    )  # fmt: skip


@QUICK
@given(st.lists(benefits(), min_size=1, max_size=8))
def test_generated_benefits_are_read_back_the_same(made):
    response = examples.responses()[0]
    file = x12.read_all(examples.write_271(msgspec.structs.replace(response, benefits=tuple(made))), strict=True)
    assert file.findings == ()
    assert file.transactions[0].records[0].benefits == tuple(made)


@given(st.integers(-(10**14), 10**14))
def test_cents_are_written_and_read_back_the_same(cents):
    assert CENTS[format_cents(cents).encode()] == cents


@given(st.decimals(-(10**6), 10**6, places=3, allow_nan=False))
def test_decimals_are_written_without_exponent(number):
    assert Decimal(format_decimal(number)) == number
    assert "E" not in format_decimal(number)


SEGMENTS = {
    type_: {segment for segment in data.split(b"~") if segment[:3] not in (b"ISA", b"GS*", b"GE*", b"IEA", b"SE*", b"")}
    for type_, data in (("837P", examples.write_837p()), ("835", examples.write_835()), ("271", examples.write_271()))
}


# Read slowly and without a finding of an element: bytes outside ASCII, noughts at the end of a fraction, a point with
# nothing after it, long quantities.
READ_SLOWLY = re.compile(rb"[\x80-\xff]|\.\d\d+0|\d\.(?:\*|$)|\d{10}")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_quick_pattern_and_the_slow_look_agree_on_every_segment(data):
    """A segment fits its pattern exactly when the slow look finds nothing (or only what reading says by itself)."""
    type_ = data.draw(st.sampled_from(sorted(SEGMENTS)))
    segment = data.draw(st.sampled_from(sorted(SEGMENTS[type_])))
    at = data.draw(st.integers(3, len(segment) - 1))
    new = data.draw(st.sampled_from([b"", b"*", b":", b"0", b"A", b" ", b".", b"-", b"a", b"\xc3"]))
    segment = segment[:at] + new + segment[at + data.draw(st.integers(0, 1)) :]
    compiled = compiled_guide(type_, Delimiters())
    identifier = segment.partition(b"*")[0]
    code = compiled.code(identifier, segment)
    for use, step in compiled.steps.items():
        if use.id.encode() == identifier and (not use.qualifiers or code in use.qualifiers):
            faults = find_faults(use, segment.split(b"*")[1:], Delimiters())
            lists, fields = {}, {}
            if step.run(fields, lists, segment):
                assert faults == [], segment
            else:
                assert faults or READ_SLOWLY.search(segment), (segment, use.id)
