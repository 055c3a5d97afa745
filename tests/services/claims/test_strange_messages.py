"""A message may hold anything; it is kept, it waits for a person, and it never stands in the way of the others."""

import pytest

from services.claims.domain.sanitize import can_be_ours, sanitize
from tests.services.claims.factories import NPI
from tests.services.claims.fake_clearinghouse import paid_in_part, rejected, remittance
from tests.services.claims.test_messages_money import PAID, release


def strange_number(number):
    return remittance(paid_in_part(number)).replace(f"CLP*{number}", "CLP*AB\x00CD")


def strange_payee(_number):
    return remittance(paid_in_part("KNOBODYS0001")).replace(f"*XX*{NPI}", f"*XX*{NPI[:-1]}\x00")


def strange_status(number):
    return rejected(number).replace("A7:164", "A7:1\x004")


@pytest.mark.parametrize(
    ("strange", "states"),
    [
        (strange_number, ["applied", "quarantined"]),
        (strange_status, ["applied", "quarantined"]),
        (strange_payee, ["applied"]),
    ],
)
def test_a_message_with_a_nul_is_kept_and_the_next_one_is_applied(scenario, strange, states):
    """One that names nobody of ours is the house's, and so not in this list."""
    scenario.send()
    number = scenario.number()
    scenario.clearinghouse.deliver(strange(number), "835")
    scenario.receive(remittance(paid_in_part(number), number=2), "835")
    assert (sorted(one["state"] for one in scenario.messages()), scenario.money()) == (states, PAID)


@pytest.mark.parametrize("kind", ["83\x005 and some more", "WHITLOCK", "835 ", ""])
def test_a_kind_that_is_none_is_not_kept_where_nothing_is_sealed(scenario, kind):
    scenario.send()
    message = scenario.receive(remittance(paid_in_part(scenario.number())), kind)
    assert (message["kind"], message["state"]) == ("unknown", "applied")


def test_a_strange_status_that_a_person_releases_is_a_sentence_that_can_be_kept(scenario):
    scenario.send()
    message = scenario.receive(strange_status(scenario.number()))
    assert message["state"] == "quarantined"
    assert release(scenario, message)["state"] == "applied"
    assert scenario.claim()["next_action"]["kind"] == "fix_and_resubmit"
    assert scenario.claim()["next_action"]["reason"].isprintable()


@pytest.mark.parametrize(
    ("key", "ours"),
    [("K7Q2M9XWPT4A", True), ("000000001", True), ("", False), ("A\x00", False), ("Å", False), ("²", False)],
)
def test_only_ascii_letters_and_digits_can_be_a_number_of_ours(key, ours):
    assert can_be_ours(key) is ours


def test_text_for_a_plain_column_prints_and_fits():
    assert sanitize("a\x00b\u2028c\ud800d", 3) == "abc"
