"""The claim that an earlier payer forwards by itself to the next one."""

from dataclasses import replace

from services.claims.document import BillerOptions, ClaimSource
from services.claims.domain.lines import lines_as_billed
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.flows.scrub.build_scrubber_input import SEQUENCES
from services.claims.flows.scrub.prior_payments import prior_payment_inputs


def claim_after(
    earlier: ProfessionalClaim, source: ClaimSource, options: BillerOptions, *, claim_id: str, claim_number: str
) -> ProfessionalClaim:
    """The claim that an earlier payer forwards to the payer of this source: the same claim to another payer."""
    file = source.coverage_bundle
    return replace(
        earlier,
        claim_id=claim_id,
        claim_number=claim_number,
        payer_id=file.payer.id,
        lines=lines_as_billed(earlier.lines, {}),
        filing_indicator=source.profile.filing_indicator,
        insurer_claim_number=file.coverage.claim_number or "",
        authorization_id="",
        authorization_number="",
        attachments=(),
        printed=False,
        sequence=SEQUENCES.get(file.coverage.rank, "P"),
        prior_payments=prior_payment_inputs(options, file),
        assignment_accepted=file.payer.assignment_accepted,
        benefits_assigned=file.coverage.benefits_assigned,
    )
