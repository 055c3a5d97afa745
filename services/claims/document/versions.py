"""The versions of stored documents, and how one of an older version becomes one of the next.

To change the shape of a document: raise its version, write the upcaster of the version before, and keep a golden
document of that version under the tests, so that what is stored today can be read for ever.
"""

from services.claims.document.codec import VersionedCodec
from services.claims.document.model import (
    BillerOptions,
    ClaimDocument,
    ClaimSource,
    Correction,
    FindingOverride,
    PayerChain,
    ScrubbedClaim,
    SentElsewhere,
    hash_of,
)
from services.claims.document.past_visit import PastVisit, past_visit
from services.claims.document.upcasters import (
    with_filing_indicators,
    with_insurer_claim_number,
    with_progress_reports,
    with_techniques,
)
from services.claims.domain.payer_responses import PayerResponses

DOCUMENT_VERSION = 3
PAST_VISIT_VERSION = 3
ALONE = PayerChain()
"""Of a claim to the visit's only payer."""

DOCUMENT_CODEC = VersionedCodec(
    ClaimDocument, version=DOCUMENT_VERSION, upcasters={1: with_filing_indicators, 2: with_progress_reports}
)
PAST_VISIT_CODEC = VersionedCodec(
    PastVisit, version=PAST_VISIT_VERSION, upcasters={1: with_insurer_claim_number, 2: with_techniques}
)


def new_document(
    source: ClaimSource,
    options: BillerOptions,
    scrubbed: ScrubbedClaim,
    *,
    overrides: tuple[FindingOverride, ...] = (),
    responses: PayerResponses | None = None,
    chain: PayerChain = ALONE,
    correction: Correction | None = None,
    sent_elsewhere: SentElsewhere | None = None,
) -> ClaimDocument:
    """A document of the present version."""
    return ClaimDocument(
        DOCUMENT_VERSION,
        source,
        hash_of(source),
        options,
        scrubbed,
        overrides,
        responses or PayerResponses(),
        chain,
        correction=correction,
        sent_elsewhere=sent_elsewhere,
    )


def visit_of(document: ClaimDocument) -> PastVisit:
    """What later claims will need of this one, at the present version."""
    return past_visit(document.source, document.claim, version=PAST_VISIT_VERSION)
