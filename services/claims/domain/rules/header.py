"""The claim as a whole: numbers, frequency, other payers, what people get wrong in an 837P."""

from __future__ import annotations

from collections.abc import Iterator

from services.claims.domain.rules import sources
from services.claims.domain.rules.context import ScrubberInput
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.rule import Hit, Rule, rule
from shared.money import format_dollars

MAX_NUMBER = 17
MAX_NUMBER_PRINTED = 14
MAX_ATTACHMENTS = 10


@rule(
    "claim_number_too_long",
    Severity.BLOCK,
    "Payers cut long claim numbers",
    fix="Give the claim a number of at most 17 characters, 14 on paper.",
    source=sources.GUIDE,
)
def claim_number_too_long(context: ScrubberInput) -> Iterator[Hit]:
    """A number that comes back cut matches nothing: 17 characters at most, 14 where a form is printed."""
    limit = MAX_NUMBER_PRINTED if context.claim.printed else MAX_NUMBER
    if len(context.claim.claim_number) > limit:
        yield Hit(f"The claim number is longer than {limit} characters.", "/claim/claim_number")


@rule(
    "claim_number_used_before",
    Severity.BLOCK,
    "Every claim has a number of its own",
    fix="Give the claim a new number.",
    source=sources.GUIDE,
)
def claim_number_used_before(context: ScrubberInput) -> Iterator[Hit]:
    """A new claim, a replacement and a void each get a new number; only a resend of the same file keeps it."""
    number = context.claim.claim_number
    others = (claim for claim in context.history.claims if claim.claim_id != context.claim.claim_id)
    if number and any(claim.claim_number == number for claim in others):
        yield Hit("Another claim has this number.", "/claim/claim_number")


@rule(
    "frequency_wrong",
    Severity.BLOCK,
    "A claim is new, a replacement or a void",
    fix="Use 1 for a new claim, 7 to replace and 8 to void one.",
    source=sources.GUIDE,
)
def frequency_wrong(context: ScrubberInput) -> Iterator[Hit]:
    """CLM05-3 of a professional claim is 1, 7 or 8."""
    if context.claim.frequency not in {"1", "7", "8"}:
        yield Hit("The claim's frequency is none of 1, 7 and 8.", "/claim/frequency")


@rule(
    "replacement_without_reference",
    Severity.BLOCK,
    "A replacement names what it replaces",
    fix="Enter the payer's claim number from the remittance (REF*F8); a rejected claim is sent as new instead.",
    source=sources.GUIDE,
)
def replacement_without_reference(context: ScrubberInput) -> Iterator[Hit]:
    """Without the payer's own number a replacement is a duplicate; a rejected claim was never adjudicated."""
    claim = context.claim
    if claim.frequency in {"7", "8"} and not claim.original_reference:
        yield Hit("The payer's number of the earlier claim is missing.", "/claim/original_reference")


@rule(
    "new_claim_with_reference",
    Severity.BLOCK,
    "A new claim refers to no other",
    fix="Use frequency 7 to replace that claim, or take the reference out.",
    source=sources.GUIDE,
)
def new_claim_with_reference(context: ScrubberInput) -> Iterator[Hit]:
    """A payer's number on a new claim contradicts it."""
    if context.claim.frequency == "1" and context.claim.original_reference:
        yield Hit("The claim is new and carries the number of an earlier one.", "/claim/original_reference")


@rule(
    "secondary_without_primary",
    Severity.BLOCK,
    "A second payer wants the first one's answer",
    fix="Wait for the first payer's remittance and send its payment and adjustments along.",
    source=sources.COB,
)
def secondary_without_primary(context: ScrubberInput) -> Iterator[Hit]:
    """A secondary claim carries full charges and all that the earlier payer did."""
    if context.claim.sequence in {"S", "T"} and not context.claim.prior_payments:
        yield Hit("The earlier payer's answer is missing.", "/claim/prior_payments")


@rule(
    "primary_with_prior_payment",
    Severity.BLOCK,
    "A first payer has nobody before it",
    fix="Send the claim as secondary, or take the earlier payer out.",
    source=sources.COB,
)
def primary_with_prior_payment(context: ScrubberInput) -> Iterator[Hit]:
    """Payments of an earlier payer belong to a second or third claim."""
    if context.claim.sequence == "P" and context.claim.prior_payments:
        yield Hit("The claim goes to the first payer and shows an earlier one.", "/claim/prior_payments")


@rule(
    "secondary_not_balanced",
    Severity.BLOCK,
    "Charge is payment plus adjustments, for each earlier payer",
    fix="Take the amounts from the remittance as they are, with the full original charges.",
    source=sources.COB,
)
def secondary_not_balanced(context: ScrubberInput) -> Iterator[Hit]:
    """What the earlier payer paid and adjusted adds up to the claim's charge, to the cent."""
    for place, prior in enumerate(context.claim.prior_payments):
        off = context.claim.charge_cents - prior.paid_cents - prior.adjustments_cents
        if off:
            text = f"The earlier payer's amounts are {format_dollars(off)} away from the charge."
            yield Hit(text, f"/claim/prior_payments/{place}")


