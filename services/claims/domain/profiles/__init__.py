"""Payer, program and state profiles: data that choose and set the rules."""

from services.claims.domain.profiles.load import (
    ProfileError,
    profile_from,
    profile_from_toml,
    profile_named,
    profile_names,
)
from services.claims.domain.profiles.shape import ALWAYS_THERAPY, DisputeWindow, ModifierWant, PayerProfile, VisitStep

__all__ = [
    "ALWAYS_THERAPY",
    "DisputeWindow",
    "ModifierWant",
    "PayerProfile",
    "ProfileError",
    "VisitStep",
    "profile_from",
    "profile_from_toml",
    "profile_named",
    "profile_names",
]
