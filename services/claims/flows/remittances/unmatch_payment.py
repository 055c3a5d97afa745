"""What was decided about a payment is taken back: every cent is where it was before, and the payment waits again.

The ledger gets the opposite of each entry, and the payment leaves the answers that the claim is judged by, so that
state, outcome and next action are as if it had never come. That is refused where something rests on it by now: the next
payer was billed with it, a person entered money after it, a correction follows it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from services.claims.domain.hand_entries import SOURCE_PREFIX, reversal_of
from services.claims.domain.lifecycle import EDITABLE, ClaimState
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.payment_states import (
    PAYMENT_LIFECYCLE,
    WITHOUT_ACCOUNTS,
    PaymentEvent,
    PaymentState,
)
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.build_claim import found_claim
from services.claims.flows.claim.submissions import submission_of, unremitted
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.messages.message_outcome import MessageOutcome
from services.claims.flows.record_timeline import record_act
from services.claims.flows.remittances.decide_payment import audit_decision, decided_view, nothing_to_decide
from services.claims.flows.remittances.post_payment import PostingWork, compare_allowed
from services.claims.flows.remittances.provider_accounts import unbook_remittance
from services.claims.flows.remittances.read_remittance import (
    ReadRemittance,
    found_remittance,
    read_remittance,
    remittances_of_message,
)
from services.claims.flows.remittances.record_remittance import reopen_message, settle_remittance, wait_again
from services.claims.store import claims as claim_store
from services.claims.store import remittances as store
from services.claims.store.posting_sources import entries_of_posting
from services.claims.store.tables import ClaimRow, LedgerRow, PostingRow
from shared.contracts.remittances import PaymentDecision, RemittancePayment
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.security.caller import Caller


def unmatch_payment(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    remittance_id: str,
    number: int,
    command: PaymentDecision,
) -> RemittancePayment:
    """Take back that a payment was posted to a claim, or set aside. Raises NotFound; Conflict with the code of what
    rests on it, and what to do first."""
    owner, now = caller.organization_id, deps.clock.now()
    found = read_remittance(deps.database, owner, remittance_id)
    one = found.payment(number)
    with deps.database.reading() as session:
        seen = store.postings_by_digest(session, owner, [one.digest]).get(one.digest)
    sources = remittances_of_message(deps.database, owner, seen.message_id) if seen is not None else [found]

    def write(session: Session) -> RemittancePayment:
        posting = store.postings_by_digest(session, owner, [one.digest]).get(one.digest)
        if posting is not None:
            claim = found_claim(claim_store.claim(session, owner, posting.claim_id))
            _take_off(session, deps, claim, posting, sources, now)
            kind, act = TimelineKind.PAYMENT_UNMATCHED, "A person took a payment off this claim: it waits again."
            text, actor = f"{act} {command.reason}", command.actor
            record_act(session, deps, caller, claim, kind, text, at=now, actor=actor, payment=one.digest)
        else:
            _pick_up(_work(session, deps, found, now), found, one)
        audit_decision(session, deps, caller, now, found, "unmatch_payment", command.actor, command.reason)
        return decided_view(session, found, one)

    return unit_of_work.run(write)


def _pick_up(work: PostingWork, found: ReadRemittance, one: NumberedPayment) -> None:
    """One that was set aside waits again."""
    row = store.payments_by_digest(work.session, found.row.organization_id, [one.digest]).get(one.digest)
    if row is None or not PAYMENT_LIFECYCLE.allows(PaymentState(row.state), PaymentEvent.UNMATCH):
        raise nothing_to_decide("nothing was decided about this payment", "/payment_number")
    remittance = found_remittance(work.session, row.organization_id, row.remittance_id)
    wait_again(work, remittance, one, row)
    settle_remittance(work, remittance)
    reopen_message(work, remittance, row.code)


def _take_off(
    session: Session,
    deps: Dependencies,
    claim: ClaimRow,
    posting: PostingRow,
    sources: list[ReadRemittance],
    now: datetime,
) -> None:
    """Take a payment off its claim."""
    digest, responses = posting.id, claim.document.responses
    source, one = _found(sources, digest)
    ledger = claim_store.ledger_rows(session, claim.organization_id, claim.id)
    entered = entries_of_posting(ledger, posting)
    _refuse_rested_on(session, claim, posting, ledger, entered)
    places = {answer.submission for answer in responses.payments if answer.digest == digest}
    for source_id in dict.fromkeys(row.source_id for row in entered):
        back = reversal_of(claim_store.entry_of(row) for row in entered if row.source_id == source_id)
        claim_store.book(session, deps.ids, claim, back, posted_at=now, source_id=source_id)
    claim.document = claim.document.with_responses(responses.without_payment(digest))
    compare_allowed(session, deps, claim)
    session.delete(posting)
    transition_claim(session, deps.ids, claim, now, then=unremitted(session, deps, claim, places, now))
    _let_wait_again(_work(session, deps, source, now), source, one, posting)


def _found(sources: list[ReadRemittance], digest: str) -> tuple[ReadRemittance, NumberedPayment]:
    for source in sources:
        for one in source.payments:
            if one.digest == digest:
                return source, one
    fault = Fault(
        "/payment_number", "payment_changed", "Somebody else decided it meanwhile.", "Read it, and try again."
    )
    raise Conflict("the payment was decided by somebody else", code=fault.code, errors=[fault])


def _let_wait_again(work: PostingWork, source: ReadRemittance, one: NumberedPayment, posting: PostingRow) -> None:
    """The payment is where it was before it was posted, in the remittance in which it came first."""
    owner = source.row.organization_id
    waited = store.payments_by_digest(work.session, owner, [one.digest]).get(one.digest)
    first_id = waited.remittance_id if waited is not None else source.row.id
    remittance = found_remittance(work.session, owner, first_id)
    wait_again(work, remittance, one, waited, posting.message_id)
    settle_remittance(work, remittance)
    [row] = store.payments_by_digest(work.session, owner, [one.digest]).values()
    reopen_message(work, remittance, row.code)
    if remittance.id != source.row.id:
        return
    codes = store.codes_of_undecided(work.session, owner, remittance.id)
    posted = store.postings_by_digest(work.session, owner, [other.digest for other in source.payments])
    if not posted and codes <= WITHOUT_ACCOUNTS:
        unbook_remittance(work, remittance)


def _refuse_rested_on(
    session: Session,
    claim: ClaimRow,
    posting: PostingRow,
    ledger: Sequence[LedgerRow],
    entered: Sequence[LedgerRow],
) -> None:
    """Raises Conflict where the payment is not the last word any more."""
    faults = [
        *_of_state(session, claim, posting),
        *_of_earlier_version(session, posting, entered),
        *_of_next_payer(session, claim, posting),
        *_of_appeal(claim),
        *_of_hand_entries(posting, ledger, entered),
    ]
    if faults:
        detail = "what this payment did is built upon by now"
        raise Conflict(detail, code=faults[0].code, errors=faults, current_version=claim.version)


def _of_state(session: Session, claim: ClaimRow, posting: PostingRow) -> list[Fault]:
    responses = claim.document.responses
    if claim.state == ClaimState.VOIDED:
        text = "The claim was voided by what its payer has decided, and bills nothing any more."
        return [Fault("/claim", "claim_voided", text, "Bill the visit with a new claim; this one is closed.")]
    if responses.without_payment(posting.id).reversals_alone > responses.reversals_alone:
        text = "The payer has reversed this payment on the same claim."
        return [Fault("/claim", "payment_reversed", text, "Take that reversal off the claim first.")]
    present = submission_of(session, claim, claim.claim_number).place
    earlier = any(one.digest == posting.id and one.submission != present for one in responses.payments)
    if earlier and claim.state in EDITABLE:
        text = "The claim is being corrected because of what the payer has decided."
        return [Fault("/claim", "correction_under_way", text, "Withdraw the correction first (withdraw-correction).")]
    return []


def _of_earlier_version(session: Session, posting: PostingRow, entered: Sequence[LedgerRow]) -> list[Fault]:
    """An earlier version has not kept which of the entries that it made at one moment are whose."""
    if len(store.posted_together(session, posting)) == 1 or all("/" in row.source_id for row in entered):
        return []
    text = "An earlier version posted it together with another payment of this claim."
    return [
        Fault("/payment_number", "posted_together", text, "Enter by hand what is to be undone (transfers, refunds).")
    ]


def _of_next_payer(session: Session, claim: ClaimRow, posting: PostingRow) -> list[Fault]:
    later_id = claim.document.chain.next_claim_id
    later = claim_store.claim(session, claim.organization_id, later_id) if later_id is not None else None
    if later is None or later.created_at < posting.posted_at:
        return []
    text = f"Claim {later.id} bills the next payer what this payment left."
    return [Fault("/claim/next_claims", "next_payer_billed", text, f"Void claim {later.id} first.")]


def _of_appeal(claim: ClaimRow) -> list[Fault]:
    """An open appeal is against what this payment decided."""
    appeal = (claim.progress or NO_PROGRESS).open_appeal
    if appeal is None:
        return []
    text = f"Appeal {appeal.appeal_id} is open."
    return [Fault("/claim", "appeal_open", text, "Withdraw the appeal, or enter its outcome, first.")]


def _of_hand_entries(posting: PostingRow, ledger: Sequence[LedgerRow], entered: Sequence[LedgerRow]) -> list[Fault]:
    last = entered[-1].id if entered else ""
    by_hand = [row for row in ledger if row.source_id.startswith(f"{SOURCE_PREFIX}_")]
    after = {row.source_id for row in by_hand if row.id > last and row.posted_at >= posting.posted_at}
    standing = [
        source_id
        for source_id in sorted(after)
        if reversal_of(claim_store.entry_of(row) for row in by_hand if row.source_id == source_id)
    ]
    fix = "Reverse it first (reversals, with this `source_id`); enter it again if it is right without the payment."
    return [
        Fault(f"/claim/ledger/{one}", "money_moved_on", f"A person entered {one} after this payment.", fix)
        for one in standing
    ]


def _work(session: Session, deps: Dependencies, source: ReadRemittance, now: datetime) -> PostingWork:
    return PostingWork(session, deps, source.header, source.row.message_id, now, MessageOutcome())
