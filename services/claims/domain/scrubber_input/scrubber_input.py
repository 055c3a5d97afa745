"""Everything the rules may look at for one claim, in one frozen value."""

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
class ScrubberInput:
    """One claim and all that it must agree with. `as_of` is the business date of the check.

    Every member is set by `build_scrubber_input` from what callers have put; a fact that no caller can bring has no
    place here.
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

    @property
    def on(self) -> date:
        """The date of service, which decides every dated question but the deadlines."""
        return self.claim.date_of_service
