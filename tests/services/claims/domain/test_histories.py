"""Generated payments of one claim, in the pure domain: the ledger balances at every step, a reversal restores exactly
what was, the order does not matter, and what was on the books on a day stays what it was."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from services.claims.domain.hand_entries import EntryRefused, HandEntry, hand_entries, reversal_of
from services.claims.domain.ledger import (
    Account,
    Balances,
    balances,
    balances_by_line,
    charge,
    paid_at_visit,
    without_charge,
)
from services.claims.domain.next_payer import answer_of, follow_share, give_back, pass_on, take_back, take_over
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.professional_claim import line_control_number
from services.claims.domain.remittance import ClassifiedAdjustment, outcome_of, post
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared import x12

NUMBER = "K7Q2M9XWPT4A"
CHARGES = {1: 13_500, 2: 4_700, 5: 900}
"""The claim once had more lines; those that it has keep their numbers."""
LINES = {number: ProfessionalServiceLine(f"9711{number}", 1, cents) for number, cents in CHARGES.items()}
DAY = date(2026, 3, 2)
MEANINGS = {"PR": (Account.PATIENT, "none"), "CO": (Account.WRITTEN_OFF, "none"), "PI": (Account.INSURER, "appeal")}
DENIALS = {"50": "appeal", "16": "correct_claim"}


def classify(group, reason, _remarks):
    account, action = MEANINGS.get(group, (Account.INSURER, "none"))
    if reason in DENIALS:
        account, action = Account.INSURER, DENIALS[reason]
    return ClassifiedAdjustment(account, action, "a label")


@dataclass(frozen=True)
class Remitted:
    """A claim payment of a day, and whether a payer after another made it."""

    payment: x12.ClaimPayment
    on: date
    digest: str

    def posting(self, answered):
        return post(self.payment, NUMBER, LINES, classify, answered=answered)

    def response(self, answered):
        posting = self.posting(answered)
        made = tuple(
            AdjustmentResponse(
                one.line_number or None,
                one.group,
                one.reason,
                one.remarks,
                one.amount_cents,
                one.classified.label,
                one.classified.account,
                one.classified.next_action,
            )
            for one in posting.adjustments
        )
        return PaymentResponse(
            self.on,
            self.digest,
            self.payment.charge_cents,
            self.payment.paid_cents,
            posting.reversal,
            payer_claim_number=self.payment.payer_claim_number,
            adjustments=made,
            paid_by_line=posting.paid_by_line,
        )


GROUPS = st.sampled_from(["CO", "PR", "OA", "PI"])
REASONS = st.sampled_from(["45", "1", "2", "3", "50", "16", "23", "97", "253"])
CENTS = st.one_of(st.integers(1, 5_000), st.sampled_from([-300, 13_500, 4_700]))
ADJUSTMENTS = st.lists(st.builds(x12.ClaimAdjustment, group=GROUPS, reason=REASONS, amount_cents=CENTS), max_size=4)


@st.composite
def services(draw):
    number = draw(st.sampled_from(list(LINES)))
    part = draw(st.sampled_from([1, 2])) if CHARGES[number] % 2 == 0 else 1
    adjustments = tuple(draw(ADJUSTMENTS))
    cents = CHARGES[number] // part
    return x12.ServicePayment(
        procedure=x12.ProcedureIdentifier(code=LINES[number].procedure_code),
        charge_cents=cents,
        paid_cents=cents - sum(one.amount_cents for one in adjustments),
        quantity=Decimal(1),
        adjustments=adjustments,
        references=(x12.Reference(qualifier="6R", value=line_control_number(NUMBER, number)),),
    )


@st.composite
def payments(draw):
    """One that adds up: by line or as a whole, with adjustments of either."""
    of_lines = tuple(draw(st.lists(services(), max_size=4)))
    whole = tuple(draw(ADJUSTMENTS))
    cents = sum(one.charge_cents for one in of_lines) if of_lines else sum(CHARGES.values())
    taken = sum(one.amount_cents for service in of_lines for one in service.adjustments)
    return x12.ClaimPayment(
        claim_number=NUMBER,
        status=draw(st.sampled_from(["1", "2", "4", "19"])),
        charge_cents=cents,
        paid_cents=cents - taken - sum(one.amount_cents for one in whole),
        payer_claim_number=draw(st.sampled_from(["", "P1", "P2"])),
        services=of_lines,
        adjustments=whole,
    )


def turned(adjustments):
    return tuple(structs.replace(one, amount_cents=-one.amount_cents) for one in adjustments)


def reversed_payment(payment):
    """Every amount the other way round, which is how a payer takes it back."""
    of_lines = tuple(
        structs.replace(
            one,
            charge_cents=-one.charge_cents,
            paid_cents=-one.paid_cents,
            adjustments=turned(one.adjustments),
        )
        for one in payment.services
    )
    return structs.replace(
        payment,
        status="22",
        charge_cents=-payment.charge_cents,
        paid_cents=-payment.paid_cents,
        services=of_lines,
        adjustments=turned(payment.adjustments),
    )


ANSWERED = st.one_of(
    st.just({}), st.fixed_dictionaries({number: st.integers(0, cents) for number, cents in CHARGES.items()})
)


def placed(money: Balances):
    return (
        money.paid_cents
        + money.patient_paid_cents
        + money.written_off_cents
        + money.patient_cents
        + money.insurer_cents
        + money.other_payers_cents
    )


def balanced(entries, charges):
    """Every line and the claim."""
    lines = balances_by_line(entries)
    assert {number: placed(money) for number, money in lines.items() if placed(money)} == charges
    assert {number: money.charge_cents for number, money in lines.items() if money.charge_cents} == charges
    assert placed(balances(entries)) == sum(charges.values())


def told(remitted, answered):
    found = PayerResponses()
    for one in remitted:
        found = found.with_payment(one.response(answered))
    return found


def seen(remitted, answered):
    """All that follows from what the payer has said."""
    responses = told(remitted, answered)
    entries = [*charge(CHARGES, {}), *(entry for one in remitted for entry in one.posting(answered).entries)]
    money, answer = balances(entries), answer_of(responses)
    # Of payments that are alike but for their days it is no matter which one stands.
    standing = sorted(repr(replace(one, paid_on=DAY, digest="")) for one in responses.payments_in_force)
    return {
        "lines": balances_by_line(entries),
        "outcome": outcome_of(money, adjudicated=bool(remitted), all_reversed=responses.reversed),
        "wanted": responses.wanted,
        "standing": standing,
        "number": responses.number_in_force,
        "forwarded": responses.forwarded,
        "unprocessable": responses.unprocessable,
        "answer": answer and replace(answer, remitted_on=DAY),
    }


@given(st.lists(payments(), max_size=3), payments(), st.integers(0, 20), ANSWERED)
def test_a_payment_and_its_reversal_leave_everything_as_it_was(before, payment, later, answered):
    made = [Remitted(one, DAY + timedelta(place), f"d{place}") for place, one in enumerate(before)]
    paid = Remitted(payment, DAY + timedelta(later), "p")
    back = Remitted(reversed_payment(payment), DAY + timedelta(later + 1), "r")
    for order in ((*made, paid, back), (back, *made, paid), (paid, back, *made)):
        found = seen(order, answered)
        was = seen(made, answered)
        if not made:
            assert found.pop("outcome") == "reversed"
            was.pop("outcome")
        assert found == was


@settings(max_examples=20)
@given(st.lists(payments(), min_size=1, max_size=3), st.lists(st.integers(0, 6), min_size=6, max_size=6), ANSWERED)
def test_up_to_six_payments_and_reversals_say_the_same_in_all_their_orders(some, days, answered):
    whole = [*some, *map(reversed_payment, some)]
    made = [Remitted(one, DAY + timedelta(days[place]), f"d{place}") for place, one in enumerate(whole)]
    responses = [one.response(answered) for one in made]
    wanted = PayerResponses(tuple(told(made, answered).payments))
    for order in permutations(responses):
        found = PayerResponses()
        for one in order:
            found = found.with_payment(one).with_payment(order[0])
        assert found == wanted


HAND = st.tuples(
    st.sampled_from([Account.PATIENT, Account.INSURER, Account.PAID, Account.PATIENT_PAID]),
    st.sampled_from([Account.PATIENT, Account.INSURER, Account.WRITTEN_OFF, Account.PATIENT_PAID]),
    st.integers(1, 9_000),
    st.sampled_from(["patient_payment", "refund", "transfer", "courtesy"]),
    st.sampled_from([None, *LINES]),
)


class Books:
    """The ledgers of a visit's claims to two payers, step by step; what was on them at each step is kept."""

    def __init__(self):
        self.first, self.second = [*charge(CHARGES, {})], []
        self.payments, self.entered, self.seen = [], [], []
        self.billed = self.voided = False

    def note(self):
        balanced(self.first, {} if self.voided else CHARGES)
        balanced(self.second, CHARGES if self.billed else {})
        own = [balances(one).own_charge_cents for one in (self.first, self.second)]
        assert sum(own) == (0 if self.voided else sum(CHARGES.values()))
        self.seen.append([(len(one), balances_by_line(one)) for one in (self.first, self.second)])

    def paid(self, payment):
        self.payments.append(payment)
        self.first += post(payment, NUMBER, LINES, classify).entries

    def taken_back(self, place):
        if self.payments:
            one = self.payments.pop(place % len(self.payments))
            self.first += post(reversed_payment(one), NUMBER, LINES, classify).entries

    def entered_by_hand(self, hand):
        made = hand_entries(HandEntry(*hand), balances_by_line(self.first))
        if not isinstance(made, EntryRefused):
            self.first += made
            self.entered.append(made)

    def entry_reversed(self, place):
        if self.entered:
            self.first += reversal_of(self.entered.pop(place % len(self.entered)))

    def at_visit(self, cents):
        self.first += paid_at_visit({1: cents}, self.first)

    def billed_next(self, _):
        if not self.billed and not self.voided:
            share = balances_by_line(self.first)
            answered = {number: cents - share[number].patient_share_cents for number, cents in CHARGES.items()}
            self.first += pass_on(share)
            self.second += [*charge(CHARGES, {}), *take_over(answered, {}), *follow_share(share)]
            self.billed = True

    def next_voided(self, _):
        if self.billed:
            later = balances_by_line(self.second)
            self.second += give_back(later)
            self.first += take_back(balances_by_line(self.first), later)
            self.second += without_charge(balances_by_line(self.second))
            self.billed = False

    def voided_whole(self, _):
        if not self.billed and not self.voided:
            self.first += without_charge(balances_by_line(self.first))
            self.voided = True


STEPS = st.one_of(
    st.tuples(st.just("paid"), payments()),
    st.tuples(st.just("taken_back"), st.integers(0, 9)),
    st.tuples(st.just("entered_by_hand"), HAND),
    st.tuples(st.just("entry_reversed"), st.integers(0, 9)),
    st.tuples(st.just("at_visit"), st.integers(0, 3_000)),
    st.tuples(st.sampled_from(["billed_next", "next_voided", "voided_whole"]), st.none()),
)


@given(st.lists(STEPS, max_size=14))
def test_the_books_of_a_visit_balance_at_every_step_and_a_day_past_never_changes(steps):
    books = Books()
    for name, drawn in steps:
        getattr(books, name)(drawn)
        books.note()
    for of_first, of_second in books.seen:
        for ledger, (length, lines) in ((books.first, of_first), (books.second, of_second)):
            assert balances_by_line(ledger[:length]) == lines
