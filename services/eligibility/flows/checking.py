"""Asking a payer: one or more 270s go out, their 271s are read, and one check is kept.

Rules kept here: an inquiry is stored before it leaves and its answer as soon as it comes, both sealed; whoever got no
answer asks the same again after 90 seconds at the earliest, but at once where the question surely did not arrive; a
payer without a route is not asked, and the next step says to call. When the clearinghouse does not answer, no check is
kept and the request's key is free again.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.clients import NoAnswer
from services.eligibility.domain import answer as answers
from services.eligibility.domain import next_step
from services.eligibility.domain.answer import read_answer
from services.eligibility.domain.check_status import ANSWERED, NOT_AVAILABLE, REJECTED
from services.eligibility.domain.inquiry import Addressing, write_inquiry
from services.eligibility.domain.inquiry_lifecycle import INQUIRY_LIFECYCLE, InquiryEvent, InquiryState
from services.eligibility.domain.questions import next_question
from services.eligibility.domain.reading import read_benefit
from services.eligibility.domain.rejections import rejections
from services.eligibility.flows.coverage_bundle import coverage_bundle
from services.eligibility.flows.dependencies import Dependencies
from services.eligibility.flows.records import tell_patients_of_coverages
from services.eligibility.flows.views import benefit_view, check_content, check_view, inquiry_input, rejection_view
from services.eligibility.store import CheckRow, InquiryRow
from shared.authorizations import in_force
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.eligibility_checks import Benefit, CheckCreate, EligibilityCheck, EligibilityCheckPage, Rejection
from shared.database import UnitOfWork
from shared.database.records import RecordChange, record_change
from shared.dates import local_date
from shared.errors import Conflict, Fault, NotFound, RuleBroken, Unavailable
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.x12 import BenefitResponse, WriteError

TRY_AGAIN_SECONDS = 5
LATIN = "latin-1"
"""Every byte is one sign of it, so that messages are kept as they came."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    status: str
    benefit: Benefit | None = None
    rejections: tuple[Rejection, ...] = ()
    next_step: str | None = None


@dataclass(frozen=True, slots=True)
class _Asking:
    """One check under way."""

    check_id: str
    file: CoverageBundle
    command: CheckCreate
    service_date: date
    asked_at: datetime


class _Refused(Exception):
    """The clearinghouse answered with a TA1 or 999 in place of a 271."""


def check_eligibility(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: CheckCreate
) -> EligibilityCheck:
    """Raises NotFound, Conflict (`resend_too_soon`), RuleBroken (`question_unwritable`), Unavailable."""
    now = deps.clock.now()
    file = coverage_bundle(deps, caller, command.coverage_id)
    service_date = command.service_date or local_date(now, caller.time_zone)
    asking = _Asking(deps.ids("chk"), file, command, service_date, now)
    outcome = _ask(deps, caller, asking)

    def write(session: Session) -> EligibilityCheck:
        row = CheckRow(
            organization_id=caller.organization_id,
            id=asking.check_id,
            coverage_id=command.coverage_id,
            service_date=service_date,
            status=outcome.status,
            checked_at=now,
            content=check_content(outcome.benefit, list(outcome.rejections), outcome.next_step),
        )
        session.add(row)
        data = {"coverage_id": row.coverage_id, "status": row.status}
        change = RecordChange(caller, "eligibility_check.completed", row.id, now, command.actor)
        record_change(session, deps.ids, change, data)
        return check_view(row)

    return unit_of_work.run(write)


def get_check(deps: Dependencies, caller: Caller, check_id: str) -> EligibilityCheck:
    """Raises NotFound."""
    with deps.database.reading() as session:
        row = store.check(session, caller.organization_id, check_id)
        if row is None:
            raise NotFound("no check of this organization has that id", code="eligibility_check_not_found")
        tell_patients_of_coverages(session, caller, [row.coverage_id])
        return check_view(row)


def list_checks(
    deps: Dependencies, caller: Caller, coverage_id: str | None, after: str | None, limit: int
) -> EligibilityCheckPage:
    """In order of their making. Raises Malformed for a cursor that is not ours."""
    key = Cursor.read(after, (str,))
    with deps.database.reading() as session:
        rows = store.checks(
            session, caller.organization_id, coverage_id, after=str(key[0]) if key else None, count=limit + 1
        )
        items, following = page_of(rows, limit, lambda row: (row.id,))
        tell_patients_of_coverages(session, caller, {row.coverage_id for row in items})
        return EligibilityCheckPage(items=[check_view(row) for row in items], next=following)


def _ask(deps: Dependencies, caller: Caller, asking: _Asking) -> _Outcome:
    if asking.file.payer.eligibility_route == "none":
        return _Outcome(NOT_AVAILABLE, next_step=next_step.NOT_AVAILABLE)
    responses: list[BenefitResponse] = []
    try:
        while (question := next_question(responses)) is not None:
            responses.append(_exchange(deps, caller, asking, question, number=len(responses) + 1))
    except _Refused:
        return _Outcome(REJECTED, next_step=next_step.REFUSED)
    return _read(responses, asking)


