"""What a claim payment of an 835 does to a claim's money: pure arithmetic from one record to ledger entries.

A service is matched to its line by the line's control number, else by procedure and charge. Claim-level amounts
are distributed to the lines from the first on, each up to its open amount. If there are services, a claim-level
adjustment is subtracted from their payments, so that the amount posted as paid is CLP04. A reversal has negative
amounts and so cancels exactly what it reverses. A remark about the claim as a whole holds for each of its adjustments.
Denied amounts stay with the insurer until a person decides. A later payer that repeats what earlier payers did (as
OA-23, or as a write-off once more) moves no money with it: `answered` has it by line.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from services.claims.domain.ledger import NOTHING, Account, Balances, Entry, balances_by_line, move
from services.claims.domain.lifecycle import Outcome
from services.claims.domain.professional_claim import line_control_number
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from services.claims.domain.wire_code import wire_code
from shared import x12

NOTHING_ANSWERED: Mapping[int, int] = {}
EARLIER_PAYERS = "23"
"""The reason of an adjustment that repeats what earlier payers did."""


@dataclass(frozen=True, slots=True)
class ClassifiedAdjustment:
    """What one adjustment means: `account` is where its amount goes, `insurer` when it stays open."""

    account: Account
    next_action: str
    label: str


AdjustmentClassifier = Callable[[str, str, tuple[str, ...]], ClassifiedAdjustment]
"""(group, reason code, remark codes) -> ClassifiedAdjustment, for the claim's program."""


NOTHING_BY_HAND: Mapping[int, int] = {}


@dataclass(frozen=True, slots=True)
class PostedAdjustment:
    """One adjustment with its meaning, on its line (0 where no line could be named)."""

    line_number: int
    group: str
    reason: str
    remarks: tuple[str, ...]
    amount_cents: int
    classified: ClassifiedAdjustment


@dataclass(frozen=True, slots=True)
class Posting:
    """What one claim payment does to one claim."""

    entries: tuple[Entry, ...]
    adjustments: tuple[PostedAdjustment, ...]
    reversal: bool
    unmatched_services: tuple[int, ...] = ()
    """Positions (from 1) of services that match no line of the claim; their money is not in `entries`."""
    paid_by_line: tuple[tuple[int, int], ...] = ()
    """(line number, cents) of each line that the payer answered; empty if it answered the claim as a whole."""


def post(
    payment: x12.ClaimPayment,
    claim_number: str,
    lines: Mapping[int, ProfessionalServiceLine],
    classify: AdjustmentClassifier,
    matched_by_hand: Mapping[int, int] = NOTHING_BY_HAND,
    answered: Mapping[int, int] = NOTHING_ANSWERED,
) -> Posting:
    """The entries and adjustments of one claim payment. `claim_number` is the one under which the payer has the claim,
    `lines` are those that were billed under it, by the claim's own number of each; `matched_by_hand` are line numbers
    by position of service, `answered` is what earlier payers answered for, in cents by line number."""
    matched, strays = _match(payment, claim_number, lines, matched_by_hand)
    left = {number: line.charge_cents for number, line in lines.items()}
    entries: list[Entry] = []
    adjustments: list[PostedAdjustment] = []
    if payment.services:
        # Then the claim's own adjustments reduce what services were paid, and a line can give up no more than that.
        left = dict.fromkeys(left, 0)
    else:
        entries += _paid_as_a_whole(left, payment.paid_cents)
    for service, number in matched:
        remarks = tuple(dict.fromkeys((*(remark.code for remark in service.remarks), *payment.remark_codes)))
        left[number] += abs(service.paid_cents)
        entries += move(number, Account.INSURER, Account.PAID, service.paid_cents, "payment")
        adjustments += [_classified(number, one, one.amount_cents, remarks, classify) for one in service.adjustments]
    for one in payment.adjustments:
        shares = _shares(left, one.amount_cents)
        adjustments += [_classified(number, one, amount, payment.remark_codes, classify) for number, amount in shares]
        if payment.services:
            entries += _not_paid(shares)
    sign = -1 if payment.is_reversal else 1
    for adjustment, cents in _beyond_answered(adjustments, answered, sign):
        account, reason = adjustment.classified.account, f"{wire_code(adjustment.group)}-{wire_code(adjustment.reason)}"
        # What stays with the insurer is there already: the whole charge was booked to it when the claim was made.
        if account is not Account.INSURER:
            entries += move(adjustment.line_number, Account.INSURER, account, cents, reason)
    answers = _paid_by_line((number for _, number in matched), entries)
    return Posting(tuple(entries), tuple(adjustments), payment.is_reversal, strays, answers)


def largest_amount(payment: x12.ClaimPayment) -> int:
    """The largest absolute amount in the payment, in cents."""
    amounts = [payment.charge_cents, payment.paid_cents, *(one.amount_cents for one in payment.adjustments)]
    for service in payment.services:
        amounts += [service.charge_cents, service.paid_cents, *(one.amount_cents for one in service.adjustments)]
    return max(map(abs, amounts))


