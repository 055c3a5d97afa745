"""Which workers live: each gives a sign of life, and one that gives no other for a whole lease is dead.

Whoever looks counts that time on its own monotonic clock, from when it first saw the last sign. No wall clock is
compared with another, so a lease that was written by a clock of the year 2037, or by a machine whose clock is off, ends
when its worker does, and a jump of the clock ends none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from services.claims.store import exchange
from services.claims.store.waiting import lease_ends
from shared.clocks import Clock, Monotonic
from shared.database import Database


class WorkerLeases:
    """The lease of this worker (`executor_id`) and what it has seen of the others'. All workers of an installation have
    leases of one length."""

    def __init__(
        self, database: Database, wall_clock: Clock, monotonic: Monotonic, *, executor_id: str, length: timedelta
    ) -> None:
        self._database, self._wall_clock, self._monotonic = database, wall_clock, monotonic
        self._executor_id, self._length = executor_id, length
        self._seen: dict[str, tuple[datetime, float]] = {}

    def renew(self) -> None:
        """Give a sign of life. Raises Unavailable."""
        # With its microseconds it is another one than the last, whatever the clock does.
        self._write(self._wall_clock.now() + self._length)

    def end(self) -> None:
        """This worker stops: others go on with its work at once. Raises Unavailable."""
        self._write(exchange.ENDED)

    def ended(self) -> dict[str, datetime]:
        """The other workers that are dead, each with its last sign of life; what is taken over is dropped. Raises
        Unavailable."""
        with self._database.reading() as session:
            signs = lease_ends(session)
        now, before = self._monotonic(), self._seen
        self._seen = {
            executor_id: before[executor_id] if before.get(executor_id, (None,))[0] == sign else (sign, now)
            for executor_id, sign in signs.items()
            if executor_id != self._executor_id
        }
        longest = self._length.total_seconds()
        return {
            executor_id: sign
            for executor_id, (sign, since) in self._seen.items()
            if sign == exchange.ENDED or now - since >= longest
        }

    def drop(self, ended: Mapping[str, datetime]) -> None:
        """Their work has been taken over. Raises Unavailable."""
        self._database.run(lambda session: exchange.drop_leases(session, ended))

    def look_anew(self) -> None:
        """Nothing could be seen for a while, as when the database was gone: no worker could give a sign of life."""
        self._seen.clear()

    def _write(self, sign: datetime) -> None:
        self._database.run(lambda session: exchange.renew_lease(session, self._executor_id, sign))
