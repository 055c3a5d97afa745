"""A practice's accounts with its payers: booked once for each remittance, and read by payer."""

from collections import defaultdict

from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.payer_identifier import payer_identifier
from services.claims.domain.remittances.proofs import payment_proof
from services.claims.domain.remittances.provider_ledger import ProviderAccount as Account
from services.claims.domain.remittances.provider_ledger import ProviderEntry as Entry
from services.claims.domain.remittances.provider_ledger import provider_balances, provider_entries, taken_out
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.opening.named_claim import named_claim_id
from services.claims.flows.queries.cursors import last_id
from services.claims.flows.remittances.open_balance import watch_balance
from services.claims.flows.remittances.post_payment import PostingWork
from services.claims.flows.remittances.record_remittance import stored_cents
from services.claims.store import provider_accounts as store
from services.claims.store.provider_tables import ProviderEntryRow
from services.claims.store.remittance_tables import PAYER_FIELD, RemittanceRow
from shared import x12
from shared.contracts.deposits import ProviderAccount, ProviderAccounts, ProviderEntry, ProviderEntryPage
from shared.paging import page_of
from shared.security.caller import Caller


def book_remittance(
    work: PostingWork,
    remittance: RemittanceRow,
    payments: list[NumberedPayment],
    adjustments: list[x12.ProviderAdjustment],
) -> None:
    """Book a remittance that is not in the accounts yet."""
    if store.is_booked(work.session, remittance.organization_id, remittance.id):
        return
    proof = payment_proof(work.header, payments, adjustments)
    payer = payer_identifier(work.header)
    entries = provider_entries(proof, [one.payment for one in payments], adjustments)
    _book(work, remittance, payer, entries)


def unbook_remittance(work: PostingWork, remittance: RemittanceRow) -> None:
    """Take a remittance out of the accounts: it is not known to be money of its own any more."""
    standing = store.standing_entries(work.session, remittance.organization_id, remittance.id)
    entries = [
        Entry(
            Account(one.source),
            Account(one.target),
            one.amount_cents,
            one.reason,
            one.reference,
        )
        for one in standing
    ]
    _book(work, remittance, remittance.payer_identifier, taken_out(entries))


def _book(work: PostingWork, remittance: RemittanceRow, payer: str, entries: list[Entry]) -> None:
    owner = remittance.organization_id
    for entry in entries:
        claim_id = named_claim_id(work.session, work.deps, owner, entry.claim_number)
        work.session.add(
            ProviderEntryRow(
                organization_id=owner,
                id=work.deps.ids("ple"),
                remittance_id=remittance.id,
                payer_blind=remittance.payer_blind,
                payer=payer,
                posted_at=work.now,
                source=entry.source,
                target=entry.target,
                amount_cents=stored_cents(entry.amount_cents),
                reason=entry.reason,
                reference=entry.reference,
                claim_id=claim_id,
            )
        )
    watch_balance(work, remittance, entries)


def list_provider_accounts(deps: Dependencies, caller: Caller) -> ProviderAccounts:
    """The balances with every payer."""
    sums: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    with deps.database.reading() as session:
        for payer, source, target, cents in store.account_sums(session, caller.organization_id):
            sums[payer].append((source, target, cents))
        payers = store.payers(session, caller.organization_id, list(sums))
        found = [
            ProviderAccount(
                payer_identifier=payers[blind].payer_identifier if blind in payers else "",
                payer_name=payers[blind].payer_name if blind in payers else "",
                **{f"{account}_cents": cents for account, cents in provider_balances(of_payer).items()},
            )
            for blind, of_payer in sums.items()
        ]
    return ProviderAccounts(items=sorted(found, key=lambda one: (one.payer_name, one.payer_identifier)))


def list_provider_entries(
    deps: Dependencies, caller: Caller, *, payer: str | None, after: str | None, limit: int
) -> ProviderEntryPage:
    """The entries with a payer, or with all of them, in the order of their booking."""
    last, owner = last_id(after), caller.organization_id
    blind = None if payer is None else deps.database.vault.blind(owner, PAYER_FIELD, payer)
    with deps.database.reading() as session:
        rows = store.entries_page(session, owner, payer_blind=blind, after=last, limit=limit)
        page, following = page_of(rows, limit, lambda row: (row.id,))
        return ProviderEntryPage(items=[_entry_view(row) for row in page], next=following)


def _entry_view(row: ProviderEntryRow) -> ProviderEntry:
    return ProviderEntry(
        id=row.id,
        remittance_id=row.remittance_id,
        payer_identifier=row.payer,
        posted_at=row.posted_at,
        from_account=row.source,
        to_account=row.target,
        amount_cents=row.amount_cents,
        reason=row.reason,
        reference=row.reference or None,
        claim_id=row.claim_id,
    )
