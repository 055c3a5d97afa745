"""Rows of remittances and of the payments in them that wait for a person."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlmodel import Session, and_, col, func, select

from services.claims.domain.remittances.payment_states import PaymentState, RemittanceState
from services.claims.store.remittance_tables import RemittancePaymentRow, RemittanceRow
from services.claims.store.tables import PostingRow

IDS_AT_ONCE = 500


def remittance(session: Session, organization_id: str, remittance_id: str) -> RemittanceRow | None:
    """The remittance, or None."""
    return session.get(RemittanceRow, (organization_id, remittance_id))


def remittance_of_digest(session: Session, organization_id: str, digest: str) -> RemittanceRow | None:
    """The remittance with this content, or None."""
    query = select(RemittanceRow).where(
        RemittanceRow.organization_id == organization_id, RemittanceRow.digest == digest
    )
    return session.exec(query).first()


def remittances_of_message(session: Session, organization_id: str, message_id: str) -> Sequence[RemittanceRow]:
    """The remittances that came in a message first."""
    own = (RemittanceRow.organization_id == organization_id, RemittanceRow.message_id == message_id)
    return session.exec(select(RemittanceRow).where(*own).order_by(col(RemittanceRow.id))).all()


def remittances_page(
    session: Session,
    organization_id: str,
    *,
    state: RemittanceState | None,
    payer_blind: str | None,
    trace_blind: str | None,
    after: str | None,
    limit: int,
) -> Sequence[RemittanceRow]:
    """Up to `limit + 1` remittances in the order of their coming."""
    query = select(RemittanceRow).where(RemittanceRow.organization_id == organization_id)
    if state is not None:
        query = query.where(RemittanceRow.state == state)
    if payer_blind is not None:
        query = query.where(RemittanceRow.payer_blind == payer_blind)
    if trace_blind is not None:
        query = query.where(RemittanceRow.trace_blind == trace_blind)
    if after is not None:
        query = query.where(col(RemittanceRow.id) > after)
    return session.exec(query.order_by(col(RemittanceRow.id)).limit(limit + 1)).all()


def payments_by_digest(
    session: Session, organization_id: str, digests: Collection[str]
) -> dict[str, RemittancePaymentRow]:
    """The payments of these digests that waited at least once."""
    found: dict[str, RemittancePaymentRow] = {}
    for some in _portions(digests):
        query = select(RemittancePaymentRow).where(RemittancePaymentRow.organization_id == organization_id)
        found |= {row.id: row for row in session.exec(query.where(col(RemittancePaymentRow.id).in_(some)))}
    return found


def postings_by_digest(session: Session, organization_id: str, digests: Collection[str]) -> dict[str, PostingRow]:
    """The postings of these digests."""
    found: dict[str, PostingRow] = {}
    for some in _portions(digests):
        query = select(PostingRow).where(PostingRow.organization_id == organization_id)
        found |= {row.id: row for row in session.exec(query.where(col(PostingRow.id).in_(some)))}
    return found


def posted_together(session: Session, posting: PostingRow) -> Sequence[PostingRow]:
    """The payments that one message has posted to one claim at one moment: their entries are the same in the ledger."""
    query = select(PostingRow).where(
        PostingRow.organization_id == posting.organization_id,
        PostingRow.claim_id == posting.claim_id,
        PostingRow.message_id == posting.message_id,
        PostingRow.posted_at == posting.posted_at,
    )
    return session.exec(query.order_by(col(PostingRow.id))).all()


def waiting_payments(session: Session, organization_id: str, remittance_id: str) -> Sequence[RemittancePaymentRow]:
    """The payments of a remittance that wait, in its order."""
    query = select(RemittancePaymentRow).where(
        RemittancePaymentRow.organization_id == organization_id,
        RemittancePaymentRow.remittance_id == remittance_id,
        RemittancePaymentRow.state == PaymentState.WAITING,
    )
    return session.exec(query.order_by(col(RemittancePaymentRow.number))).all()


def waiting_for_claim(session: Session, organization_id: str, claim_id: str) -> Sequence[RemittancePaymentRow]:
    """The payments that wait for a claim, the longest first."""
    query = select(RemittancePaymentRow).where(
        RemittancePaymentRow.organization_id == organization_id,
        RemittancePaymentRow.claim_id == claim_id,
        RemittancePaymentRow.state == PaymentState.WAITING,
    )
    return session.exec(query.order_by(col(RemittancePaymentRow.waits_since), col(RemittancePaymentRow.id))).all()


def postings_under(session: Session, organization_id: str, claim_id: str, trace_blind: str) -> Sequence[PostingRow]:
    """The payments of this claim that were posted from a remittance with this trace."""
    messages = select(RemittanceRow.message_id).where(
        RemittanceRow.organization_id == organization_id, RemittanceRow.trace_blind == trace_blind
    )
    own = (PostingRow.organization_id == organization_id, PostingRow.claim_id == claim_id)
    return session.exec(select(PostingRow).where(*own, col(PostingRow.message_id).in_(messages))).all()


def first_waiting_payments(
    session: Session, organization_id: str, message_ids: Collection[str]
) -> dict[str, tuple[str, int]]:
    """Of some messages those in which a payment waits: the remittance and the number of the first one."""
    found: dict[str, tuple[str, int]] = {}
    for some in _portions(message_ids):
        query = (
            select(RemittanceRow.message_id, RemittanceRow.id, func.min(RemittancePaymentRow.number))
            .join(
                RemittancePaymentRow,
                and_(
                    col(RemittancePaymentRow.organization_id) == RemittanceRow.organization_id,
                    col(RemittancePaymentRow.remittance_id) == RemittanceRow.id,
                ),
            )
            .where(
                RemittanceRow.organization_id == organization_id,
                col(RemittanceRow.message_id).in_(some),
                RemittancePaymentRow.state == PaymentState.WAITING,
            )
            .group_by(col(RemittanceRow.message_id), col(RemittanceRow.id))
            .order_by(col(RemittanceRow.id))
        )
        for message_id, remittance_id, number in session.exec(query):
            found.setdefault(message_id, (remittance_id, number))
    return found


def waiting_count(session: Session, organization_id: str, remittance_id: str) -> int:
    """How many payments of a remittance wait."""
    query = select(func.count()).select_from(RemittancePaymentRow)
    return session.exec(
        query.where(
            RemittancePaymentRow.organization_id == organization_id,
            RemittancePaymentRow.remittance_id == remittance_id,
            RemittancePaymentRow.state == PaymentState.WAITING,
        )
    ).one()


def codes_of_undecided(session: Session, organization_id: str, remittance_id: str) -> set[str]:
    """Why the payments of a remittance wait, or did before they were set aside."""
    query = select(RemittancePaymentRow.code).where(
        RemittancePaymentRow.organization_id == organization_id,
        RemittancePaymentRow.remittance_id == remittance_id,
        RemittancePaymentRow.state != PaymentState.POSTED,
    )
    return set(session.exec(query.distinct()))


def waits_since(session: Session, organization_id: str, claim_ids: Collection[str]) -> dict[str, date]:
    """Of some claims those that a payment waits for, each with the first day of it."""
    found: dict[str, date] = {}
    for some in _portions(claim_ids):
        query = (
            select(RemittancePaymentRow.claim_id, func.min(RemittancePaymentRow.waits_since))
            .where(
                RemittancePaymentRow.organization_id == organization_id,
                col(RemittancePaymentRow.claim_id).in_(some),
                RemittancePaymentRow.state == PaymentState.WAITING,
            )
            .group_by(col(RemittancePaymentRow.claim_id))
        )
        found |= {claim_id: day for claim_id, day in session.exec(query) if claim_id is not None and day is not None}
    return found


def _portions(wanted: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(set(wanted))
    for start in range(0, len(ordered), IDS_AT_ONCE):
        yield ordered[start : start + IDS_AT_ONCE]
