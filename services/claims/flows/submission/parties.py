"""The people and organizations of a claim as parties of an 837P."""

from datetime import date

from msgspec.structs import replace

from services.claims.document import ClaimSource
from services.claims.domain.professional_claim import RELATIONSHIPS, Parties, claim_adjustments
from services.claims.domain.scrubber_input import PriorPaymentInput, ProfessionalClaim
from services.claims.flows.scrub.build_scrubber_input import SEQUENCES
from services.claims.flows.scrub.service_location import service_location
from shared import x12
from shared.contracts.common import Address, PersonName
from shared.contracts.eligibility import Coverage, OtherCoverage, Patient, Payer
from shared.contracts.injuries import Subscriber
from shared.contracts.practice import Practice, Therapist
from shared.wire.basic_character_set import (
    ADDRESS_LINE_MAX_LENGTH,
    CITY_MAX_LENGTH,
    FIRST_NAME_MAX_LENGTH,
    LAST_NAME_MAX_LENGTH,
    MIDDLE_NAME_MAX_LENGTH,
    to_basic,
)

GENDERS = {"female": "F", "male": "M"}


def parties(source: ClaimSource, draft: ProfessionalClaim) -> Parties:
    """All parties of a claim. The subscriber is the patient unless the coverage names somebody else."""
    coverage, patient = source.coverage_bundle.coverage, source.coverage_bundle.patient
    insured = coverage.insured
    first, others = _therapists(source, draft)
    return Parties(
        billing=_billing(source.practice, first),
        subscriber=_subscriber(source, draft, coverage, insured),
        patient=_patient(coverage, patient) if insured else None,
        rendering=None if first.npi == source.practice.npi else _rendering(first),
        rendering_by_therapist={therapist_id: _rendering(one) for therapist_id, one in others.items()},
        location=_location(source),
        referring=_referring(source, draft),
        other_payers=_other_payers(source, draft),
    )


def submission_header(practice: Practice, *, sender_id: str, receiver_id: str) -> tuple[x12.Party, x12.Party]:
    """Submitter (NM1*41 with its contact) and receiver (NM1*40)."""
    submitter = x12.Party(
        entity="41",
        kind="2",
        name=to_basic(practice.name, LAST_NAME_MAX_LENGTH),
        id_qualifier="46",
        id=sender_id,
        contacts=(_contact(practice),),
    )
    receiver = x12.Party(entity="40", kind="2", name=receiver_id, id_qualifier="46", id=receiver_id)
    return submitter, receiver


def _contact(practice: Practice) -> x12.Contact:
    number = x12.ContactNumber(qualifier="TE", value=practice.contact_phone)
    return x12.Contact(name=to_basic(practice.contact_name, LAST_NAME_MAX_LENGTH), numbers=(number,))


def _billing(practice: Practice, therapist: Therapist) -> x12.BillingProvider:
    """A person where the therapist bills in her own name, under her own NPI, else the practice as an organization."""
    kind = "EI" if practice.tax_id_type == "ein" else "SY"
    if therapist.npi == practice.npi:
        party = _person("85", therapist.name)
    else:
        party = x12.Party(entity="85", kind="2", name=to_basic(practice.name, LAST_NAME_MAX_LENGTH))
    party = replace(
        party, id_qualifier="XX", id=practice.npi, references=(x12.Reference(qualifier=kind, value=practice.tax_id),)
    )
    pay_to = practice.pay_to_address
    return x12.BillingProvider(
        party=_at(party, practice.address),
        provider_role="BI",
        taxonomy_qualifier="PXC",
        taxonomy=practice.taxonomy,
        pay_to=_at(x12.Party(entity="87", kind=party.kind), pay_to) if pay_to else None,
    )


def _subscriber(
    source: ClaimSource, draft: ProfessionalClaim, coverage: Coverage, insured: Subscriber | None
) -> x12.SubscriberLevel:
    patient, payer = source.coverage_bundle.patient, source.coverage_bundle.payer
    birth_date: date | None
    if insured is None:
        party = _at(_person("IL", patient.name), patient.address)
        birth_date, sex = patient.birth_date, patient.sex
    else:
        party = _at(_insured(insured), insured.address)
        birth_date, sex = insured.birth_date, insured.sex
    # REF*Y4 stands with the patient: here where she is the subscriber, else in 2010CA (`_patient`).
    references = [x12.Reference(qualifier="Y4", value=coverage.claim_number)] if coverage.claim_number else []
    employer = insured is not None and insured.organization_name is not None
    party = replace(
        party,
        id_qualifier="MI",
        id=coverage.member_id,
        # DMG is of persons; an employer as the subscriber has none.
        birth_date=None if employer else birth_date,
        gender="" if employer or birth_date is None else GENDERS.get(sex, "U"),
        references=tuple(references) if insured is None else (),
    )
    return x12.SubscriberLevel(
        party=party,
        payer=_payer(payer),
        responsibility=SEQUENCES.get(coverage.rank, "P"),
        relationship="18" if insured is None else "",
        group_number=coverage.group_number or "",
        filing_indicator=draft.filing_indicator,
    )


def _payer(payer: Payer) -> x12.Party:
    name = to_basic(payer.name, LAST_NAME_MAX_LENGTH)
    return x12.Party(entity="PR", kind="2", name=name, id_qualifier="PI", id=payer.payer_identifier)


