"""Routes of money that a person enters on a claim, and of what the patient is billed."""

from services.claims.api.parameters import Deps, ThingId, Writer
from services.claims.flows.claim import bill_patient as billing
from services.claims.flows.claim import dispute_underpayment as disputing
from services.claims.flows.claim import enter_money as entering
from shared.contracts.claim_money import EntryReversal, PatientPayment, Refund, Transfer, UnderpaymentDispute, WriteOff
from shared.contracts.claims import Claim, ClaimAction
from shared.errors import BadRequest, Conflict, NotFound, responses
from shared.roles import Permission
from shared.web.idempotency import UnitOfWorkDep
from shared.web.persons import permitted
from shared.web.routes import Routes

router = Routes(prefix="/v1/claims", tags=["claims"])
POST = responses(BadRequest, NotFound, Conflict)


@router.post("/{claim_id}/patient-payments", response_model=Claim, status_code=201, responses=POST)
@permitted(Permission.ENTER_MONEY)
def record_patient_payment(
    claim_id: ThingId, body: PatientPayment, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Record what the patient paid. What is more than she owes stands to her credit until it is refunded."""
    return entering.record_patient_payment(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/refunds", response_model=Claim, status_code=201, responses=POST)
@permitted(Permission.ENTER_MONEY)
def refund(claim_id: ThingId, body: Refund, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Record money that went back to the patient or to the insurer."""
    return entering.refund(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/write-offs", response_model=Claim, status_code=201, responses=POST)
@permitted(Permission.ENTER_MONEY)
def write_off(claim_id: ThingId, body: WriteOff, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Write off what the insurer or the patient still owes, or hand the patient's balance to collections."""
    return entering.write_off(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/transfers", response_model=Claim, status_code=201, responses=POST)
@permitted(Permission.ENTER_MONEY)
def transfer(claim_id: ThingId, body: Transfer, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep) -> Claim:
    """Move an open amount between insurer and patient. What a contract or the program forbids never reaches her."""
    return entering.transfer(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/reversals", response_model=Claim, status_code=201, responses=POST)
@permitted(Permission.ENTER_MONEY)
def reverse_entry(
    claim_id: ThingId, body: EntryReversal, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Take back what a person entered; `source_id` is in the claim's ledger."""
    return entering.reverse_entry(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/dispute-underpayment", response_model=Claim, responses=POST)
@permitted(Permission.ENTER_MONEY)
def dispute_underpayment(
    claim_id: ThingId, body: UnderpaymentDispute, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Record that an underpayment is disputed with the payer, or accepted; a new answer of the payer is judged anew."""
    return disputing.dispute_underpayment(deps, unit_of_work, caller, claim_id, body)


@router.post("/{claim_id}/bill-patient", response_model=Claim, responses=POST)
@permitted(Permission.ENTER_MONEY)
def bill_patient(
    claim_id: ThingId, body: ClaimAction, deps: Deps, caller: Writer, unit_of_work: UnitOfWorkDep
) -> Claim:
    """Record that a statement went to the patient today; her payment is waited for from then on."""
    return billing.bill_patient(deps, unit_of_work, caller, claim_id, body)
