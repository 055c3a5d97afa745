"""Appeals between the claims service and the simulator as both are: what the payer decides comes by its own 835."""

from datetime import timedelta

import pytest

from services.clearinghouse.app import build
from shared.settings import SimulatorSettings
from tests.services.claims.appeal_acts import action, decided, press, sent
from tests.services.claims.factories import COVERAGE, a_coverage, a_coverage_bundle
from tests.services.clearinghouse.conftest import Simulator

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
NADIA = {"id": "pat_canary01", "version": 1, "name": {"first": "Nadia", "last": "Whitlock"}, "birth_date": "1984-07-19"}
HOME = {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"}


class Between:
    """Carries the files of one side to the other, and moves both clocks."""

    def __init__(self, scenario, simulator):
        self.scenario, self.simulator, self._seen = scenario, simulator, 0

    def send_denied(self):
        self.scenario.send()
        [file] = self.scenario.clearinghouse.taken
        self.simulator.send(file.encode(), **{"X-Simulator-Scenario": "denied_as_unnecessary"})
        self.days(21)

    def fax(self, name):
        return self.simulator.fax_appeal(self.scenario.number(), **{"X-Simulator-Scenario": name})

    def days(self, days):
        self.scenario.clock.advance(timedelta(days=days))
        self.simulator.advance(days=days)
        messages = self.simulator.messages(after=str(self._seen) if self._seen else "")
        for message in messages:
            self.scenario.clearinghouse.deliver(message["content"], message["kind"])
        self._seen += len(messages)
        self.scenario.run()


@pytest.fixture
def between(scenario, make_settings, run_app, http, clock):
    patient = NADIA | {"sex": "female", "address": HOME}
    coverage = a_coverage(member_id="CMH204417701")
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(patient=patient, coverage=coverage)
    payer = build(make_settings("clearinghouse"), simulator=SimulatorSettings(starts_at=clock.now()))
    found = Between(scenario, Simulator(run_app(payer), http))
    found.send_denied()
    assert (scenario.claim()["outcome"], action(scenario)["kind"]) == ("denied", "appeal")
    return found


@pytest.mark.parametrize(
    ("name", "outcome", "won_cents", "money", "after"),
    [
        ("appeal_overturned", "overturned", 11_300, (11_300, 4_400, 2_500, 0), "bill_patient"),
        ("appeal_partly", "partly_overturned", 7_745, (7_745, 3_255, 2_500, 4_700), "appeal"),
    ],
)
def test_what_is_won_is_paid_by_the_payers_own_remittance(between, name, outcome, won_cents, money, after):
    scenario = between.scenario
    one = sent(scenario)
    assert between.fax(name).status_code == 202
    between.days(31)
    assert (action(scenario)["kind"], scenario.money()) == ("record_appeal_outcome", money)
    today = scenario.clock.now().date()
    assert decided(scenario, one, outcome, today)["won_cents"] == won_cents
    assert action(scenario)["kind"] == after


def test_what_is_upheld_comes_by_letter_and_leads_to_the_next_level(between):
    scenario = between.scenario
    one = sent(scenario)
    between.fax("appeal_upheld")
    between.days(31)
    assert (action(scenario)["kind"], between.simulator.appeal(scenario.number()).json()["decision"]) == (
        "await_appeal",
        "appeal_upheld",
    )
    decided(scenario, one, "upheld", scenario.clock.now().date())
    assert sent(scenario)["level"] == 2


def test_a_silent_payer_answers_once_it_is_pressed(between):
    scenario = between.scenario
    one = sent(scenario)
    between.fax("appeal_silence")
    between.days(61)
    assert action(scenario)["kind"] == "escalate_appeal"
    assert press(scenario, one).status_code == 200
    between.fax("appeal_overturned")
    between.days(31)
    assert (action(scenario)["kind"], scenario.money()) == ("record_appeal_outcome", (11_300, 4_400, 2_500, 0))
