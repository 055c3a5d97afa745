"""A claim's money in double entry: six accounts, whole cents, and balances that are always sums of entries.

A charge enters the account `insurer`. A payment moves it to `paid`, a contractual adjustment to `written_off`, the
patient's share to `patient`; what the patient pays of that moves on to `patient_paid`. A visit that is billed to
several payers is charged on each of their claims, and `other_payers` has what another claim of the visit answers for:
on the earlier claim the share that was passed on, on the later one all but that share. So on every line and claim:
charge = paid + patient paid + written off + patient + insurer + other payers, always, and the charges of a visit less
its `other_payers` are its charge once. A reversal is an entry in the opposite direction; no entry is ever changed or
removed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """The accounts of a charge; `charges` is the account that charges are booked from."""

    CHARGES = "charges"
    INSURER = "insurer"
    PATIENT = "patient"
    PAID = "paid"
    PATIENT_PAID = "patient_paid"
    WRITTEN_OFF = "written_off"
    OTHER_PAYERS = "other_payers"


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
    patient_paid_cents: int = 0
    other_payers_cents: int = 0

    @property
    def patient_share_cents(self) -> int:
        """What fell to the patient, whether she has paid it or not."""
        return self.patient_cents + self.patient_paid_cents

    @property
    def own_charge_cents(self) -> int:
        """The part of the charge that this claim answers for."""
        return self.charge_cents - self.other_payers_cents


NOTHING = Balances()
PAID_AT_VISIT = "paid_at_visit"


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
        patient_paid_cents=on[Account.PATIENT_PAID],
        other_payers_cents=on[Account.OTHER_PAYERS],
    )


def balances_by_line(entries: Iterable[Entry]) -> dict[int, Balances]:
    """The same for each line number."""
    lines: dict[int, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.line_number, []).append(entry)
    return {number: balances(of_line) for number, of_line in sorted(lines.items())}


def spread(amount_cents: int, limits_cents: Mapping[int, int]) -> dict[int, int]:
    """An amount of the whole claim by line: from the first line on, each up to its limit; the rest is the last's."""
    shares: dict[int, int] = {}
    left = amount_cents
    for place, (number, limit) in enumerate(limits_cents.items(), 1):
        shares[number] = left if place == len(limits_cents) else min(left, max(0, limit))
        left -= shares[number]
    return shares


def paid_at_visit(paid_cents: Mapping[int, int], booked: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries that adjust what the patient paid at the visit, by line, from what is booked to what she did pay."""
    before = balances_by_line(entry for entry in booked if entry.reason == PAID_AT_VISIT)
    entries: list[Entry] = []
    for number in sorted({*paid_cents, *before}):
        difference = paid_cents.get(number, 0) - before.get(number, NOTHING).patient_paid_cents
        entries += move(number, Account.PATIENT, Account.PATIENT_PAID, difference, PAID_AT_VISIT)
    return tuple(entries)


def without_charge(lines: Mapping[int, Balances]) -> tuple[Entry, ...]:
    """On a claim that bills nothing any more: charge, write-offs and the patient's share of each line are taken back,
    those by hand too. Money that was paid or refunded stays where it is."""
    entries: list[Entry] = []
    for number, money in lines.items():
        entries += move(number, Account.CHARGES, Account.INSURER, -money.charge_cents, "charge")
        entries += move(number, Account.WRITTEN_OFF, Account.INSURER, money.written_off_cents, "voided")
        entries += move(number, Account.PATIENT, Account.INSURER, money.patient_cents, "voided")
    return tuple(entries)


def charge(charges_cents: dict[int, int], booked_cents: dict[int, int]) -> tuple[Entry, ...]:
    """Entries that adjust the booked charge of each line to the present one; removed lines are adjusted to zero."""
    entries: list[Entry] = []
    for number in sorted({*charges_cents, *booked_cents}):
        difference = charges_cents.get(number, 0) - booked_cents.get(number, 0)
        entries += move(number, Account.CHARGES, Account.INSURER, difference, "charge")
    return tuple(entries)
