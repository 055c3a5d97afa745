"""Under which terms a payer pays: its profile and its fees, as the practice gives them or as its files let one presume.

A file says what kind of insurance a claim was filed as (SBR09) and no more. So without the practice's own word a payer
has the general profile of that kind, whose filing limit is presumed, and fees that nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.claims.domain.expected import PayerFees
from services.claims.domain.histories.past_records import Payer, SentClaim
from shared.payer_profiles import PayerProfile, ProfileError, profile_from, profile_named, profile_under_law_of

PROFILE_OF_FILING: Mapping[str, str] = {
    "MA": "medicare",
    "MB": "medicare",
    "16": "medicare_advantage",
    "WC": "workers_comp",
    "AM": "auto_pip",
    "VA": "va_community_care",
}
GENERAL = "commercial"
COMPENSATION = "WC"
MAX_PAYERS, MAX_FEES, MAX_FEE_CENTS = 500, 2_000, 10_000_000
FEES, PROFILE = "fees", "profile"


@dataclass(frozen=True, slots=True)
class GivenTerms:
    """What the practice says of one payer: settings of a profile (`extends` names a packaged one), and its fees."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    fees: PayerFees = field(default_factory=PayerFees)


@dataclass(frozen=True, slots=True)
class PayerTerms:
    """Under which profile a claim is looked at, and whether the practice has named it."""

    profile: PayerProfile
    fees: PayerFees
    named: bool


def given_terms(documents: Mapping[str, Any]) -> dict[str, GivenTerms]:
    """By payer identifier (NM109 of the 837P), of plain data: `{"CASCM": {"profile": "united", "fees": {"97124":
    3200}}}`, fees in cents a unit; any other key is a setting of the profile. Raises ProfileError, which names no
    value."""
    if len(documents) > MAX_PAYERS:
        raise ProfileError(f"more than {MAX_PAYERS} payers")
    return {identifier: _given(document) for identifier, document in documents.items()}


def _given(document: Any) -> GivenTerms:
    if not isinstance(document, Mapping):
        raise ProfileError("what is said of a payer is no table")
    settings = {key: value for key, value in document.items() if key not in (FEES, PROFILE)}
    if PROFILE in document:
        settings["extends"] = document[PROFILE]
        profile_from(settings)
    else:
        profile_from({"extends": GENERAL, **settings})
    return GivenTerms(settings, PayerFees(unit_cents=_fees(document.get(FEES, {}))))


def _fees(fees: Any) -> dict[str, int]:
    if not isinstance(fees, Mapping) or len(fees) > MAX_FEES:
        raise ProfileError("the fees of a payer are no table of procedure codes")
    for code, cents in fees.items():
        whole = isinstance(cents, int) and not isinstance(cents, bool)
        if not isinstance(code, str) or not whole or not 0 <= cents <= MAX_FEE_CENTS:
            raise ProfileError("a fee of a payer is no whole number of cents")
    return dict(fees)


def payer_terms(payer: Payer, sent: SentClaim, given: Mapping[str, GivenTerms]) -> PayerTerms:
    """The terms of a payer of this claim."""
    said = given.get(payer.identifier, GivenTerms())
    name = said.settings.get("extends") or _presumed_profile(payer, sent)
    law = profile_under_law_of(name, _state_of_injury(payer, sent))
    settings = {**said.settings, "extends": law, "payer_id": payer.key, "name": payer.name}
    return PayerTerms(profile_from(settings), said.fees, named=bool(said.settings))


def _presumed_profile(payer: Payer, sent: SentClaim) -> str:
    general = PROFILE_OF_FILING.get(payer.filing_indicator, GENERAL)
    of_state = f"{general}_{sent.billing.state.lower()}"
    return of_state if general == GENERAL and _is_packaged(of_state) else general


def _is_packaged(name: str) -> bool:
    try:
        profile_named(name)
    except ProfileError:
        return False
    return True


def _state_of_injury(payer: Payer, sent: SentClaim) -> str:
    """An auto claim names the state of its accident; a work injury is under the law of the practice's state."""
    return sent.billing.state if payer.filing_indicator == COMPENSATION else sent.claim.accident_state
