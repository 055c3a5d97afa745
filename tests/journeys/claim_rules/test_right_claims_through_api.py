"""Right claims come out clean, and their near misses are found, through the public API: the rules look at facts."""

import pytest

from services.cli.demo.ehr import DemoFailed
from tests.journeys.claim_rules.baselines import BASELINES, work
from tests.journeys.claim_rules.case import new_note
from tests.journeys.claim_rules.near_misses import NEAR_MISSES
from tests.journeys.claim_rules.office import merged
from tests.journeys.claim_rules.right_claims import ALL_VISITS, BOTH, PAID_TO_MASSAGE

QUIET = "info"


@pytest.mark.parametrize("visit", (*ALL_VISITS, *NEAR_MISSES), ids=str)
def test_a_visit_is_found_for_what_it_is(open_office, visit):
    whole = merged(BASELINES[visit.baseline], visit.facts)
    office = open_office(alone="practice" in visit.facts or "fees" in visit.facts)
    for change in visit.earlier:
        office.bill(merged(whole, change))
    claim = office.bill(whole)
    found = {finding["code"] for finding in claim["findings"] if finding["severity"] != QUIET}
    assert (found, claim["state"]) == (visit.found, visit.state), claim["findings"]


def test_a_payer_that_has_not_said_what_it_does_with_two_procedures_may_be_answered_for(open_office):
    """That Medicare never pays 97124 with 97140 binds Medicare; of a commercial plan it is presumed."""
    office = open_office()
    office.bill(merged(BASELINES["commercial"], merged(PAID_TO_MASSAGE, BOTH)))
    claim = office.override("pair_never_together", "/claim/lines/1/procedure_code")
    assert claim["state"] == "ready"
    assert [line["procedure_code"] for line in claim["lines"]] == ["97140", "97124"]
    assert office.change({"payer": {"ncci_edits": True}})["state"] == "blocked"


def test_no_code_vanishes_from_a_claim_by_an_override(open_office):
    office = open_office()
    office.bill(merged(BASELINES["commercial"], new_note(techniques=[work("97124", 30), work("97999", 10)])))
    with pytest.raises(DemoFailed, match="allows no override"):
        office.override("technique_unknown", "/note/techniques/1/procedure_code")
