"""What a claim payment does to a claim's money."""

from decimal import Decimal

import pytest

from services.claims.domain.ledger import Account, balances, balances_by_line, charge
from services.claims.domain.lifecycle import Outcome
from services.claims.domain.professional_claim import line_control_number
from services.claims.domain.remittance import ClassifiedAdjustment, largest_amount, outcome_of
from services.claims.domain.remittance import post as post_lines
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared import x12

NUMBER = "K7Q2M9XWPT4A"


def billed(procedure_code, charge_cents):
    """A line as it was sent."""
    return ProfessionalServiceLine(procedure_code, 1, charge_cents)


LINES = (billed("97124", 13_500), billed("97112", 4_900))
ACCOUNTS = {"PR": Account.PATIENT, "CO": Account.WRITTEN_OFF}


def post(payment, claim_number, lines, classify):
    """Posted to lines whose numbers are their places."""
    return post_lines(payment, claim_number, dict(enumerate(lines, 1)), classify)


def classify(group, reason, remarks):
    denied = reason in {"50", "197"}
    account = Account.INSURER if denied else ACCOUNTS.get(group, Account.INSURER)
    return ClassifiedAdjustment(account, "appeal" if denied else "none", "a label")


def cas(group, reason, cents):
    return x12.ClaimAdjustment(group=group, reason=reason, amount_cents=cents)


def service(code, charge_cents, paid_cents, *adjustments, number=None, submitted=None):
    references = (x12.Reference(qualifier="6R", value=line_control_number(NUMBER, number)),) if number else ()
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code=code),
        submitted=x12.ProcedureIdentifier(code=submitted) if submitted else None,
        charge_cents=charge_cents,
        paid_cents=paid_cents,
        quantity=Decimal(1),
        adjustments=adjustments,
        references=references,
    )


def payment(*services, status="1", charge_cents=18_400, paid_cents=0, adjustments=()):
    return x12.ClaimPayment(
        claim_number=NUMBER,
        status=status,
        charge_cents=charge_cents,
        paid_cents=paid_cents,
        services=services,
        adjustments=adjustments,
    )


def money(posting):
    charges = {number: line.charge_cents for number, line in enumerate(LINES, 1)}
    return balances([*charge(charges, {}), *posting.entries])


PAID = payment(
    service("97124", 13_500, 7_745, cas("CO", "45", 3_255), cas("PR", "3", 2_500), number=1),
    service("97112", 4_900, 3_700, cas("CO", "45", 1_200), number=2),
    paid_cents=11_445,
)


def test_a_payment_puts_every_cent_of_the_charge_somewhere():
    found = money(post(PAID, NUMBER, LINES, classify))
    assert (found.paid_cents, found.written_off_cents, found.patient_cents, found.insurer_cents) == (
        11_445,
        4_455,
        2_500,
        0,
    )


def test_a_reversal_undoes_exactly_what_it_reverses():
    undone = payment(
        service("97124", -13_500, -7_745, cas("CO", "45", -3_255), cas("PR", "3", -2_500), number=1),
        service("97112", -4_900, -3_700, cas("CO", "45", -1_200), number=2),
        status="22",
        charge_cents=-18_400,
        paid_cents=-11_445,
    )
    first, second = post(PAID, NUMBER, LINES, classify), post(undone, NUMBER, LINES, classify)
    assert second.reversal
    for order in ((first, second), (second, first)):
        entries = [entry for posting in order for entry in posting.entries]
        found = balances([*charge({1: 13_500, 2: 4_900}, {}), *entries])
        assert (found.paid_cents, found.insurer_cents) == (0, 18_400)
        assert outcome_of(found, adjudicated=True, all_reversed=True) is Outcome.REVERSED


def test_a_denied_amount_stays_with_the_insurer_until_a_person_decides():
    denied = payment(service("97124", 13_500, 0, cas("CO", "197", 13_500), number=1), charge_cents=13_500)
    posting = post(denied, NUMBER, LINES[:1], classify)
    assert posting.entries == ()
    assert posting.adjustments[0].classified.next_action == "appeal"


