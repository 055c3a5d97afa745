"""The claim document: all that a claim is, typed and versioned, in one sealed column.

What it was made from (`ClaimSource`), what the biller gave with it (`BillerOptions`), what scrubbing made of it
(`ScrubbedClaim`), what a person overrode (`FindingOverride`) and what clearinghouse and payers answered
(`PayerResponses`). It is frozen: a change is a new document in its place. It is decoded once, when its row is loaded.

`PastVisit` is the little that later claims of the patient or the therapist need of it, sealed in a column of its own,
so that a check beside two hundred earlier claims opens none of their documents.
"""

from services.claims.document.codec import DocumentUnreadable, VersionedCodec
from services.claims.document.model import (
    BillerOptions,
    ClaimDocument,
    ClaimSource,
    Correction,
    FindingOverride,
    PayerChain,
    ScrubbedClaim,
    SentElsewhere,
    SourceVisit,
    Underpayment,
    UnitCount,
    lapse,
    override_id_of,
    reviewed,
)
from services.claims.document.past_visit import PastVisit, text_digest
from services.claims.document.versions import (
    DOCUMENT_CODEC,
    DOCUMENT_VERSION,
    PAST_VISIT_CODEC,
    PAST_VISIT_VERSION,
    new_document,
    visit_of,
)

__all__ = [
    "DOCUMENT_CODEC",
    "DOCUMENT_VERSION",
    "PAST_VISIT_CODEC",
    "PAST_VISIT_VERSION",
    "BillerOptions",
    "ClaimDocument",
    "ClaimSource",
    "Correction",
    "DocumentUnreadable",
    "FindingOverride",
    "PastVisit",
    "PayerChain",
    "ScrubbedClaim",
    "SentElsewhere",
    "SourceVisit",
    "Underpayment",
    "UnitCount",
    "VersionedCodec",
    "lapse",
    "new_document",
    "override_id_of",
    "reviewed",
    "text_digest",
    "visit_of",
]
