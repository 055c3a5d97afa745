"""The 270 that asks about one patient, from its input to bytes.

Source: X12 005010X279A1. The trace (TRN) and the reference (BHT03) are the inquiry's own id, so that an answer is
matched to its question; control numbers and the moment come from outside. Text goes out in the basic character set
(`shared.wire`). A patient who is not the subscriber is a dependent, but under an employer's coverage (workers'
compensation) the patient is asked for by her own claim number.
"""

from dataclasses import dataclass
from datetime import date, datetime

from shared import x12
from shared.wire.basic_character_set import (
    FIRST_NAME_MAX_LENGTH,
    LAST_NAME_MAX_LENGTH,
    MIDDLE_NAME_MAX_LENGTH,
    to_basic,
)
from shared.wire.envelope import TRANSACTION_CONTROL_NUMBER, Route, envelope

SEX = {"female": "F", "male": "M"}
RELATIONSHIP = {"spouse": "01", "child": "19"}
OTHER_RELATIONSHIP = "34"
SERVICE_DATE = "291"


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A person as the payer should know her; the birth date and sex may be unknown."""

    last: str
    first: str
    middle: str = ""
    birth_date: date | None = None
    sex: str = "unknown"


@dataclass(frozen=True, slots=True)
class InquiryInput:
    """What one question is about. `dependent` is the patient where somebody else is the subscriber."""

    id: str
    payer_name: str
    payer_identifier: str
    provider_name: str
    provider_npi: str
    member_id: str
    subscriber: PersonInput
    dependent: PersonInput | None
    relationship: str
    service_date: date


@dataclass(frozen=True, slots=True)
class Addressing:
    """Who sends to whom, when (UTC), under which interchange control number (at most 9 digits)."""

    route: Route
    created_at: datetime
    control_number: int


def write_inquiry(inquiry_input: InquiryInput, service_types: tuple[str, ...], to: Addressing) -> bytes:
    """The whole interchange. Raises x12.WriteError where a value cannot be written."""
    day, time = to.created_at.date(), to.created_at.strftime("%H%M")
    header = x12.EligibilityHeader(reference=inquiry_input.id, created=day, created_time=time)
    record = inquiry(inquiry_input, service_types, originator=originator_of(to.route.sender_id))
    transaction = x12.Transaction(
        type="270", control_number=TRANSACTION_CONTROL_NUMBER, header=header, records=(record,)
    )
    return x12.write(envelope(to.route, to.created_at, to.control_number), [transaction])


def inquiry(inquiry_input: InquiryInput, service_types: tuple[str, ...], *, originator: str) -> x12.EligibilityInquiry:
    """The record: payer, provider, member or members, and one question for the service types."""
    trace = (x12.Trace(type="1", value=inquiry_input.id, originator=originator),)
    asked_for = (x12.DatePeriod(qualifier=SERVICE_DATE, start=inquiry_input.service_date),)
    subscriber = x12.Member(
        party=_person(inquiry_input.subscriber, "IL", inquiry_input.member_id),
        traces=() if inquiry_input.dependent else trace,
        dates=() if inquiry_input.dependent else asked_for,
    )
    dependent = None
    if inquiry_input.dependent is not None:
        dependent = x12.Member(
            party=_person(inquiry_input.dependent, "03", ""),
            traces=trace,
            insured="N",
            relationship=RELATIONSHIP.get(inquiry_input.relationship, OTHER_RELATIONSHIP),
            dates=asked_for,
        )
    return x12.EligibilityInquiry(
        source=x12.InformationSource(
            party=x12.Party(
                entity="PR",
                kind="2",
                name=to_basic(inquiry_input.payer_name, LAST_NAME_MAX_LENGTH),
                id_qualifier="PI",
                id=inquiry_input.payer_identifier,
            )
        ),
        receiver=x12.InformationReceiver(
            party=x12.Party(
                entity="1P",
                kind="2",
                name=to_basic(inquiry_input.provider_name, LAST_NAME_MAX_LENGTH),
                id_qualifier="XX",
                id=inquiry_input.provider_npi,
            )
        ),
        subscriber=subscriber,
        dependent=dependent,
        questions=(x12.BenefitQuestion(service_types=service_types),),
    )


def originator_of(sender: str) -> str:
    """TRN03: ten characters, 9 and then our own."""
    return f"9{sender}"[:10].ljust(10, "0")


def _person(person: PersonInput, entity: str, member_id: str) -> x12.Party:
    last = to_basic(person.last, LAST_NAME_MAX_LENGTH)
    if not last:
        raise x12.WriteError("name/last", "nothing of the last name can be written in the basic character set")
    return x12.Party(
        entity=entity,
        kind="1",
        name=last,
        first=to_basic(person.first, FIRST_NAME_MAX_LENGTH),
        middle=to_basic(person.middle, MIDDLE_NAME_MAX_LENGTH),
        id_qualifier="MI" if member_id else "",
        id=member_id,
        birth_date=person.birth_date,
        gender=SEX.get(person.sex, ""),
    )
