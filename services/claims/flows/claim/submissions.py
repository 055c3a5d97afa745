"""The submissions of a claim: each has a claim number of its own, and messages name it by that.

The present one is in the claim's row. When another follows, its state and its document are kept with its number, so
that a payment for it is posted against the lines that were sent under it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import ClaimDocument
from services.claims.domain.acknowledgement import events_of
from services.claims.domain.ledger import balances_by_line
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, NOT_SUBMITTED, ClaimEvent, ClaimState
from services.claims.domain.sending import Frequency, Standing
from services.claims.flows.claim.build_claim import book_charge, unbook_charge
from services.claims.flows.claim.payer_chain import leave_chain, may_rejoin, rejoin_chain
from services.claims.flows.dependencies import Dependencies
from services.claims.store import claims as store
from services.claims.store.tables import ClaimNumberRow, ClaimRow, ClaimSubmissionRow
from services.claims.store.visits import claim_of


@dataclass(frozen=True, slots=True)
class Submission:
    """The submission that a message names: the document as it was sent, and whether it is the claim's present one."""

    claim_number: str
    place: int
    document: ClaimDocument
    state: ClaimState
    present: bool
    kept: ClaimSubmissionRow | None
    """Its row; None of a claim that was sent once at most."""

    @property
    def sent(self) -> bool:
        """Whether it has been submitted at all."""
        return self.state not in NOT_SUBMITTED

    @property
    def covers(self) -> tuple[int, ...]:
        """The lines that it bills; empty where it bills the whole claim."""
        return self.document.claim.sent_lines


def submission_of(session: Session, row: ClaimRow, claim_number: str) -> Submission:
    """The submission of a claim that went out, or will, under this number; its `place` counts from 1."""
    kept = store.submission(session, row.organization_id, claim_number)
    place = kept.place if kept is not None else 1
    if row.claim_number == claim_number or kept is None or kept.document is None or kept.state is None:
        # A number that an earlier release has replaced has no row: the claim was sent again as it was, but for that.
        return Submission(claim_number, place, row.document, ClaimState(row.state), present=True, kept=kept)
    return Submission(claim_number, place, kept.document, ClaimState(kept.state), present=False, kept=kept)


def named_submission(session: Session, row: ClaimRow, claim_number: str) -> Submission:
    """The submission of a claim that a payment names; the present one where it names none of them, as a payment does
    that a person has matched to the claim."""
    if claim_number != row.claim_number:
        named = store.number(session, row.organization_id, claim_number)
        claim_number = claim_number if named is not None and named.claim_id == row.id else row.claim_number
    return submission_of(session, row, claim_number)


def begin_submission(session: Session, row: ClaimRow, claim_number: str) -> None:
    """The claim gets a new number. What it was under the one before is kept with that."""
    _keep(session, row)
    place = max(one.place for one in store.submissions_of_claim(session, row.organization_id, row.id)) + 1
    session.add(ClaimNumberRow(organization_id=row.organization_id, id=claim_number, claim_id=row.id))
    session.add(_new_row(row, claim_number, place))
    row.claim_number, row.file_id = claim_number, None
    row.submitted_at, row.queued_at = None, None
    session.flush()


def return_to(session: Session, row: ClaimRow, kept: ClaimSubmissionRow) -> None:
    """An earlier submission is the claim's present one again, with all payments that are known by now."""
    earlier, number = submission_of(session, row, kept.id), store.number(session, row.organization_id, kept.id)
    _keep(session, row)
    row.document = replace(
        earlier.document,
        responses=earlier.document.responses.with_payments_of(row.document.responses),
        chain=row.document.chain,
        statements=row.document.statements,
    )
    row.claim_number, row.file_id = kept.id, number.file_id if number is not None else None
    row.submitted_at, row.queued_at = kept.submitted_at, None
    kept.state, kept.submitted_at, kept.document = None, None, None
    session.add(kept)
    session.flush()


def _new_row(row: ClaimRow, claim_number: str, place: int) -> ClaimSubmissionRow:
    return ClaimSubmissionRow(organization_id=row.organization_id, id=claim_number, claim_id=row.id, place=place)


