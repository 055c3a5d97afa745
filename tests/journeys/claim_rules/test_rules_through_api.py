"""Every rule of the catalogue finds something through the public HTTP API, and what its fix names makes it go away.

A rule that no case shows is no rule: it fails here. The visit that fires it, the acts that mend it and what stands
beside it are in the tables of cases. A fix must say what the acts do: it names every member that they change.
"""

import json
import re

import pytest

from services.claims.domain.rules import RULES, RULES_BY_CODE
from services.cli.openapi import documents
from tests.journeys.claim_rules.authorization_cases import AUTHORIZATION_CASES
from tests.journeys.claim_rules.baselines import BASELINES
from tests.journeys.claim_rules.case import Case, nothing, override, submit, void
from tests.journeys.claim_rules.diagnosis_cases import DIAGNOSIS_CASES
from tests.journeys.claim_rules.history_cases import HISTORY_CASES
from tests.journeys.claim_rules.liability_cases import LIABILITY_CASES
from tests.journeys.claim_rules.named_acts import unnamed
from tests.journeys.claim_rules.office import Claim, merged
from tests.journeys.claim_rules.payment_cases import PAYMENT_CASES
from tests.journeys.claim_rules.people_cases import PEOPLE_CASES
from tests.journeys.claim_rules.permission_cases import PERMISSION_CASES
from tests.journeys.claim_rules.scope_cases import SCOPE_CASES
from tests.journeys.claim_rules.visit_cases import VISIT_CASES

CASES = (
    *AUTHORIZATION_CASES,
    *VISIT_CASES,
    *DIAGNOSIS_CASES,
    *PAYMENT_CASES,
    *PEOPLE_CASES,
    *PERMISSION_CASES,
    *HISTORY_CASES,
    *SCOPE_CASES,
    *LIABILITY_CASES,
)
OF_THE_ORGANIZATION = {"practice", "fees"}
SENT = (submit, nothing)
FIELD_OR_ROUTE = re.compile(r"`([a-z_]+)`|(/v1/\S*)")


def cases_of(code: str) -> list[object]:
    """A parameter for each case of the rule; one that fails where there is none."""
    found = [case for case in CASES if case.code == code]
    return [pytest.param(code, case, id=str(case)) for case in found] or [pytest.param(code, None, id=code)]


AFTER_AN_ANSWER = {"corrected_claim_too_late", "replacement_without_payer_number"}
"""A payer has to have answered before these: tests/services/claims/test_corrected_claims.py goes there by the API."""
EVERY_RULE = [parameter for rule in RULES if rule.code not in AFTER_AN_ANSWER for parameter in cases_of(rule.code)]


OLDER_EDITS = "edits_older_than_service"
"""The packaged edits are older than all these visits: this stands beside whatever is judged by them."""


def rules_of(claim: Claim) -> frozenset[str]:
    return frozenset(finding["code"] for finding in claim["findings"]) - {OLDER_EDITS}


@pytest.mark.parametrize("name", BASELINES)
def test_a_visit_of_each_kind_of_payer_has_no_finding_and_is_ready(open_office, name):
    claim = open_office().bill(BASELINES[name])
    assert (claim["findings"], claim["state"]) == ([], "ready")


@pytest.mark.parametrize(("code", "case"), EVERY_RULE)
def test_a_rule_fires_and_is_satisfied(open_office, code, case):
    assert case is not None, f"{code} has no case: show how it fires and is satisfied, or delete the rule"
    broken_visit = merged(BASELINES[case.baseline], case.breaks)
    office = open_office(alone=bool(OF_THE_ORGANIZATION & case.breaks.keys()))
    for change in case.earlier:
        office.bill(merged(broken_visit, change))

    broken = office.bill(broken_visit)
    rule = RULES_BY_CODE[code]
    severity = case.severity or rule.severity.value
    found = [finding for finding in broken["findings"] if finding["code"] == code]
    assert [(one["severity"], one["pointer"]) for one in found] == [(severity, case.pointer)]
    assert found[0]["message"].strip() and found[0]["fix"].strip() and found[0]["source"].strip()
    assert rules_of(broken) - {code} == case.beside
    blocked = any(finding["severity"] == "block" for finding in broken["findings"])
    assert broken["state"] == ("blocked" if blocked else "ready")

    mended = broken
    for act in case.acts:
        assert unnamed(found[0]["fix"], act, office.facts) == [], found[0]["fix"]
        mended = act(office, case)
    check_mended(case, mended)
    if case.submitted:
        assert office.submit()["state"] == "submitted"


@pytest.fixture(scope="module")
def served():
    """Every name of a member and every route of the services' OpenAPI documents."""
    found: set[str] = set()
    for text in documents().values():
        document = json.loads(text)
        found.update(document["paths"])
        for schema in document["components"]["schemas"].values():
            found.update(schema.get("properties", {}))
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_fix_names_an_act_and_no_member_or_route_that_is_not_served(served, rule):
    """A signed note takes no addendum here, and what a fix calls by name must be there."""
    assert len(rule.fix.split()) >= 3
    assert "addendum" not in rule.fix.lower()
    assert [name for names in FIELD_OR_ROUTE.findall(rule.fix) for name in names if name and name not in served] == []


def check_mended(case: Case, claim: Claim) -> None:
    """It is gone; or it was answered for, or the claim is sent or void, where that is what the fix says."""
    last = case.acts[-1]
    if last is void:
        assert (claim["state"], claim["next_action"]["kind"]) == ("voided", "none")
    elif last in SENT:
        assert claim["state"] == "submitted"
    else:
        assert rules_of(claim) == case.leaves
        answered = {finding["code"] for finding in claim["findings"] if finding["overridden_by"]}
        assert answered == ({case.code} if last is override else set())
        open_blocks = [f for f in claim["findings"] if f["severity"] == "block" and not f["overridden_by"]]
        assert claim["state"] == ("blocked" if open_blocks else "ready")
