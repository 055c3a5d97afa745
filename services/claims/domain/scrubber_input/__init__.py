"""The scrubber's input: the claim as it will be sent and everything that it must agree with, immutable.

Flows translate contract models into these (`build_scrubber_input`); rules and arithmetic read nothing else. Money is
integer cents, dates are local dates, codes are without spaces and, for diagnoses, with or without the dot.
"""

from services.claims.domain.scrubber_input.claim import (
    PriorLineInput,
    PriorPaymentInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
)
from services.claims.domain.scrubber_input.coverage import (
    AuthorizationInput,
    CoverageInput,
    PatientInput,
    ReferralInput,
    SentAddress,
    SentText,
    referral_that_counts,
    referrals_that_hold,
)
from services.claims.domain.scrubber_input.history import (
    History,
    PastClaim,
    PastLine,
    PastSession,
    PastTechnique,
    past_outcome,
)
from services.claims.domain.scrubber_input.note import GoalInput, NoteInput, TechniqueInput, visits_a_week
from services.claims.domain.scrubber_input.provider import (
    BillingProviderInput,
    CredentialInput,
    RenderingProviderInput,
)

__all__ = [
    "AuthorizationInput",
    "BillingProviderInput",
    "CoverageInput",
    "CredentialInput",
    "GoalInput",
    "History",
    "NoteInput",
    "PastClaim",
    "PastLine",
    "PastSession",
    "PastTechnique",
    "PatientInput",
    "PriorLineInput",
    "PriorPaymentInput",
    "ProfessionalClaim",
    "ProfessionalServiceLine",
    "ReferralInput",
    "RenderingProviderInput",
    "SentAddress",
    "SentText",
    "TechniqueInput",
    "past_outcome",
    "referral_that_counts",
    "referrals_that_hold",
    "visits_a_week",
]
