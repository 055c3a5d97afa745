"""A fixed number of mutants of our own seeds: no rule breaks. `make fuzz` goes on from here for as long as it may, and
also judges how long each takes, which beside other tests says nothing.
"""

import pytest

from tests.shared.x12.fuzz import owners
from tests.shared.x12.fuzz.campaign import tried
from tests.shared.x12.fuzz.reducer import reduced
from tests.shared.x12.fuzz.rules import broken
from tests.shared.x12.fuzz.seeds import own

SEEDS = own()


@pytest.mark.parametrize("seed", range(4))
def test_no_mutant_breaks_a_rule(seed):
    for number in range(120):
        failure = tried(seed, number, SEEDS, timed=False)
        assert failure is None, (failure.number, failure.name, failure.broken)


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_rule_holds_for_the_files_that_mutants_are_made_of(name):
    assert broken(SEEDS[name], timed=False) is None


def test_a_record_with_the_name_of_somebody_else_is_noticed():
    """The sound file has no such record; one whose levels changed places has."""
    for name, data in owners.CROWDS.items():
        assert owners.misattributed(data) is None, name
    swapped = owners.CROWDS["837P"].replace(b"*ASH*", b"*NOBODY*").replace(b"*CEDAR*", b"*ASH*")
    assert owners.misattributed(swapped) is not None


def test_a_failure_is_made_smaller_without_losing_it():
    data = SEEDS["835"]
    assert reduced(data, lambda smaller: b"CAS" in smaller and b"~" in smaller) in (b"CAS~", b"~CAS")
