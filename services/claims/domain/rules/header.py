"""The claim as a whole: numbers, frequency, other payers, common mistakes in an 837P."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Rule, RuleMatch, rule
from services.claims.domain.scrubber_input import PriorPaymentInput, ProfessionalClaim
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.money import format_dollars


@rule(
    "secondary_without_primary",
    Severity.BLOCK,
    "A secondary payer needs the primary's answer",
    fix="Wait for the first payer's remittance and enter what it paid and adjusted (`prior_payments` of the claim).",
)
def secondary_without_primary(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A secondary claim carries full charges and everything that the earlier payer paid and adjusted."""
    claim = context.claim
    if claim.sequence in {"S", "T"} and not claim.prior_payments:
        yield RuleMatch("The earlier payer's answer is missing.", "/claim/prior_payments")
    for place, prior in enumerate(claim.prior_payments):
        if claim.sequence != "P" and prior.payer_id not in context.coverage.other_payer_ids:
            text = "The earlier payer is the payer of none of the patient's other coverages."
            yield RuleMatch(text, f"/claim/prior_payments/{place}/payer_id")


@rule(
    "primary_with_prior_payment",
    Severity.BLOCK,
    "A primary payer has no payer before it",
    fix="Correct the `rank` of the coverage, or remove the earlier payer from the claim (`prior_payments`).",
)
def primary_with_prior_payment(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Payments of an earlier payer belong on a secondary or tertiary claim."""
    if context.claim.sequence == "P" and context.claim.prior_payments:
        yield RuleMatch("The claim goes to the primary payer and shows an earlier one.", "/claim/prior_payments")


@rule(
    "secondary_not_balanced",
    Severity.BLOCK,
    "Charge is payment plus adjustments, for each earlier payer",
    fix="Enter the amounts exactly as the earlier payer's remittance has them (`prior_payments` of the claim).",
)
def secondary_not_balanced(context: ScrubberInput) -> Iterator[RuleMatch]:
    """What the earlier payer paid and adjusted must add up to the charge of claim and lines, to the cent."""
    for place, prior in enumerate(context.claim.prior_payments):
        off = context.claim.charge_cents - prior.paid_cents - prior.adjustments_cents
        if off:
            text = f"The earlier payer's amounts are {format_dollars(off)} off the charge."
            yield RuleMatch(text, f"/claim/prior_payments/{place}")
        yield from _lines_off(context.claim, prior, f"/claim/prior_payments/{place}/lines")


def _lines_off(claim: ProfessionalClaim, prior: PriorPaymentInput, path: str) -> Iterator[RuleMatch]:
    charges = {number: line.charge_cents for number, line in enumerate(claim.lines, 1)}
    for place, line in enumerate(prior.lines):
        answered = line.paid_cents + sum(cents for _, _, cents in line.adjustments)
        off = charges.get(line.line_number, 0) - answered
        if off or line.line_number not in charges:
            text = f"Its amounts on line {line.line_number} are {format_dollars(off)} off the line's charge."
            yield RuleMatch(text, f"{path}/{place}")


@rule(
    "secondary_not_wanted",
    Severity.BLOCK,
    "No secondary claim if nothing is owed or the claim was forwarded",
    fix=(
        "Void the claim; if the earlier payer forwarded it, the next payer answers without another claim. If its "
        "remittance says otherwise, correct `prior_payments`."
    ),
)
def secondary_not_wanted(context: ScrubberInput) -> Iterator[RuleMatch]:
    """A claim that the primary payer forwarded would be a duplicate; one with nothing owed pays nothing."""
    if context.claim.sequence not in {"S", "T"} or not context.claim.prior_payments:
        return
    last = context.claim.prior_payments[-1]
    path = f"/claim/prior_payments/{len(context.claim.prior_payments) - 1}"
    if last.forwarded:
        yield RuleMatch("The earlier payer has forwarded the claim to the next payer.", path)
    elif last.patient_responsibility_cents <= 0:
        yield RuleMatch("The earlier payer left nothing for the next one.", path)


@rule(
    "attachment_wanted",
    Severity.WARN,
    "This payer requires the note with the claim",
    fix="Send the signed note to the payer and announce it on the claim (`attachments`), or acknowledge the warning.",
)
def attachment_wanted(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Some workers' compensation and auto insurers pay nothing without the note."""
    if context.payer.attachment_wanted and not context.claim.attachments:
        yield RuleMatch("No attachment is announced.", "/claim/attachments")


@rule(
    "benefits_not_assigned",
    Severity.INFO,
    "Payment goes to the patient",
    fix=(
        "If the practice is to be paid, have the insured assign the benefits and set `benefits_assigned` of the "
        "coverage."
    ),
)
def benefits_not_assigned(context: ScrubberInput) -> Iterator[RuleMatch]:
    """CLM07 and CLM08 are independent; without CLM08 the check goes to the patient."""
    if not context.claim.benefits_assigned:
        yield RuleMatch("Benefits are not assigned: the insurer pays the patient.", "/claim/benefits_assigned")


@rule(
    "signature_not_on_file",
    Severity.WARN,
    "The patient's signature is on file",
    fix="Have the patient sign the release and set `signature_on_file` of the patient.",
)
def signature_not_on_file(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Without a signed release the record may not be sent to the insurer."""
    if not context.claim.patient_signature_on_file:
        yield RuleMatch("The patient's signature is not on file.", "/claim/patient_signature_on_file")


@rule(
    "billing_address_wrong",
    Severity.BLOCK,
    "The practice's state exists",
    fix="Correct the `state` of the practice's address: two capital letters, such as WA.",
)
def billing_address_wrong(context: ScrubberInput) -> Iterator[RuleMatch]:
    """Many programs accept a state that does not exist; clearinghouses reject it."""
    if not context.codes.states.holds(context.billing.state):
        yield RuleMatch("The practice's state does not exist.", "/billing/state")


@rule(
    "patient_paid_too_much",
    Severity.BLOCK,
    "The patient paid no more than the charge",
    fix="Correct what the patient paid (`patient_paid_cents` of the claim).",
)
def patient_paid_too_much(context: ScrubberInput) -> Iterator[RuleMatch]:
    """What the patient paid for this visit is never more than its charge."""
    paid = context.claim.patient_paid_cents
    if paid > context.claim.charge_cents:
        yield RuleMatch("The patient paid more than the charge.", "/claim/patient_paid_cents")


RULES: tuple[Rule, ...] = (
    secondary_without_primary,
    primary_with_prior_payment,
    secondary_not_balanced,
    secondary_not_wanted,
    attachment_wanted,
    benefits_not_assigned,
    signature_not_on_file,
    billing_address_wrong,
    patient_paid_too_much,
)
