"""What a payer says of a plan that no sample payer has."""

from datetime import date

from services.clearinghouse.domain.accumulators import Used
from services.clearinghouse.domain.messages.eligibility_response import benefits_of
from tests.services.clearinghouse.factories import with_plan
from tests.services.clearinghouse.x12_files import NADIA, question

DAY = date(2026, 4, 20)


def test_a_plan_without_massage_is_active_and_massage_is_not_covered():
    payer = with_plan(massage_covered=False, service_types=("BE", "30"))
    member = payer.members[0]
    response = benefits_of(payer, member, Used(member, 2026, False), question(NADIA, "BE", day=DAY), DAY)
    assert [(one.information, one.coverage_level, one.service_types, one.plan) for one in response.benefits[:2]] == [
        ("1", "IND", ("30",), "PLAN"),
        ("I", "IND", ("BE",), ""),
    ]
