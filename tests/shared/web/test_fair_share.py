"""An organization that is alone has many turns, one beside others has few, and whoever waits gets hers in order."""

import asyncio
from contextlib import AsyncExitStack, suppress

import pytest

from shared.web.fair_share import LATELY_SECONDS, FairShare, NoTurn, Shares

pytestmark = pytest.mark.safeguard("API4")
SHARES = Shares(alone=4, shared=2, present=8, wait_seconds=30)


class Requests:
    """Requests that hold their turn until a test ends them."""

    def __init__(self, share: FairShare) -> None:
        self.share = share
        self.running: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self, *names: str) -> None:
        """`a1` is the first of organization a."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks.append(asyncio.create_task(self._live(name)))
        await self.settle()

    async def _live(self, name: str) -> None:
        async with self.share.present(name[0]), self.share.turn(name[0]) as turn:
            self.running.append(name)
            await self.ends[name].wait()
            if name.endswith("x"):
                async with turn.outside():
                    self.running.remove(name)
                    self.ends[name].clear()
                    await self.ends[name].wait()
                self.running.append(name)
                self.ends[name].clear()
                await self.ends[name].wait()
            self.running.remove(name)

    async def end(self, *names: str) -> None:
        for name in names:
            self.ends[name].set()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


def played(scene, monotonic) -> None:
    async def play() -> None:
        requests = Requests(FairShare(SHARES, monotonic))
        try:
            await scene(requests)
        finally:
            for task in requests.tasks:
                task.cancel()
            await asyncio.gather(*requests.tasks, return_exceptions=True)

    asyncio.run(play())


def test_who_is_alone_has_many_turns_and_the_others_wait_in_order(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("a1", "a2", "a3", "a4", "a5", "a6")
        assert requests.running == ["a1", "a2", "a3", "a4"]
        await requests.end("a3")
        assert requests.running == ["a1", "a2", "a4", "a5"]
        await requests.end("a1", "a2")
        assert requests.running == ["a4", "a5", "a6"]

    played(scene, monotonic)


def test_a_neighbour_has_its_turn_at_once_and_the_first_falls_back_to_its_share(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("a1", "a2", "a3", "a4", "a5", "a6")
        await requests.start("b1")
        assert requests.running[-1] == "b1"
        await requests.end("a1", "a2")
        assert requests.running == ["a3", "a4", "b1"]
        await requests.end("a3")
        assert requests.running == ["a4", "b1", "a5"]
        await requests.start("b2", "b3")
        assert requests.running == ["a4", "b1", "a5", "b2"]

    played(scene, monotonic)


def test_a_neighbour_counts_for_a_minute_after_its_last_request(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("b1")
        await requests.end("b1")
        monotonic.advance(LATELY_SECONDS - 1)
        await requests.start("a1", "a2", "a3")
        assert requests.running == ["a1", "a2"]
        monotonic.advance(1)
        await requests.end("a1")
        await requests.start("a4", "a5")
        assert requests.running == ["a2", "a3", "a4", "a5"]

    played(scene, monotonic)


def test_who_waits_for_somebody_else_lends_its_turn_and_takes_it_again(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("b1", "a1", "ax", "a3")
        assert requests.running == ["b1", "a1", "ax"]
        await requests.end("ax")
        assert requests.running == ["b1", "a1", "a3"]
        await requests.end("ax")  # its answer is there, and both turns are taken
        assert requests.running == ["b1", "a1", "a3"]
        await requests.end("a1")
        assert requests.running == ["b1", "a3", "ax"]

    played(scene, monotonic)


def test_the_other_line_of_an_organization_is_no_neighbour(monotonic) -> None:
    async def scene() -> None:
        share = FairShare(Shares(alone=2, shared=1, wait_seconds=0.01), monotonic)
        async with share.present("a"), share.turn("a"), share.present("a|internal"), share.turn("a|internal"):
            async with share.present("a"), share.turn("a"):
                pass
            async with share.present("b"), share.turn("b"), share.present("a"):
                with pytest.raises(NoTurn):
                    async with share.turn("a"):
                        pass

    asyncio.run(scene())


def test_one_that_gives_up_leaves_the_line_and_frees_nothing(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("b1", "a1", "a2", "a3", "a4")
        requests.tasks[3].cancel()
        await requests.settle()
        assert requests.running == ["b1", "a1", "a2"]
        await requests.end("a1")
        assert requests.running == ["b1", "a2", "a4"]

    played(scene, monotonic)


def test_a_turn_that_is_granted_to_one_that_gives_up_is_the_nexts(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start("b1", "a1", "a2", "a3", "a4")
        requests.ends["a1"].set()
        while "a1" in requests.running:
            await asyncio.sleep(0)
        requests.tasks[3].cancel()
        await requests.settle()
        assert requests.running == ["b1", "a2", "a4"]

    played(scene, monotonic)


def test_more_than_may_be_present_are_refused(monotonic) -> None:
    async def scene(requests) -> None:
        await requests.start(*(f"a{number}" for number in range(9)))
        with pytest.raises(NoTurn):
            await requests.tasks[8]
        await requests.start("b1")
        assert requests.running[-1] == "b1"

    played(scene, monotonic)


def test_a_line_that_does_not_move_ends_in_a_refusal(monotonic) -> None:
    async def scene() -> None:
        share = FairShare(Shares(alone=1, shared=1, wait_seconds=0.01), monotonic)
        async with share.present("a"), share.turn("a"), AsyncExitStack() as second:
            await second.enter_async_context(share.present("a"))
            with pytest.raises(NoTurn):
                await second.enter_async_context(share.turn("a"))
        async with share.present("a"), share.turn("a"):
            pass

    asyncio.run(scene())


def test_what_is_idle_is_forgotten(monotonic) -> None:
    async def scene() -> None:
        share = FairShare(SHARES, monotonic)
        for number in range(50):
            with suppress(NoTurn):
                async with share.present(f"org{number}"):
                    pass
            monotonic.advance(LATELY_SECONDS)
        assert len(share) <= 2

    asyncio.run(scene())
