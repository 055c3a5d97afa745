"""A claim payment as it is kept with its claim: what its adjustments mean for its program, and what it decides."""

from collections.abc import Mapping
from datetime import date

from services.claims.domain.adjustment_meaning import adjustment_meaning
from services.claims.domain.ledger import Account
from services.claims.domain.payer_responses import OPEN, AdjustmentResponse, PaymentResponse
from services.claims.domain.remittance import AdjustmentClassifier, ClassifiedAdjustment, PostedAdjustment, Posting
from services.claims.domain.remittances.forwarding import is_forwarded
from services.claims.domain.remittances.numbered_payments import NumberedPayment

ACCOUNTS: Mapping[str, Account] = {"patient": Account.PATIENT, "write_off": Account.WRITTEN_OFF}
MEANINGS = {account: who_owes for who_owes, account in ACCOUNTS.items()}


def classifier(program: str, *, notice_on_file: bool) -> AdjustmentClassifier:
    """What adjustments mean for claims of a program; `notice_on_file` says whether the patient has signed one."""

    def classify(group: str, reason: str, remarks: tuple[str, ...]) -> ClassifiedAdjustment:
        found = adjustment_meaning(group, reason, remarks, program, notice_on_file=notice_on_file)
        return ClassifiedAdjustment(ACCOUNTS.get(found.who_owes, Account.INSURER), found.next_action, found.label)

    return classify


def payment_response(
    paid_on: date, one: NumberedPayment, posting: Posting, submission: int, covers: tuple[int, ...] = ()
) -> PaymentResponse:
    """A payment that was posted. `submission` is the place of the one that it is about, `covers` the lines that it
    decides, empty for the whole claim."""
    payment = one.payment
    return PaymentResponse(
        paid_on=paid_on,
        digest=one.digest,
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        reversal=posting.reversal,
        forwarded=is_forwarded(payment),
        payer_claim_number=payment.payer_claim_number,
        adjustments=tuple(_adjustment(adjustment) for adjustment in posting.adjustments),
        paid_by_line=posting.paid_by_line,
        submission=submission,
        covers=covers,
    )


def _adjustment(one: PostedAdjustment) -> AdjustmentResponse:
    return AdjustmentResponse(
        line_number=one.line_number or None,
        group=one.group,
        reason_code=one.reason,
        remark_codes=one.remarks,
        amount_cents=one.amount_cents,
        label=one.classified.label,
        meaning=MEANINGS.get(one.classified.account, OPEN),
        next_action=one.classified.next_action,
    )