def _keep(session: Session, row: ClaimRow) -> None:
    kept = store.submission(session, row.organization_id, row.claim_number) or _new_row(row, row.claim_number, 1)
    kept.state, kept.submitted_at, kept.document = row.state, row.submitted_at, row.document
    session.add(kept)
    session.flush()


def answer_earlier(
    session: Session, submission: Submission, event: ClaimEvent | None, document: ClaimDocument | None = None
) -> None:
    """An answer to a submission that another has followed: it changes that one's state and not the claim's."""
    kept = submission.kept
    if kept is None or submission.present:
        return
    if event is not None and CLAIM_LIFECYCLE.allows(submission.state, event):
        kept.state = CLAIM_LIFECYCLE.step(submission.state, event)
    kept.document = document or submission.document
    session.add(kept)


def takes_payments(session: Session, row: ClaimRow, submission: Submission) -> bool:
    """Whether a payment that names this submission is posted, or is for a person to look at."""
    if row.state != ClaimState.VOIDED:
        return CLAIM_LIFECYCLE.allows(submission.state, ClaimEvent.REMITTED)
    # Of a claim that its payer has voided, unless its lines were billed again: each is on one claim alone.
    options = row.document.options
    again = claim_of(session, row.organization_id, row.note_id, row.coverage_id, options.here)
    rest = claim_of(session, row.organization_id, row.note_id, row.coverage_id, {}) if options.here else None
    taken = rest is not None and not options.here.items() <= rest.document.options.elsewhere.items()
    free = again is None and not taken and may_rejoin(session, row)
    return bool(row.document.responses.payments) and free and row.document.sent_elsewhere is None


def remitted(
    session: Session, deps: Dependencies, row: ClaimRow, submission: Submission, now: datetime
) -> ClaimEvent | None:
    """What a payment that was posted just now means for the claim, and what that does to its charge. An earlier
    submission's payment leaves the state as it is, unless it completes a void."""
    voided = row.state == ClaimState.VOIDED
    if (voided or row.document.claim.frequency == Frequency.VOID) and row.document.responses.taken_back:
        if not voided:
            leave_chain(session, deps.ids, row, now)
        unbook_charge(session, deps.ids, row, now)
        return ClaimEvent.TAKEN_BACK
    if voided:
        book_charge(session, deps.ids, row, now)
        rejoin_chain(session, deps.ids, row, now)
        return ClaimEvent.DECIDED_AGAIN
    return ClaimEvent.REMITTED if submission.present else None


def unremitted(
    session: Session, deps: Dependencies, row: ClaimRow, places: Collection[int], now: datetime
) -> tuple[ClaimEvent, ...]:
    """What it means for the claim that payments of these submissions were taken off it just now, and what that does to
    its charge. A submission that no payment is left of is where its other answers have led it."""
    responses = row.document.responses
    if row.document.claim.frequency == Frequency.VOID and responses.taken_back:
        leave_chain(session, deps.ids, row, now)
        unbook_charge(session, deps.ids, row, now)
        return (ClaimEvent.TAKEN_BACK,)
    events: tuple[ClaimEvent, ...] = ()
    present = submission_of(session, row, row.claim_number)
    for place in set(places) - {one.submission for one in responses.payments}:
        if place == present.place:
            if present.state == ClaimState.ADJUDICATED:
                events = (ClaimEvent.REMITTANCE_TAKEN_BACK, *events_of(responses))
            continue
        kept = next(
            one for one in store.submissions_of_claim(session, row.organization_id, row.id) if one.place == place
        )
        if kept.state == ClaimState.ADJUDICATED and kept.document is not None:
            state = ClaimState.ADJUDICATED
            for event in (ClaimEvent.REMITTANCE_TAKEN_BACK, *events_of(kept.document.responses)):
                state = CLAIM_LIFECYCLE.step(state, event)
            kept.state = state
            session.add(kept)
    return events


def latest_sent(session: Session, row: ClaimRow) -> ClaimSubmissionRow | None:
    """The newest submission before the present one that the payer has accepted or decided."""
    kept = store.submissions_of_claim(session, row.organization_id, row.id)
    standing = (ClaimState.ACCEPTED_BY_PAYER, ClaimState.ADJUDICATED)
    return next((one for one in reversed(kept) if one.id != row.claim_number and one.state in standing), None)


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
