"""Doing what is due: payers acknowledge claims, then decide and pay them, in the order of their moments.

Deterministic: the same claims and the same clock make the same messages, whether the clock moved in one step or many.
One 277CA a file, transaction and payer; one 835 a payer, payee and day, its claims decided by date of service and
then by arrival, each knowing what the ones before it have used up.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlmodel import Session

from services.clearinghouse.domain.lifecycle import State
from services.clearinghouse.flows.acknowledge_claims import acknowledge
from services.clearinghouse.flows.decide_appeals import decide_appeals
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.pay_claims import pay
from services.clearinghouse.store import ClaimRow, next_due_claims


def run_due(deps: Dependencies, session: Session, now: datetime) -> None:
    """Take every step that is due by `now`, the earliest moment first."""
    # Anew after each moment: a claim that is acknowledged has its payment due next, perhaps by `now` as well.
    while claims := next_due_claims(session, now):
        waiting = [row for row in claims if row.state == State.FORWARDED]
        accepted = [row for row in claims if row.state == State.ACCEPTED]
        for group in _groups(
            waiting, lambda row: (row.organization_id, row.file_id, row.transaction_place, row.payer_id)
        ):
            acknowledge(deps, session, group)
        for group in _groups(accepted, lambda row: (row.organization_id, row.payer_id, row.payee_npi)):
            pay(deps, session, group)
        appealed = [row for row in claims if row.state == State.APPEALED]
        for group in _groups(appealed, lambda row: (row.organization_id, row.payer_id, row.payee_npi)):
            decide_appeals(deps, session, group)
        session.flush()


def _groups(rows: Iterable[ClaimRow], key: Callable[[ClaimRow], Any]) -> list[Sequence[ClaimRow]]:
    """Rows of one key together; groups in order of key, rows in order of arrival."""
    ordered = sorted(rows, key=lambda row: (key(row), row.sequence))
    return [list(group) for _key, group in groupby(ordered, key=key)]
