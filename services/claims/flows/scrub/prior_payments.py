"""What earlier payers did with a claim, as the biller gives it or a remittance has it, converted to the scrubber's
input."""

from collections.abc import Sequence

from services.claims.document import BillerOptions
from services.claims.domain.scrubber_input import PriorLineInput, PriorPaymentInput
from services.claims.flows.scrub.resolve_profile import resolve_profile
from shared.contracts.claims import PriorAdjustment, PriorPayment
from shared.contracts.eligibility import CoverageBundle


def prior_payment_inputs(options: BillerOptions, file: CoverageBundle) -> tuple[PriorPaymentInput, ...]:
    """The earlier payers of a claim, first to last."""
    return tuple(_prior_payment(one, file) for one in options.prior_payments)


def _prior_payment(one: PriorPayment, file: CoverageBundle) -> PriorPaymentInput:
    """With the payer's identifier and the filing indicator of its profile, resolved here and kept with the claim."""
    payer = next((other.payer for other in file.other_coverages if other.coverage.payer_id == one.payer_id), None)
    return PriorPaymentInput(
        payer_id=one.payer_id,
        paid_cents=one.paid_cents,
        adjustments=_adjustments(one.adjustments),
        remitted_on=one.remitted_on,
        forwarded=one.forwarded,
        filing_indicator=resolve_profile(payer).filing_indicator if payer else "",
        payer_identifier=payer.payer_identifier if payer else "",
        payer_claim_number=one.payer_claim_number,
        lines=tuple(
            PriorLineInput(line.line_number, line.paid_cents, _adjustments(line.adjustments)) for line in one.lines
        ),
    )


def _adjustments(given: Sequence[PriorAdjustment]) -> tuple[tuple[str, str, int], ...]:
    return tuple((one.group, one.reason_code, one.amount_cents) for one in given)
