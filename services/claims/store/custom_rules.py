"""Rows of the rules that a practice writes."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, or_, select

from services.claims.store.custom_rule_tables import CustomRuleRevisionRow, CustomRuleRow


def rule(session: Session, organization_id: str, code: str) -> CustomRuleRow | None:
    """The rule, or None."""
    return session.get(CustomRuleRow, (organization_id, code))


def rules_page(session: Session, organization_id: str, *, after: str | None, limit: int) -> Sequence[CustomRuleRow]:
    """Up to `limit + 1` rules in order of their codes."""
    query = select(CustomRuleRow).where(CustomRuleRow.organization_id == organization_id)
    if after is not None:
        query = query.where(col(CustomRuleRow.id) > after)
    return session.exec(query.order_by(col(CustomRuleRow.id)).limit(limit + 1)).all()


def count_rules(session: Session, organization_id: str) -> int:
    """How many rules the organization has, in force or not."""
    query = select(func.count()).select_from(CustomRuleRow)
    return session.exec(query.where(CustomRuleRow.organization_id == organization_id)).one()


def revision(session: Session, organization_id: str, code: str, number: int) -> CustomRuleRevisionRow | None:
    """One revision of a rule, or None."""
    return session.get(CustomRuleRevisionRow, (organization_id, code, number))


def revisions_page(
    session: Session, organization_id: str, code: str, *, before: int | None, limit: int
) -> Sequence[CustomRuleRevisionRow]:
    """Up to `limit + 1` revisions of a rule, the newest first."""
    query = select(CustomRuleRevisionRow).where(
        CustomRuleRevisionRow.organization_id == organization_id, CustomRuleRevisionRow.id == code
    )
    if before is not None:
        query = query.where(CustomRuleRevisionRow.revision < before)
    return session.exec(query.order_by(col(CustomRuleRevisionRow.revision).desc()).limit(limit + 1)).all()


def revisions_from(
    session: Session, organization_id: str, day: date, *, code: str | None = None
) -> Sequence[CustomRuleRevisionRow]:
    """The revisions that count on a day or later, in order of their rules' codes; of one rule if it is given."""
    to = col(CustomRuleRevisionRow.active_to)
    query = select(CustomRuleRevisionRow).where(
        CustomRuleRevisionRow.organization_id == organization_id,
        col(CustomRuleRevisionRow.active_from).is_not(None),
        or_(to.is_(None), to >= day),
    )
    if code is not None:
        query = query.where(CustomRuleRevisionRow.id == code)
    return session.exec(query.order_by(col(CustomRuleRevisionRow.id), col(CustomRuleRevisionRow.revision))).all()


def revisions_on(session: Session, organization_id: str, day: date) -> Sequence[CustomRuleRevisionRow]:
    """The revisions that count in a check of a day, in order of their rules' codes."""
    to = col(CustomRuleRevisionRow.active_to)
    return session.exec(
        select(CustomRuleRevisionRow)
        .where(
            CustomRuleRevisionRow.organization_id == organization_id,
            col(CustomRuleRevisionRow.active_from) <= day,
            or_(to.is_(None), to >= day),
        )
        .order_by(col(CustomRuleRevisionRow.id))
    ).all()
