"""The closed list of next actions: all that the code can produce are in it, and each names an operation there is."""

import json
import re

import pytest

from services.claims.domain.adjustment_decisions import GROUPS, REASONS, REMARKS, UNLISTED
from services.claims.domain.next_action_kinds import BILLER, DATED_BY_US, KINDS, THERAPIST, WAITS
from services.claims.domain.payer_responses import URGENCY
from services.cli.openapi import FOLDER

WITHOUT_AN_ACT_YET: set[str] = set()
FACTS = {"kind", "rule", "pointer", "therapist_id", "subject_id"}
OPERATIONS = [row for row in KINDS.values() if row.operation is not None]


def test_every_action_that_a_payers_adjustment_asks_for_is_in_the_list():
    decided = [one for row in REASONS for one in row.by_group.values()]
    asked = {one.next_action for one in (*GROUPS.values(), *UNLISTED.values(), *decided)}
    asked |= {row.next_action for row in REMARKS if row.next_action}
    assert asked <= KINDS.keys()
    assert {*URGENCY, *WAITS, *DATED_BY_US} <= KINDS.keys()


def test_what_a_person_owns_has_an_operation_but_for_a_named_few():
    without = {row.kind for row in KINDS.values() if row.owner in (BILLER, THERAPIST) and row.operation is None}
    assert without == WITHOUT_AN_ACT_YET


@pytest.mark.parametrize("row", OPERATIONS, ids=[row.kind for row in OPERATIONS])
def test_each_operation_is_in_the_openapi_and_takes_the_body_that_is_made_for_it(row):
    operation = row.operation
    document = json.loads((FOLDER / f"{operation.service}.json").read_text())
    names = {re.sub(r"\{\w+\}", "{}", path): methods for path, methods in document["paths"].items()}
    found = names[re.sub(r"\{\w+\}", "{}", operation.path)][operation.method.lower()]
    assert found["operationId"] == operation.operation_id
    reference = found["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = document["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    given = {*operation.body, *operation.needs}
    assert given <= schema["properties"].keys()
    assert set(schema.get("required", ())) <= given
    assert set(operation.body.values()) <= FACTS
