"""Who treated and who bills: numbers, taxonomy, licence, credentialing with dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Credential:
    """The standing of one therapist under one tax id with one payer.

    ``status`` is in_network, out_of_network, pending or not_accepted; ``location`` empty means every location.
    """

    payer_id: str
    status: str
    billing_tax_id: str = ""
    location: str = ""
    first_day: date | None = None
    last_day: date | None = None

    def in_force(self, on: date) -> bool:
        """True when ``on`` lies within the credential's days."""
        return (self.first_day is None or self.first_day <= on) and (self.last_day is None or on <= self.last_day)


@dataclass(frozen=True, slots=True)
class RenderingProvider:
    """The rendering therapist."""

    therapist_id: str
    npi: str
    taxonomy: str
    license_number: str = ""
    license_state: str = ""
    license_first_day: date | None = None
    license_last_day: date | None = None
    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True, slots=True)
class BillingProvider:
    """The billing provider. ``tax_id_kind`` is EI (employer) or SY (social security)."""

    npi: str
    tax_id: str
    tax_id_kind: str = "EI"
    taxonomy: str = ""
    state: str = ""
    zip_code: str = ""
    location: str = ""
