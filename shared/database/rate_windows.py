"""The counts of requests in a minute, in a table that all processes of a service share, as the `limits` library wants
them kept. PostgreSQL alone: there the table is UNLOGGED, since its rows are worth nothing after two minutes.

A count is one statement outside of any transaction, on the database's own clock: two processes that count at once wait
for one row and neither is refused.
"""

from typing import Any

from limits.storage.base import SlidingWindowCounterSupport, Storage
from sqlalchemy import BigInteger, Column, Engine, Integer, String, Table, text
from sqlalchemy.exc import SQLAlchemyError

from shared.database.heads import Operations

MAX_KEY_LENGTH = 200
RATE_WINDOWS = Table(
    "rate_windows",
    Operations.metadata,
    Column("key", String(MAX_KEY_LENGTH), primary_key=True),
    Column("window_number", BigInteger, primary_key=True),
    Column("taken", Integer, nullable=False),
)
"""`window_number` counts windows of a key's length since 1970; `key` is the library's, with the organization in it."""
CLOCK = """
    SELECT floor(seconds / :expiry)::bigint AS present, seconds - floor(seconds / :expiry) * :expiry AS passed
    FROM (SELECT extract(epoch FROM clock_timestamp())) AS now (seconds)
"""
BEFORE = """
    SELECT coalesce(max(taken), 0) * (1 - (SELECT passed FROM clock) / :expiry) AS weight
    FROM rate_windows WHERE key = :key AND window_number = (SELECT present - 1 FROM clock)
"""
# Only the constants above are put in; what is a value is bound.
ACQUIRE = text(
    f"""
    WITH clock AS ({CLOCK}), before AS ({BEFORE})
    INSERT INTO rate_windows AS present (key, window_number, taken)
    SELECT :key, clock.present, :amount FROM clock, before WHERE before.weight + :amount <= :most
    ON CONFLICT (key, window_number) DO UPDATE SET taken = present.taken + :amount
    WHERE (SELECT weight FROM before) + present.taken + :amount <= :most
    RETURNING taken
    """  # noqa: S608
)
READ = text(
    f"""
    WITH clock AS ({CLOCK})
    SELECT window_number - clock.present AS place, taken, clock.passed
    FROM clock LEFT JOIN rate_windows ON key = :key AND window_number >= clock.present - 1
    """  # noqa: S608
)
FORGET = text(
    f"""
    WITH clock AS ({CLOCK})
    DELETE FROM rate_windows
    WHERE window_number NOT BETWEEN (SELECT present - 1 FROM clock) AND (SELECT present + 1 FROM clock)
    OR key = :forgotten
    """  # noqa: S608
)


class RateWindows(Storage, SlidingWindowCounterSupport):
    """Counts in `rate_windows`, all of windows of one length. Methods raise SQLAlchemyError where the database does not
    answer."""

    STORAGE_SCHEME = None

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        # One statement, one commit: nothing here needs to see the world as if it were alone.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more, unless that makes more than `limit` with what the window before still weighs."""
        with self._engine.connect() as connection:
            values = {"key": key, "expiry": expiry, "most": limit, "amount": amount}
            taken = connection.execute(ACQUIRE, values).scalar()
            if taken == amount:  # the first of its window
                connection.execute(FORGET, {"expiry": expiry, "forgotten": ""})
        return taken is not None

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """The counts of the window before and of this one, each with the seconds until it weighs nothing."""
        with self._engine.connect() as connection:
            rows = connection.execute(READ, {"key": key, "expiry": expiry}).all()
        counts = {row.place: row.taken for row in rows}
        passed = float(rows[0].passed)
        return counts.get(-1, 0), expiry - passed, counts.get(0, 0), 2 * expiry - passed

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget a key."""
        with self._engine.connect() as connection:
            connection.execute(FORGET, {"expiry": expiry, "forgotten": key})

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("these counts slide")

    get: Any = incr
    get_expiry: Any = incr
    reset: Any = incr
    clear: Any = incr
