"""Deposits are entered or imported, once each, and compared with what remittances say was paid."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlmodel import Session

from services.claims.domain.remittances.deposits import Deposit, deposit_id, difference_of, read_deposits
from services.claims.flows.audit import audit
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_pair
from services.claims.store import provider_accounts as store
from services.claims.store.provider_tables import DepositRow
from services.claims.store.remittance_tables import TRACE_FIELD, RemittanceRow
from shared.contracts.deposits import Deposit as DepositView
from shared.contracts.deposits import (
    DepositCreate,
    DepositDifferences,
    DepositImport,
    DepositImported,
    DepositPage,
    DepositRejected,
    TraceDifference,
)
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault, Malformed
from shared.paging import page_of
from shared.security.caller import Caller

COMPARED = 5_000
TRACES_AT_ONCE = 500
LOOKED_BACK = timedelta(days=90)


def create_deposit(deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: DepositCreate) -> DepositView:
    """Enter a deposit. Raises Conflict for one that is entered already."""
    now = deps.clock.now()
    given = Deposit(command.trace, command.amount_cents, command.deposited_on, command.payer_name or "", command.number)

    def write(session: Session) -> DepositView:
        row = _enter(session, deps, caller, given, now)
        if row is None:
            raise Conflict(
                "this deposit is entered already",
                code="deposit_entered_before",
                pointer="/body",
                fix="GET /v1/deposits lists it. If the bank has another one like it, enter that with `number` "
                f"{command.number + 1}.",
            )
        audit(session, deps, caller, at=now, action="create_deposit", subject_id=row.id, actor=command.actor)
        return _view(row)

    return unit_of_work.run(write)


def import_deposits(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, command: DepositImport
) -> DepositImported:
    """Enter the deposits of a CSV file; a row that is none is listed and keeps no other from being entered."""
    now = deps.clock.now()
    found, unreadable = read_deposits(command.csv)

    def write(session: Session) -> DepositImported:
        entered = [row.id for one in found if (row := _enter(session, deps, caller, one, now)) is not None]
        subject = entered[0] if entered else "deposits"
        audit(session, deps, caller, at=now, action="import_deposits", subject_id=subject, actor=command.actor)
        return DepositImported(
            entered=len(entered),
            entered_before=len(found) - len(entered),
            rejected=[DepositRejected(row=one.row, column=one.column, message=one.message) for one in unreadable],
        )

    return unit_of_work.run(write)


def list_deposits(deps: Dependencies, caller: Caller, *, after: str | None, limit: int) -> DepositPage:
    """Deposits in the order of their days."""
    last = last_pair(after, date.fromisoformat)
    with deps.database.reading() as session:
        rows = store.deposits_page(session, caller.organization_id, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.deposited_on.isoformat(), row.id))
        return DepositPage(items=[_view(row) for row in page], next=following)


def list_differences(
    deps: Dependencies, caller: Caller, *, first: date | None, last: date | None
) -> DepositDifferences:
    """Where deposits and remittances of some days (the last 90) do not agree, by trace. What has the trace of one of
    them counts whenever it was paid. Raises Malformed where there are too many to compare."""
    until = last or deps.clock.now().date()
    since, owner = first or until - LOOKED_BACK, caller.organization_id
    expected: dict[str, int] = defaultdict(int)
    deposited: dict[str, int] = defaultdict(int)
    told: dict[str, tuple[str, date, str]] = {}
    ids: dict[str, list[str]] = defaultdict(list)
    with deps.database.reading() as session:
        remittances, deposits = _to_compare(session, owner, since, until)
    for remittance in remittances:
        expected[remittance.trace_blind] += remittance.amount_cents
        told.setdefault(remittance.trace_blind, (remittance.trace, remittance.paid_on, remittance.payer_name))
        ids[remittance.trace_blind].append(remittance.id)
    for row in deposits:
        deposited[row.trace_blind] += row.amount_cents
        told.setdefault(row.trace_blind, (row.trace, row.deposited_on, row.payer_name))
    items = [
        TraceDifference(
            kind=kind,
            trace=trace,
            payer_name=payer or None,
            on=day,
            expected_cents=expected[blind],
            deposited_cents=deposited[blind],
            difference_cents=deposited[blind] - expected[blind],
            remittance_ids=ids[blind],
        )
        for blind, (trace, day, payer) in told.items()
        if (kind := difference_of(expected[blind], deposited[blind])) is not None
    ]
    return DepositDifferences(
        from_date=since,
        to_date=until,
        expected_cents=sum(expected.values()),
        deposited_cents=sum(deposited.values()),
        items=sorted(items, key=lambda one: (one.on, one.trace)),
    )


def _to_compare(session: Session, owner: str, since: date, until: date) -> tuple[list[RemittanceRow], list[DepositRow]]:
    """The remittances and deposits of some days, and those of other days that have a trace of these."""
    remittances = list(store.expected_between(session, owner, since, until, COMPARED + 1))
    deposits = list(store.deposits_between(session, owner, since, until, COMPARED + 1))
    if max(len(remittances), len(deposits)) > COMPARED:
        text = f"These days have more than {COMPARED} remittances or deposits."
        fault = Fault("/query/from_date", "too_many_days", text, "Ask for fewer days.")
        raise Malformed("there is too much to compare", errors=[fault])
    traces = sorted({row.trace_blind for row in remittances} | {row.trace_blind for row in deposits})
    for start in range(0, len(traces), TRACES_AT_ONCE):
        some = traces[start : start + TRACES_AT_ONCE]
        before = (row for row in store.expected_of(session, owner, some) if not since <= row.paid_on <= until)
        later = (row for row in store.deposits_of(session, owner, some) if not since <= row.deposited_on <= until)
        remittances += before
        deposits += later
    return remittances, deposits


def _enter(session: Session, deps: Dependencies, caller: Caller, one: Deposit, now: datetime) -> DepositRow | None:
    """None where it is entered already."""
    owner, key = caller.organization_id, deposit_id(one)
    if store.deposit(session, owner, key) is not None:
        return None
    row = DepositRow(
        organization_id=owner,
        id=key,
        trace=one.trace,
        trace_blind=deps.database.vault.blind(owner, TRACE_FIELD, one.trace),
        amount_cents=one.amount_cents,
        deposited_on=one.deposited_on,
        payer_name=one.payer_name,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _view(row: DepositRow) -> DepositView:
    return DepositView(
        id=row.id,
        trace=row.trace,
        amount_cents=row.amount_cents,
        deposited_on=row.deposited_on,
        payer_name=row.payer_name or None,
        entered_at=row.entered_at,
    )
