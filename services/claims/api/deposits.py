"""Routes of a practice's accounts with its payers, and of deposits as the bank has them."""

from typing import Annotated

from fastapi import Query

from services.claims.api.parameters import Deps, OfPayer, Reader, Writer
from services.claims.flows.remittances import deposits as flows
from services.claims.flows.remittances import provider_accounts as accounts
from shared.contracts.common import IsoDate
from shared.contracts.deposits import (
    MAX_CSV_CHARACTERS,
    Deposit,
    DepositCreate,
    DepositDifferences,
    DepositImport,
    DepositImported,
    DepositPage,
    ProviderAccounts,
    ProviderEntryPage,
)
from shared.errors import BadRequest, Conflict, responses
from shared.roles import Permission
from shared.web.bodies import limited
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1", tags=["remittances"])
POST = responses(BadRequest, Conflict)
Day = Annotated[IsoDate | None, Query(description="the last 90 days where it is absent")]


@router.get("/provider-accounts", response_model=ProviderAccounts)
def list_provider_accounts(deps: Deps, caller: Reader) -> ProviderAccounts:
    """Balances with every payer: what claims were paid, taken back, carried forward, interest, and what came."""
    return accounts.list_provider_accounts(deps, caller)


@router.get("/provider-accounts/entries", response_model=ProviderEntryPage)
def list_provider_entries(
    deps: Deps, caller: Reader, payer: OfPayer = None, after: After = None, limit: Limit = 100
) -> ProviderEntryPage:
    """Every movement of these accounts, with the claim that a take-back names."""
    return accounts.list_provider_entries(deps, caller, payer=payer, after=after, limit=limit)


@router.post("/deposits", response_model=Deposit, status_code=201, responses=POST)
@permitted(Permission.POST_PAYMENTS)
def create_deposit(body: DepositCreate, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Deposit:
    """Enter a check or transfer as the bank has it."""
    return flows.create_deposit(deps, unit_of_work, caller, body)


@router.post("/deposits/import", response_model=DepositImported, responses=POST)
@limited(max_body_bytes=2 * MAX_CSV_CHARACTERS, max_values=50_000, cost=5)
@permitted(Permission.POST_PAYMENTS)
def import_deposits(body: DepositImport, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> DepositImported:
    """Enter the deposits of a bank's CSV file; what is entered already is left as it is, so a file may come again."""
    return flows.import_deposits(deps, unit_of_work, caller, body)


@router.get("/deposits", response_model=DepositPage)
def list_deposits(deps: Deps, caller: Reader, after: After = None, limit: Limit = 50) -> DepositPage:
    """Deposits in the order of their days."""
    return flows.list_deposits(deps, caller, after=after, limit=limit)


@router.get("/deposits/differences", response_model=DepositDifferences)
def list_deposit_differences(
    deps: Deps, caller: Reader, from_date: Day = None, to_date: Day = None
) -> DepositDifferences:
    """Where deposits and remittances do not agree, by number of check or transfer: missing, of another amount, or not
    expected."""
    return flows.list_differences(deps, caller, first=from_date, last=to_date)
