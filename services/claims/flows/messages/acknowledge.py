"""TA1, 999, 277CA and 277: each changes the state of the file that it answers, or of the claims that it names."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from services.claims.document import ClaimDocument
from services.claims.domain.acknowledgement import (
    BY_PAYER,
    REJECTED,
    SEEN_BEFORE,
    Verdict,
    answered,
    envelope_refusal,
    event_of,
    syntax_refusal,
    verdict,
)
from services.claims.domain.file_lifecycle import FILE_LIFECYCLE, FileEvent, FileState
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, ClaimState
from services.claims.domain.next_action_progress import NO_PROGRESS, PayerStatus
from services.claims.domain.payer_responses import CLEARINGHOUSE, PAYER
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.wire_code import wire_code
from services.claims.flows.claim.submissions import answer_earlier, submission_of
from services.claims.flows.claim.transition_claim import local_today, transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.record_timeline import record_claim_answer, record_file
from services.claims.flows.submission.refuse_file import refuse_file
from services.claims.store import claims as store
from services.claims.store import exchange
from services.claims.store.tables import ClaimRow, FileRow, MessageRow
from shared import x12
from shared.database.operations import add_event
from shared.wire.envelope import interchange_of_group

R = TypeVar("R", bound=x12.Part)
CODES_KEPT = 20


def apply_ta1(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """A rejected envelope rejects every claim in it; a duplicate changes nothing."""
    for answer in _records(transaction, x12.InterchangeAcknowledgement):
        file = _file(session, row, answer.control_number, outcome)
        if file is None:
            continue
        if answer.note == SEEN_BEFORE:
            outcome.note(
                code="interchange_seen_before",
                message="The clearinghouse already had this file.",
                pointer="/TA1/5",
                fix="Nothing to do: the first copy is processed.",
            )
            summary = "The clearinghouse already had this file and processes the first copy (TA1 025)."
            record_file(session, deps.ids, file, TimelineKind.FILE_ACKNOWLEDGED, summary, at=now, message=row)
        elif reason := envelope_refusal(answer):
            outcome.claims += refuse_file(session, deps.ids, file, now, reason, row)
        else:
            summary = "The clearinghouse accepted the file's envelope (TA1)."
            record_file(session, deps.ids, file, TimelineKind.FILE_ACKNOWLEDGED, summary, at=now, message=row)


def apply_999(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """A rejected transaction rejects its claims; our files hold one transaction each."""
    for answer in _records(transaction, x12.Acknowledgement):
        file = _file(session, row, interchange_of_group(answer.group_control_number), outcome)
        if file is None:
            continue
        if reason := syntax_refusal(answer):
            outcome.claims += refuse_file(session, deps.ids, file, now, reason, row)
        else:
            file.state = FILE_LIFECYCLE.step(FileState(file.state), FileEvent.ACCEPTED)
            session.add(file)
            summary = "The clearinghouse accepted the file's syntax (999)."
            record_file(session, deps.ids, file, TimelineKind.FILE_ACCEPTED, summary, at=now, message=row)


def apply_claim_status(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """The status of each claim, from the clearinghouse or from the payer."""
    for status in _records(transaction, x12.ClaimStatus):
        number = store.number(session, row.organization_id, status.claim_number)
        claim = store.claim(session, row.organization_id, number.claim_id) if number else None
        if number is None or claim is None or not status.statuses:
            _unknown_claim(outcome, "/TRN/2")
            continue
        outcome.claims += 1
        # A late answer to the submission before must not reject the one that is under way.
        if claim.claim_number != status.claim_number:
            outcome.note(
                code="claim_number_superseded",
                message="It names an earlier claim number of this claim.",
                pointer="/TRN/2",
                fix="Nothing to do: the claim was fixed and got a new claim number.",
            )
            _answer_earlier(session, claim, status, now)
            _record_status(session, deps, row, claim, status, outcome.reasons[-1].message, now)
            continue
        verdicts = [verdict(status.source.party.entity, one) for one in status.statuses]
        _apply_verdicts(session, deps, row, claim, status, verdicts, now, outcome)
    for level in _records(transaction, x12.LevelStatus):
        _report_rejected_level(level, outcome)


def _apply_verdicts(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    claim: ClaimRow,
    status: x12.ClaimStatus,
    verdicts: list[Verdict],
    now: datetime,
    outcome: MessageOutcome,
) -> None:
    """Where one answer holds several statuses, a rejection outweighs an acceptance."""
    rejections = [found for found in verdicts if found.sentence]
    if any(found.ask for found in verdicts):
        outcome.note(
            code="status_needs_a_person",
            message=f"Category {wire_code(status.statuses[0].category)} does not change the claim's state.",
            pointer="/STC/1",
            fix="Ask the payer what it means.",
            severity="warn",
        )
    event = event_of(verdicts)
    if event is not None and not CLAIM_LIFECYCLE.allows(ClaimState(claim.state), event):
        _not_expected(outcome, "/TRN/2")
        _record_status(session, deps, row, claim, status, outcome.reasons[-1].message, now)
        return
    claim.document = _answered(claim, claim.document, status, verdicts, now)
    by = PAYER if event in BY_PAYER else CLEARINGHOUSE
    told = [one for one, found in zip(status.statuses, verdicts, strict=True) if found.where]
    before = (claim.progress or NO_PROGRESS).status
    changed = _keep_status(claim, told, now)
    transition_claim(session, deps.ids, claim, now, event)
    if changed is not None:
        summary = f"The payer's status: {x12.status_category_meaning(changed.category)} ({_named(changed)})."
        _record_status(session, deps, row, claim, status, summary, now)
        if before is None or _named(before) != _named(changed):
            _announce(session, deps, claim, changed, now)
    elif rejections:
        summary = " ".join(dict.fromkeys(found.sentence for found in rejections))
        _record_status(session, deps, row, claim, status, summary, now, TimelineKind.CLAIM_REJECTED)
    elif event is not None:
        _record_status(session, deps, row, claim, status, f"Accepted by the {by}.", now, TimelineKind.CLAIM_ACCEPTED)
    else:
        summary = f"A status that does not change the claim's state (category {status.statuses[0].category})."
        _record_status(session, deps, row, claim, status, summary, now)


def _keep_status(claim: ClaimRow, told: list[x12.Status], now: datetime) -> PayerStatus | None:
    """The newest of what the payer says and is known of the claim; None where that is nothing new."""
    before = claim.progress or NO_PROGRESS
    after = before
    for one in told:
        day = one.effective or local_today(claim, now)
        after = after.with_status(PayerStatus(day, wire_code(one.category), wire_code(one.codes[0].code)))
    if after == before:
        return None
    claim.progress = after
    return after.status


def _named(status: PayerStatus) -> str:
    return f"{status.category}-{status.code}"


def _announce(session: Session, deps: Dependencies, claim: ClaimRow, status: PayerStatus, now: datetime) -> None:
    """An event of the feed, which only what is new leaves."""
    data = {"category": status.category, "code": status.code, "next_action": claim.next_kind}
    add_event(
        session,
        deps.ids,
        organization_id=claim.organization_id,
        at=now,
        kind="claim.status_changed",
        subject_id=claim.id,
        data=data,
    )


def _answered(
    claim: ClaimRow, document: ClaimDocument, status: x12.ClaimStatus, verdicts: list[Verdict], now: datetime
) -> ClaimDocument:
    """The document of the submission that the status names, with the answer."""
    on = status.statuses[0].effective or local_today(claim, now)
    return document.with_responses(answered(document.responses, verdicts, status.payer_claim_number, on))


def _answer_earlier(session: Session, claim: ClaimRow, status: x12.ClaimStatus, now: datetime) -> None:
    """An answer to an earlier submission is kept with that one."""
    submission = submission_of(session, claim, status.claim_number)
    verdicts = [verdict(status.source.party.entity, one) for one in status.statuses]
    document = _answered(claim, submission.document, status, verdicts, now)
    answer_earlier(session, submission, event_of(verdicts), document)


def _record_status(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    claim: ClaimRow,
    status: x12.ClaimStatus,
    summary: str,
    now: datetime,
    kind: TimelineKind = TimelineKind.STATUS_RECEIVED,
) -> None:
    """An entry of the claim's timeline, with the status's categories and codes."""
    codes = dict.fromkeys(f"{code.category}-{code.code}" for one in status.statuses for code in one.codes)
    number = status.claim_number
    record_claim_answer(
        session, deps.ids, row, claim, kind, summary, at=now, claim_number=number, codes=list(codes)[:CODES_KEPT]
    )


def _report_rejected_level(level: x12.LevelStatus, outcome: MessageOutcome) -> None:
    """A level that is rejected as a whole names no claim, so a person must find out which claims are affected."""
    if any(one.category in REJECTED for one in level.statuses):
        outcome.leave_unresolved(
            code="level_rejected",
            message=f"A whole level ({wire_code(level.level)}) was rejected, without naming its claims.",
            pointer="/STC/1",
            fix="Find the file that it answers and correct what the codes name.",
        )


def _file(session: Session, row: MessageRow, number: str, outcome: MessageOutcome) -> FileRow | None:
    # Control numbers are guessable, and a message of one organization must not move the file of another.
    file = exchange.file_by_control_number(session, row.organization_id, number)
    if file is not None:
        return file
    outcome.leave_unresolved(
        code="file_unknown",
        message="It answers a file that was not sent by this system.",
        pointer="/AK1/2" if row.kind == "999" else "/TA1/1",
        fix="Ask the clearinghouse who sent the file.",
    )
    return None


def _unknown_claim(outcome: MessageOutcome, pointer: str) -> None:
    outcome.leave_unresolved(
        code="claim_unknown",
        message="It names a claim number that is not known.",
        pointer=pointer,
        fix="Look for the claim by member, date and charge, then release the message or leave it in quarantine.",
    )


def _not_expected(outcome: MessageOutcome, pointer: str) -> None:
    outcome.leave_unresolved(
        code="claim_not_submitted",
        message="It answers a claim that has not been submitted.",
        pointer=pointer,
        fix="Compare it with the claim; release it once the claim is submitted, otherwise leave it in quarantine.",
    )


def _records(transaction: x12.ReadTransaction, kind: type[R]) -> Iterator[R]:
    return (record for record in transaction.records if isinstance(record, kind))
