"""A run over many mutants: number n is made from the seed of the run and n alone, so that any can be made again."""

import dataclasses
import random

from tests.shared.x12.fuzz.mutator import mutant
from tests.shared.x12.fuzz.reducer import reduced
from tests.shared.x12.fuzz.rules import Broken, broken


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
            found = broken(data)
            return found is not None and found.rule == self.broken.rule

        return reduced(self.data, again, seconds)


def tried(seed, number, seeds):
    """None, or how the mutant failed."""
    chance = random.Random(f"{seed}/{number}")
    name = chance.choice(sorted(seeds))
    data = mutant(seeds[name], chance, list(seeds.values()))
    found = broken(data)
    return None if found is None else CheckFailure(number, name, data, found)
