"""What the flows of the claims service depend on, passed in by the composition root."""

from dataclasses import dataclass
from datetime import timedelta

from services.claims.clients import Clearinghouse
from services.claims.flows.scrub.rule_set import RuleSet
from shared.clients import EligibilityClient, NotesClient
from shared.clocks import Clock
from shared.database import Database
from shared.ids import Ids
from shared.wire.trading_partner import TradingPartners


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`clock` is business time; `wall_clock` is for leases and for the time between two attempts to send a file. A
    file is formed `batch_window` after the newest submitted claim, so that claims submitted together share a file."""

    database: Database
    clock: Clock
    wall_clock: Clock
    ids: Ids
    notes: NotesClient
    eligibility: EligibilityClient
    clearinghouse: Clearinghouse
    trading_partners: TradingPartners
    rule_set: RuleSet
    resend_after: timedelta = timedelta(seconds=90)
    batch_window: timedelta = timedelta(0)
