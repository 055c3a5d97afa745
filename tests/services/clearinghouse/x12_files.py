"""What a practice sends: 837P and 270 as bytes, clean unless told otherwise, for the members of the sample payers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from shared import x12

SENDER = "HANDBILL"
PASSWORD = "a-password-of-the-tests"
AUTH = (SENDER, PASSWORD)
EDI = {"Content-Type": "application/edi-x12"}
SERVICE_DAY = date(2026, 4, 20)
PROVIDER = x12.BillingProvider(
    provider_role="BI",
    taxonomy_qualifier="PXC",
    taxonomy="225700000X",
    party=x12.Party(
        entity="85",
        kind="2",
        name="SALMON BAY BODYWORK",
        id_qualifier="XX",
        id="1234567893",
        line1="1 PINE ST",
        city="SEATTLE",
        state="WA",
        postal_code="981010000",
        references=(x12.Reference(qualifier="EI", value="912345678"),),
    ),
)
THERAPIST = x12.Party(
    entity="82",
    kind="1",
    name="OKAFOR",
    first="ADA",
    id_qualifier="XX",
    id="1992999999",
    provider_role="PE",
    taxonomy_qualifier="PXC",
    taxonomy="225700000X",
)


@dataclass(frozen=True)
class Person:
    """A patient as the practice knows her."""

    payer_id: str
    payer_name: str
    filing: str
    member_id: str
    first: str
    last: str
    born: date
    sex: str
    employer: str = ""
    claim_number: str = ""


NADIA = Person("CASCM", "CASCADE MUTUAL HEALTH", "CI", "CMH204417701", "NADIA", "WHITLOCK", date(1984, 7, 19), "F")
TOBIAS = Person("CASCM", "CASCADE MUTUAL HEALTH", "CI", "CMH318890402", "TOBIAS", "LINDQVIST", date(1976, 2, 3), "M")
LUCINDA = Person("CASCM", "CASCADE MUTUAL HEALTH", "CI", "CMH150926603", "LUCINDA", "MARSH", date(1983, 6, 11), "F")
ANTON = Person("CASCM", "CASCADE MUTUAL HEALTH", "CI", "CMH441207805", "ANTON", "ZIELINSKI", date(1974, 11, 5), "M")
GRACE = Person("RAINC", "RAINIER CHOICE HEALTH", "CI", "RCH77120935", "GRACE", "AMADI", date(1991, 11, 28), "F")
ROSALIND = Person(
    "WALNI",
    "WASHINGTON L AND I",
    "WC",
    "BK41207",
    "ROSALIND",
    "FIGUEROA",
    date(1979, 9, 9),
    "F",
    employer="HARBORLINE COLD STORAGE",
    claim_number="BK41207",
)
CURTIS = Person("VACCN", "VA COMMUNITY CARE", "VA", "1018834472V", "CURTIS", "BOATWRIGHT", date(1971, 10, 17), "M")
ELEANOR = Person("OLYMA", "OLYMPIC ADVANTAGE", "16", "OLY4471902", "ELEANOR", "VASQUEZ", date(1949, 4, 6), "F")


def _home(person: Person) -> dict[str, Any]:
    return {
        "name": person.last,
        "first": person.first,
        "line1": "9 ELM ST",
        "city": "SEATTLE",
        "state": "WA",
        "postal_code": "981030000",
        "birth_date": person.born,
        "gender": person.sex,
    }


def _references(person: Person) -> tuple[x12.Reference, ...]:
    return (x12.Reference(qualifier="Y4", value=person.claim_number),) if person.claim_number else ()


def _subscriber(person: Person) -> x12.SubscriberLevel:
    payer = x12.Party(entity="PR", kind="2", name=person.payer_name, id_qualifier="PI", id=person.payer_id)
    if person.employer:
        party = x12.Party(entity="IL", kind="2", name=person.employer, id_qualifier="MI", id=person.member_id)
        return x12.SubscriberLevel(relationship="", filing_indicator=person.filing, party=party, payer=payer)
    party = x12.Party(entity="IL", kind="1", id_qualifier="MI", id=person.member_id, **_home(person))
    return x12.SubscriberLevel(relationship="18", filing_indicator=person.filing, party=party, payer=payer)


def _patient(person: Person) -> x12.PatientLevel | None:
    if not person.employer:
        return None
    party = x12.Party(entity="QC", kind="1", references=_references(person), **_home(person))
    return x12.PatientLevel(relationship="20", party=party)


def service_line(code: str = "97124", units: int = 4, number: int = 1, **facts: Any) -> x12.ServiceLine:
    """One line at 45.00 a unit."""
    made = x12.ServiceLine(
        number=number,
        procedure=x12.ProcedureIdentifier(code=code, modifiers=("GP",)),
        charge_cents=4500 * units,
        quantity=Decimal(units),
        pointers=(1,),
        dates=(x12.DatePeriod(qualifier="472", start=SERVICE_DAY),),
        references=(x12.Reference(qualifier="6R", value=f"L{number}"),),
    )
    return msgspec.structs.replace(made, **facts)


def on(day: date, code: str = "97124", units: int = 4, number: int = 1) -> x12.ServiceLine:
    """One line on another day."""
    return service_line(code, units, number, dates=(x12.DatePeriod(qualifier="472", start=day),))


def claim(person: Person = NADIA, number: str = "K7Q2M9", *lines: x12.ServiceLine, **facts: Any) -> x12.Claim837P:
    """A clean claim for one hour of massage unless lines are given."""
    billed = lines or (service_line(),)
    related: dict[str, Any] = {}
    if person.employer:
        accident = x12.DatePeriod(qualifier="439", start=date(2026, 1, 12))
        related = {"related_causes": ("EM",), "dates": (accident,)}
    made = x12.Claim837P(
        billing_provider=PROVIDER,
        subscriber=_subscriber(person),
        patient=_patient(person),
        claim_number=number,
        charge_cents=sum(line.charge_cents for line in billed),
        place_of_service="11",
        diagnoses=(x12.HealthCode(qualifier="ABK", code="M542"),),
        parties=(THERAPIST,),
        lines=billed,
        **related,
    )
    return msgspec.structs.replace(made, **facts)


def as_member(made: x12.Claim837P, member_id: str) -> x12.Claim837P:
    """The claim under another member id."""
    party = msgspec.structs.replace(made.subscriber.party, id=member_id)
    return msgspec.structs.replace(made, subscriber=msgspec.structs.replace(made.subscriber, party=party))


def _envelope(number: int, sender: str) -> x12.Envelope:
    day = date(2026, 5, 4)
    return x12.Envelope(
        interchange=x12.Interchange(
            sender=sender, receiver="CLEARING", date=day, time="0800", control_number=f"{number:09d}", usage="T"
        ),
        group=x12.Group(sender=sender, receiver="CLEARING", date=day, time="0800", control_number=str(number)),
    )


def claims_file(*claims: x12.Claim837P, number: int = 1, sender: str = SENDER) -> bytes:
    """An 837P interchange."""
    phone = x12.ContactNumber(qualifier="TE", value="2065550100")
    header = x12.Submission(
        reference=f"B{number:04d}",
        created=date(2026, 5, 4),
        created_time="0800",
        submitter=x12.Party(
            entity="41",
            kind="2",
            name="SALMON BAY BODYWORK",
            id_qualifier="46",
            id=sender,
            contacts=(x12.Contact(name="BILLING", numbers=(phone,)),),
        ),
        receiver=x12.Party(entity="40", kind="2", name="CLEARINGHOUSE", id_qualifier="46", id="CLEARING"),
    )
    transaction = x12.Transaction(type="837P", control_number="0001", header=header, records=claims)
    return x12.write(_envelope(number, sender), [transaction])


def status_question(
    person: Person = NADIA, number: str = "K7Q2M9", *, member_id: str = "", trace: str = "ASK0001"
) -> x12.StatusInquiry:
    """A 276 question for one claim."""
    subscriber = _subscriber(person).party
    return x12.StatusInquiry(
        source=x12.LevelStatus(
            level="20",
            party=x12.Party(entity="PR", kind="2", name=person.payer_name, id_qualifier="PI", id=person.payer_id),
        ),
        receiver=x12.LevelStatus(
            level="21",
            party=x12.Party(entity="41", kind="2", name="SALMON BAY BODYWORK", id_qualifier="46", id=SENDER),
        ),
        provider=x12.LevelStatus(
            level="19",
            party=x12.Party(entity="1P", kind="2", name="SALMON BAY BODYWORK", id_qualifier="XX", id=PROVIDER.party.id),
        ),
        subscriber=x12.Party(
            entity="IL",
            kind=subscriber.kind,
            name=subscriber.name,
            first=subscriber.first,
            id_qualifier="MI",
            id=member_id or person.member_id,
            birth_date=subscriber.birth_date,
            gender=subscriber.gender,
        ),
        trace=x12.Trace(type="1", value=trace),
        references=(x12.Reference(qualifier="EJ", value=number),),
        amounts=(x12.MonetaryAmount(qualifier="T3", amount_cents=18_000),),
        dates=(x12.DatePeriod(qualifier="472", start=SERVICE_DAY),),
    )


def status_file(*inquiries: x12.StatusInquiry, number: int = 1, sender: str = SENDER) -> bytes:
    """A 276 interchange."""
    header = x12.StatusHeader(
        reference=f"S{number:04d}", created=date(2026, 5, 4), created_time="0800", structure="0010", purpose="13"
    )
    transaction = x12.Transaction(type="276", control_number="0001", header=header, records=inquiries)
    return x12.write(_envelope(number, sender), [transaction])


def question(person: Person = NADIA, *kinds: str, day: date | None = None) -> x12.EligibilityInquiry:
    """A 270 question for one patient."""
    return x12.EligibilityInquiry(
        source=x12.InformationSource(
            party=x12.Party(entity="PR", kind="2", name=person.payer_name, id_qualifier="PI", id=person.payer_id)
        ),
        receiver=x12.InformationReceiver(
            party=x12.Party(entity="1P", kind="2", name="SALMON BAY BODYWORK", id_qualifier="XX", id="1234567893")
        ),
        subscriber=x12.Member(
            party=x12.Party(
                entity="IL",
                kind="1",
                name=person.last,
                first=person.first,
                id_qualifier="MI",
                id=person.member_id,
                birth_date=person.born,
                gender=person.sex,
            ),
            traces=(x12.Trace(type="1", value="ASK0001", originator="9HANDBILL1"),),
            dates=(x12.DatePeriod(qualifier="291", start=day or SERVICE_DAY),),
        ),
        questions=(x12.BenefitQuestion(service_types=kinds or ("BE",)),),
    )


def questions_file(*questions: x12.EligibilityInquiry, number: int = 1, sender: str = SENDER) -> bytes:
    """A 270 interchange."""
    header = x12.EligibilityHeader(reference=f"E{number:04d}", created=date(2026, 5, 4), created_time="0800")
    transaction = x12.Transaction(type="270", control_number="0001", header=header, records=questions)
    return x12.write(_envelope(number, sender), [transaction])
