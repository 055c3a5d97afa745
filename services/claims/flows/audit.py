"""The audit trail of the claims service: every write names the API client and the person on whose behalf it acted; what
the worker does by itself is Handbill's."""

from datetime import datetime

from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from shared.audit import current_request
from shared.contracts.common import Actor
from shared.database.operations import add_audit
from shared.ids import Ids
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
    patient_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Record a write of this caller; `reason` is the one that the person gave. Without `patient_id` the patient is the
    one that the whole request is about."""
    add_audit(
        session,
        deps.ids,
        organization_id=caller.organization_id,
        at=at,
        client_id=caller.client_id,
        action=action,
        subject_id=subject_id,
        actor=actor,
        patient_id=patient_id,
        reason=reason,
    )


PAYMENT = "payment"
"""Why claims are sent and payers' answers are read: 45 CFR 164.501 calls it payment."""


def audit_work(
    session: Session,
    ids: Ids,
    organization_id: str,
    *,
    at: datetime,
    action: str,
    subject_id: str,
    patient_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Record what Handbill does by itself; nothing within a request, which leaves its own entry."""
    if current_request() is not None:
        return
    add_audit(
        session,
        ids,
        organization_id=organization_id,
        at=at,
        action=action,
        subject_id=subject_id,
        patient_id=patient_id,
        purpose=PAYMENT,
        reason=reason,
    )
