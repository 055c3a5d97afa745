"""An authorization that runs out is something to do: found with each claim of its patient, and looked at again on each
day that it is due, so that the task ends by itself once another one follows.

What a claim's snapshot says opens the tasks of its coverage; the worker asks eligibility for those that are due, a
bounded number a pass.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import structlog
from sqlmodel import Session

from services.claims.domain.authorization_ledger import NOTHING_USED, AuthorizationAccount, accounts, left_of
from services.claims.domain.authorization_renewal import Grant, renewals
from services.claims.domain.lifecycle import ClaimState
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.scrub.build_scrubber_input import uses_of
from services.claims.flows.tasks import Found, close_tasks, open_task
from services.claims.store import claims, worklist
from services.claims.store.tables import ClaimRow
from services.claims.store.worklist import DueTask
from shared.authorizations import APPROVED
from shared.contracts.eligibility import Authorization, CoverageBundle
from shared.dates import local_date
from shared.errors import NotFound, Unavailable
from shared.ids import Ids
from shared.tenancy import acting_for

AUTHORIZATION, RENEW = "authorization", "renew_authorization"
TASKS_A_PASS = 20
log = structlog.get_logger()


def find_renewals(session: Session, ids: Ids, row: ClaimRow, now: datetime) -> None:
    """Within a transaction: the tasks of the authorizations that a claim's snapshot has."""
    source = row.document.source
    if source.coverage_bundle.authorizations:
        today = local_date(now, source.time_zone)
        _settle(session, ids, row.organization_id, source.coverage_bundle, today, now)


def renew_authorizations(deps: Dependencies) -> int:
    """Look again at tasks that are due, each once a day; returns how many have ended."""
    now, ended = deps.clock.now(), 0
    with deps.database.reading() as session:
        due = worklist.tasks_to_look_at(session, RENEW, now.date(), TASKS_A_PASS)
    for task in due:
        with acting_for(task.organization_id):
            try:
                ended += _look_again(deps, task, now)
            except Unavailable:
                log.warning("eligibility_unavailable", step="renew_authorizations")
                break
    return ended


def _look_again(deps: Dependencies, task: DueTask, now: datetime) -> bool:
    """Whether the task has ended."""
    today = local_date(now, task.time_zone)
    bundle = _bundle(deps, task, today)

    def write(session: Session) -> bool:
        row = worklist.task_of(session, task.organization_id, RENEW, task.subject_id)
        if row is None:
            return False
        row.looked_at_on = now.date()
        session.add(row)
        if bundle is None:
            close_tasks(session, task.organization_id, AUTHORIZATION, task.subject_id)
        else:
            _settle(session, deps.ids, task.organization_id, bundle, today, now)
        session.flush()
        return worklist.task_of(session, task.organization_id, RENEW, task.subject_id) is None

    return deps.database.run(write)


def _bundle(deps: Dependencies, task: DueTask, today: date) -> CoverageBundle | None:
    """The coverage as it is now; None where eligibility has it no longer."""
    try:
        found = deps.eligibility.authorization(task.organization_id, task.subject_id)
        return deps.eligibility.coverage_bundle(task.organization_id, found.coverage_id, today)
    except NotFound:
        return None


def _settle(
    session: Session, ids: Ids, organization_id: str, bundle: CoverageBundle, today: date, now: datetime
) -> None:
    """Open what is to be renewed of a coverage, and close what is not."""
    rows = claims.patient_claims(session, organization_id, bundle.patient.id, exclude_id="")
    used = accounts(uses_of(row for row in rows if row.state != ClaimState.VOIDED))
    approved = [one for one in bundle.authorizations if one.status == APPROVED]
    wanted = {one.authorization_id: one for one in renewals(_grants(approved, used), today)}
    for one in bundle.authorizations:
        found = wanted.get(one.id)
        if found is None:
            close_tasks(session, organization_id, AUTHORIZATION, one.id)
            continue
        task = open_task(
            session,
            ids,
            organization_id,
            Found(RENEW, AUTHORIZATION, one.id, found.due_on, found.reason, found.rule, payer_id=bundle.payer.id),
            now,
        )
        if task.rule != found.rule:  # what ends first has changed; what was put off under the other rule is due
            task.due_on, task.reason, task.rule = found.due_on, found.reason, found.rule


def _grants(approved: Sequence[Authorization], used: Mapping[str, AuthorizationAccount]) -> list[Grant]:
    found = []
    for one in approved:
        account = used.get(one.id, NOTHING_USED)
        found.append(
            Grant(
                authorization_id=one.id,
                effective_from=one.effective_from,
                effective_to=one.effective_to,
                visits_left=left_of(one.visits, account.visits),
                units_left=left_of(one.units, account.units),
                procedure_codes=frozenset(one.procedure_codes),
                in_use=bool(account.uses),
            )
        )
    return found
