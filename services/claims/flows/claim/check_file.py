"""Ask the clearinghouse whether it has the file that a claim went out in, since nothing has acknowledged it.

Where it has it, its answer is waited for once more, and then the payer is asked. Where it has not, the file was lost on
the way, and the same bytes go again: nobody has accepted them, so no claim of theirs is sent twice. The claims of one
file share the question.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, UNSENT, FileEvent, FileState
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action import ACKNOWLEDGEMENT_DAYS
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.worked_action import completed
from services.claims.flows.claim.act_on_claim import Trace, act_on_claim
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.claim.work_on_claim import facts_of
from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store import exchange
from services.claims.store.tables import ClaimRow, FileRow
from shared.clocks import age
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict
from shared.security.caller import Caller

ACTION = "check_file_status"


def check_file_status(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Ask now. Raises NotFound, Conflict (`claim_not_sent`, `file_acknowledged`), Unavailable."""
    with deps.database.reading() as session:
        file = _file(session, found_claim(store.claim(session, caller.organization_id, claim_id)))
        asked = file.state not in UNSENT
        partner = deps.trading_partners.account(file.sender_id) or deps.trading_partners.of(caller.organization_id)
        number = file.interchange_control_number
    has_it = asked and deps.clearinghouse.has_file(partner, number)

    def act(session: Session, row: ClaimRow, now: datetime) -> Trace:
        found = _file(session, row)
        lost = asked and not has_it and _is_lost(deps, found)
        if lost:
            found.state = FILE_LIFECYCLE.step(FileState(found.state), FileEvent.LOST)
            session.add(found)
        if row.next_kind == ACTION:
            facts = facts_of(session, row, now)
            following = facts.today + timedelta(days=ACKNOWLEDGEMENT_DAYS)
            done = completed(facts, ACTION, facts.today, following)
            row.progress = replace(row.progress or NO_PROGRESS, done=done)
        transition_claim(session, deps.ids, row, now)
        return Trace(TimelineKind.STATUS_ASKED, f"The clearinghouse was asked for file {number}: {_said(has_it, lost)}")

    return act_on_claim(deps, unit_of_work, caller, claim_id, command.actor, act)


def _file(session: Session, row: ClaimRow) -> FileRow:
    """The file whose acknowledgement is waited for."""
    if row.state != ClaimState.SUBMITTED:
        detail, fix = "the claim waits for no acknowledgement", "Read the claim, and do what its `next_action` names."
        raise Conflict(detail, code="file_acknowledged", pointer="/claim_id", fix=fix, current_version=row.version)
    file = exchange.file(session, row.organization_id, row.file_id) if row.file_id is not None else None
    if file is None:
        detail, fix = "the claim is in no file", "Wait for the next file; a printed or forwarded claim is in none."
        raise Conflict(detail, code="claim_not_sent", pointer="/claim_id", fix=fix, current_version=row.version)
    return file


def _is_lost(deps: Dependencies, file: FileRow) -> bool:
    """Whether the last try is so long ago that its bytes are not on their way any more."""
    if not FILE_LIFECYCLE.allows(FileState(file.state), FileEvent.LOST):
        return False
    return file.tried_at is None or age(file.tried_at, deps.wall_clock.now()) >= deps.resend_after


def _said(has_it: bool, lost: bool) -> str:
    if has_it:
        return "it has it, and its acknowledgement is still to come."
    return "it was lost, and goes out again." if lost else "it is still being sent."
