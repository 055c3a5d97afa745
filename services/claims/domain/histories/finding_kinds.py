"""What is looked for in a practice's past: each kind with its title and what a person does about it.

The order is that of the report: money that can still be had, then money that must be given back, then what does not add
up, then what the rules would have kept from being sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """One kind of finding."""

    REJECTED_NEVER_RESENT = "rejected_never_resent"
    NEVER_ANSWERED = "never_answered"
    DENIED_LATE_WITH_PROOF = "denied_late_with_proof"
    DENIED_NEVER_WORKED = "denied_never_worked"
    TAKEN_BACK = "taken_back"
    VOID_NOT_DONE = "void_not_done"
    UNDERPAID = "underpaid"
    ALLOWED_BELOW_USUAL = "allowed_below_usual"
    SECONDARY_NEVER_BILLED = "secondary_never_billed"
    SECONDARY_TOLD_OTHERWISE = "secondary_told_otherwise"
    PATIENT_OVERCHARGED = "patient_overcharged"
    BILLED_TO_PATIENT_WRONGLY = "billed_to_patient_wrongly"
    WRITTEN_OFF_WRONGLY = "written_off_wrongly"
    PAID_TWICE = "paid_twice"
    OVERPAID = "overpaid"
    DUPLICATE_SENT = "duplicate_sent"
    PAYMENT_WITHOUT_CLAIM = "payment_without_claim"
    SERVICE_WITHOUT_LINE = "service_without_line"
    REMITTANCE_OUT_OF_BALANCE = "remittance_out_of_balance"
    PAYMENT_OUT_OF_BALANCE = "payment_out_of_balance"
    TAKEN_BESIDE_CLAIMS = "taken_beside_claims"
    FORWARD_BALANCE_OPEN = "forward_balance_open"
    RULE_WOULD_HAVE_CAUGHT = "rule_would_have_caught"


@dataclass(frozen=True, slots=True)
class KindText:
    """What a kind is called, what its cents are, and what is done about it."""

    title: str
    cents: str
    fix: str


K = FindingKind
KIND_TEXTS: Mapping[FindingKind, KindText] = {
    K.REJECTED_NEVER_RESENT: KindText(
        "Rejected and never sent again",
        "the charge",
        "It was never adjudicated: fix what the rejection names and send it as new before the filing limit.",
    ),
    K.NEVER_ANSWERED: KindText(
        "Sent and never answered",
        "the charge",
        "Ask the payer for the status; if it has no claim, send it again with the proof of the first filing.",
    ),
    K.DENIED_LATE_WITH_PROOF: KindText(
        "Denied as late, and a 277CA proves it was in time",
        "what the payer left unpaid",
        "Appeal with the 277CA by which the payer accepted the claim.",
    ),
    K.DENIED_NEVER_WORKED: KindText(
        "Denied and never worked",
        "what the payer left unpaid",
        "Correct or appeal it while its window is open; after that write it off with the reason.",
    ),
    K.TAKEN_BACK: KindText(
        "Taken back and never decided again",
        "what the payer took back",
        "Ask the payer why it reversed its decision, and for a new one.",
    ),
    K.VOID_NOT_DONE: KindText(
        "Voided, and the payer has not taken its decision back",
        "what the payer has paid",
        "Ask the payer for its reversal.",
    ),
    K.UNDERPAID: KindText(
        "Allowed less than the payer's fees say",
        "what was allowed too little",
        "Dispute it with the fee schedule while the window is open.",
    ),
    K.ALLOWED_BELOW_USUAL: KindText(
        "Allowed less than this payer usually allows",
        "the difference to the usual amount",
        "Compare it with the contract; dispute it if the usual amount is the right one.",
    ),
    K.SECONDARY_NEVER_BILLED: KindText(
        "The next payer was never billed",
        "the patient's share that it may owe",
        "Bill the next payer with what the first one did, before the patient.",
    ),
    K.SECONDARY_TOLD_OTHERWISE: KindText(
        "The first payer changed its decision after the next one was billed",
        "by how much the patient's share changed",
        "Send the next payer a replacement with the new amounts.",
    ),
    K.PATIENT_OVERCHARGED: KindText(
        "The patient has paid more than her share",
        "what she is ahead",
        "Refund it; contractual and denied amounts were never hers.",
    ),
    K.BILLED_TO_PATIENT_WRONGLY: KindText(
        "Billed to the patient beyond her share",
        "what was billed beyond it",
        "Take it off her account: the payers did not leave it to her (group PR).",
    ),
    K.WRITTEN_OFF_WRONGLY: KindText(
        "Written off beyond what the contract says",
        "what was written off beyond it",
        "Book it back: it is the patient's share, or the payer still owes it.",
    ),
    K.PAID_TWICE: KindText(
        "One service was paid on two claims",
        "the smaller of the two payments",
        "Void the second claim, or send the payer its money back before it takes it.",
    ),
    K.OVERPAID: KindText(
        "More was paid and written off than was charged",
        "what was posted too much",
        "Find the payment that was made twice and send it back.",
    ),
    K.DUPLICATE_SENT: KindText(
        "A service was billed twice",
        "the charge of the second claim",
        "Leave the first claim as it is, and do not count the second as money that is owed.",
    ),
    K.PAYMENT_WITHOUT_CLAIM: KindText(
        "A payment fits no claim",
        "what was paid",
        "Find its 837P, or the practice that it belongs to.",
    ),
    K.SERVICE_WITHOUT_LINE: KindText(
        "A paid service is on no line of its claim",
        "what was paid on the claim",
        "Compare the remittance with the claim; the payment was not counted.",
    ),
    K.REMITTANCE_OUT_OF_BALANCE: KindText(
        "A remittance does not add up",
        "by how much it pays more than it adds up to",
        "Ask the payer for a correct remittance, and compare it with the bank.",
    ),
    K.PAYMENT_OUT_OF_BALANCE: KindText(
        "A claim payment does not add up",
        "by how much it pays more than charge less adjustments",
        "Ask the payer what the difference is.",
    ),
    K.TAKEN_BESIDE_CLAIMS: KindText(
        "Taken back beside the claims of a remittance",
        "what the payer kept",
        "Ask the payer which claim it is for, and check that it was overpaid.",
    ),
    K.FORWARD_BALANCE_OPEN: KindText(
        "A balance was carried to a later remittance that is not here",
        "what is still carried",
        "Find the later remittance, or ask the payer.",
    ),
    K.RULE_WOULD_HAVE_CAUGHT: KindText(
        "A rule would have stopped it before it was sent",
        "what was not paid of the claim",
        "See why with `handbill rules show` and the rule; Handbill stops such a claim before it is sent.",
    ),
}
