"""What an organization asks beyond its minute costs the storage that all share one look a second."""

import asyncio

import pytest
from limits.storage import MemoryStorage

from shared.database.operations import Operations
from shared.database.rate_windows import RateWindows
from shared.errors import TooManyRequests
from shared.web.rates import REFUSED_SECONDS, RateLimits, Rates

pytestmark = pytest.mark.safeguard("API4")


class Shared(MemoryStorage):
    """Counts how often it is asked for more."""

    asked = 0

    def acquire_sliding_window_entry(self, *arguments, **named):
        self.asked += 1
        return super().acquire_sliding_window_entry(*arguments, **named)


def test_refusals_are_remembered_for_a_second_and_for_no_lower_cost() -> None:
    now, shared = 0.0, Shared()
    rates = Rates(RateLimits(requests=3, internal=3), shared, lambda: now)

    async def one(cost: int) -> bool:
        try:
            await rates.quota_of("noisy", internal=False).charge(cost)
        except TooManyRequests:
            return False
        return True

    with asyncio.Runner() as runner:

        def taken(cost: int, times: int = 1) -> tuple[int, int]:
            """How many at once were allowed, and how often the storage has been asked by now."""

            async def all_at_once() -> list[bool]:
                return await asyncio.gather(*(one(cost) for _ in range(times)))

            return sum(runner.run(all_at_once())), shared.asked

        assert taken(2) == (1, 1)
        assert taken(2, 200) == (0, 2)
        assert taken(1) == (1, 3)
        assert taken(1, 200) == (0, 4)
        now = REFUSED_SECONDS
        assert taken(1) == (0, 5)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_counts_of_a_server_whose_clock_was_in_2037_are_forgotten_and_limit_nobody(database) -> None:
    Operations.metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        for ahead in (-99, 2, 6_000_000):
            number = f"floor(extract(epoch FROM clock_timestamp()) / 60) + {ahead}"
            connection.exec_driver_sql(f"INSERT INTO rate_windows VALUES ('busy', {number}, 1000000)")
    windows = RateWindows(database.engine)
    assert windows.get_sliding_window("busy", 60)[::2] == (0, 0)
    assert windows.acquire_sliding_window_entry("busy", 3, 60)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT taken FROM rate_windows").scalars().all() == [1]
