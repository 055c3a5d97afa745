"""A claim of an old 837P as the rules and the ledger know claims: the way of `professional_claim`, backwards.

What no 837P holds (the note, minutes, what the coverage pays) is left out here; `facts_in_files` says so to the rules.
Source: 005010X222A1.
"""

import hashlib
from collections.abc import Iterable
from datetime import date

from services.claims.domain.histories.past_records import OtherPlan, Payer, Place, SentClaim
from services.claims.domain.scrubber_input import (
    BillingProviderInput,
    PatientInput,
    PriorLineInput,
    PriorPaymentInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
    RenderingProviderInput,
    SentAddress,
)
from shared import x12
from shared.codesets.icd10 import dotted

SEXES = {"F": "female", "M": "male"}
DIAGNOSES = frozenset({"ABK", "ABF"})
PATIENT_PAID, PAID_ON = "F5", "573"
NO_BIRTH_DATE = date(1, 1, 1)
"""Stands for a birth date that the claim does not have; the codec has reported it."""


def sent_claim(
    record: x12.Claim837P, place: Place, sent_on: date, *, interchange: str = "", group: str = ""
) -> SentClaim | None:
    """The claim; None if none of its lines has a date of service."""
    days = tuple(sorted({day for line in record.lines if (day := line.service_date) is not None}))
    if not days:
        return None
    subscriber, billing = record.subscriber, record.billing_provider.party
    patient = record.patient.party if record.patient else subscriber.party
    rendering = record.rendering or next((one for line in record.lines if (one := line.rendering)), None) or billing
    payer = _payer(subscriber.payer, subscriber.filing_indicator)
    patient_key = _digest((patient.name, patient.first, str(patient.birth_date)))
    taxonomy = rendering.taxonomy or record.billing_provider.taxonomy
    return SentClaim(
        place=place,
        sent_on=sent_on,
        interchange=interchange,
        group=group,
        claim=_professional_claim(record, payer, patient_key, rendering, taxonomy, days[0], interchange),
        payer=payer,
        other_plans=tuple(
            OtherPlan(other.responsibility, _payer(other.payer, other.filing_indicator))
            for other in record.other_payers
            if other.payer is not None
        ),
        patient=_patient(record, patient),
        patient_key=patient_key,
        member_id=subscriber.party.id,
        subscriber_kind=_subscriber_kind(record),
        provider=RenderingProviderInput(rendering.npi, taxonomy, rendering.first, rendering.name),
        billing=BillingProviderInput(
            tax_id=billing.reference("EI") or billing.reference("SY"), state=billing.state, zip=billing.postal_code
        ),
        billing_npi=billing.npi,
        line_controls={line.control_number: place for place, line in enumerate(record.lines, 1) if line.control_number},
        days=days,
    )


def _professional_claim(
    record: x12.Claim837P,
    payer: Payer,
    patient_key: str,
    rendering: x12.Party,
    taxonomy: str,
    day: date,
    interchange: str,
) -> ProfessionalClaim:
    patient = record.patient.party if record.patient else record.subscriber.party
    numbers = (*patient.references, *record.subscriber.party.references)
    injury = next((one.value for one in numbers if one.qualifier == "Y4"), "")
    referring = record.referring
    return ProfessionalClaim(
        # In one file it is one submission, however often that was kept; in another file it is another submission.
        claim_id=_digest(
            (record.claim_number, record.frequency, payer.key, record.subscriber.responsibility, day, interchange)
        ),
        patient_id=patient_key,
        therapist_id=rendering.npi or rendering.name,
        payer_id=payer.key,
        date_of_service=day,
        lines=tuple(_line(record, line) for line in record.lines),
        diagnoses=tuple(dotted(one.code) for one in record.diagnoses if one.qualifier in DIAGNOSES),
        place_of_service=record.place_of_service,
        claim_number=record.claim_number,
        filing_indicator=record.subscriber.filing_indicator,
        taxonomy=taxonomy,
        related_causes=record.related_causes,
        accident_date=record.accident_date,
        accident_state=record.accident_state,
        onset_date=next((one.start for one in record.dates if one.qualifier == "431"), None),
        insurer_claim_number=injury,
        authorization_number=record.reference("G1"),
        referral_number=record.reference("9F"),
        referring_npi=referring.npi if referring is not None else "",
        attachments=tuple((one.report, one.transmission, one.control_number) for one in record.attachments),
        sequence=record.subscriber.responsibility,
        prior_payments=_prior_payments(record),
        assignment_accepted=record.assignment == "A",
        benefits_assigned=record.benefits_assigned == "Y",
        patient_signature_on_file=record.release == "Y",
        patient_paid_cents=sum(one.amount_cents for one in record.amounts if one.qualifier == PATIENT_PAID),
        frequency=record.frequency,
        payer_claim_number=record.reference("F8"),
    )


