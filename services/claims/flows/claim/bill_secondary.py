"""The claim to the next payer, made from an adjudicated one: same note, same lines, full charge, and by line what the
payers before paid and adjusted, as their remittances have it.

Of a claim that its payer has forwarded to a payer that was not on file, it is one that is sent already. Refused when
nothing is left to the patient, and once the next payer is billed.
"""

from msgspec.structs import replace
from pydantic import ValidationError
from sqlmodel import Session

from services.claims.document import BillerOptions, new_document
from services.claims.domain.ledger import balances
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.next_payer import Answer, answer_of
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.audit import audit
from services.claims.flows.claim.add_claim import add_claim, add_sent_claim, refuse_second
from services.claims.flows.claim.build_claim import first_submission, found_claim, scrub_source
from services.claims.flows.claim.correct_claim import refuse_sent_elsewhere
from services.claims.flows.claim.next_coverage import next_coverage
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_next_payer, record_scrubbed
from services.claims.flows.scrub.read_source import fetch, read_source
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from shared.contracts.claims import Claim, PriorPayment
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.next_payers import NextPayerBill
from shared.database import UnitOfWork
from shared.errors import Conflict, Fault
from shared.money import format_dollars
from shared.security.caller import Caller


def bill_secondary(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: NextPayerBill
) -> Claim:
    """Make the next payer's claim. Raises NotFound (claim, coverage), Conflict, Unavailable."""
    with deps.database.reading() as session:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        refuse_sent_elsewhere(row)
        _refuse_unwanted(session, row)
        note_ids, coverage_id = row.document.source.note_ids, command.coverage_id or _next_coverage_id(row)
    notes, bundle = fetch(deps, caller.organization_id, note_ids, coverage_id)
    new_id, new_number, now = deps.ids("clm"), deps.ids.claim_number(), deps.clock.now()

    def write(session: Session) -> Claim:
        earlier = found_claim(store.claim(session, caller.organization_id, claim_id))
        _refuse_unwanted(session, earlier)
        options = options_after(earlier)
        _refuse_rank(earlier, bundle)
        refuse_second(session, caller.organization_id, earlier.note_id, coverage_id, new_id, options.here)
        source = read_source(session, caller.organization_id, notes, bundle)
        if earlier.document.responses.forwarded:
            row = add_sent_claim(session, deps, earlier, source, options, now)
        else:
            scrubbed = scrub_source(session, deps, caller, source, options, new_id, new_number)
            row, _ = add_claim(session, deps.ids, caller.organization_id, new_document(source, options, scrubbed), now)
            transition_claim(session, deps.ids, row, now, new=True)
        audit(session, deps, caller, at=now, action="bill_secondary", subject_id=earlier.id, actor=command.actor)
        record_scrubbed(session, deps, caller, row, TimelineKind.CLAIM_CREATED, at=now, actor=command.actor)
        record_next_payer(session, deps, caller, earlier, row, at=now, actor=command.actor)
        return claim_view(session, row)

    return unit_of_work.run(write)


def _refuse_unwanted(session: Session, row: ClaimRow) -> None:
    """Raises Conflict where no claim to the next payer is to be made."""
    answer, chain = answer_of(row.document.responses), row.document.chain
    if chain.next_claim_id is not None:
        forwarded = answer is not None and answer.forwarded
        fault = Fault(
            "/claim_id",
            "next_payer_billed",
            f"Claim {chain.next_claim_id} is the next payer's{', which has it from this payer' if forwarded else ''}.",
            "Read that claim; void it first if it was made in error and is not submitted.",
        )
        raise _conflict(row, "the next payer has a claim of this visit", fault)
    if row.state != ClaimState.ADJUDICATED or answer is None:
        text = "The payer before has not answered it."
        fault = Fault("/claim_id", "claim_not_adjudicated", text, "Wait for its remittance, or ask for it.")
        raise _conflict(row, "the next payer is billed after this one has answered", fault)
    money = balances(store.entries(session, row.organization_id, [row.id])[row.id])
    if money.patient_share_cents <= 0:
        text = f"{format_dollars(money.patient_share_cents)} is left to the patient."
        fault = Fault("/claim_id", "nothing_left_for_next_payer", text, "Bill nobody; appeal what this payer denied.")
        raise _conflict(row, "this payer has left nothing for the next one", fault)


def _next_coverage_id(row: ClaimRow) -> str:
    following = next_coverage(row.document.source)
    if following is None:
        text = "None of the patient's coverages on that day comes after this one."
        fix = "Record the coverage with its `rank`, and name it (`coverage_id`)."
        raise _conflict(row, "there is no next payer", Fault("/body/coverage_id", "no_next_payer", text, fix))
    return following.coverage.id


def _refuse_rank(earlier: ClaimRow, bundle: CoverageBundle) -> None:
    rank = earlier.document.source.coverage_bundle.coverage.rank
    if bundle.coverage.rank <= rank:
        text = f"Its rank is {bundle.coverage.rank}, and that of the claim's coverage {rank}."
        fault = Fault("/body/coverage_id", "coverage_not_later", text, "Correct the ranks, or name a later coverage.")
        raise _conflict(earlier, "the coverage does not come after the claim's", fault)


def _conflict(row: ClaimRow, detail: str, fault: Fault) -> Conflict:
    return Conflict(detail, code=fault.code, errors=[fault], current_version=row.version)


def options_after(row: ClaimRow) -> BillerOptions:
    """How the claim to the next payer is made: the same lines and options, and one more payer that has answered.
    Raises Conflict (`answer_not_usable`)."""
    document = row.document
    answer = answer_of(document.responses)
    answered = () if answer is None else (_prior_payment(row, answer),)
    prior = (*document.options.prior_payments, *answered)
    options = first_submission(document.options)
    return replace(options, prior_payments=prior, earlier_lines=document.claim.lines, attachments=())


def _prior_payment(row: ClaimRow, answer: Answer) -> PriorPayment:
    try:
        return PriorPayment.model_validate(
            {
                "payer_id": row.payer_id,
                "paid_cents": answer.paid_cents,
                "adjustments": _adjustments(answer.adjustments),
                "lines": [
                    {
                        "line_number": line.line_number,
                        "paid_cents": line.paid_cents,
                        "adjustments": _adjustments(line.adjustments),
                    }
                    for line in answer.lines
                ],
                "remitted_on": answer.remitted_on,
                "payer_claim_number": answer.payer_claim_number,
                "forwarded": answer.forwarded,
            }
        )
    except ValidationError:
        text = "The remittance has an amount, group or reason that no claim can carry."
        fix = "Make the claim with `POST /v1/claims` and enter `prior_payments` from the explanation of benefits."
        fault = Fault("/claim_id", "answer_not_usable", text, fix)
        raise _conflict(row, "the payer's answer cannot be put on a claim", fault) from None


def _adjustments(found: tuple[tuple[str, str, int], ...]) -> list[dict[str, str | int]]:
    return [{"group": group, "reason_code": reason, "amount_cents": cents} for group, reason, cents in found]
