"""The claim to the next payer: what is passed on to it, and what it says of the payers before.

Worked: charged 120.00, the first payer allowed 80.00, paid 64.00 and left 16.00 to the patient (PR-2). Its claim is
then 120.00 = 64.00 paid + 40.00 written off + 16.00 patient. The claim to the second payer charges 120.00 again; the
16.00 go from the patient's account of the first claim to `other_payers`, and on the second claim 104.00 of the
insurer's 120.00 go there, so that 16.00 are the second payer's. It pays them (OA-23 104.00), and both claims are at
zero: the patient owes nothing. What it leaves to the patient is owed on its claim, after every payer.

What the patient has paid goes with her share: paid 5.00 of the 16.00, she is 5.00 ahead on the second claim until its
payer has answered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from services.claims.domain.ledger import NOTHING, Account, Balances, Entry, balances_by_line, move, spread
from services.claims.domain.payer_responses import AdjustmentResponse, PayerResponses, PaymentResponse
from services.claims.domain.scrubber_input import ProfessionalClaim

FIRST_PAYER = "P"
"""The sequence of a claim to a first payer (SBR01)."""
PASSED_ON, TAKEN_OVER, TAKEN_BACK = "to_next_payer", "earlier_payers", "from_next_payer"
MOVED = "to_other_payer"


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """What a payer did with one line: `adjustments` are (group, reason code, cents), one for each CAS."""

    line_number: int
    paid_cents: int
    adjustments: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a payer did with a claim, as the next payer is told: by line where its remittance has lines, else of the
    claim as a whole. `paid_cents` is of the whole claim in both cases."""

    paid_cents: int
    adjustments: tuple[tuple[str, str, int], ...]
    lines: tuple[AnsweredLine, ...]
    remitted_on: date
    payer_claim_number: str
    forwarded: bool


def answer_of(responses: PayerResponses) -> Answer | None:
    """What the payer's payments in force say together, None without any. Of a line that several payments answer the
    newest counts, as a denied line that was paid afterwards."""
    payments = responses.payments_in_force
    if not payments:
        return None
    last = payments[-1]
    lines = _lines(payments) if all(one.paid_by_line for one in payments) else ()
    return Answer(
        paid_cents=sum(line.paid_cents for line in lines) if lines else last.paid_cents,
        adjustments=() if lines else _summed(last.adjustments),
        lines=lines,
        remitted_on=last.paid_on,
        payer_claim_number=responses.number_in_force or "",
        forwarded=responses.forwarded,
    )


def _lines(payments: Iterable[PaymentResponse]) -> tuple[AnsweredLine, ...]:
    newest: dict[int, AnsweredLine] = {}
    for payment in payments:
        for number, paid_cents in payment.paid_by_line:
            adjustments = _summed(one for one in payment.adjustments if one.line_number == number)
            newest[number] = AnsweredLine(number, paid_cents, adjustments)
    return tuple(line for _, line in sorted(newest.items()))


def _summed(adjustments: Iterable[AdjustmentResponse]) -> tuple[tuple[str, str, int], ...]:
    cents: dict[tuple[str, str], int] = {}
    for one in adjustments:
        key = one.group, one.reason_code
        cents[key] = cents.get(key, 0) + one.amount_cents
    return tuple((*key, amount) for key, amount in cents.items() if amount)


