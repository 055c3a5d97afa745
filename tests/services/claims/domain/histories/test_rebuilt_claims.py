"""Claims of the past: which submissions are one claim, which answer is about which, and the ledger that comes of it."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from services.claims.domain.histories.history_report import HistoryQuestion, HistoryReport, history_report
from services.claims.domain.histories.read_past_file import read_past_file
from shared import x12
from shared.codesets import bundled
from tests.services.claims.domain.histories.past_practice import (
    AS_OF,
    CASCADE,
    DAY,
    PAID_ON,
    RAINIER,
    SENT_ON,
    cas,
    claim,
    denied,
    file_277ca,
    file_835,
    file_837p,
    line,
    other_plan,
    payment,
    reversal,
    service,
    written,
)

AGAIN_ON, DECIDED_ON = date(2026, 5, 12), date(2026, 5, 26)
F8 = (x12.Reference("F8", "PCNONE"),)


def reported(*files: bytes, as_of: date = AS_OF) -> HistoryReport:
    read = [read_past_file(f"{place:02d}", [content]) for place, content in enumerate(files)]
    assert [file.problems for file in read] == [[]] * len(read)
    return history_report(read, HistoryQuestion(as_of=as_of, codes=bundled()))


def claims(report: HistoryReport) -> dict[tuple[str, str], tuple]:
    """By number and payer's place: submissions, state, outcome, (paid, written off, patient, insurer, others)."""
    return {
        (one.rebuilt.sent.number, one.rebuilt.sent.claim.sequence): (
            len(one.rebuilt.submissions),
            str(one.rebuilt.state),
            str(one.rebuilt.outcome),
            (
                one.money.paid_cents,
                one.money.written_off_cents,
                one.money.patient_cents,
                one.money.insurer_cents,
                one.money.other_payers_cents,
            ),
        )
        for one in report.claims
    }


def found(report: HistoryReport) -> list[tuple[str, str, int]]:
    return [(one.kind.value, one.claim_number, one.cents) for one in report.findings]


PAID = (7100, 3900, 2500, 0, 0)


def again(number: str, **changes) -> bytes:
    return file_837p(claim(number, patient="SORREL", **changes), control=2, sent_on=AGAIN_ON)


def first(number: str = "ONE", **changes) -> bytes:
    return file_837p(claim(number, patient="SORREL", **changes))


def test_a_replacement_of_a_denied_claim_is_the_same_claim():
    report = reported(
        first(),
        file_835(denied("ONE", "CO", "16"), trace="500001"),
        again("TWO", frequency="7", references=F8),
        file_835(payment("TWO"), trace="500002", paid_on=DECIDED_ON),
    )
    assert claims(report) == {("TWO", "P"): (2, "adjudicated", "paid", PAID)}
    assert found(report) == []


def test_a_replacement_that_waits_for_its_answer_is_no_denial_any_more():
    report = reported(
        first(),
        file_835(denied("ONE", "CO", "16"), trace="500001"),
        again("TWO", frequency="7", references=F8),
        as_of=date(2026, 5, 20),
    )
    assert claims(report) == {("TWO", "P"): (2, "submitted", "none", (0, 0, 0, 13500, 0))}
    assert found(report) == []


@pytest.mark.parametrize("number", ["ONE", "TWO"])
def test_what_was_sent_as_new_after_a_rejection_is_the_same_claim_also_under_its_old_number(number):
    report = reported(
        first(),
        file_277ca("ONE", "A7"),
        again(number),
        file_835(payment(number), trace="500002", paid_on=DECIDED_ON),
    )
    assert claims(report) == {(number, "P"): (2, "adjudicated", "paid", PAID)}
    assert found(report) == []


def test_what_was_sent_as_new_after_a_denial_is_the_same_claim():
    report = reported(
        first(),
        file_835(denied("ONE", "CO", "16"), trace="500001"),
        again("TWO"),
        file_835(payment("TWO"), trace="500002", paid_on=DECIDED_ON),
    )
    assert claims(report) == {("TWO", "P"): (2, "adjudicated", "paid", PAID)}
    assert found(report) == []


def test_what_was_sent_again_before_the_denial_came_is_a_duplicate():
    report = reported(
        first(),
        file_835(denied("ONE", "CO", "16"), trace="500001", paid_on=DECIDED_ON),
        again("TWO"),
        file_835(denied("TWO", "OA", "18"), trace="500002", paid_on=DECIDED_ON),
    )
    assert sorted(claims(report)) == [("ONE", "P"), ("TWO", "P")]
    assert found(report) == [("denied_never_worked", "ONE", 13500), ("duplicate_sent", "TWO", 13500)]


def test_a_second_treatment_of_the_day_that_says_so_is_no_duplicate():
    lines = (line(1, "ONEL1", units=1, cents=4500),)
    second = (line(1, "TWOL1", units=1, cents=4500, modifiers=("76",)),)
    report = reported(first(lines=lines), again("TWO", lines=second), as_of=date(2026, 5, 20))
    assert found(report) == []
    assert found(reported(first(lines=lines), again("TWO", lines=lines), as_of=date(2026, 5, 20))) == [
        ("duplicate_sent", "TWO", 4500)
    ]