def _insured(insured: Subscriber) -> x12.Party:
    if insured.organization_name is not None:
        return x12.Party(entity="IL", kind="2", name=to_basic(insured.organization_name, LAST_NAME_MAX_LENGTH))
    if insured.name is None:
        return x12.Party(entity="IL", kind="1")
    return _person("IL", insured.name)


def _patient(coverage: Coverage, patient: Patient) -> x12.PatientLevel:
    references = (x12.Reference(qualifier="Y4", value=coverage.claim_number),) if coverage.claim_number else ()
    party = replace(
        _at(_person("QC", patient.name), patient.address),
        birth_date=patient.birth_date,
        gender=GENDERS.get(patient.sex, "U"),
        references=references,
    )
    return x12.PatientLevel(party=party, relationship=RELATIONSHIPS[coverage.relationship])


def _therapists(source: ClaimSource, draft: ProfessionalClaim) -> tuple[Therapist, dict[str, Therapist]]:
    """Who treated what the first line bills, and by their ids the others of the claim."""
    treated = {visit.note.therapist_id: visit.therapist for visit in source.visits}
    billed = [draft.therapist_of(line) for line in draft.billed_lines.values()]
    first = billed[0] if billed else draft.therapist_id
    return treated[first], {one: treated[one] for one in billed if one != first}


def _rendering(therapist: Therapist) -> x12.Party:
    """NM1*82, which the claim omits if the therapist bills in her own name."""
    return replace(
        _person("82", therapist.name),
        id_qualifier="XX",
        id=therapist.npi,
        provider_role="PE",
        taxonomy_qualifier="PXC",
        taxonomy=therapist.taxonomy,
    )


def _location(source: ClaimSource) -> x12.Party | None:
    """NM1*77, which is sent where the service was not at the billing provider's address."""
    location = service_location(source)
    if location is None:
        return None
    party = x12.Party(entity="77", kind="2", name=to_basic(location.name, LAST_NAME_MAX_LENGTH))
    return _at(party, location.address)


def _referring(source: ClaimSource, draft: ProfessionalClaim) -> x12.Party | None:
    referral = next((one for one in source.coverage_bundle.referrals if one.id == draft.referral_id), None)
    if referral is None:
        return None
    return replace(_person("DN", referral.referring_name), id_qualifier="XX", id=referral.referring_npi)


def _other_payers(source: ClaimSource, claim: ProfessionalClaim) -> tuple[x12.OtherPayer, ...]:
    """Loop 2320 of each earlier payer: its CAS as it made them, AMT*D its payment, AMT*EAF the patient's share. Of an
    answer by line its CAS, date and patient's share are on the lines (loop 2430).

    A claim whose earlier payer is the payer of none of the patient's coverages is blocked, so each is found.
    """
    others = {other.coverage.payer_id: other for other in source.coverage_bundle.other_coverages}
    return tuple(
        _other_payer(others[prior.payer_id], source.coverage_bundle.patient, prior)
        for prior in claim.prior_payments
        if prior.payer_id in others
    )


def _other_payer(other: OtherCoverage, patient: Patient, prior: PriorPaymentInput) -> x12.OtherPayer:
    coverage, payer = other.coverage, other.payer
    insured, whole, number = coverage.insured, not prior.lines, prior.payer_claim_number
    subscriber = _person("IL", patient.name) if insured is None else _insured(insured)
    return x12.OtherPayer(
        responsibility=SEQUENCES.get(coverage.rank, "P"),
        relationship=RELATIONSHIPS[coverage.relationship],
        group_number=coverage.group_number or "",
        filing_indicator=prior.filing_indicator,
        adjustments=claim_adjustments(prior.adjustments),
        amounts=(x12.MonetaryAmount(qualifier="D", amount_cents=prior.paid_cents), *_left_of_claim(prior)),
        benefits_assigned="Y" if coverage.benefits_assigned else "N",
        release="Y" if patient.signature_on_file else "I",
        subscriber=replace(subscriber, id_qualifier="MI", id=coverage.member_id),
        payer=replace(
            _payer(payer),
            dates=(x12.DatePeriod(qualifier="573", start=prior.remitted_on),) if prior.remitted_on and whole else (),
            references=(x12.Reference(qualifier="F8", value=number),) if number else (),
        ),
    )


def _left_of_claim(prior: PriorPaymentInput) -> tuple[x12.MonetaryAmount, ...]:
    if prior.lines:
        return ()
    return (x12.MonetaryAmount(qualifier="EAF", amount_cents=prior.patient_responsibility_cents),)


def _person(entity: str, name: PersonName) -> x12.Party:
    return x12.Party(
        entity=entity,
        kind="1",
        name=to_basic(name.last, LAST_NAME_MAX_LENGTH),
        first=to_basic(name.first, FIRST_NAME_MAX_LENGTH),
        middle=to_basic(name.middle or "", MIDDLE_NAME_MAX_LENGTH),
    )


def _at(party: x12.Party, address: Address | None) -> x12.Party:
    """With an address, as it was given: a ZIP of five digits stays one."""
    if address is None:
        return party
    return replace(
        party,
        line1=to_basic(address.line1, ADDRESS_LINE_MAX_LENGTH),
        line2=to_basic(address.line2 or "", ADDRESS_LINE_MAX_LENGTH),
        city=to_basic(address.city, CITY_MAX_LENGTH),
        state=address.state,
        postal_code=address.zip,
    )
