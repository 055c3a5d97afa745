"""A remittance is read from its message, which is kept as it came: this is the one place that does."""

from dataclasses import dataclass

from sqlmodel import Session

from services.claims.domain.remittances.numbered_payments import (
    NumberedPayment,
    numbered_payments,
    provider_adjustments,
    remittance_digest,
)
from services.claims.store import exchange
from services.claims.store import remittances as store
from services.claims.store.remittance_tables import RemittanceRow
from shared import x12
from shared.database import Database
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReadRemittance:
    """A remittance with all that it says."""

    row: RemittanceRow
    header: x12.Remittance
    payments: tuple[NumberedPayment, ...]
    adjustments: tuple[x12.ProviderAdjustment, ...]

    def payment(self, number: int) -> NumberedPayment:
        """Raises NotFound."""
        if not 1 <= number <= len(self.payments):
            raise NotFound("the remittance has no payment of this number", code="payment_not_found")
        return self.payments[number - 1]


def read_remittance(database: Database, organization_id: str, remittance_id: str) -> ReadRemittance:
    """Raises NotFound. Read outside of any write, since a large 835 takes seconds."""
    with database.reading() as session:
        row = found_remittance(session, organization_id, remittance_id)
    for found in remittances_of_message(database, organization_id, row.message_id):
        if found.row.id == row.id:
            return found
    raise NotFound("the remittance's message is not kept any more", code="remittance_not_kept")


def remittances_of_message(database: Database, organization_id: str, message_id: str) -> list[ReadRemittance]:
    """The remittances that a message has, whether they came in it first or not."""
    with database.reading() as session:
        message = exchange.message(session, organization_id, message_id)
        content = message.content if message is not None else ""
    read = [
        (one.header, numbered_payments(one.header, one.records), provider_adjustments(one.records))
        for one in x12.read_all(content.encode()).transactions
        if isinstance(one.header, x12.Remittance)
    ]
    with database.reading() as session:
        return [
            ReadRemittance(row, header, tuple(payments), tuple(adjustments))
            for header, payments, adjustments in read
            if (
                row := store.remittance_of_digest(
                    session, organization_id, remittance_digest(header, payments, adjustments)
                )
            )
        ]


def found_remittance(session: Session, organization_id: str, remittance_id: str) -> RemittanceRow:
    """Raises NotFound."""
    row = store.remittance(session, organization_id, remittance_id)
    if row is None:
        raise NotFound("remittance is not in this organization", code="remittance_not_found")
    return row
