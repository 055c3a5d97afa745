"""Everything the rules may read for one claim, in one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.scrubber_input.claim import ProfessionalClaim
from services.claims.domain.scrubber_input.coverage import CoverageInput, PatientInput
from services.claims.domain.scrubber_input.history import History
from services.claims.domain.scrubber_input.note import NoteInput
from services.claims.domain.scrubber_input.provider import BillingProviderInput, RenderingProviderInput
from shared.codesets import CodeSets
from shared.payer_profiles import PayerProfile


@dataclass(frozen=True, slots=True)
class VisitInput:
    """One of several visits of a day that one claim bills: its own note, and who treated."""

    note: NoteInput
    provider: RenderingProviderInput


@dataclass(frozen=True, slots=True)
class ScrubberInput:
    """One claim and all that it must agree with. `as_of` is the business date of the check.

    `note` is all that was done, and `provider` who treated at the claim's own visit; of a claim that bills several
    visits of a day, `visits` has each by itself. Every field is set by `build_scrubber_input` from data that callers
    have sent; there is no field that no caller can set.
    """

    claim: ProfessionalClaim
    payer: PayerProfile
    provider: RenderingProviderInput
    billing: BillingProviderInput
    as_of: date
    note: NoteInput
    coverage: CoverageInput
    patient: PatientInput
    codes: CodeSets
    history: History = field(default_factory=History)
    unit_ties: tuple[str, ...] = ()
    """Procedures whose remainders tied for the last unit when the lines were built."""
    visits: tuple[VisitInput, ...] = ()
    """Empty where the claim bills one visit."""

    @property
    def on(self) -> date:
        """The date of service, as of which every dated check is made except the deadlines."""
        return self.claim.date_of_service
