"""The claims of one visit to one payer after the other: they know of each other, and the patient's share goes along.

A claim to a later payer joins the chain when it is made, whoever makes it, leaves it when it is voided, and is in it
again where its payer's decision stands again. What changes of the share after that goes along as well.
"""

from datetime import datetime

from sqlmodel import Session

from services.claims.domain.ledger import Entry, balances_by_line, paid_at_visit
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_payer import (
    answered_before,
    follow_share,
    give_back,
    move_back,
    move_off,
    pass_on,
    passed_on,
    take_back,
    take_over,
)
from services.claims.domain.visit_lines import Shares
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.visits import claims_of_note
from shared.ids import Ids


def earlier_claim(session: Session, row: ClaimRow) -> ClaimRow | None:
    """The claim of the same lines to the payer before, if that has answered and no other claim follows it yet."""
    rank = row.document.source.coverage_bundle.coverage.rank
    if rank == 1:
        return None
    ranked = [
        (one.document.source.coverage_bundle.coverage.rank, one)
        for one in claims_of_note(session, row.organization_id, row.note_id)
        if one.state == ClaimState.ADJUDICATED and one.document.chain.next_claim_id is None
        if one.document.options.here == row.document.options.here
    ]
    before = [(earlier, one.id, one) for earlier, one in ranked if earlier < rank]
    return max(before)[2] if before else None


def pass_share_on(session: Session, ids: Ids, earlier: ClaimRow, row: ClaimRow, now: datetime) -> None:
    """The patient's share of the earlier claim, or by how much it has changed since, goes to the later one, which is
    charged already."""
    share = balances_by_line(_entries(session, earlier))
    store.book(session, ids, earlier, pass_on(share), posted_at=now, source_id=row.id)
    session.flush()
    passed = passed_on(_entries(session, earlier))
    charges = {number: line.charge_cents for number, line in row.document.claim.numbered_lines.items()}
    answered = {number: cents - passed.get(number, 0) for number, cents in charges.items()}
    taken = (*take_over(answered, answered_before(_entries(session, row))), *follow_share(share))
    store.book(session, ids, row, taken, posted_at=now, source_id=earlier.id)
    earlier.document = earlier.document.with_chain(next_claim_id=row.id)
    transition_claim(session, ids, earlier, now)


def leave_chain(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """A claim that is voided gives the patient's share back to the claim before it, with what she has paid of it; one
    that follows none takes back what the biller gave with it, so that it is booked again if the claim stands again."""
    if row.document.chain.previous_claim_id is None:
        entries = _entries(session, row)
        given = (*paid_at_visit({}, entries), *take_over({}, answered_before(entries)))
        store.book(session, ids, row, given, posted_at=now, source_id=row.id)
    later = balances_by_line(_entries(session, row))
    store.book(session, ids, row, give_back(later), posted_at=now, source_id=row.id)
    _move_back(session, ids, row, now)
    previous_id = row.document.chain.previous_claim_id
    earlier = store.claim(session, row.organization_id, previous_id) if previous_id else None
    if earlier is None:
        return
    numbers = balances_by_line(_entries(session, earlier))
    store.book(session, ids, earlier, take_back(numbers, later), posted_at=now, source_id=row.id)
    earlier.document = earlier.document.with_chain(next_claim_id=None)
    transition_claim(session, ids, earlier, now)


def lines_named(row: ClaimRow, shares: Shares) -> list[int]:
    """The numbers of a claim's lines whose procedures are named."""
    return [number for number, line in row.document.claim.numbered_lines.items() if line.procedure_code in shares]


def move_lines_off(session: Session, ids: Ids, denied: ClaimRow, row: ClaimRow, now: datetime) -> None:
    """The lines that the new claim bills leave the insurer's account of the one whose payer has denied them."""
    money = balances_by_line(_entries(session, denied))
    lines = lines_named(denied, row.document.options.here)
    store.book(session, ids, denied, move_off(lines, money), posted_at=now, source_id=row.id)
    row.document = row.document.with_chain(moved_from_claim_id=denied.id)
    transition_claim(session, ids, denied, now)


def _move_back(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """What the payer of the claim before has denied, and this one billed, is open there again."""
    moved_from = row.document.chain.moved_from_claim_id
    denied = store.claim(session, row.organization_id, moved_from) if moved_from else None
    if denied is not None:
        lines = lines_named(denied, row.document.options.here)
        store.book(session, ids, denied, move_back(lines, _entries(session, denied)), posted_at=now, source_id=row.id)
        transition_claim(session, ids, denied, now)


def may_rejoin(session: Session, row: ClaimRow) -> bool:
    """Whether a claim that was voided can follow the claim before it again: that is billed, and no other follows it."""
    previous_id = row.document.chain.previous_claim_id
    earlier = store.claim(session, row.organization_id, previous_id) if previous_id else None
    if previous_id is None:
        return True
    alone = earlier is not None and earlier.document.chain.next_claim_id is None
    return earlier is not None and alone and earlier.state == ClaimState.ADJUDICATED


def rejoin_chain(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """A claim that was voided stands again, and is charged: it has the patient's share again."""
    previous_id = row.document.chain.previous_claim_id
    earlier = store.claim(session, row.organization_id, previous_id) if previous_id else None
    moved_from = row.document.chain.moved_from_claim_id
    denied = store.claim(session, row.organization_id, moved_from) if moved_from else None
    if earlier is not None:
        pass_share_on(session, ids, earlier, row, now)
    if denied is not None:
        move_lines_off(session, ids, denied, row, now)


def _entries(session: Session, row: ClaimRow) -> list[Entry]:
    return store.entries(session, row.organization_id, [row.id])[row.id]
