"""Claims go out: submitted by a person, gathered into 837P files, sent, and never accepted twice.

Everything that identifies a file is fixed in the transaction that forms it: claim numbers, control numbers, bytes.
A try is written down before it is made. After an unclear answer the clearinghouse is asked whether it has the file;
only when it says no, and not before `resend_after` in real time, are the same bytes sent again (CAQH CORE).
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlmodel import Session

from services.claims.clients import Delivery, Terms
from services.claims.domain.ledger import balances
from services.claims.domain.lifecycle import Event, NotAllowed
from services.claims.domain.professional_claim import professional_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.drafting import draft_of
from services.claims.flows.facts import Snapshot
from services.claims.flows.parties import parties, submission_header
from services.claims.flows.standing import refresh_next_action, transition_claim
from services.claims.flows.trail import audit
from services.claims.flows.views import claim_view
from services.claims.store import claims as store
from services.claims.store import exchange
from services.claims.store.tables import ClaimRow, FileRow
from shared import x12
from shared.codesets import bundled
from shared.contracts.claims import Claim, ClaimAction
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, NotFound, RuleBroken
from shared.security.caller import Caller

log = structlog.get_logger()
FILES_A_PASS = 50
MAX_BATCH_WINDOWS = 10
CONTROL_DIGITS = 9


def submit_claim(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: ClaimAction
) -> Claim:
    """Queue a ready claim for the next file. Raises RuleBroken while it is blocked, Conflict in any other state."""
    now, queued_at = deps.clock.now(), deps.wall_clock.now()

    def write(session: Session) -> Claim:
        row = store.claim(session, caller.organization_id, claim_id)
        if row is None:
            raise NotFound("claim is not in this organization", code="claim_not_found")
        _refuse_blocked(row)
        _refuse_unwritable(row, deps.clearinghouse.terms, now)
        try:
            transition_claim(session, deps.ids, row, now, Event.SUBMIT)
        except NotAllowed:
            raise Conflict(f"a claim that is {row.state} is not submitted again", code="claim_not_ready") from None
        row.submitted_at, row.queued_at = now, queued_at
        audit(session, deps, caller, at=now, action="claim.submit", subject_id=row.id, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def form_files(deps: Dependencies) -> int:
    """Gather submitted claims into files, one transaction a file. Returns how many files were formed.

    An organization whose file cannot be written does not hold up the others."""
    formed = 0
    with deps.database.reading() as session:
        waiting = store.queues(session)
    now = deps.wall_clock.now()
    for queue in waiting:
        if not _gathered(deps, queue, now):
            continue
        try:
            while formed < FILES_A_PASS and _form_file(deps, queue.organization_id):
                formed += 1
        except x12.WriteError:
            log.exception("file_not_writable", organization_id=queue.organization_id)
    return formed


def _gathered(deps: Dependencies, queue: store.Queue, now: datetime) -> bool:
    """A queue leaves when it fills a file, when nothing has come for a while, or when its first has waited long."""
    if not deps.batch_window or queue.claims >= deps.clearinghouse.terms.claims_per_file:
        return True
    return now - queue.newest >= deps.batch_window or now - queue.oldest >= deps.batch_window * MAX_BATCH_WINDOWS


def unsent_files(deps: Dependencies) -> list[tuple[str, str, int]]:
    """(organization, file, tries so far) of what the clearinghouse is not known to have."""
    with deps.database.reading() as session:
        return exchange.unsent_files(session, FILES_A_PASS)


def send_file(deps: Dependencies, organization_id: str, file_id: str) -> str:
    """One try to deliver a file; returns its state afterwards. Raises Unavailable when asking gets no answer."""
    content, state, number = _begin_try(deps, organization_id, file_id)
    unclear = state == "asking"
    if unclear:
        if deps.clearinghouse.knows(number):
            return _after_try(deps, organization_id, file_id, Delivery.TAKEN)
        content, state, number = _begin_try(deps, organization_id, file_id, asked=True)
    if state != "sending":
        return state
    delivery = deps.clearinghouse.submit(content)
    if unclear and delivery is Delivery.NOT_TAKEN:
        delivery = Delivery.UNCLEAR  # an earlier try may still arrive, so the next one asks first as well
    return _after_try(deps, organization_id, file_id, delivery)


def _begin_try(deps: Dependencies, organization_id: str, file_id: str, *, asked: bool = False) -> tuple[str, str, str]:
    """Write a try down: (content, `sending`), or what stands against it: `asking`, `waiting`, `sent`."""
    now = deps.wall_clock.now()

    def write(session: Session) -> tuple[str, str, str]:
        row = exchange.file(session, organization_id, file_id)
        if row is None or row.state not in exchange.UNSENT:
            return "", row.state if row else "unknown", ""
        number = row.interchange_control_number
        if row.state == "sending" and not asked:
            return "", "asking", number
        if row.state == "sending" and row.tried_at is not None and now - row.tried_at < deps.resend_after:
            return "", "waiting", number
        row.state, row.tries, row.tried_at = "sending", row.tries + 1, now
        session.add(row)
        return row.content, "sending", number

    return deps.database.run(write)


def _after_try(deps: Dependencies, organization_id: str, file_id: str, delivery: Delivery) -> str:
    now = deps.clock.now()

    def write(session: Session) -> str:
        row = exchange.file(session, organization_id, file_id)
        if row is None or row.state not in exchange.UNSENT:
            return row.state if row else "unknown"
        if delivery is Delivery.TAKEN:
            row.state, row.sent_at = "sent", now
        elif delivery is Delivery.NOT_TAKEN:
            row.state = "formed"
        session.add(row)
        return row.state

    return deps.database.run(write)


def _refuse_blocked(row: ClaimRow) -> None:
    blocking = [finding for finding in row.coded["findings"] if finding["severity"] == "block"]
    if row.state == "blocked":
        faults = [Fault(f["pointer"], f["code"], f["message"], f["fix"]) for f in blocking]
        raise RuleBroken(
            f"{len(blocking)} rules block this claim; mend them and refresh it", code=blocking[0]["code"], errors=faults
        )


def _refuse_unwritable(row: ClaimRow, terms: Terms, now: datetime) -> None:
    """Write the claim as it would go out and read it back strictly: what we send has no error."""
    try:
        content = _content([row], terms, now, interchange_number=1)
    except x12.WriteError as error:
        faults = [Fault(f"/{error.pointer}", "claim_not_writable", error.message, "Mend the named data and refresh.")]
        raise RuleBroken("the claim cannot be written as an 837P", code="claim_not_writable", errors=faults) from None
    found = x12.read_all(content, strict=True, codes=bundled()).findings
    faults = [
        Fault(f"/{one.loop}/{one.segment}/{one.element}", one.code, one.message, one.fix)
        for one in found
        if one.severity is x12.Severity.ERROR
    ]
    if faults:
        raise RuleBroken("the 837P of this claim would be refused", code=faults[0].code, errors=faults)


def _form_file(deps: Dependencies, organization_id: str) -> bool:
    now, file_id, terms = deps.clock.now(), deps.ids("file"), deps.clearinghouse.terms

    def write(session: Session) -> bool:
        rows = store.claims_to_file(session, organization_id, terms.claims_per_file)
        if not rows:
            return False
        number = exchange.next_number(session, "interchange")
        content = _content(rows, terms, now, interchange_number=number)
        session.add(
            FileRow(
                organization_id=organization_id,
                id=file_id,
                interchange_control_number=f"{number:0{CONTROL_DIGITS}d}",
                content=content.decode(),
                state="formed",
                formed_at=now,
            )
        )
        _mark_filed(session, rows, file_id, now)
        return True

    return deps.database.run(write)


def _mark_filed(session: Session, rows: Sequence[ClaimRow], file_id: str, now: datetime) -> None:
    ledgers = store.entries(session, rows[0].organization_id, [row.id for row in rows])
    for row in rows:
        row.file_id = file_id
        number = store.number(session, row.organization_id, row.claim_number)
        if number is not None:
            number.file_id = file_id
        refresh_next_action(row, balances(ledgers[row.id]), now)
        row.version += 1
        session.add(row)


def _content(rows: Sequence[ClaimRow], terms: Terms, now: datetime, *, interchange_number: int) -> bytes:
    """The 837P of these claims, from their snapshots alone. Raises x12.WriteError."""
    snapshots = [Snapshot.load(row.snapshot) for row in rows]
    drafts = [draft_of(row.coded) for row in rows]
    claims = tuple(
        professional_claim(draft, parties(snapshot, draft)) for snapshot, draft in zip(snapshots, drafts, strict=True)
    )
    submitter, receiver = submission_header(
        snapshots[0].practice, sender_id=terms.sender_id, receiver_id=terms.receiver_id
    )
    header = x12.Submission(
        reference=str(interchange_number),
        created=now.date(),
        created_time=now.strftime("%H%M"),
        submitter=submitter,
        receiver=receiver,
    )
    transaction = x12.Transaction(type="837P", control_number="0001", header=header, records=claims)
    return x12.write(_envelope(terms, now, interchange_number), [transaction])


def _envelope(terms: Terms, now: datetime, number: int) -> x12.Envelope:
    """ISA and GS with the same number, dates and times of the moment of forming in UTC."""
    day, time = now.date(), now.strftime("%H%M")
    return x12.Envelope(
        interchange=x12.Interchange(
            sender=terms.sender_id,
            receiver=terms.receiver_id,
            date=day,
            time=time,
            control_number=f"{number:0{CONTROL_DIGITS}d}",
            usage=terms.usage,
        ),
        group=x12.Group(
            sender=terms.sender_id, receiver=terms.receiver_id, date=day, time=time, control_number=str(number)
        ),
    )
