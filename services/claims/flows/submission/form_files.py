"""Put submitted claims in 837P files.

Everything that identifies a file is fixed in the transaction that forms it: claim numbers, control numbers, bytes.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from services.claims.domain.file_lifecycle import FileState
from services.claims.domain.ledger import balances
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.transition_claim import refresh_next_action
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import expect_disclosure
from services.claims.flows.record_timeline import record_file
from services.claims.flows.submission.interchange import claims_interchange
from services.claims.store import claims as store
from services.claims.store import exchange, remittances
from services.claims.store.tables import ClaimRow, FileRow
from shared import x12
from shared.clocks import age
from shared.ids import Ids
from shared.plural import counted
from shared.tenancy import INSTALLATION, acting_for
from shared.wire.envelope import interchange_control_number

log = structlog.get_logger()
FILES_A_PASS = 50
MAX_BATCH_WINDOWS = 10


def form_files(deps: Dependencies) -> int:
    """Collect submitted claims in files, one transaction for each file. Returns how many files were formed.

    An organization whose file cannot be written does not hold up the others."""
    formed = 0
    with deps.database.reading() as session:
        waiting = store.queues(session)
    now = deps.wall_clock.now()
    for queue in waiting:
        if not _batch_is_due(deps, queue, now):
            continue
        try:
            # For the installation: the files of a day are counted over all organizations that share an account.
            with acting_for(INSTALLATION):
                while formed < FILES_A_PASS and _form_file(deps, queue.organization_id):
                    formed += 1
        except x12.WriteError:
            log.exception("file_not_writable", organization_id=queue.organization_id)
    return formed


def _batch_is_due(deps: Dependencies, queue: store.Queue, now: datetime) -> bool:
    """A file is due when the queue fills it, when no claim was added for a while, or when the first has waited long."""
    if not deps.batch_window or queue.claims >= deps.trading_partners.of(queue.organization_id).claims_per_file:
        return True
    longest = deps.batch_window * MAX_BATCH_WINDOWS
    return age(queue.newest, now) >= deps.batch_window or age(queue.oldest, now) >= longest


def _form_file(deps: Dependencies, organization_id: str) -> bool:
    """False if no claim waits, or if the trading partner accepts no more files today (UTC)."""
    # Taken before the transaction: `write` may run twice, and forms the same file both times.
    now, file_id, partner = deps.clock.now(), deps.ids("file"), deps.trading_partners.of(organization_id)

    def write(session: Session) -> bool:
        # Counted in the same transaction, so that two workers cannot both take the last place of the day.
        if exchange.files_formed_on(session, partner.sender_id, now.date()) >= partner.files_per_day:
            return False
        rows = store.claims_to_file(session, organization_id, partner.claims_per_file)
        if not rows:
            return False
        # One counter for all organizations: an acknowledgement names the file by this number alone.
        number = exchange.next_number(session, "interchange")
        content = claims_interchange(rows, partner, now, interchange_number=number)
        file = FileRow(
            organization_id=organization_id,
            id=file_id,
            interchange_control_number=interchange_control_number(number),
            sender_id=partner.sender_id,
            content=content.decode(),
            state=FileState.FORMED,
            formed_at=now,
        )
        session.add(file)
        summary = f"Put in 837P file {file.interchange_control_number}, with {counted(len(rows), 'claim')} in all."
        record_file(session, deps.ids, file, TimelineKind.FILE_FORMED, summary, at=now)
        _mark_filed(session, deps.ids, rows, file_id, now)
        return True

    return deps.database.run(write)


def _mark_filed(session: Session, ids: Ids, rows: Sequence[ClaimRow], file_id: str, now: datetime) -> None:
    claim_ids = [row.id for row in rows]
    ledgers = store.entries(session, rows[0].organization_id, claim_ids)
    waits = remittances.waits_since(session, rows[0].organization_id, claim_ids)
    for row in rows:
        row.file_id = file_id
        number = store.number(session, row.organization_id, row.claim_number)
        if number is not None:
            # Beside the claim's own `file_id`, which is that of its present number: answers to an older number lead to
            # the older file.
            number.file_id = file_id
        expect_disclosure(session, ids, row, file_id)
        refresh_next_action(row, balances(ledgers[row.id]), now, payment_waits_since=waits.get(row.id))
        row.version += 1
        session.add(row)
