"""Processes that end at random moments, by SIGKILL or SIGTERM, and are started again, while others use them."""

import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from services.cli.demo.installation import Installation
from services.cli.serving import process_commands

SHARE_OF_SIGTERM = 0.25
PAUSE_SECONDS = (0.05, 0.6)
READY_SECONDS = 120.0


@dataclass
class Ended:
    """What was done to which process, in order, and what went wrong meanwhile."""

    signals: list[tuple[str, signal.Signals]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def killing(running: Installation, chance: random.Random, count: int) -> Iterator[Ended]:
    """Within it, `count` processes at most are ended and started again, one after the other, each within a moment of
    the last one being ready. What it did is whole at the end of the block."""
    ended, stop = Ended(), threading.Event()
    commands = {command.name: command for command in process_commands(running.settings)}

    def one() -> None:
        name = chance.choice(sorted(commands))
        if chance.random() < SHARE_OF_SIGTERM:
            ended.signals.append((name, signal.SIGTERM))
            status = running.processes.stop(name)
            if status != 0:
                ended.wrong.append(f"{name} ended with status {status} after SIGTERM")
        else:
            ended.signals.append((name, signal.SIGKILL))
            running.processes.kill(name)
        running.processes.start(commands[name])
        running.processes.wait_ready([name], READY_SECONDS)

    def again_and_again() -> None:
        try:
            while len(ended.signals) < count and not stop.wait(chance.uniform(*PAUSE_SECONDS)):
                one()
        except Exception as error:
            ended.wrong.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=again_and_again, name="killing")
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join()


def until_killed(ended: Ended, count: int, seconds: float = READY_SECONDS) -> bool:
    """Whether that many have been ended, or something went wrong, within a time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if len(ended.signals) >= count or ended.wrong:
            return True
        time.sleep(0.1)
    return False
