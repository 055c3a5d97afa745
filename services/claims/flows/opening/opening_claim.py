"""The claim that an opening balance becomes: its source, with a note that says nothing, and its lines as sent."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from services.claims.document import (
    BillerOptions,
    ClaimDocument,
    ClaimSource,
    ScrubbedClaim,
    SentElsewhere,
    UnitCount,
    new_document,
)
from services.claims.domain.opening_balances import Judge, OpeningClaim, OpeningLine
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.scrub.build_scrubber_input import build_claim, coverage_input
from services.claims.flows.scrub.read_source import read_source
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note, Objective, Plan, Subjective
from shared.contracts.opening_balances import OpeningBalanceCreate
from shared.contracts.opening_balances import OpeningLine as OpeningLineGiven
from shared.dates import midnight
from shared.security.caller import Caller

AS_SENT = "The lines and units are those of the claim as it was sent elsewhere."
NO_NOTE = "elsewhere"
"""The status of a note that stayed in the system before."""


@dataclass(frozen=True, slots=True)
class OpeningEntry:
    """A balance as it is to be entered, with the ids of what it becomes."""

    opening_id: str
    claim_id: str
    number: str
    source: ClaimSource
    claim: OpeningClaim
    judge: Judge
    billed: ProfessionalClaim
    elsewhere: SentElsewhere


def read_entry(
    session: Session, deps: Dependencies, caller: Caller, command: OpeningBalanceCreate, bundle: CoverageBundle
) -> OpeningEntry:
    """The balance with all that its claim is made of. Raises Conflict where the practice's own data are missing."""
    opening_id, claim_id, number = deps.ids("opb"), deps.ids("clm"), deps.ids.claim_number()
    note = _note(opening_id, command, bundle, caller.time_zone)
    source = read_source(session, caller.organization_id, (note,), bundle, priced=False)
    lines = tuple(_line(one, command, bundle) for one in command.lines)
    claim = OpeningClaim(
        date_of_service=command.date_of_service,
        submitted_on=command.submitted_on,
        remitted_on=command.remitted_on,
        as_of=command.as_of,
        lines=lines,
        payer_claim_number=command.payer_claim_number or "",
    )
    billed = build_claim(
        source,
        coverage_input(source, {}, deps.rule_set.codes),
        tuple(line.line for line in lines),
        BillerOptions(),
        claim_id=claim_id,
        claim_number=number,
    )
    elsewhere = SentElsewhere(opening_id, command.as_of, command.claim_number or "")
    judge = Judge(source.profile.program, source.notice_on_file)
    return OpeningEntry(opening_id, claim_id, number, source, claim, judge, billed, elsewhere)


def _note(opening_id: str, command: OpeningBalanceCreate, bundle: CoverageBundle, zone: str) -> Note:
    """What stands in the place of a note: whose visit it was, and when. What was done is not known here."""
    at = midnight(command.date_of_service, zone)
    return Note(
        id=opening_id,
        version=1,
        status=NO_NOTE,
        patient_id=bundle.patient.id,
        therapist_id=command.therapist_id,
        started_at=at,
        ended_at=at,
        date_of_service=command.date_of_service,
        subjective=Subjective(complaint=""),
        objective=Objective(),
        assessment="",
        plan=Plan(),
        techniques=[],
        diagnoses=[],
        content_hash="",
    )


def _line(one: OpeningLineGiven, command: OpeningBalanceCreate, bundle: CoverageBundle) -> OpeningLine:
    numbers = {known.id: known.number for known in bundle.authorizations}
    return OpeningLine(
        ProfessionalServiceLine(
            procedure_code=one.procedure_code,
            units=one.units,
            charge_cents=one.charge_cents,
            modifiers=tuple(one.modifiers),
            authorization_id=command.authorization_id or "",
            authorization_number=numbers.get(command.authorization_id or "", ""),
        ),
        paid_cents=one.paid_cents,
        patient_paid_cents=one.patient_paid_cents,
        written_off_cents=one.written_off_cents,
        patient_cents=one.patient_cents,
        insurer_cents=one.insurer_cents,
        patient_reason=one.patient_reason_code or "",
        open_group=one.open_group or "",
        open_reason=one.open_reason_code or "",
    )


def document_of(entry: OpeningEntry, now: datetime) -> ClaimDocument:
    """The claim's document. No rule is asked: the claim is not ours to send."""
    claim = replace(
        entry.billed,
        authorization_id=entry.claim.lines[0].line.authorization_id,
        authorization_number=entry.claim.lines[0].line.authorization_number,
    )
    units = UnitCount(NO_NOTE, AS_SENT, billed_minutes=0, unbilled_minutes=0)
    scrubbed = ScrubbedClaim(claim=claim, units=units, findings=(), scrubbed_at=now)
    return new_document(entry.source, BillerOptions(), scrubbed, sent_elsewhere=entry.elsewhere)