def _line(record: x12.Claim837P, line: x12.ServiceLine) -> ProfessionalServiceLine:
    return ProfessionalServiceLine(
        procedure_code=line.procedure.code,
        units=int(line.quantity),
        charge_cents=line.charge_cents,
        modifiers=line.procedure.modifiers,
        pointers=line.pointers,
        authorization_number=line.authorization_number or record.reference("G1"),
    )


def _prior_payments(record: x12.Claim837P) -> tuple[PriorPaymentInput, ...]:
    """The payers whose payment (AMT*D) the claim reports, in the order of the claim."""
    return tuple(
        _prior_payment(record, other, other.payer, paid_cents)
        for other in record.other_payers
        if other.payer is not None and (paid_cents := other.paid_cents) is not None
    )


def _prior_payment(
    record: x12.Claim837P, other: x12.OtherPayer, payer: x12.Party, paid_cents: int
) -> PriorPaymentInput:
    answered = [
        (place, one)
        for place, line in enumerate(record.lines, 1)
        for one in line.adjudications
        if one.payer_id == payer.id
    ]
    days = [*payer.dates, *(day for _, one in answered for day in one.dates)]
    return PriorPaymentInput(
        payer_id=_payer(payer).key,
        paid_cents=paid_cents,
        adjustments=_adjustments(other.adjustments),
        remitted_on=max((one.start for one in days if one.qualifier == PAID_ON and one.start), default=None),
        filing_indicator=other.filing_indicator,
        payer_identifier=payer.id,
        payer_claim_number=payer.reference("F8"),
        lines=tuple(PriorLineInput(place, one.paid_cents, _adjustments(one.adjustments)) for place, one in answered),
    )


def _adjustments(given: Iterable[x12.ClaimAdjustment]) -> tuple[tuple[str, str, int], ...]:
    return tuple((one.group, one.reason, one.amount_cents) for one in given)


def _payer(party: x12.Party, filing_indicator: str = "") -> Payer:
    return Payer(party.id, party.name, filing_indicator)


def _patient(record: x12.Claim837P, patient: x12.Party) -> PatientInput:
    location = next((one for one in record.parties if one.entity == "77"), None)
    addresses = (
        ("/billing/address", "practice", record.billing_provider.party, True),
        ("/patient/address", "patient", patient, False),
        ("/note/place/address", "visit", location, True),
    )
    return PatientInput(
        birth_date=patient.birth_date or NO_BIRTH_DATE,
        first_name=patient.first,
        last_name=patient.name,
        has_address=bool(patient.line1),
        sent_addresses=tuple(
            SentAddress(pointer, whose, tuple(filter(None, (party.line1, party.line2))), party.state, is_location)
            for pointer, whose, party, is_location in addresses
            if party is not None and party.line1
        ),
        sex=SEXES.get(patient.gender, "unknown"),
    )


def _subscriber_kind(record: x12.Claim837P) -> str:
    if record.patient is None:
        return "self"
    return "employer" if record.subscriber.party.kind == "2" else "other_person"


def _digest(parts: tuple[object, ...]) -> str:
    return hashlib.sha256("|".join(str(part).upper() for part in parts).encode()).hexdigest()[:24]
