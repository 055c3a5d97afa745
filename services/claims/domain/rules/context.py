"""Everything the rules may look at for one claim, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.coding import (
    BillingProvider,
    ClaimDraft,
    CoverageInput,
    History,
    NoteInput,
    RenderingProvider,
)
from shared.codesets import CodeSets, bundled
from shared.payer_profiles import PayerProfile


@dataclass(frozen=True, slots=True)
class ScrubberInput:
    """One claim and all that stands around it. ``as_of`` is the business date of the check.

    ``note`` and ``coverage`` may be None for a claim that came from elsewhere: the rules about them then say so once
    instead of guessing.
    """

    claim: ClaimDraft
    payer: PayerProfile
    provider: RenderingProvider
    billing: BillingProvider
    as_of: date
    note: NoteInput | None = None
    coverage: CoverageInput | None = None
    history: History = field(default_factory=History)
    codes: CodeSets = field(default_factory=bundled)

    @property
    def on(self) -> date:
        """The date of service, which decides every dated question but the deadlines."""
        return self.claim.date_of_service