def test_a_service_finds_its_line_by_control_number_before_procedure_and_charge():
    same = (billed("97124", 4_500), billed("97124", 4_500))
    said = payment(service("97124", 4_500, 3_000, cas("CO", "45", 1_500), number=2), charge_cents=4_500)
    assert {entry.line_number for entry in post(said, NUMBER, same, classify).entries} == {2}


def test_a_service_without_control_number_finds_its_line_by_what_was_billed():
    changed = payment(service("97012", 4_900, 1_000, cas("CO", "45", 3_900), submitted="97112"), charge_cents=4_900)
    assert {entry.line_number for entry in post(changed, NUMBER, LINES, classify).entries} == {2}


def test_two_equal_services_without_control_numbers_go_to_two_lines():
    same = (billed("97124", 4_500), billed("97124", 4_500))
    one = service("97124", 4_500, 4_500)
    assert {entry.line_number for entry in post(payment(one, one), NUMBER, same, classify).entries} == {1, 2}


def test_a_service_that_fits_no_line_is_named_and_its_money_is_not_posted():
    stray = payment(service("98940", 5_000, 5_000))
    posting = post(stray, NUMBER, LINES, classify)
    assert (posting.unmatched_services, posting.entries) == ((1,), ())


def test_amounts_for_the_whole_claim_are_laid_on_lines_from_the_first_on():
    whole = payment(adjustments=(cas("CO", "45", 4_400),), paid_cents=14_000)
    by_line = balances_by_line([*charge({1: 13_500, 2: 4_900}, {}), *post(whole, NUMBER, LINES, classify).entries])
    assert [by_line[number].paid_cents for number in (1, 2)] == [13_500, 500]
    assert [by_line[number].written_off_cents for number in (1, 2)] == [0, 4_400]
    assert [by_line[number].insurer_cents for number in (1, 2)] == [0, 0]


@pytest.mark.parametrize(
    ("group", "reason", "placed"),
    [
        ("PR", "3", (12_944, 0, 2_500, 2_956)),
        ("CO", "45", (12_944, 2_500, 0, 2_956)),
        ("CO", "50", (12_944, 0, 0, 5_456)),
    ],
)
def test_an_adjustment_of_the_whole_claim_beside_services_comes_out_of_what_they_say_was_paid(group, reason, placed):
    said = payment(
        service("97124", 13_500, 11_744, cas("CO", "197", 1_756), number=1),
        service("97112", 4_900, 3_700, cas("CO", "197", 1_200), number=2),
        adjustments=(cas(group, reason, 2_500),),
        paid_cents=12_944,
    )
    found = money(post(said, NUMBER, LINES, classify))
    assert (found.paid_cents, found.written_off_cents, found.patient_cents, found.insurer_cents) == placed


def test_an_adjustment_of_the_whole_claim_is_undone_by_its_reversal_line_by_line():
    def said(sign):
        return payment(
            service("97124", sign * 13_500, sign * 2_000, cas("CO", "45", sign * 11_500), number=1),
            service("97112", sign * 4_900, sign * 4_900, number=2),
            adjustments=(cas("PR", "3", sign * 2_500),),
            charge_cents=sign * 18_400,
            paid_cents=sign * 4_400,
            status="1" if sign > 0 else "22",
        )

    first, second = (post(said(sign), NUMBER, LINES, classify) for sign in (1, -1))
    assert money(first).paid_cents == 4_400
    by_line = balances_by_line([*charge({1: 13_500, 2: 4_900}, {}), *first.entries, *second.entries])
    assert [by_line[number].insurer_cents for number in (1, 2)] == [13_500, 4_900]


