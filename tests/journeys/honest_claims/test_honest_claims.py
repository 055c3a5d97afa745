"""What an honest clinic bills is let through, next to none with a warning; what a coder would catch is caught.

The tables are visits as a coder would know them, of every program and discipline. A warning that is right for one of
them is written there with its reason; all others are too many.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import load
from shared.codesets.npi import npi_valid
from tests.harness.databases import sqlite_url
from tests.harness.running import Ports, RunningApp
from tests.journeys.honest_claims.clinic import Clinic
from tests.journeys.honest_claims.clinics import ADDRESSES, PAYERS
from tests.journeys.honest_claims.visit import TAXONOMIES, Visit, visits_in
from tests.journeys.whole import whole

HERE = Path(__file__).parent
VISITS = [visit for table in sorted(HERE.glob("*.txt")) for visit in visits_in(table)]
WRONG = [visit for table in sorted((HERE / "wrong").glob("*.txt")) for visit in visits_in(table)]
LEAST, MOST_WARNED, LEAST_WRONG = 300, 0.02, 120
DEFENDED: dict[str, dict[str, str]] = {
    "A whiplash of long ago that was settled": {
        "injury_without_accident": "nobody but the patient knows that no other insurer is open: it must be asked once"
    },
    "Seventy-five minutes for the whole body": {
        "units_unlikely": "plans that follow Medicare deny the fifth quarter hour, and the note decides the appeal",
        "edits_older_than_service": "the limit that it is above is that of an edition whose quarter is over",
    },
}
"""Warnings that are right for a claim that is: by its sentence, the rule and why the biller should be asked."""


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Clinic]]:
    folder = tmp_path_factory.mktemp("honest_claims")
    ports, running = Ports(), list[RunningApp]()

    def run_app(app: object, *, at: str) -> str:
        running.append(RunningApp(app, ports.take(at)))
        running[-1].start()
        return at

    urls = whole(folder, load(), lambda service: sqlite_url(folder, service), ports.reserve, run_app)
    with urls as everything, httpx.Client(timeout=30, trust_env=False) as http:
        npis = (npi for number in count(1_500_000_000) if npi_valid(npi := str(number)))

        def clinic_in(state: str) -> Clinic:
            client: Any = everything.make_client(f"Salal Street Clinic of {state}")
            return Clinic(
                Ehr(everything.urls, client.id, client.secret, http), next(npis), ADDRESSES[state], PAYERS[state]
            )

        yield {state: clinic_in(state) for state in ADDRESSES}
    for app in running:
        app.ask_to_stop()
    for app in reversed(running):
        app.stop()
    ports.close()


@pytest.fixture(scope="module")
def checked(clinics):
    """Each visit with the answer of its check."""
    return [(visit, clinics[visit.state].check(visit)) for visit in VISITS]


def told(visit: Visit, answer: Any, severity: str) -> str:
    found = [f"{one['code']}: {one['message']}" for one in answer["findings"] if one["severity"] == severity]
    return f"{visit.state} {visit.discipline} {visit.payer}: {visit.sentence} -> {'; '.join(found)}"


def warnings(answer: Any) -> set[str]:
    return {finding["code"] for finding in answer["findings"] if finding["severity"] == "warn"}


def none_of(offenders: list[str]) -> None:
    """Every one of them is shown."""
    if offenders:
        pytest.fail("\n".join(offenders), pytrace=False)


def test_no_honest_claim_is_blocked(checked):
    none_of([told(visit, answer, "block") for visit, answer in checked if answer["state"] != "ready"])


def test_each_warning_of_an_honest_claim_is_defended_and_they_are_few(checked):
    warned = {visit.sentence: (visit, answer) for visit, answer in checked if warnings(answer)}
    none_of(
        [
            told(visit, answer, "warn")
            for sentence, (visit, answer) in warned.items()
            if warnings(answer) != DEFENDED.get(sentence, {}).keys()
        ]
    )
    assert warned.keys() == DEFENDED.keys(), "a warning that is defended does not come"
    assert len(warned) <= MOST_WARNED * len(checked)


def test_every_honest_claim_bills_each_technique_that_is_not_left_off(checked):
    for visit, answer in checked:
        done = {technique["procedure_code"] for technique in visit.techniques}
        assert {line["procedure_code"] for line in answer["lines"]} == done - set(visit.options.get("off", ())), visit
        assert answer["charge_cents"] > 0, visit


def test_there_are_three_hundred_of_every_discipline_and_no_two_are_the_same():
    none_of([sentence for sentence, times in Counter(visit.sentence for visit in VISITS).items() if times > 1])
    assert len(VISITS) >= LEAST
    assert {visit.discipline for visit in VISITS} == TAXONOMIES.keys()


def test_each_wrong_claim_is_caught_by_its_rule_with_a_sentence_and_a_fix(clinics):
    clean = []
    for visit in WRONG:
        answer = clinics[visit.state].check(visit)
        found = [one for one in answer["findings"] if one["code"] == visit.caught_by and one["severity"] != "info"]
        if not any(one["message"] and one["fix"] and one["source"] for one in found):
            others = [f"{one['code']} ({one['severity']})" for one in answer["findings"]]
            clean.append(f"{visit.state} {visit.sentence}: not {visit.caught_by}, but {others}")
    none_of(clean)
    assert len(WRONG) >= LEAST_WRONG
