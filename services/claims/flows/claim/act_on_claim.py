"""An act of a caller on a claim: the claim is found, acted on and traced in one transaction, and answered as it is.

Each act leaves one entry in the audit trail and one in the claim's timeline; an act that is refused leaves neither.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim
from shared.contracts.common import Actor
from shared.database import UnitOfWork
from shared.security.caller import Caller


@dataclass(frozen=True, slots=True)
class Trace:
    """What an act leaves: `summary` and `codes` are the timeline's, `reason` is the audit trail's, as the person gave
    it."""

    kind: TimelineKind
    summary: str
    reason: str | None = None
    codes: Sequence[str] = ()


Act = Callable[[Session, ClaimRow, datetime], Trace]


def act_on_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, actor: Actor | None, act: Act
) -> Claim:
    """Raises NotFound, and what the act raises."""
    now = deps.clock.now()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        leave_trace(session, deps, caller, row, act(session, row, now), at=now, actor=actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def leave_trace(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    trace: Trace,
    *,
    at: datetime,
    actor: Actor | None,
) -> None:
    """Within a transaction: the entries of one act."""
    audit(
        session,
        deps,
        caller,
        at=at,
        action=trace.kind.value,
        subject_id=row.id,
        actor=actor,
        patient_id=row.patient_id,
        reason=trace.reason,
    )
    record_act(session, deps, caller, row, trace.kind, trace.summary, at=at, actor=actor, codes=trace.codes)
