"""Which open balance is small enough, by the practice's own rule, that Handbill writes it off by itself.

The patient's is looked at when nothing but hers is left, so after every payer; an insurer's when the payer has answered
and nobody has done anything about it yet. Never one that is appealed or disputed, and none a second time: what a person
has taken back stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.claims.domain.ledger import Account, Balances, Entry
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action_kinds import PATIENT_IS_ASKED

SMALL_BALANCE = "small_balance_rule"
"""The reason of its ledger entries."""
PURSUED = "adjustment_"
"""What the rules of next actions begin with that ask for an insurer's amount as long as nobody has done anything."""


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """What counts of a claim. `disputed`: an underpayment of it is disputed with the payer."""

    state: ClaimState
    next_kind: str
    next_rule: str
    money: Balances
    disputed: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest balance of each account that is small; 0 where none is."""

    patient_cents: int
    insurer_cents: int


def small_balance(claim: OpenClaim, limits: Limits, booked: Iterable[Entry]) -> tuple[Account, int] | None:
    """The account whose balance is written off, and its cents; None where none is."""
    if claim.state is not ClaimState.ADJUDICATED or claim.disputed:
        return None
    done = {account for one in booked if one.reason == SMALL_BALANCE for account in (one.source, one.target)}
    patient, insurer = claim.money.patient_cents, claim.money.insurer_cents
    if claim.next_kind in PATIENT_IS_ASKED and not insurer and 0 < patient <= limits.patient_cents:
        return None if Account.PATIENT in done else (Account.PATIENT, patient)
    if claim.next_rule.startswith(PURSUED) and 0 < insurer <= limits.insurer_cents:
        return None if Account.INSURER in done else (Account.INSURER, insurer)
    return None
