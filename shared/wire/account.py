"""A trading partner's account at the clearinghouse: how we show who we are, and how often we may ask."""

import math
import threading
from collections import deque

from shared.clocks import Monotonic
from shared.wire.trading_partner import TradingPartner

MINUTE_SECONDS = 60.0


def basic_credentials(partner: TradingPartner) -> tuple[str, str]:
    """User name and password of HTTP Basic."""
    return partner.sender_id, partner.password.get_secret_value()


class RequestsPerMinute:
    """Counts the requests of every account in this process, and says when the next one may leave."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._sent: dict[str, deque[float]] = {}

    def wait_seconds(self, partner: TradingPartner) -> int:
        """0 and the request counts, or the whole seconds until one more is within the partner's limit."""
        now = self._monotonic()
        with self._lock:
            sent = self._sent.setdefault(partner.sender_id, deque())
            while sent and now - sent[0] >= MINUTE_SECONDS:
                sent.popleft()
            if len(sent) < partner.requests_per_minute:
                sent.append(now)
                return 0
            return math.ceil(sent[0] + MINUTE_SECONDS - now)
