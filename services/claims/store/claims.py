"""Rows of claims, their numbers and their ledger."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, and_, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from services.claims.domain.ledger import Account, Entry
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action_kinds import DATED_BY_US, WAITS
from services.claims.domain.sanitize import can_be_ours, sanitize
from services.claims.store.claim_filter import ClaimFilter
from services.claims.store.tables import (
    LEDGER_REASON_MAX_LENGTH,
    NOT_VOIDED,
    TO_DO,
    ClaimNumberRow,
    ClaimRow,
    ClaimSubmissionRow,
    LedgerRow,
    PostingRow,
)
from shared.ids import Ids

DOCUMENT: Any = ClaimRow.document
SUMMARY_COLUMNS = (defer(DOCUMENT),)
"""A patient's history needs no documents, which are most of a row; a document is loaded on access."""

NUMBERS_AT_ONCE = 500
"""How many claim numbers one query asks for; databases limit their parameters."""


def claim(session: Session, organization_id: str, claim_id: str) -> ClaimRow | None:
    """The claim, or None."""
    return session.get(ClaimRow, (organization_id, claim_id))


def patient_of_claim(session: Session, organization_id: str, claim_id: str) -> str | None:
    """The patient of a claim, without loading its document."""
    query = select(ClaimRow.patient_id)
    return session.exec(query.where(ClaimRow.organization_id == organization_id, ClaimRow.id == claim_id)).first()


def patients_of_claims(session: Session, organization_id: str, claim_ids: Collection[str]) -> set[str]:
    """The patients of some claims, without loading their documents."""
    found: set[str] = set()
    ids = sorted(claim_ids)
    for start in range(0, len(ids), NUMBERS_AT_ONCE):
        query = select(ClaimRow.patient_id).where(ClaimRow.organization_id == organization_id)
        found.update(session.exec(query.where(col(ClaimRow.id).in_(ids[start : start + NUMBERS_AT_ONCE]))))
    return found


def claims_page(
    session: Session, organization_id: str, *, only: ClaimFilter, after: str | None, limit: int
) -> Sequence[ClaimRow]:
    """Up to `limit + 1` claims in order of id."""
    query = only.claims_of(organization_id)
    if after is not None:
        query = query.where(col(ClaimRow.id) > after)
    return session.exec(query.order_by(col(ClaimRow.id)).limit(limit + 1)).all()


def worklist_page(
    session: Session,
    organization_id: str,
    *,
    due_by: date,
    only: ClaimFilter,
    after: tuple[date, str] | None,
    limit: int,
) -> Sequence[ClaimRow]:
    """Up to `limit + 1` claims with something to do by a day, the most urgent first, after a (due date, id)."""
    due, key = col(ClaimRow.next_due_on), col(ClaimRow.id)
    query = only.claims_of(organization_id)
    query = query.where(due <= due_by, TO_DO)
    if after is not None:
        # This is (due, id) > after. The first condition follows from the second and is there for the index, which
        # serves a range but not an OR.
        query = query.where(due >= after[0], or_(due > after[0], key > after[1]))
    return session.exec(query.order_by(due, key).limit(limit + 1)).all()


def claims_to_replay(
    session: Session,
    organization_id: str,
    *,
    payer_id: str | None,
    date_of_service_from: date | None,
    date_of_service_to: date | None,
    after: str | None,
    limit: int,
) -> Sequence[ClaimRow]:
    """Up to `limit + 1` claims in order of id, voided ones left out, of a payer and between two dates of service."""
    query = select(ClaimRow).where(ClaimRow.organization_id == organization_id, NOT_VOIDED)
    query = _of_payer_and_days(query, payer_id, date_of_service_from, date_of_service_to)
    if after is not None:
        query = query.where(col(ClaimRow.id) > after)
    return session.exec(query.order_by(col(ClaimRow.id)).limit(limit + 1)).all()


def newest_claims(
    session: Session,
    organization_id: str,
    *,
    payer_id: str | None = None,
    date_of_service_from: date | None = None,
    date_of_service_to: date | None = None,
    limit: int,
) -> Sequence[ClaimRow]:
    """Up to `limit` claims, the last made first, voided ones left out, of a payer and between two dates of service."""
    query = select(ClaimRow).where(ClaimRow.organization_id == organization_id, NOT_VOIDED)
    query = _of_payer_and_days(query, payer_id, date_of_service_from, date_of_service_to)
    return session.exec(query.order_by(col(ClaimRow.created_at).desc(), col(ClaimRow.id).desc()).limit(limit)).all()


def _of_payer_and_days(
    query: SelectOfScalar[ClaimRow], payer_id: str | None, first: date | None, last: date | None
) -> SelectOfScalar[ClaimRow]:
    """A query of claims, narrowed by what is given."""
    if payer_id is not None:
        query = query.where(ClaimRow.payer_id == payer_id)
    if first is not None:
        query = query.where(ClaimRow.date_of_service >= first)
    return query if last is None else query.where(ClaimRow.date_of_service <= last)