def pass_on(lines: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On the earlier claim: the patient's share of each line, paid or not, goes to the next payer's claim."""
    entries: list[Entry] = []
    for number, money in lines.items():
        entries += move(number, Account.PATIENT, Account.OTHER_PAYERS, money.patient_cents, PASSED_ON)
        entries += move(number, Account.PATIENT_PAID, Account.OTHER_PAYERS, money.patient_paid_cents, PASSED_ON)
    return tuple(entries)


def move_off(lines: Iterable[int], balances_cents: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On a claim whose payer has denied these lines: another payer is billed them, and answers for what is open."""
    entries: list[Entry] = []
    for number in lines:
        open_cents = balances_cents.get(number, NOTHING).insurer_cents
        entries += move(number, Account.INSURER, Account.OTHER_PAYERS, open_cents, MOVED)
    return tuple(entries)


def move_back(lines: Iterable[int], booked: Iterable[Entry]) -> tuple[Entry, ...]:
    """On the claim whose payer has denied these lines: the other payer is billed no more, and they are open again."""
    moved = balances_by_line(entry for entry in booked if entry.reason == MOVED)
    entries: list[Entry] = []
    for number in lines:
        cents = moved.get(number, NOTHING).other_payers_cents
        entries += move(number, Account.OTHER_PAYERS, Account.INSURER, cents, MOVED)
    return tuple(entries)


def take_over(answered_cents: Mapping[int, int], booked_cents: Mapping[int, int]) -> tuple[Entry, ...]:
    """On the later claim: what the earlier payers answered for leaves the insurer's account, line by line, as far as
    it has not been booked yet."""
    entries: list[Entry] = []
    for number in sorted({*answered_cents, *booked_cents}):
        difference = answered_cents.get(number, 0) - booked_cents.get(number, 0)
        entries += move(number, Account.INSURER, Account.OTHER_PAYERS, difference, TAKEN_OVER)
    return tuple(entries)


def follow_share(passed_on: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On the later claim: what the patient has paid of the share that was passed on."""
    entries: list[Entry] = []
    for number, money in passed_on.items():
        entries += move(number, Account.PATIENT, Account.PATIENT_PAID, money.patient_paid_cents, PASSED_ON)
    return tuple(entries)


def answered_by_earlier_payers(claim: ProfessionalClaim) -> dict[int, int]:
    """What the earlier payers answered for by the claim's own `prior_payments`, in cents by line number: all of the
    charge but the share that the last of them left to the patient. Empty for a claim to a first payer."""
    if not claim.prior_payments:
        return {}
    last = claim.prior_payments[-1]
    charges = {number: line.charge_cents for number, line in claim.numbered_lines.items()}
    if last.lines:
        shares = {line.line_number: line.patient_responsibility_cents for line in last.lines}
    else:
        shares = spread(last.patient_responsibility_cents, charges)
    return {number: cents - shares.get(number, 0) for number, cents in charges.items()}


def answered_before(entries: Iterable[Entry]) -> dict[int, int]:
    """What earlier payers have answered for by now, in cents by line number: what was taken over, less what was given
    back."""
    answered: dict[int, int] = {}
    for entry in entries:
        accounts = {entry.source, entry.target}
        if entry.reason in (TAKEN_OVER, TAKEN_BACK) and accounts == {Account.INSURER, Account.OTHER_PAYERS}:
            sign = 1 if entry.target is Account.OTHER_PAYERS else -1
            answered[entry.line_number] = answered.get(entry.line_number, 0) + sign * entry.amount_cents
    return answered


def passed_on(entries: Iterable[Entry]) -> dict[int, int]:
    """On an earlier claim: what of each line the claim to the next payer has by now, in cents by line number."""
    booked = tuple(entries)
    answered = answered_before(booked)
    return {
        number: money.other_payers_cents - answered.get(number, 0) for number, money in balances_by_line(booked).items()
    }


def give_back(lines: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On a later claim that is voided: what the earlier payers answered for, and what the patient paid, leave it."""
    entries: list[Entry] = []
    for number, money in lines.items():
        entries += move(number, Account.OTHER_PAYERS, Account.INSURER, money.other_payers_cents, TAKEN_BACK)
        entries += move(number, Account.PATIENT_PAID, Account.PATIENT, money.patient_paid_cents, TAKEN_BACK)
    return tuple(entries)


def take_back(earlier: Mapping[int, Balances], later: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On the earlier claim: what was passed on is the patient's again, less what she has paid on the later claim."""
    entries: list[Entry] = []
    for number in earlier:
        paid = later.get(number, NOTHING).patient_paid_cents
        owed = later.get(number, NOTHING).own_charge_cents - paid
        entries += move(number, Account.OTHER_PAYERS, Account.PATIENT, owed, TAKEN_BACK)
        entries += move(number, Account.OTHER_PAYERS, Account.PATIENT_PAID, paid, TAKEN_BACK)
    return tuple(entries)
