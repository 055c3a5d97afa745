"""An account with a payer that stays open is something to do: a balance that the payer carries forward, or cents that a
person released out of balance.

There is one task for a payer, about the remittance with which its account came to be open; the remittance that brings
the account to zero closes it. One that a person has settled with the payer comes again only when the balance changes.
"""

from datetime import timedelta

from services.claims.domain.remittances.provider_ledger import ProviderAccount, ProviderEntry, provider_balances
from services.claims.flows.remittances.post_payment import PostingWork
from services.claims.flows.tasks import Found, close_tasks, open_task
from services.claims.store import practice as practice_store
from services.claims.store import provider_accounts as store
from services.claims.store.remittance_tables import RemittanceRow
from shared.dates import local_date
from shared.money import format_dollars

REMITTANCE = "remittance"
KIND = "settle_provider_balance"
BALANCE_DAYS = 30
"""How long a payer has to bring or take what it carries forward."""
OPEN_ACCOUNTS = (ProviderAccount.FORWARD_BALANCE, ProviderAccount.REMITTANCE)
"""Those that are zero when nothing is left; every other one tells where money went."""


def watch_balance(work: PostingWork, remittance: RemittanceRow, booked: list[ProviderEntry]) -> None:
    """Within the transaction that books a remittance: open, change or close the task about the payer's account."""
    moved = provider_balances((entry.source, entry.target, entry.amount_cents) for entry in booked)
    # Most remittances leave these accounts alone, and a payer's entries need not be summed up for them.
    if not any(moved[one] for one in OPEN_ACCOUNTS):
        return
    owner, session = remittance.organization_id, work.session
    sums = store.payer_sums(session, owner, remittance.payer_blind)
    carried_cents, unbalanced_cents = (provider_balances(sums)[one] for one in OPEN_ACCOUNTS)
    before = store.task_of_payer(session, owner, KIND, remittance.payer_blind)
    if not carried_cents and not unbalanced_cents:
        if before is not None:
            close_tasks(session, owner, REMITTANCE, before.subject_id)
        return
    practice = practice_store.practice(session, owner)
    today = local_date(work.now, practice.time_zone) if practice is not None else work.now.date()
    found = Found(
        kind=KIND,
        subject_type=REMITTANCE,
        subject_id=remittance.id if before is None else before.subject_id,
        due_on=today + timedelta(days=BALANCE_DAYS),
        reason=_sentence(carried_cents, unbalanced_cents),
        rule="provider_balance",
        amount_cents=abs(carried_cents) + abs(unbalanced_cents),
    )
    row = open_task(session, work.deps.ids, owner, found, work.now)
    row.reason, row.amount_cents = found.reason, found.amount_cents


def _sentence(carried_cents: int, unbalanced_cents: int) -> str:
    carried, parts = format_dollars(abs(carried_cents)), []
    if carried_cents < 0:
        parts.append(f"the payer will take {carried} from later payments")
    if carried_cents > 0:
        parts.append(f"the payer has taken {carried} that it had not carried forward")
    if unbalanced_cents:
        parts.append(f"{format_dollars(unbalanced_cents)} are out of balance")
    return f"The account with this payer is open: {'; '.join(parts)}."
