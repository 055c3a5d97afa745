"""A file is refused as a whole: by a TA1 or a 999, or already when it is sent. Its claims are rejected with it."""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, FileEvent, FileState
from services.claims.domain.lifecycle import ClaimEvent
from services.claims.domain.payer_responses import CLEARINGHOUSE
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.record_timeline import record_claim_of_file, record_file
from services.claims.store import claims as store
from services.claims.store.tables import FileRow, MessageRow
from shared.ids import Ids


def refuse_file(
    session: Session, ids: Ids, file: FileRow, now: datetime, reason: str, message: MessageRow | None = None
) -> int:
    """Reject the claims whose present number went out in the file; `message` is the one that says so, if any. Returns
    how many they are."""
    file.state = FILE_LIFECYCLE.step(FileState(file.state), FileEvent.REFUSED)
    session.add(file)
    record_file(session, ids, file, TimelineKind.FILE_REFUSED, reason, at=now, message=message)
    claims = store.claims_of_file(session, file.organization_id, file.id)
    for claim in claims:
        responses = claim.document.responses.with_rejection(CLEARINGHOUSE, reason)
        claim.document = claim.document.with_responses(responses)
        transition_claim(session, ids, claim, now, ClaimEvent.REFUSED_BY_CLEARINGHOUSE)
        summary = "Rejected with its file."
        record_claim_of_file(session, ids, file, claim, TimelineKind.CLAIM_REJECTED, summary, at=now, message=message)
    return len(claims)
