"""The facts that coding and the rules work on, frozen, and free of every other service's shapes.

Flows translate contract models into these; rules and arithmetic read nothing else. Money is integer cents, dates
are local dates, codes are without spaces and, for diagnoses, with or without the dot.
"""

from services.claims.domain.coding.claim import ClaimDraft, PriorPayment, ServiceLine
from services.claims.domain.coding.coverage import AuthorizationInput, CoverageInput, ReferralInput
from services.claims.domain.coding.history import History, PastClaim, PastLine, PastSession
from services.claims.domain.coding.note import Goal, NoteInput, Technique, visits_a_week
from services.claims.domain.coding.provider import BillingProvider, Credential, RenderingProvider

__all__ = [
    "AuthorizationInput",
    "BillingProvider",
    "ClaimDraft",
    "CoverageInput",
    "Credential",
    "Goal",
    "History",
    "NoteInput",
    "PastClaim",
    "PastLine",
    "PastSession",
    "PriorPayment",
    "ReferralInput",
    "RenderingProvider",
    "ServiceLine",
    "Technique",
    "visits_a_week",
]
