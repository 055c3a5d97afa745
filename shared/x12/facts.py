"""Quick tests that a pattern cannot make: relations between elements, check digits.

For each use of a segment that needs them there is one function from its elements to True (all is well) or False (look
at it slowly: `elements` will say what is wrong and how grave it is).
"""

from collections.abc import Callable

from shared.x12.guides.model import Use
from shared.x12.values import NPIS

Groups = tuple[bytes | None, ...]
Facts = Callable[[Groups], bool]
Rule = tuple[str, tuple[int, ...]]


def facts_for(use: Use) -> Facts | None:
    """The test of a use, or None when its pattern says all."""
    tests: list[Facts] = []
    relations = tuple(rule for rule in use.relations if use.id != "CAS" and not in_pattern(rule))
    if relations:
        tests.append(relation_test(relations))
    if use.id == "NM1" and may_be_npi(use, 8):
        tests.append(npi_right)
    if use.id == "N1" and may_be_npi(use, 3):
        tests.append(npi_right_of_payee)
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda groups: all(test(groups) for test in tests)


def in_pattern(rule: Rule) -> bool:
    """A pair of neighbours that come together or not at all is part of the pattern."""
    letter, numbers = rule
    return letter == "P" and len(numbers) == 2 and numbers[1] == numbers[0] + 1


def may_be_npi(use: Use, number: int) -> bool:
    """The guide allows the qualifier XX in this element."""
    qualifier = use.elements[number - 1]
    return qualifier.usage != "N" and (not qualifier.codes or "XX" in qualifier.codes)


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


def npi_right(groups: Groups) -> bool:
    """An identifier with the qualifier XX has a right check digit."""
    return len(groups) < 9 or groups[7] != b"XX" or not groups[8] or NPIS[groups[8]]


def npi_right_of_payee(groups: Groups) -> bool:
    """The same in an N1."""
    return len(groups) < 4 or groups[2] != b"XX" or not groups[3] or NPIS[groups[3]]
