"""The rule profile of a payer: the named one, with the payer's own settings over it.

Resolved once, when the source of a claim is read, and stored with the claim.
"""

from collections.abc import Mapping
from typing import Any

from shared.contracts.eligibility import Payer
from shared.errors import Conflict, Fault
from shared.payer_profiles import PayerProfile, ProfileError, profile_from

PAYER_SETTINGS = (
    "filing_indicator",
    "unit_method",
    "timely_filing_days",
    "authorization",
    "authorization_from_visit",
    "referral",
    "modifiers",
    "modifiers_refused",
    "procedures_refused",
    "procedures_by_taxonomy",
    "massage_therapists",
    "manual_therapy_by_massage_therapist",
    "attachment_wanted",
    "referring_npi_wanted",
    "referral_age_days",
    "visits_a_year",
    "visits_a_day",
    "units_a_day",
    "daily_cap_cents",
)
"""Settings of a profile that a payer may override; None leaves the profile's."""


def payer_profile(payer: Payer, over: Mapping[str, Any] | None = None) -> PayerProfile:
    """The named rule profile with this payer's own settings over it, and `over` above both. Raises ProfileError."""
    own = {name: getattr(payer, name) for name in PAYER_SETTINGS}
    return profile_from({"extends": payer.profile, "payer_id": payer.id, "name": payer.name, **own, **(over or {})})


def resolve_profile(payer: Payer) -> PayerProfile:
    """The payer's own profile. Raises Conflict when it names one that does not exist."""
    try:
        return payer_profile(payer)
    except ProfileError as error:
        fault = Fault("/payer/profile", "payer_profile_invalid", str(error), "Correct the payer in eligibility.")
        raise Conflict(
            "the payer's rule profile cannot be used", code="payer_profile_invalid", errors=[fault]
        ) from error