def patient_claims(session: Session, organization_id: str, patient_id: str, exclude_id: str) -> Sequence[ClaimRow]:
    """The patient's newest 200 claims except one, oldest first."""
    # Newest first for the limit, then reversed: of more than 200 visits the oldest are left out.
    newest = session.exec(
        select(ClaimRow)
        .where(
            ClaimRow.organization_id == organization_id, ClaimRow.patient_id == patient_id, ClaimRow.id != exclude_id
        )
        .options(*SUMMARY_COLUMNS)
        .order_by(col(ClaimRow.date_of_service).desc(), col(ClaimRow.id).desc())
        .limit(200)
    ).all()
    return newest[::-1]


def claims_of_file(session: Session, organization_id: str, file_id: str) -> Sequence[ClaimRow]:
    """The claims whose present claim number went out in a file."""
    named = select(ClaimNumberRow.claim_id).where(
        ClaimNumberRow.organization_id == organization_id, ClaimNumberRow.file_id == file_id
    )
    return session.exec(
        select(ClaimRow)
        .where(ClaimRow.organization_id == organization_id, ClaimRow.file_id == file_id, col(ClaimRow.id).in_(named))
        .order_by(col(ClaimRow.id))
    ).all()


def claim_ids_of_files(session: Session, organization_id: str, file_ids: Sequence[str]) -> dict[str, list[str]]:
    """Which claims went out in which file, including those that have a newer claim number now."""
    found: dict[str, list[str]] = {file_id: [] for file_id in file_ids}
    rows = session.exec(
        select(ClaimNumberRow.file_id, ClaimNumberRow.claim_id)
        .where(ClaimNumberRow.organization_id == organization_id, col(ClaimNumberRow.file_id).in_(list(file_ids)))
        .order_by(ClaimNumberRow.claim_id)
    )
    for file_id, claim_id in rows:
        found[str(file_id)].append(claim_id)
    return found


def file_ids_of_claim(session: Session, organization_id: str, claim_id: str) -> list[str]:
    """The files that a claim went out in, under any of its numbers."""
    query = select(ClaimNumberRow.file_id).where(
        ClaimNumberRow.organization_id == organization_id, ClaimNumberRow.claim_id == claim_id
    )
    return sorted({file_id for file_id in session.exec(query) if file_id is not None})


_WAITS_FOR_FILE = (
    ClaimRow.state == ClaimState.SUBMITTED,
    col(ClaimRow.file_id).is_(None),
    col(ClaimRow.queued_at).is_not(None),
)


def claims_to_file(session: Session, organization_id: str, limit: int) -> Sequence[ClaimRow]:
    """Submitted claims that wait for a file (claims on paper never do), oldest first."""
    return session.exec(
        select(ClaimRow)
        .where(ClaimRow.organization_id == organization_id, *_WAITS_FOR_FILE)
        .order_by(col(ClaimRow.submitted_at), col(ClaimRow.id))
        .limit(limit)
    ).all()


@dataclass(frozen=True, slots=True)
class Queue:
    """An organization's submitted claims that wait for a file: count, wall time of the first and of the last."""

    organization_id: str
    claims: int
    oldest: datetime
    newest: datetime


def queues(session: Session) -> list[Queue]:
    """How many claims wait to be put in files, by organization."""
    queued = col(ClaimRow.queued_at)
    rows = session.exec(
        select(ClaimRow.organization_id, func.count(), func.min(queued), func.max(queued))
        .where(*_WAITS_FOR_FILE)
        .group_by(ClaimRow.organization_id)
        .order_by(ClaimRow.organization_id)
    )
    return [Queue(owner, count, oldest, newest) for owner, count, oldest, newest in rows if oldest and newest]


def overdue(session: Session, by: date, latest: date, limit: int) -> Sequence[ClaimRow]:
    """Claims of all organizations whose waiting period has ended by a day, or that are due after the latest day on
    which any can be."""
    due, kind = col(ClaimRow.next_due_on), col(ClaimRow.next_kind)
    return session.exec(
        select(ClaimRow)
        .where(or_(and_(kind.in_(WAITS), due < by), and_(kind.in_(DATED_BY_US), due > latest)))
        .order_by(col(ClaimRow.next_due_on), col(ClaimRow.id))
        .limit(limit)
    ).all()


def claims_to_ask(session: Session, kind: str, rules: Collection[str], by: date, limit: int) -> list[tuple[str, str]]:
    """(organization, claim) of the claims that have this next action by one of these rules, due by a day, the longest
    due first."""
    query = (
        select(ClaimRow.organization_id, ClaimRow.id)
        .where(ClaimRow.next_kind == kind, ClaimRow.next_due_on <= by, col(ClaimRow.next_rule).in_(rules))
        .order_by(col(ClaimRow.next_due_on), col(ClaimRow.id))
        .limit(limit)
    )
    return list(session.exec(query).all())


