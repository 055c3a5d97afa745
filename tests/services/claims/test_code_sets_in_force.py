"""One set of code lists is in force: what an operator imported judges, is sent and is read back, everywhere alike."""

from datetime import date

import pytest

from services.claims.flows.operator.messages import list_messages, route_part
from shared.codesets import bundled
from shared.codesets.icd10 import read_order_file
from shared.codesets.icd10.order_file import Edition, table_of
from shared.database.operator import Operator
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.conftest import keep_file
from tests.services.claims.factories import COVERAGE, NOTE, a_coverage_bundle, a_note

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
CODES = ("M542", "G4486", "M5498")
IMPORTED_ONLY = "M54.98"


@pytest.fixture(autouse=True)
def edition(settings, neighbours):
    """An imported ICD-10-CM edition with a code that the packaged one does not have, and a note that uses it."""
    rows = [f"{place:05d} {code:<7} 1 {'Pain':<60} Pain" for place, code in enumerate(CODES, 1)]
    imported = Edition(date(2025, 10, 1), date(2026, 9, 30), tuple(read_order_file(rows)))
    keep_file(settings, "icd10.gz", table_of([imported], "test", "2026", {}).packed())
    diagnoses = ["M54.2", IMPORTED_ONLY]
    neighbours.notes[NOTE] = a_note(diagnoses=diagnoses)
    bundle = a_coverage_bundle()
    bundle["referrals"][0]["diagnoses"] = diagnoses
    neighbours.files[COVERAGE] = bundle


def test_the_packaged_edition_does_not_have_the_code():
    assert bundled().diagnosis(IMPORTED_ONLY.replace(".", ""), date(2026, 3, 2)) is False


def test_a_claim_that_the_imported_edition_finds_ready_is_submitted_and_sent(scenario):
    made = scenario.api.create().json()
    assert (made["state"], made["diagnoses"]) == ("ready", ["M54.2", IMPORTED_ONLY])
    answer = scenario.api.submit(made["id"])
    assert (answer.status_code, answer.json().get("state")) == (202, "submitted")
    assert scenario.run().sent == 1
    assert "*ABF:M5498~" in scenario.clearinghouse.taken[0]


def test_a_message_is_read_by_the_imported_edition(scenario):
    """Our own file sent back to us has no fault under the edition in force: only its kind is not known."""
    assert scenario.api.submit(scenario.api.create().json()["id"]).status_code == 202
    scenario.run()
    scenario.clearinghouse.deliver(scenario.clearinghouse.taken[0], "837P")
    scenario.run()
    operator = Operator(scenario.deps.database, scenario.deps.ids, scenario.deps.wall_clock, "Olga Operator")
    (part,) = list_messages(operator)
    route_part(operator, part.id, ORGANIZATION, "It is their own file.")
    scenario.run()
    (message,) = scenario.messages()
    assert (message["state"], [one["code"] for one in message["reasons"]]) == ("quarantined", ["message_kind_unknown"])
