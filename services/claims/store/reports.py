"""What the practice's numbers are made of, as it was before a moment: claims, sums of the ledger, the timeline's steps.

Every query of a number is one statement for all claims of an organization and reads columns, never whole rows; a
claim's document is not opened at all. What is sealed in the timeline is opened entry by entry, and of it only what a
number needs is decoded.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from services.claims.domain.ledger import Account, Entry
from services.claims.domain.reports.history import ClaimFacts, PostedDecision
from services.claims.domain.timeline import TimelineKind
from services.claims.store.tables import ClaimRow, LedgerRow, TimelineRow
from shared.database.sealing import open_column
from shared.database.tables import table_of

ROWS_AT_ONCE = 2_000
CLAIMS, LEDGER, TIMELINE = table_of(ClaimRow), table_of(LedgerRow), table_of(TimelineRow)


class ReportedClaim(NamedTuple):
    """A claim that was there before the moment."""

    claim_id: str
    patient_id: str
    payer_id: str
    date_of_service: date


class Detail(msgspec.Struct, frozen=True):
    """What an entry of the timeline says, as far as numbers are made of it."""

    state: str | None = None
    claim: ClaimFacts | None = None
    decision: PostedDecision | None = None


class TimedEntry(NamedTuple):
    """An entry of a claim's timeline; `detail` is empty where it was not asked for."""

    claim_id: str
    kind: TimelineKind
    at: datetime
    detail: Detail


NO_DETAIL = Detail()
_decode = msgspec.json.Decoder(Detail).decode


def claims_before(session: Session, organization_id: str, before: datetime) -> Iterator[ReportedClaim]:
    """The claims that were made before a moment. Payer and day of service are those of today."""
    query: Any = select_columns(CLAIMS.c.id, CLAIMS.c.patient_id, CLAIMS.c.payer_id, CLAIMS.c.date_of_service).where(
        CLAIMS.c.organization_id == organization_id, CLAIMS.c.created_at < before
    )
    return (ReportedClaim(*row) for row in session.exec(query.execution_options(yield_per=ROWS_AT_ONCE)))


def sums_before(session: Session, organization_id: str, before: datetime) -> Iterator[tuple[str, Entry]]:
    """By claim what was moved before a moment: the sum of the entries of one source, target and reason, on line 0."""
    moved = (LEDGER.c.claim_id, LEDGER.c.source, LEDGER.c.target, LEDGER.c.reason)
    query: Any = (
        select_columns(*moved, func.sum(LEDGER.c.amount_cents))
        .where(LEDGER.c.organization_id == organization_id, LEDGER.c.posted_at < before)
        .group_by(*moved)
    )
    for claim_id, source, target, reason, cents in session.exec(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield claim_id, Entry(0, Account(source), Account(target), int(cents), reason)


def first_payments_before(session: Session, organization_id: str, before: datetime) -> dict[str, datetime]:
    """When the first payment of a payer was posted, by claim."""
    query = (
        select(LedgerRow.claim_id, func.min(LedgerRow.posted_at))
        .where(
            LedgerRow.organization_id == organization_id,
            LedgerRow.posted_at < before,
            LedgerRow.source == Account.INSURER,
            LedgerRow.target == Account.PAID,
        )
        .group_by(col(LedgerRow.claim_id))
    )
    return {claim_id: at for claim_id, at in session.exec(query) if at is not None}


def steps_before(
    session: Session,
    organization_id: str,
    before: datetime,
    kinds: Collection[TimelineKind],
    detailed: Collection[TimelineKind],
) -> Iterator[TimedEntry]:
    """The entries of these kinds before a moment, in their order; those of `detailed` kinds with what they say."""
    wanted = [*{*kinds, *detailed}]
    query: Any = (
        select_columns(
            TIMELINE.c.id,
            TIMELINE.c.subject_id,
            TIMELINE.c.kind,
            TIMELINE.c.at,
            # What is not opened is not carried here either.
            case((TIMELINE.c.kind.in_([*detailed]), TIMELINE.c.detail)),
        )
        .where(TIMELINE.c.organization_id == organization_id, TIMELINE.c.at < before, TIMELINE.c.kind.in_(wanted))
        .order_by(TIMELINE.c.at, TIMELINE.c.id)
    )
    for row_id, claim_id, name, at, sealed in session.exec(query.execution_options(yield_per=ROWS_AT_ONCE)):
        detail = NO_DETAIL
        if sealed is not None:
            detail = _decode(open_column(session, TIMELINE, "detail", organization_id, row_id, bytes(sealed)))
        yield TimedEntry(claim_id, TimelineKind(name), at, detail)


def ledger_rows_by_id(session: Session, organization_id: str, ids: Collection[str]) -> dict[str, LedgerRow]:
    """Entries by their id; those that are not there any more are left out."""
    own = (LedgerRow.organization_id == organization_id, col(LedgerRow.id).in_(ids))
    return {row.id: row for row in session.exec(select(LedgerRow).where(*own))}


def claims_by_id(session: Session, organization_id: str, ids: Collection[str]) -> dict[str, ClaimRow]:
    """Claims by their id; those that are not there any more are left out."""
    own = (ClaimRow.organization_id == organization_id, col(ClaimRow.id).in_(ids))
    return {row.id: row for row in session.exec(select(ClaimRow).where(*own))}
