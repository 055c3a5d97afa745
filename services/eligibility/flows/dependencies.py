"""What the flows work with; the composition root fills it in."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from shared.clocks import Clock
from shared.database import Database
from shared.ids import Ids
from shared.wire.trading_partner import TradingPartner, TradingPartners


class AsksPayers(Protocol):
    """The clearinghouse port, as far as eligibility goes."""

    def eligibility(self, partner: TradingPartner, question: bytes) -> bytes:
        """The answer to a 270 as it came. Raises clients.NoAnswer."""


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`clock` is business time, `wall` counts the seconds until the same may be asked again."""

    database: Database
    clock: Clock
    wall: Clock
    ids: Ids
    clearinghouse: AsksPayers
    trading_partners: TradingPartners
    resend_after: timedelta