def number(session: Session, organization_id: str, claim_number: str) -> ClaimNumberRow | None:
    """The row of a claim number (CLM01), or None. Numbers come from outside, so an impossible one is not asked for."""
    if not can_be_ours(claim_number):
        return None
    return session.get(ClaimNumberRow, (organization_id, claim_number))


def numbers_of_claim(session: Session, organization_id: str, claim_id: str) -> Sequence[ClaimNumberRow]:
    """All numbers that a claim has or had."""
    query = select(ClaimNumberRow).where(ClaimNumberRow.organization_id == organization_id)
    return session.exec(query.where(ClaimNumberRow.claim_id == claim_id)).all()


def submission(session: Session, organization_id: str, claim_number: str) -> ClaimSubmissionRow | None:
    """The row of the submission under a claim number; None of a claim that was sent once at most."""
    return session.get(ClaimSubmissionRow, (organization_id, claim_number))


def submissions_of_claim(session: Session, organization_id: str, claim_id: str) -> Sequence[ClaimSubmissionRow]:
    """The submissions of a claim that was sent more than once, the first first."""
    query = select(ClaimSubmissionRow).where(ClaimSubmissionRow.organization_id == organization_id)
    return session.exec(
        query.where(ClaimSubmissionRow.claim_id == claim_id).order_by(col(ClaimSubmissionRow.place))
    ).all()


def claim_ids_of_numbers(session: Session, organization_id: str, claim_numbers: Sequence[str]) -> set[str]:
    """The claims of one organization that have or had these claim numbers."""
    found: set[str] = set()
    numbers = [one for one in claim_numbers if can_be_ours(one)]
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[start : start + NUMBERS_AT_ONCE]
        query = select(ClaimNumberRow.claim_id).where(ClaimNumberRow.organization_id == organization_id)
        found.update(session.exec(query.where(col(ClaimNumberRow.id).in_(some)).distinct()))
    return found


def organizations_of_numbers(session: Session, claim_numbers: Collection[str]) -> dict[str, set[str]]:
    """The organizations that own these claim numbers, by number; the numbers are random, so each has one owner."""
    found: dict[str, set[str]] = {}
    numbers = sorted({one for one in claim_numbers if can_be_ours(one)})
    for start in range(0, len(numbers), NUMBERS_AT_ONCE):
        some = numbers[start : start + NUMBERS_AT_ONCE]
        query = select(ClaimNumberRow.id, ClaimNumberRow.organization_id).where(col(ClaimNumberRow.id).in_(some))
        for number, owner in session.exec(query):
            found.setdefault(number, set()).add(owner)
    return found


def book(
    session: Session,
    ids: Ids,
    claim_row: ClaimRow,
    entries: Iterable[Entry],
    *,
    posted_at: datetime,
    source_id: str,
) -> None:
    """Write entries to the ledger of a claim."""
    for entry in entries:
        session.add(
            LedgerRow(
                organization_id=claim_row.organization_id,
                id=ids("led"),
                claim_id=claim_row.id,
                line_number=entry.line_number,
                posted_at=posted_at,
                source=entry.source,
                target=entry.target,
                amount_cents=entry.amount_cents,
                source_id=source_id,
                reason=sanitize(entry.reason, LEDGER_REASON_MAX_LENGTH),
            )
        )
    session.flush()


def ledger_rows(
    session: Session, organization_id: str, claim_id: str, *, after: str | None = None, limit: int | None = None
) -> Sequence[LedgerRow]:
    """A claim's entries in the order of their booking."""
    query = select(LedgerRow).where(LedgerRow.organization_id == organization_id, LedgerRow.claim_id == claim_id)
    if after is not None:
        query = query.where(col(LedgerRow.id) > after)
    # Ids sort by birth, so this is the order of booking.
    query = query.order_by(col(LedgerRow.id))
    return session.exec(query.limit(limit + 1) if limit is not None else query).all()


def entries(session: Session, organization_id: str, claim_ids: Sequence[str]) -> dict[str, list[Entry]]:
    """The ledgers of several claims at once."""
    found: dict[str, list[Entry]] = {claim_id: [] for claim_id in claim_ids}
    rows = session.exec(
        select(LedgerRow)
        .where(LedgerRow.organization_id == organization_id, col(LedgerRow.claim_id).in_(list(claim_ids)))
        .order_by(col(LedgerRow.id))
    )
    for row in rows:
        found[row.claim_id].append(entry_of(row))
    return found


def entry_of(row: LedgerRow) -> Entry:
    """A row of the ledger as the entry that it holds."""
    return Entry(row.line_number, Account(row.source), Account(row.target), row.amount_cents, row.reason)


def was_posted(session: Session, organization_id: str, digest: str) -> bool:
    """Whether the claim payment with this digest has been posted already."""
    return session.get(PostingRow, (organization_id, digest)) is not None
