"""Claims of one visit to one payer after the other: what a caller says when the next is billed or told of a change."""

from pydantic import Field

from shared.contracts.claims import ClaimAction, LineShare, PayerClaimNumber, Reason
from shared.contracts.common import Id


class NextPayerBill(ClaimAction):
    """The body of bill-secondary. Without `coverage_id` the next payer is that of the patient's coverage with the next
    rank on the day of service."""

    coverage_id: Id | None = None


class LinesMove(ClaimAction):
    """The body of move-lines: these lines of the claim are billed under another coverage. Without `lines` it is every
    line of which the insurer owes the whole charge after its decision."""

    coverage_id: Id
    lines: list[LineShare] = Field(default=[], max_length=20)
    reason: Reason


class NextPayerCorrection(ClaimAction):
    """The body of correct-next-payer: this payer has changed its decision after the next one was billed."""

    reason: Reason
    payer_claim_number: PayerClaimNumber | None = None
    only_money: bool = Field(
        default=False,
        description="send nothing, as the next payer was told otherwise or takes no replacement; the share follows",
    )
