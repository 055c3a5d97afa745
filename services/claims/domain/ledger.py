"""A claim's money in double entry: four accounts, whole cents, and balances that are always sums of entries.

A charge enters the account `insurer`. A payment moves it to `paid`, a contractual adjustment to `written_off`, the
patient's share to `patient`. So on every line and claim: charge = paid + written off + patient + insurer, always.
A reversal is an entry in the opposite direction; no entry is ever changed or removed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """The accounts of a charge; `charges` is the account that charges are booked from."""

    CHARGES = "charges"
    INSURER = "insurer"
    PATIENT = "patient"
    PAID = "paid"
    WRITTEN_OFF = "written_off"


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount_cents` (above zero) moves from one account to another on one line, because of `reason`."""

    line_number: int
    source: Account
    target: Account
    amount_cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class Balances:
    """The balance of each account, in cents."""

    charge_cents: int = 0
    paid_cents: int = 0
    written_off_cents: int = 0
    patient_cents: int = 0
    insurer_cents: int = 0


def move(line_number: int, source: Account, target: Account, amount_cents: int, reason: str) -> tuple[Entry, ...]:
    """One entry, in the opposite direction for a negative amount, none for zero."""
    if amount_cents == 0:
        return ()
    if amount_cents < 0:
        source, target, amount_cents = target, source, -amount_cents
    return (Entry(line_number, source, target, amount_cents, reason),)


def balances(entries: Iterable[Entry]) -> Balances:
    """The sums of the entries by account."""
    on = dict.fromkeys(Account, 0)
    for entry in entries:
        on[entry.source] -= entry.amount_cents
        on[entry.target] += entry.amount_cents
    return Balances(
        charge_cents=-on[Account.CHARGES],
        paid_cents=on[Account.PAID],
        written_off_cents=on[Account.WRITTEN_OFF],
        patient_cents=on[Account.PATIENT],
        insurer_cents=on[Account.INSURER],
    )


def balances_by_line(entries: Iterable[Entry]) -> dict[int, Balances]:
    """The same for each line number."""
    lines: dict[int, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.line_number, []).append(entry)
    return {number: balances(of_line) for number, of_line in sorted(lines.items())}


def charge(charges_cents: dict[int, int], booked_cents: dict[int, int]) -> tuple[Entry, ...]:
    """Entries that adjust the booked charge of each line to the present one; removed lines are adjusted to zero."""
    entries: list[Entry] = []
    for number in sorted({*charges_cents, *booked_cents}):
        difference = charges_cents.get(number, 0) - booked_cents.get(number, 0)
        entries += move(number, Account.CHARGES, Account.INSURER, difference, "charge")
    return tuple(entries)
