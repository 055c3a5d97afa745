"""No resend within 90 seconds (CAQH CORE), by the wall clock, and none held back that surely did not arrive."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlmodel import select

from services.eligibility.clients import NoAnswer
from services.eligibility.flows.checking import check_eligibility
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.records import put
from services.eligibility.flows.resource_types import COVERAGE as COVERAGE_KIND
from services.eligibility.flows.resource_types import PATIENT as PATIENT_KIND
from services.eligibility.flows.resource_types import PAYER as PAYER_KIND
from services.eligibility.store import CheckRow
from shared import x12
from shared.clocks import SetClock
from shared.contracts.eligibility import CoveragePut, PatientPut, PayerPut
from shared.contracts.eligibility_checks import CheckCreate
from shared.database import Database
from shared.database.migrating import migrate
from shared.errors import Conflict, Unavailable
from shared.ids import Ids
from shared.security.caller import Caller
from shared.versions import UNCONDITIONAL
from shared.wire.trading_partner import TradingPartner, TradingPartners
from tests.harness.clocks import STARTS_AT
from tests.harness.tokens import ORGANIZATION, ZONE
from tests.services.eligibility.conftest import COVERAGE, PATIENT, PAYER, a_check, a_coverage, a_patient, a_payer
from tests.services.eligibility.fake_clearinghouse import write_271

WHO = Caller(ORGANIZATION, "cli_test0001", ZONE, frozenset())

PARTNERS = TradingPartners(
    TradingPartner(sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("a-password-of-the-tests"))
)


class Line:
    """A clearinghouse that fails as it is told, and answers otherwise."""

    def __init__(self) -> None:
        self.fails: NoAnswer | None = None
        self.asked = 0

    def eligibility(self, _partner: TradingPartner, question: bytes) -> bytes:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        inquiry = x12.read_all(question).transactions[0].records[0]
        assert isinstance(inquiry, x12.EligibilityInquiry)
        return write_271(inquiry, (x12.BenefitInformation(information="1", service_types=("BE",)),))


@pytest.fixture
def wall() -> SetClock:
    return SetClock(STARTS_AT)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def ask(database: Database, clock: SetClock, wall: SetClock, ids: Ids, line: Line) -> Callable[..., str]:
    """`ask()` makes one check and answers its status."""
    migrate(database, "eligibility")
    deps = Dependencies(database, clock, wall, ids, line, PARTNERS, timedelta(seconds=90))
    put(deps, database, WHO, PATIENT_KIND, PATIENT, PatientPut(**a_patient()), precondition=UNCONDITIONAL)
    put(deps, database, WHO, PAYER_KIND, PAYER, PayerPut(**a_payer()), precondition=UNCONDITIONAL)
    put(deps, database, WHO, COVERAGE_KIND, COVERAGE, CoveragePut(**a_coverage()), precondition=UNCONDITIONAL)

    def once(caller: Caller = WHO) -> str:
        return check_eligibility(deps, database, caller, CheckCreate(**a_check())).status

    return once


def test_the_same_may_be_asked_again_90_seconds_after_silence(
    ask: Callable[..., str], wall: SetClock, line: Line
) -> None:
    line.fails = NoAnswer("no_answer", delivered=True)
    with pytest.raises(Unavailable):
        ask()
    line.fails = None
    wall.advance(timedelta(seconds=89))
    with pytest.raises(Conflict) as refused:
        ask()
    assert (refused.value.problem_code, refused.value.headers) == ("resend_too_soon", {"Retry-After": "1"})
    wall.advance(timedelta(seconds=1))
    assert ask() == "answered"
    assert line.asked == 2


@pytest.mark.parametrize("jump", [timedelta(days=4_000), timedelta(days=-1)], ids=["2037", "a day behind"])
def test_a_question_of_a_clock_that_was_wrong_holds_nobody_back_when_it_is_right(
    ask: Callable[..., str], wall: SetClock, line: Line, jump: timedelta
) -> None:
    line.fails = NoAnswer("no_answer", delivered=True)
    wall.advance(jump)
    with pytest.raises(Unavailable):
        ask()
    line.fails = None
    wall.advance(-jump)
    assert ask() == "answered"


def test_what_did_not_arrive_may_be_asked_again_at_once(ask: Callable[..., str], line: Line) -> None:
    line.fails = NoAnswer("unreachable", delivered=False)
    with pytest.raises(Unavailable) as failure:
        ask()
    assert failure.value.headers == {"Retry-After": "5"}
    line.fails = None
    assert ask() == "answered"


def test_what_was_answered_may_be_asked_again_at_once(ask: Callable[..., str], line: Line) -> None:
    assert [ask(), ask()] == ["answered", "answered"]
    assert line.asked == 2


def test_the_day_asked_about_is_the_practices_today(
    ask: Callable[..., str], database: Database, clock: SetClock
) -> None:
    clock.advance(timedelta(hours=14))
    ask()
    ask(replace(WHO, time_zone="Europe/Berlin"))
    with database.reading() as session:
        rows = sorted(session.exec(select(CheckRow)).all(), key=lambda row: row.id)
    assert [row.service_date.isoformat() for row in rows] == ["2026-03-02", "2026-03-03"]
