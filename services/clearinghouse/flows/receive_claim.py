"""Taking one claim of a file: the clearinghouse's edits, and on to its payer or back to the sender.

A claim is kept either way, whole and sealed; when its payer answers and pays is fixed here, from the day it came.
"""

from dataclasses import replace

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.claim_from_837p import claim_from
from services.clearinghouse.domain.clock import due_at
from services.clearinghouse.domain.edits import CLEARINGHOUSE_EDITS, Arrival, Rejection, first_rejection
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE, Event, State
from services.clearinghouse.domain.messages.claim_acknowledgement import verdict
from services.clearinghouse.domain.received_file import ReceivedClaim
from services.clearinghouse.domain.scenarios import (
    REJECT_277CA,
    REJECT_FREQUENCY,
    VOID_TAKEN_BACK,
    Scenario,
    split_member_id,
)
from services.clearinghouse.domain.submitted_claim import ORIGINAL, VOID, SubmittedClaim
from services.clearinghouse.flows.acknowledge_claims import clearinghouse_number
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.members import member_index
from services.clearinghouse.store import ClaimRow, FileRow, claim_number_taken, next_claim_sequence
from shared import x12
from shared.dates import local_date

ASKED_FOR = Rejection("A7", "21")
"""What the scenario reject_277ca answers: something in the claim is invalid."""
FREQUENCY_ASKED_FOR = Rejection("A7", "535")
"""What the scenario reject_frequency answers."""
LATE_DAYS = 7
"""How much later the scenario void_taken_back takes an original back."""


def receive_claim(
    deps: Dependencies,
    session: Session,
    file: FileRow,
    *,
    place: int,
    found: ReceivedClaim,
    scenarios: tuple[Scenario, ...],
) -> x12.ClaimVerdict:
    """Keep one claim of transaction `place`, forwarded or turned back."""
    record = found.record
    claim = claim_from(record)
    payer = deps.payers.get(claim.payer_id)
    asked = _scenarios(record, scenarios)
    rejection = _rejection(
        session, file, Arrival(claim, payer, local_date(file.received_at, deps.zone), fault=found.fault)
    )
    if rejection is None:
        rejection = _asked_for(claim, asked)
    row = _row(deps, session, file, claim, record)
    row.transaction_place = place
    row.scenarios = "+".join(sorted(scenario.name for scenario in asked))
    row.state = CLAIM_LIFECYCLE.step(State(row.state), Event.TURN_BACK if rejection else Event.FORWARD)
    if payer is not None and rejection is None:
        row.acknowledge_at = due_at(file.received_at, payer.days_to_acknowledge, deps.zone)
        days = max(payer.days_to_pay, payer.days_to_acknowledge + 1)
        late = LATE_DAYS if VOID_TAKEN_BACK in asked and claim.frequency == VOID else 0
        row.pay_at = due_at(file.received_at, days + late, deps.zone)
        row.due_at = row.acknowledge_at
    session.add(row)
    session.flush()
    return verdict(record, rejection, clearinghouse_number=clearinghouse_number(row))


def _asked_for(claim: SubmittedClaim, asked: frozenset[Scenario]) -> Rejection | None:
    if REJECT_277CA in asked:
        return ASKED_FOR
    if REJECT_FREQUENCY in asked and claim.frequency != ORIGINAL:
        return FREQUENCY_ASKED_FOR
    return None


def _scenarios(record: x12.Claim837P, asked: tuple[Scenario, ...]) -> frozenset[Scenario]:
    by_member = split_member_id(record.subscriber.party.id)[0]
    return frozenset(asked) | ({by_member} if by_member else frozenset())


def _rejection(session: Session, file: FileRow, arrival: Arrival) -> Rejection | None:
    seen = claim_number_taken(session, file.organization_id, arrival.claim.claim_number)
    return first_rejection(CLEARINGHOUSE_EDITS, replace(arrival, seen_before=seen))


def _row(deps: Dependencies, session: Session, file: FileRow, claim: SubmittedClaim, record: x12.Claim837P) -> ClaimRow:
    sequence = next_claim_sequence(session)
    return ClaimRow(
        organization_id=file.organization_id,
        id=deps.ids("ccl"),
        sequence=sequence,
        file_id=file.id,
        transaction_place=0,
        state=State.RECEIVED,
        payer_id=claim.payer_id[:80],
        payee_npi=claim.billing_npi[:80],
        person=member_index(deps, claim.payer_id, claim.member_id, claim.patient.birth_date, claim.patient.last_name),
        claim_number=claim.claim_number[:64],
        payer_control_number=f"{claim.payer_id[:20]}{sequence:09d}",
        scenarios="",
        received_at=file.received_at,
        acknowledge_at=file.received_at,
        pay_at=file.received_at,
        record=msgspec.json.encode(record).decode(),
    )
