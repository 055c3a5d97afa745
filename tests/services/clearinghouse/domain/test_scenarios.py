"""Scenarios are found by name and by member id, and a wrong name is refused."""

import pytest

from services.clearinghouse.domain.messages.remittance_forms import FORMS
from services.clearinghouse.domain.scenarios import (
    LOSE_REPLY,
    REJECT_277CA,
    REMITTANCE_FORMS,
    SCENARIOS,
    UNBALANCED_835,
    UnknownScenario,
    named,
    split_member_id,
)


def test_every_form_of_a_remittance_is_a_scenario_of_the_list():
    assert set(FORMS) == {UNBALANCED_835.name, *(one.name for one in REMITTANCE_FORMS)}


def test_no_header_asks_for_nothing_and_several_are_joined_by_plus():
    assert named("") == ()
    assert named("lose_reply+unbalanced_835") == (LOSE_REPLY, UNBALANCED_835)


@pytest.mark.parametrize("header", ["lose_replies", "lose_reply+", "LOSE_REPLY", "+".join(["timeout"] * 9)])
def test_a_name_that_nobody_knows_is_refused(header):
    with pytest.raises(UnknownScenario):
        named(header)


def test_a_member_id_asks_by_its_prefix_and_keeps_the_rest():
    assert split_member_id("SIM_REJECT_277CA_CMH204417701") == (REJECT_277CA, "CMH204417701")
    assert split_member_id("SIM_NOTHING_X") == (None, "SIM_NOTHING_X")
    assert split_member_id("CMH204417701") == (None, "CMH204417701")


def test_every_scenario_has_its_own_name_a_sentence_and_a_curl():
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert scenario.sentence.endswith(".")
        assert scenario.name in scenario.curl("http://127.0.0.1:8404")