def _read(responses: Sequence[BenefitResponse], asking: _Asking) -> _Outcome:
    rejected = [rejection for response in responses for rejection in rejections(response)]
    views = tuple(rejection_view(rejection) for rejection in rejected)
    if rejected and not any(response.benefits for response in responses):
        return _Outcome(REJECTED, rejections=views, next_step=next_step.after_rejection(rejected))
    benefit = read_benefit(responses, asking.service_date, asking.file.coverage.network)
    return _Outcome(ANSWERED, benefit_view(benefit), views, next_step.after_answer(benefit, _on_file(asking)))


def _on_file(asking: _Asking) -> next_step.OnFile:
    file, day = asking.file, asking.service_date
    return next_step.OnFile(
        authorization=any(in_force(a.status, a.effective_from, a.effective_to, day) for a in file.authorizations),
        other_coverage=any(other.payer.id != file.payer.id for other in file.other_coverages),
    )


def _exchange(
    deps: Dependencies, caller: Caller, asking: _Asking, question: tuple[str, ...], *, number: int
) -> BenefitResponse:
    """One 270 and its 271."""
    # It is the trace (TRN02) too, by which the answer is known to be the answer.
    inquiry_id = f"{asking.check_id}-{number}"
    # Committed before the question leaves: when the process dies meanwhile, the next one sees that an answer is out.
    request = deps.database.run(lambda session: _reserve(session, deps, caller, asking, inquiry_id, question))
    try:
        response = deps.clearinghouse.eligibility(deps.trading_partners.of(caller.organization_id), request)
    # A question that was not delivered may be asked again at once; one that was, not before `resend_after`.
    except NoAnswer as failure:
        _keep(deps, caller, inquiry_id, InquiryEvent.SILENCE if failure.delivered else InquiryEvent.BOUNCE, None)
        raise _unavailable(deps, failure) from None
    answer = read_answer(response, inquiry_id)
    whole = answer.kind in (answers.ANSWERED, answers.REFUSED)
    _keep(deps, caller, inquiry_id, InquiryEvent.ANSWER if whole else InquiryEvent.SILENCE, response)
    if answer.kind == answers.REFUSED:
        raise _Refused
    if answer.response is None:
        raise _unavailable(deps, NoAnswer(answer.kind, delivered=True))
    return answer.response


def _too_soon(wait: timedelta) -> Conflict:
    return Conflict(
        "this was asked moments ago and the answer is still out; ask again when Retry-After says",
        code="resend_too_soon",
        headers={"Retry-After": str(max(1, math.ceil(wait / timedelta(seconds=1))))},
        pointer="/coverage_id",
        fix="Ask again when Retry-After says, with the same key.",
    )


def _reserve(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    asking: _Asking,
    inquiry_id: str,
    question: tuple[str, ...],
) -> bytes:
    """Store the inquiry that is about to leave, and answer its bytes."""
    now = deps.wall.now()
    coverage_id = asking.file.coverage.id
    waiting = store.open_inquiry(
        session,
        caller.organization_id,
        coverage_id,
        asking.service_date,
        now - deps.resend_after,
        now + deps.resend_after,
    )
    if waiting is not None:
        raise _too_soon(waiting.sent_at + deps.resend_after - now)
    control_number = store.next_control_number(session)
    partner = deps.trading_partners.of(caller.organization_id)
    to = Addressing(partner.route, asking.asked_at, control_number)
    inquiry = inquiry_input(inquiry_id, asking.file, asking.command, asking.service_date)
    try:
        request = write_inquiry(inquiry, question, to)
    except WriteError as error:
        raise _unwritable(error) from None
    session.add(
        InquiryRow(
            organization_id=caller.organization_id,
            id=inquiry_id,
            check_id=asking.check_id,
            coverage_id=coverage_id,
            service_date=asking.service_date,
            service_types=",".join(question),
            control_number=control_number,
            state=InquiryState.SENT,
            sent_at=now,
            request_x12=request.decode(LATIN),
        )
    )
    return request


def _keep(deps: Dependencies, caller: Caller, inquiry_id: str, event: InquiryEvent, response: bytes | None) -> None:
    def write(session: Session) -> None:
        row = store.inquiry(session, caller.organization_id, inquiry_id)
        assert row is not None, "an inquiry is stored before it leaves"
        row.state = INQUIRY_LIFECYCLE.step(InquiryState(row.state), event)
        if response is not None:
            row.response_x12 = response.decode(LATIN)
        session.add(row)

    deps.database.run(write)


def _unavailable(deps: Dependencies, failure: NoAnswer) -> Unavailable:
    wait = math.ceil(deps.resend_after.total_seconds()) if failure.delivered else failure.retry_after
    return Unavailable(
        "the clearinghouse does not answer eligibility questions; nothing was kept, ask again when Retry-After says",
        code="clearinghouse_unavailable",
        headers={"Retry-After": str(wait or TRY_AGAIN_SECONDS)},
    )


def _unwritable(error: WriteError) -> RuleBroken:
    fault = Fault(
        "/body/coverage_id",
        "question_unwritable",
        f"The question cannot be written as X12: {error.message} (at {error.pointer}).",
        "Correct the patient, the payer or the coverage, and ask again.",
    )
    return RuleBroken("the payer cannot be asked with this data", code="question_unwritable", errors=[fault])
