"""Payer, program and state profiles: sourced data for every service. Pure, but for reading its own files."""

from shared.payer_profiles.load import (
    ProfileError,
    profile_from,
    profile_named,
    profile_names,
    profile_under_law_of,
)
from shared.payer_profiles.shape import (
    ALWAYS_THERAPY,
    DisputeWindow,
    LatePaymentInterest,
    ModifierWant,
    PayerProfile,
    ProgressReport,
    VisitStep,
)

__all__ = [
    "ALWAYS_THERAPY",
    "DisputeWindow",
    "LatePaymentInterest",
    "ModifierWant",
    "PayerProfile",
    "ProfileError",
    "ProgressReport",
    "VisitStep",
    "profile_from",
    "profile_named",
    "profile_names",
    "profile_under_law_of",
]
