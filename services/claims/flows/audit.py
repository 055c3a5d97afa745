"""The audit trail of the claims service: every write names its client and the person it vouched for."""

from datetime import datetime

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from shared.contracts.common import Actor
from shared.database.operations import add_audit
from shared.security.caller import Caller


def audit(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    *,
    at: datetime,
    action: str,
    subject_id: str,
    actor: Actor | None,
    reason: str | None = None,
) -> None:
    """Record a write of this caller; `reason` is what its person gave for it."""
    add_audit(
        session,
        deps.ids,
        organization_id=caller.organization_id,
        at=at,
        client_id=caller.client_id,
        action=action,
        subject_id=subject_id,
        actor=actor,
        reason=reason,
    )
