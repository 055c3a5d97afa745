"""A practice's rule for small balances: put, read, and carried out by the worker.

Each write-off is an entry like one by hand, so that a person takes it back in the same way; it names the rule, and in
the audit trail the practice's reason.
"""

from functools import partial
from typing import Any

from sqlmodel import Session

from services.claims.domain.hand_entries import SOURCE_PREFIX, EntryRefused, HandEntry, hand_entries
from services.claims.domain.ledger import Account, balances, balances_by_line
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_action_progress import NO_PROGRESS
from services.claims.domain.small_balances import SMALL_BALANCE, Limits, OpenClaim, small_balance
from services.claims.domain.underpayment import UnderpaymentDecision
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import record_small_balance
from services.claims.store import claims as store
from services.claims.store import small_balances as rules
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import SmallBalanceRuleRow
from shared.contracts.small_balances import SmallBalanceRule, SmallBalanceRulePut
from shared.database import UnitOfWork
from shared.database.operations import add_event
from shared.database.records import PutResult, RecordChange, put_record
from shared.errors import NotFound
from shared.money import format_dollars
from shared.security.caller import Caller
from shared.tenancy import acting_for
from shared.versions import UNCONDITIONAL, Precondition

CLAIMS_AT_ONCE = 100


def put_small_balance_rule(
    deps: Dependencies,
    unit_of_work: UnitOfWork,
    caller: Caller,
    command: SmallBalanceRulePut,
    precondition: Precondition = UNCONDITIONAL,
) -> PutResult[SmallBalanceRule]:
    """Set the rule, or change it. Raises PreconditionFailed."""
    now, owner = deps.clock.now(), caller.organization_id
    asked: dict[str, Any] = {
        "patient_max_cents": command.patient_max_cents,
        "insurer_max_cents": command.insurer_max_cents,
        "reason": command.reason,
    }
    change = RecordChange(caller, "small_balance_rule.put", rules.RULE_ID, now, command.actor)

    def write(row: SmallBalanceRuleRow | None) -> SmallBalanceRuleRow:
        columns = {**asked, "set_by": command.actor.name, "set_at": now}
        if row is None:
            return SmallBalanceRuleRow(organization_id=owner, id=rules.RULE_ID, **columns)
        return row.sqlmodel_update(columns)

    def put(session: Session) -> PutResult[SmallBalanceRule]:
        put = put_record(
            session,
            deps.ids,
            change,
            rules.rule_of(session, owner),
            precondition=precondition,
            is_equal=lambda row: {name: getattr(row, name) for name in asked} == asked,
            write=write,
        )
        return PutResult(_view(put.record), put.version, put.created)

    return unit_of_work.run(put)


def get_small_balance_rule(deps: Dependencies, caller: Caller) -> SmallBalanceRule:
    """Raises NotFound where the practice has none, so that nothing is written off."""
    with deps.database.reading() as session:
        row = rules.rule_of(session, caller.organization_id)
        if row is None:
            raise NotFound("the practice has no such rule", code="small_balance_rule_not_found")
        return _view(row)


def write_off_small_balances(deps: Dependencies) -> int:
    """Carry out every practice's rule. Returns how many balances were written off."""
    with deps.database.reading() as session:
        found = [
            (row.organization_id, Limits(row.patient_max_cents, row.insurer_max_cents))
            for row in rules.in_force(session)
        ]
    return sum(_of_practice(deps, organization_id, limits) for organization_id, limits in found)


def _of_practice(deps: Dependencies, organization_id: str, limits: Limits) -> int:
    written, after = 0, ""
    with acting_for(organization_id):
        while True:
            with deps.database.reading() as session:
                most = max(limits.patient_cents, limits.insurer_cents)
                claim_ids = rules.claims_with_less(session, organization_id, most, after, CLAIMS_AT_ONCE)
            for claim_id in claim_ids:
                write = partial(_write_off, deps=deps, organization_id=organization_id, claim_id=claim_id)
                written += deps.database.run(write)
            if len(claim_ids) < CLAIMS_AT_ONCE:
                return written
            after = claim_ids[-1]


def _write_off(session: Session, deps: Dependencies, organization_id: str, claim_id: str) -> bool:
    """By the rule and the ledger as they are now: either may have changed since the claim was found."""
    row, rule = store.claim(session, organization_id, claim_id), rules.rule_of(session, organization_id)
    if row is None or rule is None:
        return False
    booked = store.entries(session, organization_id, [claim_id])[claim_id]
    claim = OpenClaim(
        state=ClaimState(row.state),
        next_kind=row.next_kind,
        next_rule=row.next_rule,
        money=balances(booked),
        disputed=_is_disputed(row),
    )
    small = small_balance(claim, Limits(rule.patient_max_cents, rule.insurer_max_cents), booked)
    if small is None:
        return False
    (account, cents), now, source_id = small, deps.clock.now(), deps.ids(SOURCE_PREFIX)
    entries = hand_entries(HandEntry(account, Account.WRITTEN_OFF, cents, SMALL_BALANCE), balances_by_line(booked))
    if isinstance(entries, EntryRefused):
        return False
    store.book(session, deps.ids, row, entries, posted_at=now, source_id=source_id)
    transition_claim(session, deps.ids, row, now)
    add_event(
        session,
        deps.ids,
        organization_id=organization_id,
        at=now,
        kind="claim.small_balance_written_off",
        subject_id=claim_id,
        data={"account": account.value, "source_id": source_id},
    )
    summary = f"{format_dollars(cents)} of the {account} written off by the practice's rule for small balances."
    record_small_balance(session, deps.ids, row, summary, source_id=source_id, reason=rule.reason, at=now)
    return True


def _is_disputed(row: ClaimRow) -> bool:
    appealed = (row.progress or NO_PROGRESS).open_appeal is not None
    return appealed or row.document.underpayment.decision is UnderpaymentDecision.DISPUTED


def _view(row: SmallBalanceRuleRow) -> SmallBalanceRule:
    return SmallBalanceRule(
        version=row.version,
        patient_max_cents=row.patient_max_cents,
        insurer_max_cents=row.insurer_max_cents,
        reason=row.reason,
        set_by=row.set_by,
        set_at=row.set_at,
    )
