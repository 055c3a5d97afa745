"""The operator sees the files whose account the clearinghouse refuses, and has them sent once that is mended."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, FileEvent, FileState
from services.claims.store import exchange
from shared.database.operator import Operator

LISTED = 1_000


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """One such file; `tried_at` is wall time."""

    id: str
    organization_id: str
    sender_id: str
    tries: int
    tried_at: datetime | None


def list_turned_away(operator: Operator) -> list[TurnedAway]:
    """At most `LISTED` of them."""
    with operator.database.reading() as session:
        rows = exchange.files_turned_away(session, LISTED)
        return [TurnedAway(row.id, row.organization_id, row.sender_id, row.tries, row.tried_at) for row in rows]


def retry_turned_away(operator: Operator) -> int:
    """Have all of them sent with the next pass, with as many tries as before. Returns how many."""
    now = operator.clock.now()

    def write(session: Session) -> int:
        rows = exchange.files_turned_away(session, LISTED)
        for row in rows:
            row.state = FILE_LIFECYCLE.step(FileState(row.state), FileEvent.RETRY)
            row.tries, row.tried_at = 0, None
            session.add(row)
            operator.audit(session, at=now, action="file.retry", subject_id=row.id, organization_id=row.organization_id)
        return len(rows)

    return operator.database.run(write)
