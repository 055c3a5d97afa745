"""270 in, 271 out: what each sample payer answers about its members, and what it counts from claims."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from shared import x12
from tests.services.clearinghouse.x12_files import (
    ANTON,
    CURTIS,
    ELEANOR,
    GRACE,
    LUCINDA,
    NADIA,
    ROSALIND,
    claim,
    claims_file,
    on,
    question,
    questions_file,
)


def _answer(simulator, *inquiries):
    answer = simulator.ask(questions_file(*inquiries))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/edi-x12")
    transaction = x12.read_all(answer.content).transactions[0]
    assert transaction.opened.type == "271"
    return transaction.records


def _benefits(response):
    return {
        (benefit.information, benefit.time_period, "".join(benefit.service_types)): benefit.amount_cents
        if benefit.amount_cents is not None
        else benefit.quantity or benefit.percent
        for benefit in response.benefits
    }


def test_a_member_of_a_copay_plan_is_active_for_massage(simulator):
    (response,) = _answer(simulator, question(NADIA, "BE"))
    active = response.benefits[0]
    assert (active.information, active.service_types, active.plan) == ("1", ("BE",), "CASCADE PPO 25")
    assert (active.authorization, active.in_network) == ("N", "Y")
    found = _benefits(response)
    assert found["B", "27", "BE"] == 2500
    assert (found["F", "23", "BE"], found["F", "29", "BE"]) == (Decimal(24), Decimal(21))
    assert (found["G", "23", "BE"], found["G", "29", "BE"]) == (400000, 358750)
    assert [(trace.type, trace.value) for trace in response.subscriber.traces] == [("2", "ASK0001")]
    party = response.subscriber.party
    assert (party.entity, party.name, party.first) == ("IL", "WHITLOCK", "NADIA")


def test_deductible_and_coinsurance_say_what_is_left(simulator):
    found = _benefits(_answer(simulator, question(GRACE, "BE"))[0])
    assert (found["C", "23", "BE"], found["C", "29", "BE"]) == (150000, 10000)
    assert found["A", "", "BE"] == Decimal("0.2")


def test_what_claims_use_up_is_gone_from_the_next_answer(simulator):
    simulator.send(claims_file(claim(GRACE, "K1"), claim(NADIA, "K2"), claim(NADIA, "K3", on(date(2026, 4, 21)))))
    simulator.advance(days=21)
    grace, nadia = _answer(simulator, question(GRACE, "BE"), question(NADIA, "BE", day=date(2026, 5, 4)))
    assert _benefits(grace)["C", "29", "BE"] == 0
    assert _benefits(nadia)["F", "29", "BE"] == Decimal(19)
    assert _benefits(nadia)["G", "29", "BE"] == 353750


def test_a_payer_without_the_asked_type_answers_with_30(simulator):
    (response,) = _answer(simulator, question(ELEANOR, "BE"))
    assert {benefit.service_types for benefit in response.benefits} == {("30",)}
    (known,) = _answer(simulator, question(ELEANOR, "AE"))
    assert known.benefits[0].service_types == ("AE",)


def test_an_authorization_that_is_always_wanted_is_y(simulator):
    (response,) = _answer(simulator, question(CURTIS, "BE"))
    assert response.benefits[0].authorization == "Y"


def test_coverage_that_has_ended_is_inactive_and_was_active_before(simulator):
    (now,) = _answer(simulator, question(LUCINDA, "BE"))
    assert [(benefit.information, benefit.service_types) for benefit in now.benefits] == [("6", ("30",))]
    (before,) = _answer(simulator, question(LUCINDA, "BE", day=date(2026, 3, 31)))
    assert before.benefits[0].information == "1"


def test_another_payer_of_the_member_is_named_with_its_turn(simulator):
    (response,) = _answer(simulator, question(ANTON, "BE"))
    other = response.benefits[-1]
    assert (other.information, other.entities[0].entity, other.entities[0].id) == ("R", "SEP", "RAINC")


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (replace(NADIA, member_id="CMH204417710"), "75"),
        (replace(NADIA, born=date(1984, 7, 18)), "71"),
        (replace(NADIA, last="BLACK"), "73"),
    ],
)
def test_a_member_who_is_not_found_is_rejected_with_the_reason(simulator, person, reason):
    (response,) = _answer(simulator, question(person, "BE"))
    assert [(found.reason, found.followup) for found in response.rejections] == [(reason, "C")]
    assert response.benefits == ()


@pytest.mark.parametrize("payer_id", [ROSALIND.payer_id, "NOBODY"])
def test_a_payer_without_a_270_route_is_rejected_on_the_source(simulator, payer_id):
    (response,) = _answer(simulator, question(replace(NADIA, payer_id=payer_id), "BE"))
    assert [found.reason for found in response.source.rejections] == ["79"]


def test_a_dependent_is_answered_on_her_own_level(simulator):
    """Anton is the spouse under Marta's number at Rainier Choice."""
    base = question(replace(ANTON, payer_id="RAINC", member_id="RCH90233418"), "BE")
    marta = msgspec.structs.replace(base.subscriber.party, name="ZIELINSKI", first="MARTA", birth_date=None, gender="")
    anton = x12.Member(
        party=x12.Party(entity="03", kind="1", name="ZIELINSKI", first="ANTON", birth_date=ANTON.born, gender="M"),
        traces=base.subscriber.traces,
        dates=base.subscriber.dates,
    )
    inquiry = msgspec.structs.replace(
        base, subscriber=x12.Member(party=marta), dependent=anton, questions=base.questions
    )
    (response,) = _answer(simulator, inquiry)
    assert (response.dependent.party.first, response.dependent.relationship) == ("ANTON", "01")
    assert response.benefits[0].authorization == "Y"
    assert response.benefits[-1].entities[0].entity == "PRP"


def test_a_broken_270_gets_a_999_and_a_claims_file_too(simulator):
    broken = questions_file(question(NADIA, "BE")).replace(b"EQ*BE", b"EQ*")
    for content in (broken, claims_file(claim())):
        answer = simulator.ask(content)
        assert answer.status_code == 200
        assert x12.read_all(answer.content).transactions[0].opened.type == "999"


def test_another_senders_question_is_forbidden_and_noise_is_malformed(simulator):
    answer = simulator.ask(questions_file(question(), sender="SOMEBODY"))
    assert (answer.status_code, answer.json()["code"]) == (403, "sender_is_not_the_partner")
    assert simulator.ask(b"hello").status_code == 422


def test_a_question_leaves_nothing_in_the_mailbox(simulator):
    _answer(simulator, question())
    assert simulator.messages() == []
