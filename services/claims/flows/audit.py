"""The audit trail of the claims service: every write names the API client and the person on whose behalf it acted."""

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
    """Record a write of this caller; `reason` is the one that the person gave."""
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
