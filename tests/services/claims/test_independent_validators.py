"""pyx12 and x12sdk take every claim that goes out again or to a next payer, and every question about one, as its bytes
left through the API. pyx12 has no map of the 276 of this version; x12sdk has."""

from datetime import date

import pytest

from shared import x12
from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import BILLER, a_coverage_bundle
from tests.services.claims.fake_clearinghouse import (
    accepted,
    cas,
    claim_payment,
    denied,
    paid_in_part,
    remittance,
    reversal_of,
    service,
    status_277,
    x12_replace,
)
from tests.services.claims.test_next_payers import (
    FIRST_PLAN,
    SECOND_PLAN,
    THIRD_PLAN,
    answered_by_second,
    bill_next,
    hold,
    pay,
    send,
)

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
WHY = "The modifier was missing."


def act(scenario, verb, place=0, **body):
    answer = scenario.api.post(f"/v1/claims/{scenario.claims[place]['id']}/{verb}", {"actor": BILLER, **body})
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


def sent(scenario):
    """The one claim of the newest file, which both validators and our own strict reader take."""
    content = scenario.clearinghouse.taken[-1]
    read = x12.read_all(content.encode(), strict=True, codes=scenario.deps.rule_set.codes)
    assert list(read.findings) == []
    assert pyx12_findings(content) == ""
    [claim] = read.transactions[0].records
    return claim


def taken_by_x12sdk(scenario, tmp_path):
    """How many files and questions went out, each of which x12sdk takes as one transaction."""
    out = [*scenario.clearinghouse.taken, *scenario.clearinghouse.questions]
    for content in out:
        for payer in range(most_adjudications(content)):
            assert x12sdk_reads(of_one_payer(content, payer).encode(), tmp_path) == 1
    return len(out)


def adjudications(content):
    """The segments of a file, each with the number of its line's SVD loop that it is in; None outside of them."""
    number = None
    for segment in content.replace("\n", "").split("~"):
        if segment.startswith(("LX*", "SE*")):
            number = None
        elif segment.startswith("SVD*"):
            number = 0 if number is None else number + 1
        yield segment, number


def most_adjudications(content):
    return max((1, *(number + 1 for _, number in adjudications(content) if number is not None)))


def of_one_payer(content, payer):
    """The file with what one earlier payer did on its lines, since x12sdk forgets all SVD loops of a line but the last
    and then finds that segments are missing."""
    kept = [segment for segment, number in adjudications(content) if number in (None, payer)]
    left_out = sum(1 for _ in adjudications(content)) - len(kept)
    [end] = [place for place, segment in enumerate(kept) if segment.startswith("SE*")]
    _, count, control = kept[end].split("*")
    kept[end] = f"SE*{int(count) - left_out}*{control}"
    return "~".join(kept)


def ask(scenario, place=0, category="P1"):
    """Ask for the status of a claim; what names it in the 276."""
    number = scenario.number(place)
    scenario.clearinghouse.statuses = lambda _question: status_277(number, category)
    act(scenario, "check-status", place)
    read = x12.read_all(scenario.clearinghouse.questions[-1].encode(), strict=True, codes=scenario.deps.rule_set.codes)
    assert (list(read.findings), read.transactions[0].opened.type) == ([], "276")
    [inquiry] = [one for one in read.transactions[0].records if isinstance(one, x12.StatusInquiry)]
    return {one.qualifier: one.value for one in inquiry.references}


def test_the_replacements_new_claims_and_void_of_a_decided_claim_and_the_questions_about_it(scenario, tmp_path):
    scenario.send()
    first = scenario.number()
    assert sent(scenario).frequency == "1"
    scenario.receive(accepted(first))
    assert ask(scenario) == {"EJ": first}
    scenario.receive(accepted(first, payer_claim_number="ACK1"))
    assert ask(scenario) == {"1K": "ACK1", "EJ": first}
    scenario.receive(remittance(denied(first, "4")), "835")
    act(scenario, "correct", reason=WHY, modifiers={"97124": ["XS"]})
    send(scenario, 0)
    assert (sent(scenario).frequency, sent(scenario).reference("F8")) == ("7", "PAYER0001")
    second = scenario.number()
    scenario.receive(accepted(second))
    assert ask(scenario) == {"1K": "PAYER0001", "EJ": second}
    half = claim_payment(
        second,
        service(second, 1, "97124", 13_500, 11_000, cas("CO", "45", 2_500)),
        service(second, 2, "97110", 4_700, 0, cas("CO", "4", 4_700)),
        payer_claim_number="PAYER0002",
    )
    scenario.receive(remittance(reversal_of(denied(first, "4")), half, trace="EFT0002"), "835")
    act(scenario, "correct", reason=WHY, left_off=["97110"])
    send(scenario, 0)
    assert (sent(scenario).frequency, len(sent(scenario).lines)) == ("7", 1)
    scenario.receive(accepted(scenario.number()))
    act(scenario, "void", reason=WHY)
    assert scenario.run().sent == 1
    assert (sent(scenario).frequency, sent(scenario).reference("F8")) == ("8", "PAYER0002")
    assert ask(scenario) == {"1K": "PAYER0002", "EJ": scenario.number()}
    assert taken_by_x12sdk(scenario, tmp_path) == 4 + 4


