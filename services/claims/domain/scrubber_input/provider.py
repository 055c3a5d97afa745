"""Who treated and who bills: numbers, taxonomy, license, credentialing with dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared.dates import DateRange


@dataclass(frozen=True, slots=True)
class CredentialInput:
    """The status of one therapist with one payer: `status` is in_network, out_of_network, pending or not_accepted.

    An empty `billing_tax_id` means every tax id.
    """

    payer_id: str
    status: str
    billing_tax_id: str
    effective_from: date | None = None
    effective_to: date | None = None

    def in_force(self, on: date) -> bool:
        """True when `on` lies within the credential's days."""
        return DateRange(self.effective_from, self.effective_to).holds(on)


@dataclass(frozen=True, slots=True)
class RenderingProviderInput:
    """The rendering therapist. `license_expires_on` None means not known."""

    npi: str
    taxonomy: str
    first_name: str = ""
    last_name: str = ""
    license_expires_on: date | None = None
    credentials: tuple[CredentialInput, ...] = ()


@dataclass(frozen=True, slots=True)
class BillingProviderInput:
    """The billing provider."""

    tax_id: str
    state: str = ""
    zip: str = ""
