"""The facts that coding and the rules work on, frozen, and free of every other service's shapes.

Flows translate contract models into these; rules and arithmetic read nothing else. Money is integer cents, dates
are local dates, codes are without spaces and, for diagnoses, with or without the dot.
"""

from services.claims.domain.coding.claim import ClaimDraft, DraftLine, PriorPayment
from services.claims.domain.coding.coverage import AuthorizationFacts, CoverageFacts, ReferralFacts
from services.claims.domain.coding.history import History, PastClaim, PastLine, PastSession
from services.claims.domain.coding.note import Goal, NoteFacts, Technique, visits_a_week
from services.claims.domain.coding.provider import BillingFacts, Credential, ProviderFacts

__all__ = [
    "AuthorizationFacts",
    "BillingFacts",
    "ClaimDraft",
    "CoverageFacts",
    "Credential",
    "DraftLine",
    "Goal",
    "History",
    "NoteFacts",
    "PastClaim",
    "PastLine",
    "PastSession",
    "PriorPayment",
    "ProviderFacts",
    "ReferralFacts",
    "Technique",
    "visits_a_week",
]
