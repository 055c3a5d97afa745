"""The one place that writes the timeline: every flow that changes a claim or a file leaves an entry here.

What Handbill does by itself has an entry in the audit trail beside it, with the kind as its action.
An entry is written in the transaction of the change. Its text is fixed then, so that later changes of rules
and texts do not alter the history; it holds codes, ids and amounts, and the person who acted.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from services.claims.document import ClaimDocument
from services.claims.domain.ledger import Balances
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.payer_decision import decided_lines, denials_of
from services.claims.domain.small_balances import SMALL_BALANCE
from services.claims.domain.timeline import BUILT_ANEW, SourceType, TimelineKind
from services.claims.flows.audit import audit_work
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.disclosures import disclose_file
from services.claims.flows.queries.views import money_view
from services.claims.store.tables import ClaimRow, FileRow, MessageRow, TimelineRow
from shared.contracts.common import Actor
from shared.contracts.timeline import TimelineAnswer, TimelineClaim, TimelineDecision, TimelineDenial, TimelineDetail
from shared.ids import Ids
from shared.plural import counted
from shared.security.caller import Caller


def record_act(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    kind: TimelineKind,
    summary: str,
    *,
    at: datetime,
    actor: Actor | None,
    codes: Sequence[str] = (),
    payment: str | None = None,
) -> None:
    """A caller has changed a claim; `payment` is the digest of the payment that was posted with it or taken off it."""
    position = _claim_position(row) | _facts(row, kind, payment)
    detail = TimelineDetail(summary=summary, actor=actor, codes=list(codes), **position)
    _add(session, deps.ids, row.organization_id, row.id, at, kind, (SourceType.API_CLIENT, caller.client_id), detail)


def record_scrubbed(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    kind: TimelineKind,
    *,
    at: datetime,
    actor: Actor | None,
    reason: str | None = None,
    why: str = "",
) -> None:
    """A claim was created or corrected and checked by the rules."""
    summary, codes = scrubbed_summary(row, kind, reason=reason, why=why)
    record_act(session, deps, caller, row, kind, summary, at=at, actor=actor, codes=codes)


def scrubbed_summary(
    row: ClaimRow, kind: TimelineKind, *, reason: str | None = None, why: str = ""
) -> tuple[str, list[str]]:
    """How a claim was created, refreshed or corrected and checked by the rules, and the codes of those that stop it.
    `reason` is the person's, `why` says how a corrected claim is sent."""
    stopping = list(dict.fromkeys(one.code for one in row.document.stopping_findings()))
    act = "Created from" if kind is TimelineKind.CLAIM_CREATED else "Read again from"
    result = row.document.scrub_result()
    verdict = f"{result} by {counted(len(stopping), 'rule')}" if stopping else "no rule blocks it"
    notes = row.document.source.note_ids
    made_of = f"note {notes[0]}" if len(notes) == 1 else f"notes {', '.join(notes)}"
    summary = f"{act} {made_of} and coverage {row.coverage_id}: {verdict}."
    return " ".join(filter(None, (summary, why, f"Reason: {reason}" if reason else ""))), stopping


def record_next_payer(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    following: ClaimRow,
    *,
    at: datetime,
    actor: Actor,
) -> None:
    """The claim to the payer after this one was made, and has the patient's share."""
    summary = f"The next payer is billed with claim {following.id}, which has the patient's share from here on."
    record_act(session, deps, caller, row, TimelineKind.NEXT_PAYER_BILLED, summary, at=at, actor=actor)


def record_file(
    session: Session,
    ids: Ids,
    file: FileRow,
    kind: TimelineKind,
    summary: str,
    *,
    at: datetime,
    message: MessageRow | None = None,
) -> None:
    """A file was formed, sent, or answered as a whole by `message`; all its claims share the entry."""
    audit_work(session, ids, file.organization_id, at=at, action=kind.value, subject_id=file.id)
    if kind is not TimelineKind.FILE_FORMED:
        disclose_file(session, ids, file, at)
    detail = _of_file(file, summary, message_kind=message.kind if message is not None else None)
    _add(session, ids, file.organization_id, file.id, at, kind, _source(file, message), detail)


def record_claim_of_file(
    session: Session,
    ids: Ids,
    file: FileRow,
    row: ClaimRow,
    kind: TimelineKind,
    summary: str,
    *,
    at: datetime,
    message: MessageRow | None,
) -> None:
    """Something happened to a claim with its whole file."""
    _audit_claim(session, ids, row, kind, at, reason=f"file {file.id}")
    message_kind = message.kind if message is not None else None
    detail = TimelineDetail(summary=summary, message_kind=message_kind, **_claim_position(row))
    _add(session, ids, row.organization_id, row.id, at, kind, _source(file, message), detail)


def record_claim_answer(
    session: Session,
    ids: Ids,
    message: MessageRow,
    row: ClaimRow,
    kind: TimelineKind,
    summary: str,
    *,
    at: datetime,
    claim_number: str | None = None,
    codes: Sequence[str] = (),
    moved: Balances | None = None,
    payment: str | None = None,
) -> None:
    """A message is about a claim. `claim_number` is the one it names; `moved` is its effect on the claim's money, and
    `payment` the digest of the payment that was posted."""
    _audit_claim(session, ids, row, kind, at, reason=f"message {message.id}")
    position = _claim_position(row) | _facts(row, kind, payment)
    if claim_number:
        position["claim_number"] = claim_number
    money = money_view(moved) if moved is not None else None
    detail = TimelineDetail(summary=summary, message_kind=message.kind, codes=list(codes), money=money, **position)
    _add(session, ids, row.organization_id, row.id, at, kind, (SourceType.MESSAGE, message.id), detail)