def test_a_void_that_the_payer_did_leaves_nothing():
    taken_back = replace(reversal(payment("ONE")), claim_number="TWO")
    report = reported(
        first(),
        file_835(payment("ONE"), trace="500001"),
        again("TWO", frequency="8", references=F8),
        file_835(
            taken_back,
            payment("ELSE"),
            trace="500002",
            paid_on=DECIDED_ON,
        ),
        file_837p(claim("ELSE"), control=3),
    )
    assert claims(report)["TWO", "P"] == (2, "voided", "none", (0, 0, 0, 0, 0))
    assert found(report) == []


def test_of_a_claim_that_a_second_payer_has_paid_nothing_is_left():
    """The first pays 71.00 and leaves 25.00; the second is charged 135.00 again, takes over 110.00, and pays 25.00."""
    told = x12.LineAdjudication(
        payer_id="CASCM",
        paid_cents=7100,
        procedure=x12.ProcedureIdentifier("97124"),
        quantity=Decimal(3),
        adjustments=(cas("CO", "45", 3900), cas("PR", "3", 2500)),
        dates=(x12.DatePeriod("573", PAID_ON),),
    )
    earlier = other_plan(CASCADE, "P", amounts=(x12.MonetaryAmount("D", 7100),))
    lines = (line(1, "TWOL1", adjudications=(told,)),)
    second = claim("TWO", RAINIER, patient="SORREL", responsibility="S", other_payers=(earlier,), lines=lines)
    report = reported(
        first(other_payers=(other_plan(RAINIER),)),
        file_835(payment("ONE"), trace="500001"),
        file_837p(second, control=2, sent_on=AGAIN_ON),
        file_835(
            payment("TWO", 2500, (cas("OA", "23", 11000),), status="2"),
            trace="500002",
            payer=RAINIER,
            paid_on=DECIDED_ON,
        ),
    )
    assert claims(report) == {
        ("ONE", "P"): (1, "adjudicated", "paid", (7100, 3900, 0, 0, 2500)),
        ("TWO", "S"): (1, "adjudicated", "paid", (2500, 0, 0, 0, 11000)),
    }
    assert found(report) == []


def test_a_claim_that_its_payer_has_sent_on_is_the_next_payers_under_the_same_number():
    report = reported(
        first(other_payers=(other_plan(RAINIER),)),
        file_835(payment("ONE", status="19"), trace="500001"),
        file_835(
            payment("ONE", 2000, (cas("OA", "23", 11000), cas("PR", "3", 500)), status="2"),
            trace="500002",
            payer=RAINIER,
            paid_on=DECIDED_ON,
        ),
    )
    assert claims(report) == {
        ("ONE", "P"): (1, "adjudicated", "paid", (7100, 3900, 0, 0, 2500)),
        ("ONE", "S"): (1, "adjudicated", "paid", (2000, 0, 500, 0, 11000)),
    }
    assert found(report) == []


def test_a_claim_that_was_sent_on_and_never_answered_is_found_with_the_share_that_it_is_about():
    files = (first(other_payers=(other_plan(RAINIER),)), file_835(payment("ONE", status="19"), trace="500001"))
    assert found(reported(*files, as_of=date(2026, 6, 7))) == []
    assert found(reported(*files, as_of=date(2026, 6, 8))) == [("never_answered", "ONE", 2500)]


def test_a_claim_that_was_sent_on_to_nobody_knows_whom_is_found_when_that_payer_stays_silent():
    files = (first(), file_835(payment("ONE", status="19"), trace="500001"))
    assert found(reported(*files, as_of=date(2026, 6, 7))) == []
    assert found(reported(*files, as_of=date(2026, 6, 8))) == [("never_answered", "ONE", 2500)]


@pytest.mark.parametrize("by", ["999", "TA1"])
def test_a_file_that_was_refused_as_a_whole_rejects_each_of_its_claims(by):
    refusal = (
        x12.Acknowledgement("HC", "1", result="R", included=1, received=1, accepted=0, reasons=("5",), transactions=())
        if by == "999"
        else x12.InterchangeAcknowledgement("000000001", SENT_ON, "1500", "R", "001")
    )
    sent = file_837p(claim("ONE"), claim("TWO"))
    other = file_837p(claim("THREE"), control=2)
    read = [read_past_file("a", [sent]), read_past_file("b", [other])]
    answer = read_past_file("c", [_answer(by, refusal)])
    assert len(answer.refusals) == 1
    report = history_report([*read, answer], HistoryQuestion(as_of=date(2026, 5, 1), codes=bundled()))
    assert sorted(found(report)) == [("rejected_never_resent", "ONE", 13500), ("rejected_never_resent", "TWO", 13500)]


