"""What callers put is what they read: a member of one shape and not of the other would be lost without a word."""

import pytest

from services.eligibility.flows.resource_types import AUTHORIZATION, COVERAGE, PATIENT, PAYER, REFERRAL

RESOURCE_TYPES = (PATIENT, PAYER, COVERAGE, AUTHORIZATION, REFERRAL)


@pytest.mark.parametrize("resource_type", RESOURCE_TYPES, ids=lambda one: one.view.__name__)
def test_a_record_is_read_with_every_member_that_was_put(resource_type):
    put = set(resource_type.command.model_fields) - {"actor"}
    assert set(resource_type.view.model_fields) == put | {"id", "version"}
