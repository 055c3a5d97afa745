"""Who acts, and on what: the operator's database, clock and name. Each act leaves an entry in the audit trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from shared.clocks import Clock
from shared.contracts.common import Actor
from shared.database.engine import Database
from shared.database.operations import add_audit
from shared.ids import Ids
from shared.tenancy import INSTALLATION_ID

COMMAND_LINE = "command_line"
ROLE = "operator"


@dataclass(frozen=True, slots=True)
class Operator:
    """`name` is the person's; `clock` is wall time, since what is recorded is when a person acted."""

    database: Database
    ids: Ids
    clock: Clock
    name: str

    def audit(
        self,
        session: Session,
        *,
        at: datetime,
        action: str,
        subject_id: str,
        organization_id: str = INSTALLATION_ID,
        patient_id: str | None = None,
        purpose: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Record an act, in the installation's trail or in that of the organization which it concerns."""
        add_audit(
            session,
            self.ids,
            organization_id=organization_id,
            at=at,
            client_id=COMMAND_LINE,
            action=action,
            subject_id=subject_id,
            patient_id=patient_id,
            purpose=purpose,
            actor=Actor(id=self.name, name=self.name, role=ROLE),
            reason=reason,
        )
