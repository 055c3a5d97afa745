"""What a claim is scrubbed from: its source, what the biller gave, and the claims and rules that it is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.claims.document import BillerOptions, ClaimSource
from services.claims.domain.authorization_ledger import UsedBefore
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.store.tables import ClaimRow
from shared.dates import local_date


@dataclass(frozen=True, slots=True)
class ScrubRequest:
    """One claim to be built and checked at `now`. `history` holds the patient's and the therapist's other claims;
    `made_at` is when this one was made, None for one that is being made."""

    source: ClaimSource
    options: BillerOptions
    claim_id: str
    claim_number: str
    now: datetime
    history: Sequence[ClaimRow]
    rule_set: RuleSet
    used_before: Sequence[UsedBefore] = ()
    """What the patient had used before the practice moved in."""
    made_at: datetime | None = None
    judged_on: date | None = None
    """The day that deadlines count from where it is not the practice's date at `now`."""

    @property
    def as_of(self) -> date:
        """The day that deadlines count from."""
        return self.judged_on or local_date(self.now, self.source.time_zone)