def payment_digest(header: x12.Remittance, payment: x12.ClaimPayment) -> str:
    """64 hex characters that are the same for the same payment, whatever file and group (LX) contain it."""
    # The group is a place in the file and may differ when the same payment is sent again.
    alone = msgspec.structs.replace(payment, group=None)
    content = msgspec.json.encode((header.payer.name, header.trace, header.payment_date, alone))
    return hashlib.sha256(content).hexdigest()


def outcome_of(money: Balances, *, adjudicated: bool, all_reversed: bool = False) -> Outcome:
    """Derived from amounts: paid if nothing is left with the insurer, partly paid or denied if something is.

    `all_reversed` means that reversals have cancelled every payment, or came before what they cancel."""
    if not adjudicated:
        return Outcome.NONE
    if all_reversed and money.paid_cents <= 0 and money.insurer_cents >= money.own_charge_cents:
        return Outcome.REVERSED
    if money.paid_cents > 0:
        return Outcome.PARTLY_PAID if money.insurer_cents > 0 else Outcome.PAID
    return Outcome.DENIED if money.insurer_cents > 0 else Outcome.ZERO_PAID


def _beyond_answered(
    adjustments: Sequence[PostedAdjustment], answered: Mapping[int, int], sign: int
) -> list[tuple[PostedAdjustment, int]]:
    """Each adjustment with the cents that it moves: what the payer repeats of earlier payers moves none. That is what
    its OA-23 say and, if they say less than the earlier payers did, its write-offs first and then the patient's share.
    """
    left = dict(answered)
    for one in adjustments:
        if one.reason == EARLIER_PAYERS:
            left[one.line_number] = left.get(one.line_number, 0) - sign * one.amount_cents
    moved = [one.amount_cents for one in adjustments]
    for account in (Account.WRITTEN_OFF, Account.PATIENT):
        for place, one in enumerate(adjustments):
            if one.classified.account is account:
                repeated = max(0, min(sign * one.amount_cents, left.get(one.line_number, 0)))
                left[one.line_number] = left.get(one.line_number, 0) - repeated
                moved[place] -= sign * repeated
    return list(zip(adjustments, moved, strict=True))


def _paid_by_line(numbers: Iterable[int], entries: Iterable[Entry]) -> tuple[tuple[int, int], ...]:
    money = balances_by_line(entries)
    return tuple((number, money.get(number, NOTHING).paid_cents) for number in sorted(set(numbers)))


def _classified(
    line_number: int,
    one: x12.ClaimAdjustment,
    amount_cents: int,
    remarks: tuple[str, ...],
    classify: AdjustmentClassifier,
) -> PostedAdjustment:
    classified = classify(one.group, one.reason, remarks)
    return PostedAdjustment(line_number, one.group, one.reason, remarks, amount_cents, classified)


def _match(
    payment: x12.ClaimPayment,
    claim_number: str,
    lines: Mapping[int, ProfessionalServiceLine],
    matched_by_hand: Mapping[int, int],
) -> tuple[list[tuple[x12.ServicePayment, int]], tuple[int, ...]]:
    by_control = {line_control_number(claim_number, number): number for number in lines}
    free = dict(lines)
    pairs: list[tuple[x12.ServicePayment, int]] = []
    strays: list[int] = []
    for place, service in enumerate(payment.services, 1):
        # By control number a line may be named twice, as payers split a line into two services; by likeness only once.
        number = matched_by_hand.get(place) or by_control.get(service.control_number) or _alike(service, free)
        if number is None:
            strays.append(place)
            continue
        free.pop(number, None)
        pairs.append((service, number))
    return pairs, tuple(strays)


def _alike(service: x12.ServicePayment, free: Mapping[int, ProfessionalServiceLine]) -> int | None:
    """The number of a line of the same procedure (as billed, where the payer changed it) and charge."""
    code = (service.submitted or service.procedure).code
    charge = abs(service.charge_cents)
    alike = (number for number, line in free.items() if (line.procedure_code, line.charge_cents) == (code, charge))
    return next(alike, None)


def _shares(left: dict[int, int], amount_cents: int) -> list[tuple[int, int]]:
    """A claim-level amount, distributed to the lines from the first on and subtracted from what is `left` of each
    (above zero, by line number); any remainder goes to the last."""
    over, sign = abs(amount_cents), -1 if amount_cents < 0 else 1
    shares: list[tuple[int, int]] = []
    for place, number in enumerate(left, 1):
        part = over if place == len(left) else min(over, left[number])
        if part:
            shares.append((number, sign * part))
        left[number] = max(0, left[number] - part)
        over -= part
    return shares


def _paid_as_a_whole(left: dict[int, int], paid_cents: int) -> list[Entry]:
    shares = _shares(left, paid_cents)
    return [
        entry for number, cents in shares for entry in move(number, Account.INSURER, Account.PAID, cents, "payment")
    ]


def _not_paid(shares: list[tuple[int, int]]) -> list[Entry]:
    """The claim-level adjustments, which reduce the sum of the services' payments."""
    return [
        entry for number, cents in shares for entry in move(number, Account.PAID, Account.INSURER, cents, "payment")
    ]
