"""Quick tests that a pattern cannot make: relations between elements, check digits.

For each use of a segment that needs them there is one function from its elements to True (all is well) or False (look
at it slowly: `elements` will say what is wrong and how grave it is).
"""

from collections.abc import Callable

from shared.x12.dialect import Dialect
from shared.x12.guides.model import Use
from shared.x12.values import NPIS

Groups = tuple[bytes | None, ...]
Facts = Callable[[Groups], bool]
Rule = tuple[str, tuple[int, ...]]


def facts_for(use: Use, dialect: Dialect) -> Facts | None:
    """The test of a use, or None when its pattern says all."""
    tests: list[Facts] = []
    if use.relations and use.id != "CAS":
        tests.append(relation_test(use.relations))
    if use.id == "CAS":
        tests.append(triplets_whole)
    if use.id == "NM1" and len(use.elements) >= 9 and use.elements[8].usage != "N":
        tests.append(npi_right)
    if use.id == "N1" and use.elements[3].usage != "N":
        tests.append(npi_right_of_payee)
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda groups: all(test(groups) for test in tests)


def relation_test(relations: tuple[Rule, ...]) -> Facts:
    """All relations hold."""
    return lambda groups: all(holds(rule, groups) for rule in relations)


def holds(rule: Rule, groups: Groups) -> bool:
    """One relation between elements, by its letter (see the dictionary)."""
    letter, numbers = rule
    count = len(groups)
    given = [number <= count and bool(groups[number - 1]) for number in numbers]
    match letter:
        case "P":
            return all(given) or not any(given)
        case "R":
            return any(given)
        case "E":
            return sum(given) <= 1
        case "C":
            return not given[0] or all(given[1:])
        case _:
            return not given[0] or any(given[1:])


def triplets_whole(groups: Groups) -> bool:
    """In a CAS every reason has its amount, and no triplet follows an empty one."""
    ended = False
    for index in range(1, len(groups), 3):
        reason, amount = groups[index], groups[index + 1]
        if (reason or b"") == b"" and not amount and not groups[index + 2]:
            ended = True
        elif ended or not reason or not amount:
            return False
    return True


def npi_right(groups: Groups) -> bool:
    """An identifier with the qualifier XX has a right check digit."""
    return len(groups) < 9 or groups[7] != b"XX" or not groups[8] or NPIS[groups[8]]


def npi_right_of_payee(groups: Groups) -> bool:
    """The same in an N1."""
    return len(groups) < 4 or groups[2] != b"XX" or not groups[3] or NPIS[groups[3]]
