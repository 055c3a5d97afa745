"""A run over many mutants: number n is made from the seed of the run and n alone, so that any can be made again.

Most mutants are files of many people with damaged levels, held to the rule of `owners`; every `ANY_RULE`th is any file
broken in any way, held to all other rules, which take far longer.
"""

import dataclasses
import random

from tests.shared.x12.fuzz.mutator import mutant
from tests.shared.x12.fuzz.owners import CROWDS, damaged, misattributed
from tests.shared.x12.fuzz.reducer import reduced
from tests.shared.x12.fuzz.rules import Broken, broken

ANY_RULE = 4


@dataclasses.dataclass(frozen=True)
class CheckFailure:
    """Mutant `number` of the run, made from the file `name`, and the rule that it breaks."""

    number: int
    name: str
    data: bytes
    broken: Broken

    def smaller(self, seconds=30.0):
        """A smaller file that breaks the same rule."""

        def again(data):
            found = any_broken(data)
            return found is not None and found.rule == self.broken.rule

        return reduced(self.data, again, seconds)


def tried(seed, number, seeds, *, timed=True):
    """None, or how the mutant failed."""
    chance = random.Random(f"{seed}/{number}")
    if number % ANY_RULE:
        name = chance.choice(sorted(CROWDS))
        data = damaged(CROWDS[name], chance)
        story = misattributed(data)
        return None if story is None else CheckFailure(number, name, data, Broken("misattributed", story))
    name = chance.choice(sorted(seeds))
    data = mutant(seeds[name], chance, list(seeds.values()))
    found = broken(data, timed=timed)
    return None if found is None else CheckFailure(number, name, data, found)


def any_broken(data):
    """The first rule of all that these bytes break, or None."""
    story = misattributed(data)
    return broken(data) if story is None else Broken("misattributed", story)
