"""Which authorization a line is under: by day, procedure, region, visits and units; in which order several are used."""

from dataclasses import replace
from datetime import date

import pytest

from services.claims.domain.authorization_ledger import NOTHING_USED, Use, accounts
from services.claims.domain.authorizations import LineNeed, Shortage, allocate, order_of_use, units_under_each
from services.claims.domain.scrubber_input import AuthorizationInput

DAY = date(2026, 5, 4)
GOOD = AuthorizationInput(
    "A-2",
    "auth_2",
    effective_from=date(2026, 1, 1),
    effective_to=date(2026, 12, 31),
    visits_allowed=12,
    visits_used=11,
    units_allowed=24,
    units_used=20,
    procedure_codes=("97124", "97110"),
    regions=frozenset({"cervical", "thoracic"}),
)
NEED = LineNeed("97124", 4, frozenset({"cervical"}))
EXERCISE = LineNeed("97110", 2, frozenset({"cervical"}))
ANY = AuthorizationInput("ANY", "any")


def numbers(authorizations, *needs):
    return [
        one.authorization.number if one.authorization else one.shortage for one in allocate(authorizations, needs, DAY)
    ]


@pytest.mark.parametrize(
    ("other", "shortage"),
    [
        (replace(GOOD, effective_to=date(2026, 5, 3)), Shortage.ON_DAY),
        (replace(GOOD, effective_from=date(2026, 5, 5)), Shortage.ON_DAY),
        (replace(GOOD, status="pending"), Shortage.ON_DAY),
        (replace(GOOD, procedure_codes=("97110",)), Shortage.PROCEDURE),
        (replace(GOOD, regions=frozenset({"lumbar"})), Shortage.REGION),
        (replace(GOOD, visits_used=12), Shortage.VISITS),
        (replace(GOOD, units_used=21), Shortage.UNITS),
    ],
)
def test_an_authorization_that_does_not_fit_is_passed_over_and_alone_it_says_why(other, shortage):
    earlier = replace(other, number="A-1", authorization_id="auth_1")
    assert numbers((earlier, GOOD), NEED) == ["A-2"]
    (found,) = allocate((earlier,), (NEED,), DAY)
    assert (found.authorization, found.shortage, found.closest) == (None, shortage, (earlier,))


def test_its_first_and_its_last_day_count_and_what_it_does_not_limit_is_free():
    assert numbers((replace(GOOD, effective_from=DAY, effective_to=DAY),), NEED) == ["A-2"]
    assert numbers((ANY,), LineNeed("97140", 50, None)) == ["ANY"]
    assert numbers((), NEED) == [Shortage.ON_FILE]
    assert allocate((GOOD,), (), DAY) == ()


def test_a_region_that_is_not_known_is_none_that_it_names():
    assert numbers((GOOD,), replace(NEED, regions=None)) == [Shortage.REGION]
    assert numbers((GOOD,), replace(NEED, regions=frozenset({"cervical", "lumbar"}))) == [Shortage.REGION]
    assert numbers((GOOD,), replace(NEED, regions=frozenset({"cervical", "thoracic"}))) == ["A-2"]


def test_the_reason_is_that_of_the_authorization_that_came_furthest():
    used, other = replace(GOOD, visits_used=12), replace(GOOD, number="A-3", procedure_codes=("97140",))
    (found,) = allocate((other, used), (NEED,), DAY)
    assert (found.shortage, found.closest) == (Shortage.VISITS, (used,))


def test_what_ends_first_is_used_first_and_of_two_that_end_together_what_began_first():
    endless = replace(GOOD, number="endless", effective_to=None)
    soon = replace(GOOD, number="soon", effective_to=date(2026, 6, 1))
    sooner = replace(GOOD, number="sooner", effective_from=date(2025, 12, 1), effective_to=date(2026, 6, 1))
    assert [one.number for one in order_of_use((endless, GOOD, soon, sooner))] == ["sooner", "soon", "A-2", "endless"]
    assert numbers((endless, GOOD, soon), NEED) == ["soon"]
    assert [one.number for one in order_of_use((replace(GOOD, number="Z"), GOOD))] == ["Z", "A-2"]


def test_one_that_covers_the_whole_claim_goes_before_several_that_end_sooner():
    massage = replace(GOOD, number="M", procedure_codes=("97124",), effective_to=date(2026, 6, 1))
    exercise = replace(GOOD, number="E", procedure_codes=("97110",), effective_to=date(2026, 6, 1), units_used=0)
    enough = replace(GOOD, units_used=18)
    assert numbers((massage, exercise, enough), NEED, EXERCISE) == ["A-2", "A-2"]
    assert numbers((massage, exercise, GOOD), NEED, EXERCISE) == ["M", "E"]


def test_a_line_that_few_cover_chooses_before_one_that_many_cover():
    both = replace(GOOD, number="both", authorization_id="b", units_allowed=22, effective_to=date(2026, 6, 1))
    massage = replace(GOOD, number="M", authorization_id="m", procedure_codes=("97124",))
    assert numbers((both, massage), replace(NEED, units=2), EXERCISE) == ["M", "both"]
    assert numbers((both, massage), NEED, EXERCISE) == ["M", "both"]


def test_lines_share_the_units_of_an_authorization():
    assert numbers((replace(GOOD, units_used=18),), NEED, EXERCISE) == ["A-2", "A-2"]
    assert numbers((replace(GOOD, units_used=19),), NEED, EXERCISE) == ["A-2", Shortage.UNITS]


USES = (
    Use("auth_1", "clm_1", date(2026, 4, 1), 1, "97124", 2),
    Use("auth_1", "clm_1", date(2026, 4, 1), 2, "97110", 1),
    Use("ref_1", "clm_1", date(2026, 4, 1)),
    Use("auth_1", "clm_2", date(2026, 4, 1), 1, "97112", 1),
    Use("auth_1", "clm_3", date(2026, 4, 8), 1, "97124", 4),
)


def test_a_visit_is_a_day_and_units_are_those_of_all_lines():
    found = accounts(USES)
    assert set(found) == {"auth_1", "ref_1"}
    account = found["auth_1"]
    assert account.units == 8
    assert [account.visits_beside(date(2026, 4, day)) for day in (1, 8, 9)] == [1, 1, 2]
    assert account.uses == (USES[0], USES[1], USES[3], USES[4])
    assert (found["ref_1"].visits_beside(date(2026, 1, 1)), found["ref_1"].units) == (1, 0)
    assert (NOTHING_USED.visits_beside(date(2026, 1, 1)), NOTHING_USED.units) == (0, 0)


def of_units(number, left):
    return replace(ANY, number=number, authorization_id=number, units_allowed=left + 3, units_used=3)


@pytest.mark.parametrize(
    ("left", "units", "parts"),
    [
        ((2, 2), (4,), ((2, 2),)),
        ((1, 3), (4,), ((1, 3),)),
        ((2, 4), (4,), ((4,),)),
        ((2, 1), (4,), ((4,),)),
        ((0, 2, 2), (3,), ((2, 1),)),
        ((2, 2), (3, 3), ((2, 1), (3,))),
        ((2, 3), (1, 4), ((1,), (1, 3))),
        ((), (4,), ((4,),)),
    ],
)
def test_a_line_is_divided_where_no_authorization_alone_has_its_units_and_some_together_have(left, units, parts):
    some = [of_units(f"A-{place}", one) for place, one in enumerate(left)]
    needs = [LineNeed("97124", one) for one in units]
    assert units_under_each(some, needs, DAY) == parts
