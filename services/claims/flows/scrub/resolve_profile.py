"""The rule profile of a payer: the named one, with the payer's own settings over it.

Resolved once, when the source of a claim is read, and stored with the claim.
"""

from collections.abc import Mapping
from typing import Any

from shared.codesets.programs import Program
from shared.contracts.eligibility import Coverage, Payer
from shared.errors import Conflict, Fault
from shared.payer_profiles import PayerProfile, ProfileError, profile_from, profile_named, profile_under_law_of

PAYER_SETTINGS = (
    "filing_indicator",
    "unit_method",
    "units_on_lines",
    "same_day_visits",
    "timely_filing_days",
    "authorization",
    "authorization_from_visit",
    "authorization_on_lines",
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
    "payment_overdue_days",
)
"""Settings of a profile that a payer may override; None leaves the profile's."""


def payer_profile(
    payer: Payer, coverage: Coverage | None = None, over: Mapping[str, Any] | None = None
) -> PayerProfile:
    """The named rule profile, under the law of the state of the coverage's accident, with this payer's own settings
    over it, and `over` above both. Raises ProfileError."""
    own = {name: getattr(payer, name) for name in PAYER_SETTINGS}
    if payer.disputes is not None:
        own["disputes"] = [one.model_dump(exclude_none=True) for one in payer.disputes]
    if payer.ncci_edits is not None:
        own |= {"ncci": payer.ncci_edits, "ncci_presumed": False}
    accident = coverage.accident if coverage else None
    named = profile_under_law_of(payer.profile, (accident.state or "") if accident else "")
    profile = profile_from({"extends": named, "payer_id": payer.id, "name": payer.name, **own, **(over or {})})
    return profile.of_plan(self_insured=coverage is not None and coverage.self_insured)


def resolve_profile(payer: Payer, coverage: Coverage | None = None) -> PayerProfile:
    """The payer's own profile for a coverage. Raises Conflict when it names one that does not exist."""
    try:
        return payer_profile(payer, coverage)
    except ProfileError as error:
        raise _unusable(error) from error


def program_of(payer: Payer) -> Program:
    """The payer's program, for which its own settings do not matter. Raises Conflict like `resolve_profile`."""
    try:
        return profile_named(payer.profile).program
    except ProfileError as error:
        raise _unusable(error) from error


def _unusable(error: ProfileError) -> Conflict:
    fault = Fault("/payer/profile", "payer_profile_invalid", str(error), "Correct the payer in eligibility.")
    return Conflict("the payer's rule profile cannot be used", code="payer_profile_invalid", errors=[fault])
