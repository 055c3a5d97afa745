"""The expected payment of a claim: converts the payer's fees and the coverage's benefit to the domain's amounts.

What the calculation does not know widens the range and is named as a reason: a payer before this one, care that is not
covered, and charges above the allowed amount out of network. No amount is ever guessed.
"""

from dataclasses import replace

from sqlmodel import Session

from services.claims.document import ClaimDocument, ClaimSource, Underpayment
from services.claims.domain.expected import Benefits, Expected, PayerFees, Range, allowed_by_line, expected_payment
from services.claims.domain.next_payer import answer_of
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.domain.underpayment import expected_by_line, underpaid_lines
from services.claims.flows.dependencies import Dependencies
from services.claims.store import practice as store
from shared.codesets.programs import NEVER_PATIENT
from shared.contracts.eligibility_checks import Amount, Benefit
from shared.security.caller import Caller

NOTHING = Range(0, 0)


def expected_of(
    session: Session, deps: Dependencies, caller: Caller, source: ClaimSource, claim: ProfessionalClaim
) -> Expected:
    """The expectation for a scrubbed claim; every unknown gives a range and a reason."""
    fees = _fees(session, caller.organization_id, source)
    benefit = source.coverage_bundle.benefit
    found = expected_payment(claim, source.profile, fees, benefits_of(benefit), deps.rule_set.codes)
    if benefit is None:
        found = _because(found, "no benefit has been read for this coverage yet")
    spared = source.profile.program in NEVER_PATIENT
    if not spared and benefit is not None and benefit.massage == "not_covered":
        return _not_covered(found, claim.charge_cents)
    if not spared and source.coverage_bundle.coverage.network == "out":
        found = _out_of_network(found, claim.charge_cents)
    return _after_others(found) if source.coverage_bundle.coverage.rank > 1 else found


def underpayment_of(
    session: Session, deps: Dependencies, organization_id: str, document: ClaimDocument
) -> Underpayment:
    """The lines that the payer allowed less for than its fees say, none where they are not known; and what they say."""
    claim, source, responses = document.claim, document.source, document.responses
    fees = _fees(session, organization_id, source)
    allowed, reductions, _ = allowed_by_line(claim, source.profile, fees, deps.rule_set.codes)
    short = underpaid_lines(claim, responses, answer_of(responses), allowed, reductions, fees)
    return document.underpayment.after_answer(short, expected_by_line(claim, allowed))


def benefits_of(benefit: Benefit | None) -> Benefits:
    """The benefit record's amounts. Family amounts apply if the record has any."""
    if benefit is None:
        return Benefits()
    family = (benefit.deductible_family, benefit.out_of_pocket_family)
    return Benefits(
        copay_cents=benefit.copay_cents,
        coinsurance_basis_points=benefit.coinsurance_basis_points,
        deductible_left_cents=benefit.deductible_individual.remaining_cents,
        family_deductible_left_cents=benefit.deductible_family.remaining_cents,
        out_of_pocket_left_cents=benefit.out_of_pocket_individual.remaining_cents,
        family_out_of_pocket_left_cents=benefit.out_of_pocket_family.remaining_cents,
        has_family=any(_spoken_of(amount) for amount in family),
    )


def _spoken_of(amount: Amount) -> bool:
    return amount.total_cents is not None or amount.remaining_cents is not None


def _fees(session: Session, organization_id: str, source: ClaimSource) -> PayerFees:
    row = store.payer_fees_on(session, organization_id, source.coverage_bundle.payer.id, source.note.date_of_service)
    if row is None:
        return PayerFees()
    shares = {fee.procedure_code: fee.practice_expense_cents for fee in row.fees}
    return PayerFees(
        unit_cents={fee.procedure_code: fee.unit_cents for fee in row.fees},
        percent_of_charge_basis_points=row.percent_of_charge_basis_points,
        practice_expense_cents={code: cents for code, cents in shares.items() if cents is not None},
    )


def _because(found: Expected, reason: str) -> Expected:
    return replace(found, reasons=(*found.reasons, reason))


def _not_covered(found: Expected, charge_cents: int) -> Expected:
    """The payer pays nothing; whether the patient owes depends on a notice that she signed beforehand."""
    nothing = tuple(replace(line, allowed=NOTHING, reduction=NOTHING) for line in found.lines)
    return Expected(
        lines=nothing,
        allowed=NOTHING,
        patient=Range(0, charge_cents),
        payer=NOTHING,
        reasons=("the plan does not cover massage; the patient owes only what she agreed to in a signed notice",),
    )


def _out_of_network(found: Expected, charge_cents: int) -> Expected:
    """Out of network the rest of the charge may be billed to the patient."""
    most = max(found.patient.high_cents, charge_cents - found.payer.low_cents)
    patient = Range(found.patient.low_cents, most)
    return _because(replace(found, patient=patient), "out of network the patient may owe what the payer does not allow")


def _after_others(found: Expected) -> Expected:
    """What an earlier payer pays reduces this payer's payment and the patient's share."""
    fewer = replace(found, patient=Range(0, found.patient.high_cents), payer=Range(0, found.payer.high_cents))
    return _because(fewer, "what the payers before this one pay is not known")
