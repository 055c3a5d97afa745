"""Rows of practices' rules for small balances, and the claims that they may be about."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action_kinds import PATIENT_IS_ASKED
from services.claims.domain.small_balances import PURSUED
from services.claims.store.tables import TO_DO, ClaimRow
from services.claims.store.work_tables import SmallBalanceRuleRow

RULE_ID = "small_balances"
RULES_A_PASS = 10_000


def rule_of(session: Session, organization_id: str) -> SmallBalanceRuleRow | None:
    """The practice's rule, or None."""
    return session.get(SmallBalanceRuleRow, (organization_id, RULE_ID))


def in_force(session: Session) -> Sequence[SmallBalanceRuleRow]:
    """The rules of all organizations that write anything off."""
    rule = SmallBalanceRuleRow
    query = select(rule).where(or_(col(rule.patient_max_cents) > 0, col(rule.insurer_max_cents) > 0))
    return session.exec(query.order_by(col(rule.organization_id)).limit(RULES_A_PASS)).all()


def claims_with_less(session: Session, organization_id: str, most_cents: int, after: str, limit: int) -> list[str]:
    """Claims, in order of id, whose next action is about an open amount of at most this, as it was last worked out; the
    ledger says what it is."""
    amount, kind = col(ClaimRow.next_amount_cents), col(ClaimRow.next_kind)
    query = (
        select(ClaimRow.id)
        .where(
            ClaimRow.organization_id == organization_id,
            TO_DO,
            amount.between(1, most_cents),
            ClaimRow.state == ClaimState.ADJUDICATED,
            or_(kind.in_(PATIENT_IS_ASKED), col(ClaimRow.next_rule).startswith(PURSUED)),
            col(ClaimRow.id) > after,
        )
        .order_by(col(ClaimRow.id))
    )
    return list(session.exec(query.limit(limit)))