@rule(
    "secondary_not_wanted",
    Severity.BLOCK,
    "No second claim where nothing is owed or it was forwarded",
    fix="Send nothing; wait for the forwarded claim's answer, or close the claim.",
    source=sources.COB,
)
def secondary_not_wanted(context: ScrubberInput) -> Iterator[Hit]:
    """A claim that the first payer forwarded would be a duplicate; one with nothing owed pays nothing."""
    if context.claim.sequence not in {"S", "T"} or not context.claim.prior_payments:
        return
    last = context.claim.prior_payments[-1]
    path = f"/claim/prior_payments/{len(context.claim.prior_payments) - 1}"
    if last.forwarded:
        yield Hit("The earlier payer has forwarded the claim by itself.", path)
    elif last.patient_responsibility_cents <= 0:
        yield Hit("The earlier payer left nothing for the next one.", path)


@rule(
    "attachments_too_many",
    Severity.BLOCK,
    "Ten attachments at most",
    fix="Join the papers into ten.",
    source=sources.GUIDE,
)
def attachments_too_many(context: ScrubberInput) -> Iterator[Hit]:
    """The claim announces ten attachments at most."""
    if context.claim.attachments > MAX_ATTACHMENTS:
        yield Hit(f"The claim announces {context.claim.attachments} attachments.", "/claim/attachments")


@rule(
    "attachment_wanted",
    Severity.WARN,
    "This payer wants the note with the claim",
    fix="Attach the signed note.",
    source=sources.PROFILE,
)
def attachment_wanted(context: ScrubberInput) -> Iterator[Hit]:
    """Some compensation and auto insurers pay nothing that comes without the note."""
    if context.payer.attachment_wanted and context.claim.attachments < 1:
        yield Hit("No attachment is announced.", "/claim/attachments")


@rule(
    "benefits_not_assigned",
    Severity.INFO,
    "Payment goes to the patient",
    fix="Get the patient's assignment of benefits if the practice is to be paid.",
    source="Guide 005010X222A1: CLM08 is the patient's assignment, CLM07 the provider's, and they are independent",
)
def benefits_not_assigned(context: ScrubberInput) -> Iterator[Hit]:
    """CLM07 and CLM08 are independent; without CLM08 the cheque goes to the patient."""
    if not context.claim.benefits_assigned:
        yield Hit("Benefits are not assigned: the insurer pays the patient.", "/claim/benefits_assigned")


@rule(
    "signature_not_on_file",
    Severity.WARN,
    "The patient's signature is on file",
    fix="Have the patient sign the release.",
    source=sources.GUIDE,
)
def signature_not_on_file(context: ScrubberInput) -> Iterator[Hit]:
    """Without a release the record may not be sent to the insurer."""
    if not context.claim.patient_signature_on_file:
        yield Hit("The patient's signature is not on file.", "/claim/patient_signature_on_file")


@rule(
    "billing_address_wrong",
    Severity.BLOCK,
    "The practice's state and ZIP are whole",
    fix="Use two capital letters and a ZIP of five or nine digits.",
    source=sources.GUIDE,
)
def billing_address_wrong(context: ScrubberInput) -> Iterator[Hit]:
    """A lower-case state and a ZIP with letters pass many programs and no clearinghouse."""
    billing = context.billing
    if billing.state and not context.codes.states.holds(billing.state):
        yield Hit("The practice's state is none that there is.", "/billing/state")
    zip_code = billing.zip_code
    if zip_code and not (zip_code.isascii() and zip_code.isdigit() and len(zip_code) in {5, 9}):
        yield Hit("The practice's ZIP is not five or nine digits.", "/billing/zip_code")


@rule(
    "patient_paid_too_much",
    Severity.BLOCK,
    "The patient paid no more than the charge",
    fix="Correct what the patient paid.",
    source=sources.GUIDE,
)
def patient_paid_too_much(context: ScrubberInput) -> Iterator[Hit]:
    """What the patient paid for this visit is never more than its charge, and never less than nothing."""
    paid = context.claim.patient_paid_cents
    if paid < 0 or paid > context.claim.charge_cents:
        yield Hit("What the patient paid does not fit the charge.", "/claim/patient_paid_cents")


RULES: tuple[Rule, ...] = (
    claim_number_too_long,
    claim_number_used_before,
    frequency_wrong,
    replacement_without_reference,
    new_claim_with_reference,
    secondary_without_primary,
    primary_with_prior_payment,
    secondary_not_balanced,
    secondary_not_wanted,
    attachments_too_many,
    attachment_wanted,
    benefits_not_assigned,
    signature_not_on_file,
    billing_address_wrong,
    patient_paid_too_much,
)
