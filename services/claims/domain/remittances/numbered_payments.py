"""The claim payments of one 835 transaction, each with its number and the digest by which it posts once.

Twins (two equal payments of one remittance) are two payments: the count of each goes into the digest of all but the
first. It is counted from zero in each transaction, so that in a re-issued remittance the twins have the same digests.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from services.claims.domain.remittance import payment_digest
from shared import x12


@dataclass(frozen=True, slots=True)
class NumberedPayment:
    """`number` counts the claim payments of the transaction from 1; `digest` is that of `payment_digest`, in which a
    twin counts."""

    number: int
    digest: str
    payment: x12.ClaimPayment


def numbered_payments(header: x12.Remittance, records: Iterable[object]) -> list[NumberedPayment]:
    """The claim payments among the records of a transaction, in its order."""
    seen: Counter[str] = Counter()
    found: list[NumberedPayment] = []
    for record in records:
        if isinstance(record, x12.ClaimPayment):
            digest = payment_digest(header, record)
            seen[digest] += 1
            if seen[digest] > 1:
                digest = hashlib.sha256(f"{digest}|{seen[digest]}".encode()).hexdigest()
            found.append(NumberedPayment(len(found) + 1, digest, record))
    return found


def is_cut_off(transaction: x12.ReadTransaction) -> bool:
    """Whether a transaction ends in the middle, so that its last payment may be half of itself."""
    # The reader reports what is missing at the end with the last record.
    last = transaction.items[-1].findings if transaction.items else ()
    return lacks_its_end((*last, *transaction.closed.findings))


def lacks_its_end(findings: Iterable[x12.ValidationFinding]) -> bool:
    """Whether these findings, of the end of a transaction, say that its SE is missing."""
    return any(one.code == "se_missing" for one in findings)


def provider_adjustments(records: Iterable[object]) -> list[x12.ProviderAdjustment]:
    """The provider adjustments (PLB) among the records of a transaction."""
    return [record for record in records if isinstance(record, x12.ProviderAdjustment)]


def remittance_digest(
    header: x12.Remittance, payments: Sequence[NumberedPayment], adjustments: Sequence[x12.ProviderAdjustment]
) -> str:
    """64 hex characters that are the same for the same remittance, whatever control numbers and order it comes in."""
    items = sorted(
        (one.provider_id, item.reason, item.reference, item.amount_cents) for one in adjustments for item in one.items
    )
    content = (
        header.payer.name,
        header.trace,
        header.payment_date,
        header.payment_cents,
        sorted(one.digest for one in payments),
        items,
    )
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