def test_the_outcome_is_read_from_amounts_alone():
    def found(paid, written_off, patient, left):
        entries = charge({1: paid + written_off + patient + left}, {})
        posted = payment(
            service(
                "97124",
                paid + written_off + patient + left,
                paid,
                cas("CO", "45", written_off),
                cas("PR", "1", patient),
                cas("CO", "50", left),
                number=1,
            )
        )
        lines = (billed("97124", paid + written_off + patient + left),)
        return outcome_of(balances([*entries, *post(posted, NUMBER, lines, classify).entries]), adjudicated=True)

    assert found(6_000, 3_000, 500, 0) is Outcome.PAID
    assert found(6_000, 3_000, 0, 500) is Outcome.PARTLY_PAID
    assert found(0, 3_000, 6_500, 0) is Outcome.ZERO_PAID
    assert found(0, 0, 0, 9_500) is Outcome.DENIED


def test_before_adjudication_there_is_no_outcome():
    assert outcome_of(balances(charge({1: 9_500}, {})), adjudicated=False) is Outcome.NONE


def test_an_adjustment_of_the_whole_claim_takes_no_more_of_a_line_than_its_service_was_paid():
    """10.00 do not fit into the 5.00 of the first line: the rest falls on the second."""
    posting = post(
        payment(
            service("97124", 13_500, 500, cas("CO", "45", 13_000), number=1),
            service("97112", 4_900, 3_700, cas("CO", "45", 1_200), number=2),
            paid_cents=3_200,
            adjustments=(cas("PR", "3", 1_000),),
        ),
        NUMBER,
        LINES,
        classify,
    )
    assert [(one.line_number, one.reason, one.amount_cents) for one in posting.adjustments] == [
        (1, "45", 13_000),
        (2, "45", 1_200),
        (1, "3", 500),
        (2, "3", 500),
    ]
    assert (money(posting).paid_cents, money(posting).patient_cents, money(posting).insurer_cents) == (3_200, 1_000, 0)


def test_of_two_lines_of_one_procedure_a_service_finds_the_one_of_its_charge():
    """The remittance has them the other way round, without control numbers."""
    lines = (billed("97124", 13_500), billed("97124", 4_500))
    found = post(payment(service("97124", 4_500, 4_000), service("97124", 13_500, 9_000)), NUMBER, lines, classify)
    paid = {entry.line_number: entry.amount_cents for entry in found.entries if entry.target is Account.PAID}
    assert (paid, found.unmatched_services) == ({2: 4_000, 1: 9_000}, ())


def test_a_service_that_fits_no_line_leaves_the_others_to_find_theirs():
    said = payment(service("98940", 5_000, 5_000), service("97112", 4_900, 4_900), service("97012", 1, 1))
    found = post(said, NUMBER, LINES, classify)
    assert ({entry.line_number for entry in found.entries}, found.unmatched_services) == ({2}, (1, 3))


def test_a_service_of_another_charge_fits_no_line():
    assert post(payment(service("97124", 4_501, 4_000)), NUMBER, LINES, classify).unmatched_services == (1,)


@pytest.mark.parametrize(
    "one",
    [
        payment(charge_cents=90_000, paid_cents=1),
        payment(paid_cents=90_000),
        payment(adjustments=(cas("CO", "45", 90_000),)),
        payment(service("97124", 90_000, 1)),
        payment(service("97124", 1, 90_000)),
        payment(service("97124", 1, 1, cas("CO", "45", 90_000))),
    ],
)
def test_the_largest_amount_is_found_wherever_it_is_and_whichever_way_it_moves(one):
    services = tuple(
        service(
            "97124",
            -each.charge_cents,
            -each.paid_cents,
            *(cas(a.group, a.reason, -a.amount_cents) for a in each.adjustments),
        )
        for each in one.services
    )
    adjustments = tuple(cas(a.group, a.reason, -a.amount_cents) for a in one.adjustments)
    charge, paid = -one.charge_cents, -one.paid_cents
    back = payment(*services, status="22", charge_cents=charge, paid_cents=paid, adjustments=adjustments)
    assert (largest_amount(one), largest_amount(back)) == (90_000, 90_000)
