"""Records: an element that is absent is an empty text, None or an empty list, but for codes that we write as a rule."""

import importlib
import pkgutil
import typing
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from shared import x12
from shared.x12.model import records
from shared.x12.model.records.parts import Part
from tests.shared.x12 import examples

WRITTEN_AS_A_RULE = {
    "Acknowledgement": {"result": "A", "included": 0, "received": 0, "accepted": 0},
    "Claim837P": {
        "facility_qualifier": "B", "frequency": "1", "provider_signature": "Y", "assignment": "A",
        "benefits_assigned": "Y", "release": "Y",
    },
    "Contact": {"function": "IC"},
    "EligibilityHeader": {"purpose": "13", "structure": "0022"},
    "InterchangeAcknowledgement": {"code": "A", "note": "000"},
    "OtherPayer": {"benefits_assigned": "Y", "release": "Y"},
    "ProcedureIdentifier": {"qualifier": "HC"},
    "RequestValidation": {"valid": "N"},
    "Remittance": {"handling": "I", "credit_debit": "C", "method": "CHK"},
    "ReviewHeader": {"structure": "0007", "purpose": "13"},
    "ServiceLine": {"unit": "UN"},
    "StatusHeader": {"structure": "0085", "purpose": "08"},
    "Submission": {"structure": "0019", "purpose": "00", "kind": "CH"},
    "SubscriberLevel": {"responsibility": "P"},
    "TransactionAcknowledgement": {"result": "A"},
}  # fmt: skip


def record_classes(above: type[Part] = Part) -> Iterator[type[Part]]:
    for module in pkgutil.iter_modules(records.__path__):
        importlib.import_module(f"{records.__name__}.{module.name}")
    for cls in above.__subclasses__():
        if cls.__module__.startswith(records.__name__):
            yield cls
        yield from record_classes(cls)


def absent(annotation: typing.Any) -> object:
    if annotation is str:
        return ""
    return () if typing.get_origin(annotation) is tuple else None


def test_what_is_absent_is_an_empty_text_none_or_an_empty_list():
    found: dict[str, dict[str, object]] = {}
    for cls in record_classes():
        for field in msgspec.structs.fields(cls):
            if not field.required and (type(field.default), field.default) != (
                type(absent(field.type)),
                absent(field.type),
            ):
                found.setdefault(cls.__name__, {})[field.name] = field.default
    assert found == WRITTEN_AS_A_RULE


def test_a_finding_that_names_no_place_names_the_whole_file():
    finding = x12.ValidationFinding(severity=x12.Severity.ERROR, code="c", message="m", fix="f")
    places = (finding.offset, finding.segment_number, finding.position, finding.element, finding.component)
    assert (places, finding.segment, finding.loop, finding.claim_number) == ((0, 0, 0, 0, 0), "", "", "")


def test_every_element_of_a_delivery_of_services_keeps_its_place():
    """HSD: 12 visits, one a day, for 6 months, on any day, in the morning."""
    delivery = x12.ServiceDelivery(
        quantity_qualifier="VS", quantity=Decimal(12), frequency_period="DA", frequency=Decimal(1),
        period_qualifier="34", periods=Decimal(6), pattern="Y", time="D",
    )  # fmt: skip
    benefit = x12.BenefitInformation(information="F", service_types=("BE",), deliveries=(delivery,))
    data = examples.write_271(msgspec.structs.replace(examples.responses()[0], benefits=(benefit,)))
    assert b"~HSD*VS*12*DA*1*34*6*Y*D~" in data
    assert x12.read_all(data, strict=True).transactions[0].records[0].benefits == (benefit,)


def test_a_segment_that_stands_once_and_has_no_typed_field_is_kept_in_its_own():
    """CUR of an 835, also where an element of it is faulty."""
    data = examples.write_835()
    start = data.index(b"~TRN*") + 1
    end = data.index(b"~", start) + 1
    for code in ("DOLLARS", "USD"):
        header = x12.read_all(data[:end] + f"CUR*PR*{code}~".encode() + data[end:]).transactions[0].header
        assert header.currency == x12.Segment(id="CUR", elements=("PR", code))
    transaction = x12.Transaction(type="835", control_number="0001", header=header, records=(examples.payment(),))
    assert b"~CUR*PR*USD~" in x12.write(examples.envelope(), [transaction])


def test_the_remarks_about_a_claim_as_a_whole_are_those_of_its_moa_or_mia():
    """MOA03 to MOA07; MIA05 and MIA20 to MIA23. What a segment leaves out at its end or between is no remark."""
    mia = ["1", "2", "3", "4", "MA01", *map(str, range(6, 20)), "MA02", "MA03", "", "MA07", "24"]
    others = (
        x12.Segment(id="MOA", elements=("0.5", "100", "MA130", "", "N382")),
        x12.Segment(id="MIA", elements=tuple(mia)),
        x12.Segment(id="ZZZ", elements=("1", "2", "MA15")),
    )
    payment = msgspec.structs.replace(examples.payment(), others=others)
    assert payment.remark_codes == ("MA130", "N382", "MA01", "MA02", "MA03", "MA07")
    whole = x12.Segment(id="MOA", elements=("", "", "A", "B", "C", "D", "E", "9", "9"))
    assert msgspec.structs.replace(payment, others=(whole,)).remark_codes == ("A", "B", "C", "D", "E")
