"""The submissions of a claim: each has a claim number of its own, and messages name it by that.

The present one is in the claim's row. When another follows, its state and its document are kept with its number, so
that a payment for it is posted against the lines that were sent under it.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import ClaimDocument
from services.claims.domain.ledger import balances_by_line
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, NOT_SUBMITTED, ClaimEvent, ClaimState
from services.claims.domain.sending import Frequency, Standing
from services.claims.flows.claim.build_claim import book_charge, unbook_charge
from services.claims.flows.claim.payer_chain import leave_chain
from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store.tables import ClaimNumberRow, ClaimRow


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission that a message names: the document as it was sent, and whether it is the claim's present one."""

    number: ClaimNumberRow
    document: ClaimDocument
    state: ClaimState
    present: bool

    @property
    def place(self) -> int:
        """Which of the claim's submissions it is, from 1."""
        return self.number.place or 1

    @property
    def sent(self) -> bool:
        """Whether it has been submitted at all."""
        return self.state not in NOT_SUBMITTED

    @property
    def covers(self) -> tuple[int, ...]:
        """The lines that it bills; empty where it bills the whole claim."""
        return self.document.claim.sent_lines


def submission_of(row: ClaimRow, number: ClaimNumberRow) -> Submission:
    """The submission of a claim that went out, or will, under this number."""
    if row.claim_number == number.id or number.document is None or number.state is None:
        # A number that an earlier release has replaced has neither: it was a claim that is sent unchanged but for that.
        return Submission(number, row.document, ClaimState(row.state), present=True)
    return Submission(number, number.document, ClaimState(number.state), present=False)


def named_submission(session: Session, row: ClaimRow, claim_number: str) -> Submission:
    """The submission of a claim that a payment names; the present one where it names none of them, as a payment does
    that a person has matched to the claim."""
    named = store.number(session, row.organization_id, claim_number)
    if named is None or named.claim_id != row.id:
        named = store.number(session, row.organization_id, row.claim_number)
    assert named is not None, "the present claim number was issued"
    return submission_of(row, named)


def begin_submission(session: Session, row: ClaimRow, claim_number: str) -> None:
    """The claim gets a new number. What it was under the one before is kept with that."""
    numbers = store.numbers_of_claim(session, row.organization_id, row.id)
    _keep(session, row)
    place = max((one.place or 1) for one in numbers) + 1
    session.add(ClaimNumberRow(organization_id=row.organization_id, id=claim_number, claim_id=row.id, place=place))
    row.claim_number, row.file_id = claim_number, None
    row.submitted_at, row.queued_at = None, None
    session.flush()


def return_to(session: Session, row: ClaimRow, number: ClaimNumberRow) -> None:
    """An earlier submission is the claim's present one again, with all payments that are known by now."""
    earlier = submission_of(row, number)
    _keep(session, row)
    row.document = replace(
        earlier.document,
        responses=earlier.document.responses.with_payments_of(row.document.responses),
        chain=row.document.chain,
        statements=row.document.statements,
    )
    row.claim_number, row.file_id = number.id, number.file_id
    row.submitted_at, row.queued_at = number.submitted_at, None
    number.state, number.submitted_at, number.document = None, None, None
    session.add(number)
    session.flush()


def _keep(session: Session, row: ClaimRow) -> None:
    present = store.number(session, row.organization_id, row.claim_number)
    if present is not None:
        present.state, present.submitted_at, present.document = row.state, row.submitted_at, row.document
        session.add(present)


def answer_earlier(
    session: Session, submission: Submission, event: ClaimEvent | None, document: ClaimDocument | None = None
) -> None:
    """An answer to a submission that another has followed: it changes that one's state and not the claim's."""
    number = submission.number
    if number.state is None or submission.present:
        return
    if event is not None and CLAIM_LIFECYCLE.allows(submission.state, event):
        number.state = CLAIM_LIFECYCLE.step(submission.state, event)
    number.document = document or submission.document
    session.add(number)


def takes_payments(session: Session, row: ClaimRow, submission: Submission) -> bool:
    """Whether a payment that names this submission is posted, or is for a person to look at."""
    if row.state == ClaimState.VOIDED_BY_PAYER and store.claim_of(
        session, row.organization_id, row.note_id, row.coverage_id
    ):
        # Its visit has been billed again, and of one note and coverage one claim alone bills anything.
        return False
    return row.state != ClaimState.VOIDED and CLAIM_LIFECYCLE.allows(submission.state, ClaimEvent.REMITTED)


def remitted(
    session: Session, deps: Dependencies, row: ClaimRow, submission: Submission, now: datetime
) -> ClaimEvent | None:
    """What a payment that was posted just now means for the claim, and what that does to its charge. An earlier
    submission's payment leaves the state as it is, unless it completes a void."""
    voided = row.state == ClaimState.VOIDED_BY_PAYER
    if (voided or row.document.claim.frequency == Frequency.VOID) and row.document.responses.taken_back:
        if not voided:
            leave_chain(session, deps.ids, row, now)
        unbook_charge(session, deps.ids, row, now)
        return ClaimEvent.TAKEN_BACK
    if voided:
        book_charge(session, deps.ids, row, now)
    return ClaimEvent.REMITTED if voided or submission.present else None


def latest_sent(session: Session, row: ClaimRow) -> ClaimNumberRow | None:
    """The newest submission before the present one that the payer has accepted or decided."""
    numbers = store.numbers_of_claim(session, row.organization_id, row.id)
    standing = (ClaimState.ACCEPTED_BY_PAYER, ClaimState.ADJUDICATED)
    earlier = [one for one in numbers if one.id != row.claim_number and one.state in standing]
    return max(earlier, key=lambda one: one.place or 1, default=None)


def standing_of(session: Session, row: ClaimRow, payer_claim_number: str | None) -> Standing:
    """What is known of the claim before it is sent again; `payer_claim_number` is what a person has given."""
    document, earlier = row.document, latest_sent(session, row)
    responses, options = document.responses, document.options
    accepted_before = earlier is not None and earlier.state == ClaimState.ACCEPTED_BY_PAYER
    entries = store.entries(session, row.organization_id, [row.id])[row.id]
    lines = balances_by_line(entries)
    denied = tuple(number for number, money in lines.items() if money.insurer_cents > 0 and money.paid_cents <= 0)
    return Standing(
        state=ClaimState(row.state),
        frequency=Frequency(document.claim.frequency),
        responses=responses,
        profile=document.source.profile,
        accepted_before=accepted_before,
        payer_claim_number=payer_claim_number or responses.number_in_force or options.payer_claim_number,
        sent_lines=document.claim.sent_lines,
        denied_lines=denied,
        line_count=len([money for money in lines.values() if money.charge_cents]),
    )
