"""Right claims come out clean, and their near misses are found, through the public API: the rules look at facts."""

import pytest

from tests.journeys.claim_rules.baselines import BASELINES
from tests.journeys.claim_rules.office import merged
from tests.journeys.claim_rules.right_claims import ALL_VISITS

QUIET = "info"


@pytest.mark.parametrize("visit", ALL_VISITS, ids=str)
def test_a_visit_is_found_for_what_it_is(open_office, visit):
    whole = merged(BASELINES[visit.baseline], visit.facts)
    office = open_office(alone="practice" in visit.facts or "fees" in visit.facts)
    for change in visit.earlier:
        office.bill(merged(whole, change))
    claim = office.bill(whole)
    found = {finding["code"] for finding in claim["findings"] if finding["severity"] != QUIET}
    assert (found, claim["state"]) == (visit.found, visit.state), claim["findings"]
