"""Money that a person enters on a claim, as ledger entries, and what she may not enter.

An amount without a line goes to the lines from the first on, each up to what its account has. Nobody takes more out of
an account than it has, but a patient may pay ahead. What a contract forbids never reaches a patient: not what a payer
put under CO, and in workers' compensation and care that the VA authorized nothing at all.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from services.claims.domain.ledger import Account, Balances, Entry, move
from services.claims.domain.payer_responses import OPEN, PayerResponses
from shared.codesets.programs import NEVER_PATIENT
from shared.money import format_dollars

PATIENT_PAYMENT, REFUND, TRANSFER = "patient_payment", "refund", "transfer"
WRITTEN_OFF_BY_CHOICE = frozenset(
    {"courtesy", "hardship", "small_balance", "uncollectible", "collections", "late_filing"}
)
"""What the practice gave up or lost, by the reason of the entry; all else that is written off was its contract's."""
CONTRACTUAL = "CO"
NOTHING_HELD_BACK: Mapping[int, int] = {}
SOURCE_PREFIX = "mny"
"""Of the ids that ledger entries of a person have as their source."""
HELD: Mapping[Account, Callable[[Balances], int]] = {
    Account.PATIENT: lambda money: money.patient_cents,
    Account.INSURER: lambda money: money.insurer_cents,
    Account.PATIENT_PAID: lambda money: money.patient_paid_cents,
    Account.PAID: lambda money: money.paid_cents,
}


@dataclass(frozen=True, slots=True)
class HandEntry:
    """One amount that moves between two accounts; `line_number` None is the claim as a whole."""

    source: Account
    target: Account
    amount_cents: int
    reason: str
    line_number: int | None = None


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """Why an amount is not entered: a code, a sentence, and how to mend it."""

    code: str
    message: str
    fix: str


def hand_entries(
    entry: HandEntry, lines: Mapping[int, Balances], held_back_cents: Mapping[int, int] = NOTHING_HELD_BACK
) -> tuple[Entry, ...] | EntryRefused:
    """The ledger entries of what a person enters, or why it is refused. `lines` has the money of each line,
    `held_back_cents` what of it does not move."""
    if entry.line_number is not None:
        if entry.line_number not in lines:
            fix = "Name a line of the claim, or none."
            return EntryRefused("line_missing", f"The claim has no line {entry.line_number}.", fix)
        lines = {entry.line_number: lines[entry.line_number]}
    held = {number: HELD[entry.source](money) - held_back_cents.get(number, 0) for number, money in lines.items()}
    there = sum(held.values())
    if entry.amount_cents > there and entry.reason != PATIENT_PAYMENT:
        text = f"{format_dollars(there)} is on the account {entry.source}, not {format_dollars(entry.amount_cents)}."
        return EntryRefused("amount_beyond_balance", text, "Enter no more than that.")
    found: list[Entry] = []
    for number, cents in _shares(entry.amount_cents, held).items():
        found += move(number, entry.source, entry.target, cents, entry.reason)
    return tuple(found)


def _shares(amount_cents: int, held: Mapping[int, int]) -> dict[int, int]:
    """The amount by line: from those that have something, up to what they have; what is over is the first line's."""
    shares = dict.fromkeys(held, 0)
    left = amount_cents
    for number, cents in held.items():
        shares[number] = min(left, max(0, cents))
        left -= shares[number]
    shares[next(iter(held))] += left
    return shares


def reaches_patient(
    entry: HandEntry, program: str, lines: Mapping[int, Balances], contractual: Mapping[int, int]
) -> EntryRefused | None:
    """Why a transfer to the patient is refused, None where it is not. `contractual` is `contractual_cents`."""
    if not moves_to_patient(entry):
        return None
    if program in NEVER_PATIENT:
        text = "A patient of this program is never billed for accepted care."
        return EntryRefused("patient_never_billed", text, "Ask the payer, appeal, or write it off.")
    of_it = [number for number in lines if entry.line_number in (None, number)]
    free = sum(max(0, lines[number].insurer_cents - contractual.get(number, 0)) for number in of_it)
    if of_it and entry.amount_cents > free:
        text = f"Only {format_dollars(free)} of what is open is not contractual (CO)."
        return EntryRefused("contractual_amount", text, "Appeal what is contractual, or write it off.")
    return None


def moves_to_patient(entry: HandEntry) -> bool:
    """Whether the patient is to owe what the insurer did not pay."""
    return entry.target is Account.PATIENT and entry.source is Account.INSURER


def contractual_cents(responses: PayerResponses) -> dict[int, int]:
    """What payers put under CO and is still open, in cents by line number."""
    found: dict[int, int] = {}
    for one in responses.adjustments:
        if one.meaning == OPEN and one.group == CONTRACTUAL and one.line_number is not None:
            found[one.line_number] = found.get(one.line_number, 0) + one.amount_cents
    return {number: max(0, cents) for number, cents in found.items()}


def reversal_of(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that take back all that these entries moved; empty where that has been done."""
    left: dict[tuple[int, Account, Account, str], int] = {}
    for one in entries:
        there = one.line_number, one.source, one.target, one.reason
        back = one.line_number, one.target, one.source, one.reason
        if back in left:
            left[back] -= one.amount_cents
        else:
            left[there] = left.get(there, 0) + one.amount_cents
    found: list[Entry] = []
    for (number, source, target, reason), cents in left.items():
        found += move(number, target, source, cents, reason)
    return tuple(found)
