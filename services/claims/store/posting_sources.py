"""What an entry of the ledger came from: of a payment its message and, after a slash, the payment in it, so that a
payment is taken back without the others of its message. Callers are told the message alone.
"""

from collections.abc import Iterable

from services.claims.store.tables import LedgerRow, PostingRow

PAYMENT_IN_SOURCE = 20
"""How many characters of a payment's digest the source of its ledger entries has."""


def source_of_payment(message_id: str, digest: str) -> str:
    """The source of the entries of one payment: its message, and the payment in it."""
    return f"{message_id}/{digest[:PAYMENT_IN_SOURCE]}"


def named_source(row: LedgerRow) -> str:
    """What an entry came from, as callers know it: of a payment its message."""
    return row.source_id.partition("/")[0]


def entries_of_posting(rows: Iterable[LedgerRow], posting: PostingRow) -> list[LedgerRow]:
    """Those of a claim's rows that a payment, and taking it back before, has left; of an earlier version, which named
    the message alone, what that has left at the moment of the posting."""
    own = source_of_payment(posting.message_id, posting.id)
    before = (posting.message_id, posting.posted_at)
    return [row for row in rows if row.source_id == own or (row.source_id, row.posted_at) == before]
