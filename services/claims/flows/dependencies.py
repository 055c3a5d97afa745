"""What the flows of the claims service depend on, passed in by the composition root."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from services.claims.clients import Clearinghouse
from services.claims.flows.code_sets.installed import InstalledCodeSets
from services.claims.flows.scrub.rule_set import RuleSet
from shared.clients import EligibilityClient, NotesClient
from shared.clocks import Clock
from shared.database import Database
from shared.ids import Ids
from shared.telemetry.moments import Moments
from shared.telemetry.tally import Tally
from shared.wire.trading_partner import TradingPartners


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`clock` is business time; `wall_clock` is for leases and for the time between two attempts to send a file. A
    file is formed `batch_window` after the newest submitted claim, so that claims submitted together share a file.
    `code_sets` are those that `rule_set` checks with; whoever begins a request or a pass of work has them `look`.
    `polls` has when each account of the clearinghouse (by sender id) last answered with its mailbox,
    `failures` how often each step failed because of an error of Handbill's own."""

    database: Database
    clock: Clock
    wall_clock: Clock
    ids: Ids
    notes: NotesClient
    eligibility: EligibilityClient
    clearinghouse: Clearinghouse
    trading_partners: TradingPartners
    code_sets: InstalledCodeSets
    rule_set: RuleSet
    resend_after: timedelta = timedelta(seconds=90)
    batch_window: timedelta = timedelta(0)
    polls: Moments = field(default_factory=lambda: Moments(time.monotonic))
    failures: Tally = field(default_factory=Tally)
