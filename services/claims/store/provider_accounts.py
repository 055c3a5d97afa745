"""Rows of a practice's accounts with its payers, and of its deposits."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import Session, case, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.claims.domain.remittances.provider_ledger import TAKEN_OUT, ProviderAccount
from services.claims.store.provider_tables import DepositRow, ProviderEntryRow
from services.claims.store.remittance_tables import RemittanceRow
from services.claims.store.work_tables import TaskRow


def is_booked(session: Session, organization_id: str, remittance_id: str) -> bool:
    """Whether the remittance is in the accounts: it was booked, and not taken out again."""
    return bool(standing_entries(session, organization_id, remittance_id))


def standing_entries(session: Session, organization_id: str, remittance_id: str) -> Sequence[ProviderEntryRow]:
    """The entries of a remittance that were booked since it was last taken out of the accounts."""
    query = select(ProviderEntryRow).where(
        ProviderEntryRow.organization_id == organization_id, ProviderEntryRow.remittance_id == remittance_id
    )
    rows = session.exec(query.order_by(col(ProviderEntryRow.id))).all()
    # Each time that it is taken out every entry has its opposite.
    out = sum(one.reason == TAKEN_OUT for one in rows)
    return rows[2 * out :]


def is_booked_under_trace(session: Session, remittance: RemittanceRow) -> bool:
    """Whether another remittance with the same trace is in the accounts."""
    others = select(RemittanceRow.id).where(
        RemittanceRow.organization_id == remittance.organization_id,
        RemittanceRow.trace_blind == remittance.trace_blind,
        RemittanceRow.id != remittance.id,
    )
    own = ProviderEntryRow.organization_id == remittance.organization_id
    query = select(ProviderEntryRow.id).where(own, col(ProviderEntryRow.remittance_id).in_(others))
    return session.exec(query.limit(1)).first() is not None


def account_sums(session: Session, organization_id: str) -> list[tuple[str, str, str, int]]:
    """(payer's blind index, source, target, cents) of all entries."""
    entry = ProviderEntryRow
    query = select(entry.payer_blind, entry.source, entry.target, func.sum(entry.amount_cents)).where(
        entry.organization_id == organization_id
    )
    rows = session.exec(query.group_by(entry.payer_blind, entry.source, entry.target))
    return [(payer, source, target, int(cents)) for payer, source, target, cents in rows]


def payer_sums(session: Session, organization_id: str, payer_blind: str) -> list[tuple[str, str, int]]:
    """(source, target, cents) of all entries with one payer."""
    entry = ProviderEntryRow
    query = select(entry.source, entry.target, func.sum(entry.amount_cents)).where(
        entry.organization_id == organization_id, entry.payer_blind == payer_blind
    )
    return [
        (source, target, int(cents))
        for source, target, cents in session.exec(query.group_by(entry.source, entry.target))
    ]


def task_of_payer(session: Session, organization_id: str, kind: str, payer_blind: str) -> TaskRow | None:
    """The task of a kind about a remittance of this payer."""
    theirs = select(RemittanceRow.id).where(
        RemittanceRow.organization_id == organization_id, RemittanceRow.payer_blind == payer_blind
    )
    query = select(TaskRow).where(TaskRow.organization_id == organization_id, TaskRow.kind == kind)
    return session.exec(query.where(col(TaskRow.subject_id).in_(theirs))).first()


def payers(session: Session, organization_id: str, blinds: Collection[str]) -> dict[str, RemittanceRow]:
    """The last remittance of each payer, by blind index."""
    newest = (
        select(func.max(RemittanceRow.id))
        .where(RemittanceRow.organization_id == organization_id, col(RemittanceRow.payer_blind).in_(blinds))
        .group_by(RemittanceRow.payer_blind)
    )
    query = select(RemittanceRow).where(RemittanceRow.organization_id == organization_id)
    return {row.payer_blind: row for row in session.exec(query.where(col(RemittanceRow.id).in_(newest)))}


def entries_page(
    session: Session, organization_id: str, *, payer_blind: str | None, after: str | None, limit: int
) -> Sequence[ProviderEntryRow]:
    """Up to `limit + 1` entries in the order of their booking."""
    query = select(ProviderEntryRow).where(ProviderEntryRow.organization_id == organization_id)
    if payer_blind is not None:
        query = query.where(ProviderEntryRow.payer_blind == payer_blind)
    if after is not None:
        query = query.where(col(ProviderEntryRow.id) > after)
    return session.exec(query.order_by(col(ProviderEntryRow.id)).limit(limit + 1)).all()


def deposit(session: Session, organization_id: str, deposit_id: str) -> DepositRow | None:
    """The deposit, or None."""
    return session.get(DepositRow, (organization_id, deposit_id))


def deposits_page(
    session: Session, organization_id: str, *, after: tuple[date, str] | None, limit: int
) -> Sequence[DepositRow]:
    """Up to `limit + 1` deposits in the order of their days."""
    day, key = col(DepositRow.deposited_on), col(DepositRow.id)
    query = select(DepositRow).where(DepositRow.organization_id == organization_id)
    if after is not None:
        query = query.where(day >= after[0], or_(day > after[0], key > after[1]))
    return session.exec(query.order_by(day, key).limit(limit + 1)).all()


def expected_between(
    session: Session, organization_id: str, first: date, last: date, limit: int
) -> Sequence[RemittanceRow]:
    """At most `limit` remittances of some days that are in the accounts and pay something."""
    query = _expected(organization_id).where(col(RemittanceRow.paid_on).between(first, last))
    return session.exec(query.order_by(col(RemittanceRow.paid_on), col(RemittanceRow.id)).limit(limit)).all()


def expected_of(session: Session, organization_id: str, traces: Sequence[str]) -> Sequence[RemittanceRow]:
    """The remittances of some traces (their blinds) that are in the accounts and pay something."""
    return session.exec(_expected(organization_id).where(col(RemittanceRow.trace_blind).in_(traces))).all()


def _expected(organization_id: str) -> SelectOfScalar[RemittanceRow]:
    entry, deposits = ProviderEntryRow, ProviderAccount.DEPOSITS
    cents = case((col(entry.target) == deposits, col(entry.amount_cents)), else_=-col(entry.amount_cents))
    booked = (
        select(entry.remittance_id)
        .where(entry.organization_id == organization_id, or_(entry.target == deposits, entry.source == deposits))
        .group_by(col(entry.remittance_id))
        .having(func.sum(cents) > 0)
    )
    return select(RemittanceRow).where(
        RemittanceRow.organization_id == organization_id,
        RemittanceRow.amount_cents > 0,
        col(RemittanceRow.id).in_(booked),
    )


def deposits_of(session: Session, organization_id: str, traces: Sequence[str]) -> Sequence[DepositRow]:
    """The deposits of some traces (their blinds)."""
    query = select(DepositRow).where(
        DepositRow.organization_id == organization_id, col(DepositRow.trace_blind).in_(traces)
    )
    return session.exec(query).all()


def deposits_between(
    session: Session, organization_id: str, first: date, last: date, limit: int
) -> Sequence[DepositRow]:
    """At most `limit` deposits of some days."""
    query = select(DepositRow).where(
        DepositRow.organization_id == organization_id, col(DepositRow.deposited_on).between(first, last)
    )
    return session.exec(query.order_by(col(DepositRow.deposited_on), col(DepositRow.id)).limit(limit)).all()