def record_message(
    session: Session,
    ids: Ids,
    message: MessageRow,
    subject_ids: Sequence[str],
    kind: TimelineKind,
    summary: str,
    *,
    at: datetime,
    actor: Actor | None = None,
    codes: Sequence[str] = (),
) -> None:
    """Something happened to a whole message, which names these claims and files."""
    if actor is None:
        audit_work(session, ids, message.organization_id, at=at, action=kind.value, subject_id=message.id)
    detail = TimelineDetail(summary=summary, actor=actor, message_kind=message.kind, codes=list(codes))
    for subject_id in subject_ids:
        _add(session, ids, message.organization_id, subject_id, at, kind, (SourceType.MESSAGE, message.id), detail)


def record_next_action(session: Session, ids: Ids, row: ClaimRow, *, at: datetime) -> None:
    """A waiting period has ended without an answer, and the next action has changed."""
    _audit_claim(session, ids, row, TimelineKind.NEXT_ACTION_CHANGED, at, reason=row.next_rule)
    summary = f"The waiting period has ended; next, by {row.next_due_on}: {row.next_reason}"
    source = (SourceType.RULE, row.next_rule)
    detail = TimelineDetail(summary=summary, codes=[row.next_kind], **_claim_position(row))
    _add(session, ids, row.organization_id, row.id, at, TimelineKind.NEXT_ACTION_CHANGED, source, detail)


def record_small_balance(
    session: Session, ids: Ids, row: ClaimRow, summary: str, *, source_id: str, reason: str, at: datetime
) -> None:
    """Handbill has written off what was left of a claim, by the practice's rule; `source_id` is that of the entry, and
    `reason` the practice's."""
    _audit_claim(session, ids, row, TimelineKind.WRITTEN_OFF, at, reason=f"{SMALL_BALANCE}: {reason}")
    detail = TimelineDetail(summary=summary, codes=[source_id], **_claim_position(row))
    source = (SourceType.RULE, SMALL_BALANCE)
    _add(session, ids, row.organization_id, row.id, at, TimelineKind.WRITTEN_OFF, source, detail)


def record_question(session: Session, ids: Ids, row: ClaimRow, summary: str, *, at: datetime) -> None:
    """Handbill has asked for the status of a claim, by the rule of its next action."""
    _audit_claim(session, ids, row, TimelineKind.STATUS_ASKED, at, reason=row.next_rule)
    detail = TimelineDetail(summary=summary, **_claim_position(row))
    source = (SourceType.RULE, row.next_rule)
    _add(session, ids, row.organization_id, row.id, at, TimelineKind.STATUS_ASKED, source, detail)


def _audit_claim(session: Session, ids: Ids, row: ClaimRow, kind: TimelineKind, at: datetime, *, reason: str) -> None:
    audit_work(
        session,
        ids,
        row.organization_id,
        at=at,
        action=kind.value,
        subject_id=row.id,
        patient_id=row.patient_id,
        reason=reason,
    )


def _add(
    session: Session,
    ids: Ids,
    organization_id: str,
    subject_id: str,
    at: datetime,
    kind: TimelineKind,
    source: tuple[SourceType, str],
    detail: TimelineDetail,
) -> None:
    source_type, source_id = source
    session.add(
        TimelineRow(
            organization_id=organization_id,
            id=ids("tle"),
            subject_id=subject_id,
            at=at,
            kind=kind,
            source_type=source_type,
            source_id=source_id,
            detail=detail,
        )
    )


def _claim_position(row: ClaimRow) -> dict[str, Any]:
    """Where the claim is after what happened."""
    state, by = ClaimState(row.state).wire
    return {"claim_number": row.claim_number, "state": state, "state_by": by}


def _facts(row: ClaimRow, kind: TimelineKind, payment: str | None) -> dict[str, Any]:
    """What the claim is about, where it was built anew, and the payer's decision, where one was posted."""
    found: dict[str, Any] = {}
    if kind in BUILT_ANEW:
        source = row.document.source
        found["claim"] = TimelineClaim(
            payer_id=row.document.claim.payer_id,
            program=source.profile.program,
            date_of_service=source.note.date_of_service,
        )
    if payment is not None:
        found["decision"] = _decision(row.document, payment)
    return found


def _decision(document: ClaimDocument, payment: str) -> TimelineDecision:
    responses = document.responses
    posted = [one for one in responses.payments if one.digest == payment]
    expected = dict(document.underpayment.expected_by_line)
    return TimelineDecision(
        # One that is not among the answers any more was taken off the claim.
        reversal=not posted or any(one.reversal for one in posted),
        denials=[
            TimelineDenial(
                line_number=denied.line_number,
                group=denied.group,
                reason_code=denied.reason_code,
                amount_cents=denied.amount_cents,
            )
            for one in posted
            for denied in denials_of(one)
        ],
        lines=[
            TimelineAnswer(**asdict(line)) for line in decided_lines(responses, document.claim.numbered_lines, expected)
        ],
    )


def _source(file: FileRow, message: MessageRow | None) -> tuple[SourceType, str]:
    return (SourceType.MESSAGE, message.id) if message is not None else (SourceType.FILE, file.id)


def _of_file(file: FileRow, summary: str, *, message_kind: str | None = None) -> TimelineDetail:
    return TimelineDetail(
        summary=summary,
        file_id=file.id,
        interchange_control_number=file.interchange_control_number,
        message_kind=message_kind,
    )
