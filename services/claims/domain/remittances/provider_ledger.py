"""A practice's account with a payer in double entry: what claims were paid, what was taken or added beside, what came.

A remittance moves what its claims were paid into `remittance`; from there each provider adjustment (PLB) moves its
amount to an account of its kind, and the rest is the deposit (BPR02). So `remittance` is zero exactly where
BPR02 = sum of CLP04 - sum of PLB; what a person released out of balance stays there in cents.

Kinds of PLB: WO and 72 take back what was overpaid; FB carries a balance to a later remittance, with a minus here and
a plus there, so its account is zero when that has come; L6 is interest. Source: the PLB03 reasons of 005010X221A1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from services.claims.domain.remittances.proofs import PaymentProof
from services.claims.domain.wire_code import wire_code
from shared import x12


class ProviderAccount(StrEnum):
    """`payments` is what claims were paid from; `remittance` is zero for one that balances."""

    PAYMENTS = "payments"
    REMITTANCE = "remittance"
    DEPOSITS = "deposits"
    TAKE_BACKS = "take_backs"
    FORWARD_BALANCE = "forward_balance"
    INTEREST = "interest"
    OTHER = "other_adjustments"


TAKEN_OUT = "taken_out"
"""The reason of an entry that takes another one out of the accounts."""
A = ProviderAccount
ACCOUNT_OF_REASON: Mapping[str, ProviderAccount] = {
    "WO": A.TAKE_BACKS,
    "72": A.TAKE_BACKS,
    "FB": A.FORWARD_BALANCE,
    "L6": A.INTEREST,
}
"""Every other reason (CS, J1, ...) is in `other_adjustments` under its code."""


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """`amount_cents` (above zero) moves from one account to another because of `reason`; `reference` is what a provider
    adjustment names, `claim_number` the number of ours that it means."""

    source: ProviderAccount
    target: ProviderAccount
    amount_cents: int
    reason: str
    reference: str = ""
    claim_number: str = ""


def provider_entries(
    proof: PaymentProof, payments: Sequence[x12.ClaimPayment], adjustments: Sequence[x12.ProviderAdjustment]
) -> list[ProviderEntry]:
    """The entries of one remittance."""
    numbers = {one.payer_claim_number: one.claim_number for one in payments if one.payer_claim_number}
    items = [item for one in adjustments for item in one.items]
    return [
        *_move(A.PAYMENTS, A.REMITTANCE, proof.payments_cents, "payments"),
        *(entry for item in items for entry in _of_item(item, numbers)),
        *_move(A.REMITTANCE, A.DEPOSITS, proof.amount_cents, "deposit"),
    ]


def taken_out(entries: Iterable[ProviderEntry]) -> list[ProviderEntry]:
    """The opposite of each entry, of a remittance that is not in the accounts any more."""
    return [replace(one, source=one.target, target=one.source, reason=TAKEN_OUT) for one in entries]


def provider_balances(sums: Iterable[tuple[str, str, int]]) -> dict[ProviderAccount, int]:
    """The balance of each account, of sums of entries by (source, target)."""
    on = dict.fromkeys(ProviderAccount, 0)
    for source, target, cents in sums:
        on[ProviderAccount(source)] -= cents
        on[ProviderAccount(target)] += cents
    return on


def _of_item(item: x12.ProviderAdjustmentItem, numbers: Mapping[str, str]) -> list[ProviderEntry]:
    account = ACCOUNT_OF_REASON.get(item.reason, A.OTHER)
    number = numbers.get(item.reference, item.reference)
    return _move(A.REMITTANCE, account, item.amount_cents, wire_code(item.reason), item.reference, number)


def _move(
    source: ProviderAccount,
    target: ProviderAccount,
    amount_cents: int,
    reason: str,
    reference: str = "",
    claim_number: str = "",
) -> list[ProviderEntry]:
    """One entry, the other way round for an amount below zero, none for zero."""
    if amount_cents < 0:
        source, target, amount_cents = target, source, -amount_cents
    return [ProviderEntry(source, target, amount_cents, reason, reference, claim_number)] if amount_cents else []