def test_the_denied_line_alone_as_a_new_claim(scenario, tmp_path):
    scenario.send()
    number = scenario.number()
    one = service(number, 1, "97124", 13_500, 11_000, cas("CO", "45", 2_500))
    two = service(number, 2, "97110", 4_700, 0, cas("CO", "4", 4_700))
    scenario.receive(remittance(claim_payment(number, one, two)), "835")
    act(scenario, "correct", reason=WHY, only_denied_lines=True, modifiers={"97110": ["59"]})
    send(scenario, 0)
    claim = sent(scenario)
    assert (claim.frequency, claim.charge_cents, len(claim.lines)) == ("1", 4_700, 1)
    assert taken_by_x12sdk(scenario, tmp_path) == 2


def test_the_claims_to_the_second_and_third_payer_their_replacement_and_void_and_the_question(
    scenario, neighbours, tmp_path
):
    """The first payer answers by line with every group of adjustments, one of them on the whole claim."""
    hold(neighbours, FIRST_PLAN, SECOND_PLAN, THIRD_PLAN)
    scenario.send()
    number = scenario.number()
    groups = (cas("CO", "45", 3_000), cas("CO", "253", 255), cas("PR", "1", 1_500), cas("PR", "2", 1_000))
    one = service(number, 1, "97124", 13_500, 7_745, *groups)
    two = service(number, 2, "97110", 4_700, 0, cas("OA", "96", 2_000), cas("PI", "45", 2_700))
    pay(scenario, claim_payment(number, one, two))
    bill_next(scenario)
    send(scenario, 1)
    assert [level.responsibility for level in sent(scenario).other_payers] == ["P"]
    second = scenario.number(1)
    scenario.receive(accepted(second, payer_claim_number="RAINACK"))
    assert ask(scenario, 1) == {"1K": "RAINACK", "EJ": second}
    act(scenario, "correct", 1, reason=WHY, modifiers={"97110": ["59"]})
    send(scenario, 1)
    assert (sent(scenario).frequency, sent(scenario).reference("F8")) == ("7", "RAINACK")
    pay(scenario, answered_by_second(scenario.number(1), paid=1_500, left=1_000), trace="EFT0002")
    bill_next(scenario, 1)
    send(scenario, 2)
    assert [level.responsibility for level in sent(scenario).other_payers] == ["P", "S"]
    third = scenario.number(2)
    scenario.receive(accepted(third, payer_claim_number="OLYACK"))
    assert ask(scenario, 2) == {"1K": "OLYACK", "EJ": third}
    act(scenario, "void", 2, reason=WHY)
    assert scenario.run().sent == 1
    assert (sent(scenario).frequency, sent(scenario).reference("F8")) == ("8", "OLYACK")
    assert taken_by_x12sdk(scenario, tmp_path) == 5 + 2


def test_the_claim_to_the_second_payer_of_a_child_whose_first_answered_the_claim_as_a_whole(
    scenario, neighbours, tmp_path
):
    parent = {"name": {"first": "Miriam", "last": "Okafor"}, "birth_date": "1979-02-03", "sex": "female"}
    hold(neighbours, FIRST_PLAN, SECOND_PLAN)
    for coverage_id, bundle in list(neighbours.files.items()):
        child = {**bundle["coverage"], "relationship": "child", "subscriber": parent}
        others = [
            {**other, "coverage": {**other["coverage"], "relationship": "child", "subscriber": parent}}
            for other in bundle["other_coverages"]
        ]
        more = {"payer": bundle["payer"], "other_coverages": others}
        neighbours.files[coverage_id] = a_coverage_bundle(coverage_id, coverage=child, **more)
    scenario.send()
    sent(scenario)
    adjustments = (cas("CO", "45", 4_255), cas("PR", "3", 2_500))
    days = (x12.DatePeriod(qualifier="232", start=date(2026, 1, 1)),)
    one = paid_in_part(scenario.number())
    assert pay(scenario, x12_replace(one, services=(), adjustments=adjustments, dates=days))["state"] == "applied"
    assert bill_next(scenario).status_code == 201
    send(scenario, 1)
    assert sent(scenario).other_payers[0].adjustments == adjustments
    assert ask(scenario, 1) == {"EJ": scenario.number(1)}
    assert taken_by_x12sdk(scenario, tmp_path) == 3
