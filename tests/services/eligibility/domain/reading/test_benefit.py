"""What is read from a 271, rule by rule: EB records in, benefit facts out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.eligibility.domain import massage_benefit
from services.eligibility.domain.massage_benefit import MassageBenefit, PlanAmount, VisitLimit
from services.eligibility.domain.reading import read_benefit
from shared import x12
from tests.services.eligibility.domain.conftest import DAY, answer, row, visits_row

ACTIVE_PLAN = row("1", "30", plan="GOLD PPO")
MASSAGE = row("1", "BE")


def read(*rows: x12.BenefitInformation, network: str = "unknown", **parts: Any) -> MassageBenefit:
    return read_benefit([answer(*rows, **parts)], DAY, network)


@pytest.mark.parametrize(
    ("rows", "active", "massage", "service_type"),
    [
        pytest.param((ACTIVE_PLAN,), "active", "unknown", "30", id="active under 30 says nothing of massage"),
        pytest.param((row("1"),), "active", "unknown", "30", id="a row without a service type speaks of the plan"),
        pytest.param((ACTIVE_PLAN, MASSAGE), "active", "covered", "BE", id="active under BE is covered"),
        pytest.param((MASSAGE,), "active", "covered", "BE", id="active under BE alone is an active plan"),
        pytest.param(
            (ACTIVE_PLAN, row("I", "BE")),
            "active",
            "not_covered",
            "BE",
            id="not covered beats active under 30",
        ),
        pytest.param((row("I", "BE"),), "unknown", "not_covered", "BE", id="not covered says nothing of the plan"),
        pytest.param((ACTIVE_PLAN, row("6", "BE")), "active", "not_covered", "BE", id="inactive under BE"),
        pytest.param((row("6", "30"),), "inactive", "unknown", "30", id="inactive plan"),
        pytest.param((ACTIVE_PLAN, row("1", "PT")), "active", "covered", "PT", id="PT answers where BE does not"),
        pytest.param((ACTIVE_PLAN, row("1", "AE")), "active", "covered", "AE", id="AE answers where BE does not"),
        pytest.param((row("I", "PT"), row("1", "AE")), "active", "covered", "AE", id="of PT and AE the active one"),
        pytest.param((row("I", "PT"),), "unknown", "not_covered", "PT", id="not covered under PT"),
        pytest.param((row("1", "PT"), row("I", "BE")), "unknown", "not_covered", "BE", id="BE outranks PT"),
        pytest.param((ACTIVE_PLAN, row("U", "BE")), "active", "unknown", "BE", id="U under BE is unknown"),
        pytest.param((ACTIVE_PLAN, row("V", "BE")), "active", "unknown", "30", id="V under BE is no answer"),
        pytest.param((ACTIVE_PLAN, row("B", "BE")), "active", "unknown", "BE", id="a copay alone is no cover"),
        pytest.param((row("1", "30"), row("6", "30")), "unknown", "unknown", "30", id="a contradiction is unknown"),
        pytest.param((MASSAGE, row("I", "BE")), "active", "unknown", "BE", id="covered and not covered is unknown"),
        pytest.param((row("6", "35"), row("1", "30")), "active", "unknown", "30", id="dental says nothing of the plan"),
        pytest.param((row("1", "98"),), "unknown", "unknown", None, id="an office visit says nothing"),
        pytest.param((), "unknown", "unknown", None, id="no row at all"),
        pytest.param((row("1", "30", "BE"),), "active", "covered", "BE", id="one row for several service types"),
    ],
)
def test_cover_is_read_from_the_best_service_type(
    rows: tuple[x12.BenefitInformation, ...], active: str, massage: str, service_type: str | None
) -> None:
    found = read(*rows)
    assert (found.active, found.massage, found.service_type) == (active, massage, service_type)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((), VisitLimit(), id="nothing said"),
        pytest.param((visits_row("12", "23"), visits_row("5", "29")), VisitLimit(12, 5, 7, "23"), id="used 7"),
        pytest.param((visits_row("12", "23"),), VisitLimit(12, None, None, "23"), id="limit alone"),
        pytest.param((visits_row("5", "29"),), VisitLimit(None, 5, None, None), id="remaining alone"),
        pytest.param((visits_row("12", "23"), visits_row("12", "24")), VisitLimit(12, 0, 12, "23"), id="used so far"),
        pytest.param((visits_row("20", "22"), visits_row("0", "29")), VisitLimit(20, 0, 20, "22"), id="none left"),
        pytest.param((visits_row("12", ""),), VisitLimit(12, None, None, None), id="a limit without a period"),
        pytest.param((visits_row("1", "7"), visits_row("12", "23")), VisitLimit(12, None, None, "23"), id="one a day"),
        pytest.param((visits_row("60", "32"), visits_row("40", "33")), VisitLimit(60, 40, 20, "32"), id="for life"),
        pytest.param((visits_row("12", "23", "30"),), VisitLimit(), id="a limit of the plan is not massage's"),
        pytest.param((row("F", "BE", quantity_qualifier="DY", quantity="12"),), VisitLimit(), id="days are not visits"),
        pytest.param((visits_row("12.5", "23"),), VisitLimit(), id="half a visit cannot be"),
        pytest.param((visits_row("-1", "29"),), VisitLimit(), id="less than none cannot be"),
        pytest.param((visits_row("12", "23"), visits_row("24", "23")), VisitLimit(), id="two limits are none"),
        pytest.param((visits_row("5", "23"), visits_row("12", "29")), VisitLimit(5, None, None, "23"), id="more left"),
    ],
)
def test_visits_are_never_guessed(rows: tuple[x12.BenefitInformation, ...], expected: VisitLimit) -> None:
    assert read(MASSAGE, *rows).visits == expected


def test_visits_are_read_from_hsd_too() -> None:
    limit = x12.ServiceDelivery(quantity_qualifier="VS", quantity=Decimal(12), period_qualifier="23")
    left = x12.ServiceDelivery(quantity_qualifier="VS", quantity=Decimal(5), period_qualifier="29")
    found = read(MASSAGE, row("F", "BE", deliveries=(limit,)), row("F", "BE", deliveries=(left,)))
    assert found.visits == VisitLimit(12, 5, 7, "23")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param((), PlanAmount(), id="nothing said"),
        pytest.param((("23", 150000), ("29", 10000)), PlanAmount(150000, 10000, "23"), id="total and remaining"),
        pytest.param((("29", 0),), PlanAmount(None, 0, None), id="nothing left"),
        pytest.param((("22", 50000), ("24", 20000)), PlanAmount(50000, 30000, "22"), id="met so far"),
        pytest.param((("23", 50000), ("24", 60000)), PlanAmount(50000, 0, "23"), id="met more than there is"),
        pytest.param((("23", 50000), ("23", 70000)), PlanAmount(None, None, None), id="two totals are none"),
        pytest.param((("23", 50000), ("29", 60000)), PlanAmount(50000, None, "23"), id="more left than there was"),
        pytest.param((("23", -1),), PlanAmount(), id="less than nothing cannot be"),
        pytest.param((("23", 10**12),), PlanAmount(), id="ten billion dollars cannot be"),
    ],
)
def test_a_deductible_is_total_and_what_is_left(rows: tuple[tuple[str, int], ...], expected: PlanAmount) -> None:
    money = [row("C", "BE", coverage_level="IND", time_period=period, amount_cents=cents) for period, cents in rows]
    assert read(MASSAGE, *money).deductible_individual == expected


def test_the_plans_deductible_serves_where_massage_has_none_of_its_own() -> None:
    plan = row("C", "30", coverage_level="IND", time_period="23", amount_cents=50000)
    own = row("C", "BE", coverage_level="IND", time_period="23", amount_cents=10000)
    assert read(ACTIVE_PLAN, MASSAGE, plan).deductible_individual.total_cents == 50000
    assert read(ACTIVE_PLAN, MASSAGE, plan, own).deductible_individual.total_cents == 10000


def test_family_and_out_of_pocket_are_kept_apart() -> None:
    found = read(
        MASSAGE,
        row("C", "BE", coverage_level="FAM", time_period="23", amount_cents=1),
        row("G", "BE", coverage_level="IND", time_period="23", amount_cents=2),
        row("G", "BE", coverage_level="FAM", time_period="29", amount_cents=3),
    )
    assert found.deductible_individual == PlanAmount()
    assert found.deductible_family == PlanAmount(1, None, "23")
    assert found.out_of_pocket_individual == PlanAmount(2, None, "23")
    assert found.out_of_pocket_family == PlanAmount(None, 3, None)


def test_copay_and_coinsurance_are_massages_own() -> None:
    own = (row("B", "BE", time_period="27", amount_cents=2500), row("A", "BE", percent="0.2"))
    found = read(MASSAGE, *own, row("B", "30", amount_cents=9900), row("A", "30", percent="0.5"))
    assert (found.copay_cents, found.coinsurance_basis_points) == (2500, 2000)
    plan_only = read(ACTIVE_PLAN, row("B", "30", amount_cents=9900), row("A", "30", percent="0.5"))
    assert (plan_only.copay_cents, plan_only.coinsurance_basis_points) == (None, None)


@pytest.mark.parametrize("percent", ["20", "-0.1", "0.00001", "NaN"])
def test_a_coinsurance_that_cannot_be_is_unknown_and_a_doubt(percent: str) -> None:
    found = read(MASSAGE, row("A", "BE", percent=percent))
    assert found.coinsurance_basis_points is None
    assert massage_benefit.OUT_OF_RANGE in found.doubts


@pytest.mark.parametrize(
    ("said", "expected"),
    [(("Y",), "required"), (("N",), "not_required"), (("U",), "unknown"), (("",), "unknown"), (("Y", "N"), "unknown"),
     (("Y", ""), "required"), (("Y", "U"), "unknown")],
)  # fmt: skip
def test_an_absent_authorization_is_unknown_never_no(said: tuple[str, ...], expected: str) -> None:
    assert read(*(row("1", "BE", authorization=sign) for sign in said)).authorization == expected


def test_an_authorization_said_of_the_plan_is_not_massages() -> None:
    assert read(row("1", "30", authorization="N")).authorization == "unknown"


@pytest.mark.parametrize(
    ("said", "expected"),
    [(("Y",), "in"), (("N",), "out"), (("W",), "both"), (("Y", "N"), "both"), (("U",), "unknown"), (("",), "unknown")],
)
def test_eb12_w_is_both_sides_of_the_network(said: tuple[str, ...], expected: str) -> None:
    assert read(*(row("1", "BE", in_network=sign) for sign in said)).network == expected


def test_the_practices_side_of_the_network_decides_which_rows_are_read() -> None:
    rows = (
        row("1", "BE", in_network="W"),
        row("B", "BE", amount_cents=2000, in_network="Y"),
        row("B", "BE", amount_cents=6000, in_network="N"),
    )
    assert read(*rows, network="in").copay_cents == 2000
    assert read(*rows, network="out").copay_cents == 6000
    unsure = read(*rows, network="unknown")
    assert unsure.copay_cents is None
    assert massage_benefit.NETWORK_DECIDES in unsure.doubts


def test_not_covered_out_of_network_does_not_touch_a_practice_in_network() -> None:
    rows = (row("1", "BE", in_network="Y"), row("I", "BE", in_network="N"))
    assert read(*rows, network="in").massage == "covered"
    assert read(*rows, network="out").massage == "not_covered"
    assert read(*rows).massage == "unknown"


def test_messages_are_kept_and_a_limit_that_is_only_text_is_a_doubt() -> None:
    text = "COMBINED PT/OT/MASSAGE 30 VISITS PER YEAR"
    found = read(row("1", "BE", messages=(text, " ", text)), row("1", "35", messages=("TEETH",)))
    assert found.messages == (text,)
    assert massage_benefit.LIMIT_IN_TEXT in found.doubts
    with_limit = read(row("1", "BE", messages=(text,)), visits_row("30", "23"))
    assert massage_benefit.LIMIT_IN_TEXT not in with_limit.doubts


def test_messages_have_a_limit_in_number_and_length() -> None:
    found = read(*(row("1", "BE", messages=(f"{number} " + "X" * 400,)) for number in range(80)))
    assert len(found.messages) == 50
    assert max(map(len, found.messages)) == 264


def test_another_payer_and_a_wish_to_be_asked_are_doubts() -> None:
    found = read(row("1", "BE"), row("U", "BE"), row("R", "30"))
    assert {massage_benefit.OTHER_PAYER, massage_benefit.ASK_THE_PAYER} <= found.doubts


def member(*dates: x12.DatePeriod) -> x12.Member:
    return x12.Member(party=x12.Party(entity="IL", kind="1"), dates=dates)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param((("346", date(2026, 1, 1), None),), (date(2026, 1, 1), None), id="plan begins"),
        pytest.param(
            (("346", date(2026, 1, 1), None), ("347", date(2026, 12, 31), None)),
            (date(2026, 1, 1), date(2026, 12, 31)),
            id="plan begins and ends",
        ),
        pytest.param(
            (("291", date(2026, 1, 1), date(2026, 12, 31)),),
            (date(2026, 1, 1), date(2026, 12, 31)),
            id="plan as a period",
        ),
        pytest.param((("291", DAY, None),), (None, None), id="the day asked about, sent back"),
    ],
)
def test_plan_dates(dates: tuple[Any, ...], expected: tuple[date | None, date | None]) -> None:
    periods = tuple(x12.DatePeriod(qualifier=q, start=start, end=end) for q, start, end in dates)
    found = read(MASSAGE, subscriber=member(*periods))
    assert (found.effective_from, found.effective_to) == expected


def test_active_on_dates_that_do_not_hold_the_day_is_unknown() -> None:
    ended = x12.DatePeriod(qualifier="347", start=date(2026, 3, 1))
    found = read(ACTIVE_PLAN, MASSAGE, subscriber=member(ended))
    assert found.active == "unknown"
    assert massage_benefit.CONTRADICTION in found.doubts


def test_the_plans_name_is_that_of_the_active_row() -> None:
    assert read(ACTIVE_PLAN, MASSAGE).plan_name == "GOLD PPO"
    assert read(row("6", "30", plan="OLD")).plan_name is None


def test_several_answers_are_read_together_and_the_best_service_type_wins() -> None:
    found = read_benefit([answer(ACTIVE_PLAN), answer(ACTIVE_PLAN, row("1", "AE", authorization="N"))], DAY, "in")
    assert (found.service_type, found.massage, found.authorization) == ("AE", "covered", "not_required")
    assert found.doubts == frozenset()


def test_the_dependents_dates_count_where_there_is_one() -> None:
    ends = x12.DatePeriod(qualifier="347", start=date(2026, 12, 31))
    dependent = x12.Member(party=x12.Party(entity="03", kind="1"), dates=(ends,))
    assert read(MASSAGE, dependent=dependent).effective_to == date(2026, 12, 31)
