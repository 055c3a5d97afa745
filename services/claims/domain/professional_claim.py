"""Builds the 837P claim record of a checked claim: which field goes into which loop.

Source: 005010X222A1. The claim number is CLM01, the line's own number REF*6R, so that a remittance finds its line.
Units are sent, minutes are not. The rendering provider of the claim (2310B) is the therapist of its first line; a line
of another therapist names her (2420A).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.claims.domain.scrubber_input import (
    PriorLineInput,
    PriorPaymentInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
)
from shared import x12

RELATIONSHIPS = {"self": "18", "spouse": "01", "child": "19", "employee": "20", "other": "G8"}


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties that the claim names. `patient` is None when the subscriber is the patient."""

    billing: x12.BillingProvider
    subscriber: x12.SubscriberLevel
    patient: x12.PatientLevel | None = None
    rendering: x12.Party | None = None
    referring: x12.Party | None = None
    location: x12.Party | None = None
    other_payers: tuple[x12.OtherPayer, ...] = ()
    rendering_by_therapist: Mapping[str, x12.Party] = field(default_factory=dict)
    """Of a claim with lines of several therapists: each of those that are not the claim's rendering provider."""


def line_control_number(claim_number: str, line_number: int) -> str:
    """REF*6R: unique over all claims, and it names its line."""
    return f"{claim_number}{line_number:02d}"


def professional_claim(draft: ProfessionalClaim, parties: Parties) -> x12.Claim837P:
    """The 837P record of a claim, with what earlier payers did in loops 2320 and 2430."""
    named = (parties.referring, parties.rendering, parties.location)
    return x12.Claim837P(
        billing_provider=parties.billing,
        subscriber=parties.subscriber,
        patient=parties.patient,
        claim_number=draft.claim_number,
        charge_cents=sum(line.charge_cents for line in draft.billed_lines.values()),
        frequency=draft.frequency,
        place_of_service=draft.place_of_service,
        assignment="A" if draft.assignment_accepted else "C",
        benefits_assigned="Y" if draft.benefits_assigned else "N",
        release="Y" if draft.patient_signature_on_file else "I",
        related_causes=draft.related_causes,
        accident_state=draft.accident_state if "AA" in draft.related_causes else "",
        dates=_dates(draft),
        references=_references(draft),
        attachments=tuple(x12.Paperwork(*attachment) for attachment in draft.attachments),
        amounts=_amounts(draft),
        diagnoses=tuple(_diagnosis(place, code) for place, code in enumerate(draft.diagnoses)),
        parties=tuple(party for party in named if party is not None),
        other_payers=parties.other_payers,
        lines=tuple(
            _line(draft, parties, place, number, line)
            for place, (number, line) in enumerate(draft.billed_lines.items(), 1)
        ),
    )


def _diagnosis(place: int, code: str) -> x12.HealthCode:
    return x12.HealthCode(qualifier="ABF" if place else "ABK", code=code.replace(".", ""))


def _dates(draft: ProfessionalClaim) -> tuple[x12.DatePeriod, ...]:
    found: tuple[tuple[str, date | None], ...] = (("431", draft.onset_date), ("439", draft.accident_date))
    return tuple(x12.DatePeriod(qualifier=qualifier, start=day) for qualifier, day in found if day)


def _amounts(draft: ProfessionalClaim) -> tuple[x12.MonetaryAmount, ...]:
    paid = draft.patient_paid_cents
    return (x12.MonetaryAmount(qualifier="F5", amount_cents=paid),) if paid else ()


def _references(draft: ProfessionalClaim) -> tuple[x12.Reference, ...]:
    found = (
        ("9F", draft.referral_number),
        ("G1", draft.authorization_number),
        ("F8", draft.payer_claim_number),
    )
    return tuple(x12.Reference(qualifier=qualifier, value=value) for qualifier, value in found if value)


def _line_authorization(draft: ProfessionalClaim, line: ProfessionalServiceLine) -> tuple[x12.Reference, ...]:
    """REF*G1 of 2400. The guide has it where the line's number is not the claim's, and X12's answer 2459 says: there
    alone; some payers want it on every line nevertheless, and some read none there."""
    number, where = line.authorization_number, draft.authorization_on_lines
    if not number or where == "never" or (number == draft.authorization_number and where != "every"):
        return ()
    return (x12.Reference(qualifier="G1", value=number),)


def _line(
    draft: ProfessionalClaim, parties: Parties, place: int, number: int, line: ProfessionalServiceLine
) -> x12.ServiceLine:
    control = line_control_number(draft.claim_number, number)
    rendering = parties.rendering_by_therapist.get(draft.therapist_of(line))
    return x12.ServiceLine(
        number=place,
        procedure=x12.ProcedureIdentifier(code=line.procedure_code, modifiers=line.modifiers),
        charge_cents=line.charge_cents,
        quantity=Decimal(line.units),
        pointers=line.pointers,
        dates=(x12.DatePeriod(qualifier="472", start=draft.date_of_service),),
        references=(*_line_authorization(draft, line), x12.Reference(qualifier="6R", value=control)),
        parties=(rendering,) if rendering is not None else (),
        adjudications=tuple(
            _adjudication(prior, answered, line)
            for prior in draft.prior_payments
            for answered in prior.lines
            if answered.line_number == number
        ),
    )


def _adjudication(
    prior: PriorPaymentInput, answered: PriorLineInput, line: ProfessionalServiceLine
) -> x12.LineAdjudication:
    """Loop 2430: what an earlier payer paid and adjusted on the line, when, and what it left to the patient."""
    owed = answered.patient_responsibility_cents
    return x12.LineAdjudication(
        payer_id=prior.payer_identifier,
        paid_cents=answered.paid_cents,
        procedure=x12.ProcedureIdentifier(code=line.procedure_code, modifiers=line.modifiers),
        quantity=Decimal(line.units),
        adjustments=claim_adjustments(answered.adjustments),
        dates=(x12.DatePeriod(qualifier="573", start=prior.remitted_on),) if prior.remitted_on else (),
        amounts=(x12.MonetaryAmount(qualifier="EAF", amount_cents=owed),) if owed else (),
    )


def claim_adjustments(adjustments: tuple[tuple[str, str, int], ...]) -> tuple[x12.ClaimAdjustment, ...]:
    """CAS of (group, reason code, cents)."""
    return tuple(
        x12.ClaimAdjustment(group=group, reason=reason, amount_cents=cents) for group, reason, cents in adjustments
    )