def _answer(by: str, record) -> bytes:
    if by == "999":
        return written("999", None, (record,), 77, SENT_ON)
    from datetime import UTC, datetime

    from shared.wire.envelope import envelope
    from tests.services.claims.domain.histories.past_practice import ROUTE

    made = envelope(ROUTE, datetime(2026, 4, 24, 15, tzinfo=UTC), 77, grouped=False)
    return x12.write(made, [x12.Transaction(type="TA1", control_number="", records=(record,))])


def test_a_claim_number_that_was_cut_to_17_characters_is_found():
    number = "ABCDEFGHIJKLMNOPQRST"
    services = (service(f"{number}L1"),)
    cut = payment(number[:17], services=services)
    report = reported(first(number), file_835(cut, trace="500001"))
    assert claims(report) == {(number, "P"): (1, "adjudicated", "paid", PAID)}


def test_of_claims_under_one_number_a_payment_is_for_the_one_of_its_day():
    """A practice that numbers patients: the second visit is on 2026-04-27, and only that was paid."""
    later = date(2026, 4, 27)
    visits = [
        claim("PAT7", patient="SORREL", lines=(line(1, "A", day=DAY),)),
        claim("PAT7", patient="SORREL", lines=(line(1, "B", day=later),)),
    ]
    paid = payment("PAT7", services=(replace(service("B"), dates=(x12.DatePeriod("472", later),)),))
    report = reported(file_837p(*visits), file_835(paid, trace="500001"))
    assert {one.rebuilt.claim.date_of_service: one.money.paid_cents for one in report.claims} == {DAY: 0, later: 7100}


def test_lines_are_paid_by_their_control_numbers_also_where_they_are_alike():
    lines = (line(1, "A", units=1, cents=4500), line(2, "B", units=1, cents=4500))
    paid = service("B", 3000, (cas("CO", "45", 1500),), cents=4500)
    other = service("A", 0, (cas("CO", "50", 4500),), cents=4500)
    report = reported(first(lines=lines), file_835(payment("ONE", 3000, services=(paid, other)), trace="500001"))
    (one,) = report.claims
    assert one.rebuilt.responses.payments[0].paid_by_line == ((1, 0), (2, 3000))
    assert found(report) == [("denied_never_worked", "ONE", 4500)]


def test_an_acceptance_after_the_limit_proves_nothing():
    """Cascade's 180 days end on 2026-10-17."""
    late = date(2026, 10, 18)
    report = reported(
        first(),
        file_277ca("ONE", "A2", on=late),
        file_835(denied("ONE", "CO", "29"), trace="500001", paid_on=date(2026, 10, 30)),
        as_of=date(2026, 11, 1),
    )
    assert found(report) == [("denied_never_worked", "ONE", 13500)]


def test_a_received_that_is_no_acceptance_proves_nothing():
    report = reported(
        first(), file_277ca("ONE", "A1"), file_835(denied("ONE", "CO", "29"), trace="500001"), as_of=AS_OF
    )
    assert found(report) == [("denied_never_worked", "ONE", 13500)]


def test_usual_is_what_was_allowed_for_three_of_five_lines_of_five_or_more():
    usual = [payment(f"U{number}") for number in range(4)]
    below = payment("LOW", 5900, (cas("CO", "45", 5100), cas("PR", "3", 2500)))
    numbers = [*(f"U{number}" for number in range(4)), "LOW"]
    sent = file_837p(*(claim(number) for number in numbers))
    assert found(reported(sent, file_835(*usual, below, trace="500001"))) == [("allowed_below_usual", "LOW", 1200)]
    few = file_837p(*(claim(number) for number in numbers[1:]))
    assert found(reported(few, file_835(*usual[1:], below, trace="500001"))) == []


def test_a_take_back_that_the_same_remittance_reverses_is_in_the_claims_ledger():
    kept = (x12.ProviderAdjustmentItem("WO", 7100, "PCNONE"),)
    report = reported(
        first(),
        file_837p(claim("ELSE"), claim("MORE"), control=2),
        file_835(payment("ONE"), trace="500001"),
        file_835(
            reversal(payment("ONE")),
            payment("ELSE"),
            payment("MORE"),
            trace="500002",
            plb=kept,
            paid_on=DECIDED_ON,
        ),
    )
    assert found(report) == [("taken_back", "ONE", 13500)]


def test_a_balance_that_comes_back_in_a_later_remittance_is_closed():
    carried = (x12.ProviderAdjustmentItem("FB", -2000, "500001"),)
    taken = (x12.ProviderAdjustmentItem("FB", 2000, "500001"),)
    files = (
        file_837p(claim("ONE"), claim("TWO")),
        file_835(payment("ONE"), trace="500001", plb=carried),
        file_835(payment("TWO"), trace="500002", plb=taken, paid_on=DECIDED_ON),
    )
    assert found(reported(*files)) == []
    assert found(reported(*files[:2], file_835(payment("TWO"), trace="500002"))) == [("forward_balance_open", "", 2000)]
