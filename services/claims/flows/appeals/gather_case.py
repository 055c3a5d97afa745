"""What is on file for an appeal: the claim's snapshot, its ledger, earlier visits, messages, chosen notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from services.claims.domain.acknowledgement import ACCEPTED, verdict
from services.claims.domain.appeals.appeal_case import AppealCase
from services.claims.domain.appeals.causes import Cause, Denial, cause_of
from services.claims.domain.appeals.interest import InterestDue, interest_due
from services.claims.domain.filing_deadline import filing_deadline
from services.claims.domain.ledger import balances
from services.claims.domain.lifecycle import ClaimEvent
from services.claims.domain.message_lifecycle import MessageState
from services.claims.domain.message_parts import outline_of, part_of_claims
from services.claims.flows.appeals.note_texts import (
    authorization_text,
    findings_text,
    full_name,
    one_line,
    plan_text,
    referral_text,
    techniques_text,
    trend_text,
)
from services.claims.flows.claim.transition_claim import local_today
from services.claims.store import appeals, exchange
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.work_tables import AppealRow, ClaimNoteRow
from shared import x12
from shared.contracts.eligibility import Authorization, Referral
from shared.money import format_dollars
from shared.plural import counted

MAX_MESSAGES = 50
ACKNOWLEDGEMENT, REMITTANCE = "277CA", "835"


@dataclass(frozen=True, slots=True)
class ClaimPart:
    """The part of a message that is about the claim."""

    message_id: str
    content: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a letter and a packet are made from. `acceptances` are the 277CAs by which the payer accepted the claim,
    `trend` the pain before each visit, oldest first."""

    case: AppealCase
    interest: InterestDue | None
    referral: Referral | None
    authorizations: Sequence[Authorization]
    trend: Sequence[tuple[date, int]]
    call_log: Sequence[ClaimNoteRow]
    acceptances: Sequence[ClaimPart]
    remittances: Sequence[ClaimPart]


def gather(session: Session, row: ClaimRow, appeal: AppealRow, now: datetime) -> Gathered:
    """Within a transaction: what is on file for an appeal now."""
    bundle, claim = row.document.source.coverage_bundle, row.document.claim
    numbers = appeals.numbers_of_claim(session, row.organization_id, row.id)
    acknowledged = _parts(session, row, ACKNOWLEDGEMENT, numbers)
    accepted = [(part, day) for part in acknowledged if (day := _accepted_on(part.content)) is not None]
    accepted_on = min((day for _part, day in accepted), default=None)
    referral = next((one for one in bundle.referrals if one.id == claim.referral_id), None)
    used = {claim.authorization_id, *(line.authorization_id for line in claim.lines)}
    authorizations = [one for one in bundle.authorizations if one.id in used]
    trend = _trend(session, row)
    interest = interest_due(
        row.document.source.profile, disputable_cents(session, row), accepted_on, local_today(row, now)
    )
    blanks = _known(_of_claim(session, row, appeal)) | _known(
        {
            "referral": referral_text(referral) if referral else "",
            "authorization": " and ".join(map(authorization_text, authorizations)),
            "pain_trend": trend_text(trend) if len(trend) > 1 else "",
            "payer_accepted_on": str(accepted_on or ""),
            "filing_limit_on": str(_filing_limit(row) or ""),
        }
        | _of_interest(interest)
    )
    case = AppealCase(denials_of(row), blanks, accepted_on, _filing_limit(row), interest is not None)
    call_log = appeals.chosen_notes(session, row.organization_id, row.id, appeal.body.claim_note_ids)
    remitted = _parts(session, row, REMITTANCE, numbers)
    return Gathered(
        case, interest, referral, authorizations, trend, call_log, [part for part, _day in accepted], remitted
    )


def disputable_cents(session: Session, row: ClaimRow) -> int:
    """What the insurer still holds of the claim, else what it allowed too little."""
    money = balances(store.entries(session, row.organization_id, [row.id])[row.id])
    return max(money.insurer_cents, 0) or sum(line.short_cents for line in row.document.underpayment.lines)


def denials_of(row: ClaimRow) -> tuple[Denial, ...]:
    """The open adjustments, else the lines that were allowed too little."""
    found = tuple(
        Denial(
            one.line_number,
            one.group,
            one.reason_code,
            one.remark_codes,
            one.amount_cents,
            one.label,
            cause_of(one.reason_code),
        )
        for one in row.document.responses.open_adjustments
    )
    return found or tuple(
        Denial(line.line_number, "CO", "45", (), line.short_cents, "allowed too little", Cause.UNDERPAYMENT)
        for line in row.document.underpayment.lines
    )


def _of_claim(session: Session, row: ClaimRow, appeal: AppealRow) -> dict[str, str]:
    source, claim, responses = row.document.source, row.document.claim, row.document.responses
    practice, bundle, note, therapist = source.practice, source.coverage_bundle, source.note, source.therapist
    coverage, benefit = bundle.coverage, bundle.benefit
    return {
        "practice": practice.name,
        "practice_address": one_line(practice.address),
        "npi": practice.npi,
        "tax_id": practice.tax_id,
        "contact": f"{practice.contact_name}, {practice.contact_phone}",
        "contact_name": practice.contact_name,
        "payer": bundle.payer.name,
        "kind": appeal.kind.replace("_", " "),
        "level": str(appeal.level),
        "patient": full_name(bundle.patient.name),
        "birth_date": str(bundle.patient.birth_date),
        "member_id": coverage.member_id,
        "claim_number": row.claim_number,
        "payer_claim_number": responses.number_in_force or "",
        "injury_claim_number": coverage.claim_number or "",
        "date_of_service": str(row.date_of_service),
        "notice_on": str(appeal.notice_on),
        "open_amount": format_dollars(disputable_cents(session, row)),
        "denials": "; ".join(map(_denial, denials_of(row))) or "see your notice",
        "underpaid": "; ".join(
            f"line {line.line_number}: {format_dollars(line.allowed_cents)} in place of "
            f"{format_dollars(line.expected_cents)}"
            for line in row.document.underpayment.lines
        ),
        "functional_limit": note.subjective.functional_limit.rstrip(". "),
        "findings": findings_text(note).rstrip(". "),
        "plan": plan_text(note).rstrip(". "),
        "techniques": techniques_text(one for visit in source.visits for one in visit.note.techniques),
        "diagnoses": ", ".join(claim.diagnoses),
        "therapist": full_name(therapist.name),
        "therapist_npi": therapist.npi,
        "taxonomy": therapist.taxonomy,
        "benefit": f"plan {benefit.active}, massage {benefit.massage.replace('_', ' ')}" if benefit else "",
        "benefit_checked_on": str(bundle.checked_at.date()) if benefit and bundle.checked_at else "",
        "coverage": f"{bundle.payer.name}, rank {coverage.rank}"
        + (f", in force from {coverage.effective_from}" if coverage.effective_from else ""),
    }


def _of_interest(found: InterestDue | None) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "interest": format_dollars(found.amount_cents),
        "interest_months": counted(found.months, "whole month"),
        "interest_from": str(found.overdue_from),
        "interest_source": found.source,
    }


def _known(blanks: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in blanks.items() if text}


def _denial(one: Denial) -> str:
    where = f"line {one.line_number}: " if one.line_number else ""
    remarks = f" {' '.join(one.remark_codes)}" if one.remark_codes else ""
    return f"{where}{one.group}-{one.reason_code}{remarks} ({one.label}), {format_dollars(one.amount_cents)}"


def _filing_limit(row: ClaimRow) -> date | None:
    claim = row.document.claim
    return filing_deadline(
        row.document.source.profile,
        row.date_of_service,
        primary_remitted_on=claim.primary_remitted_on,
        replaced_decision_on=claim.replaced_decision_on,
    )


def _trend(session: Session, row: ClaimRow) -> list[tuple[date, int]]:
    """The pain before treatment of this visit and of earlier ones under the same coverage."""
    earlier = store.patient_claims(session, row.organization_id, row.patient_id, row.id)
    scores = {
        one.date_of_service: one.past_visit.pain_before
        for one in earlier
        if one.coverage_id == row.coverage_id and one.date_of_service < row.date_of_service
    }
    scores[row.date_of_service] = row.document.source.note.subjective.pain
    return sorted((day, score) for day, score in scores.items() if score is not None)


def _parts(session: Session, row: ClaimRow, kind: str, numbers: set[str]) -> list[ClaimPart]:
    """The claim's part of its applied messages of a kind, in order of arrival."""
    messages = exchange.messages_page(
        session, row.organization_id, state=MessageState.APPLIED, subject_ids=[row.id], after=None, limit=MAX_MESSAGES
    )
    found = []
    for message in messages:
        outline = outline_of(message.content) if message.kind == kind else None
        part = part_of_claims(outline, numbers) if outline is not None else None
        if part is not None:
            found.append(ClaimPart(message.id, part.content))
    return found


def _accepted_on(content: str) -> date | None:
    """The day on which a 277CA says that the payer has accepted the claim (A2); None where it says less."""
    days = [
        status.effective
        for record in _statuses(content)
        for status in record.statuses
        if status.category in ACCEPTED
        and verdict(record.source.party.entity, status).event is ClaimEvent.ACCEPTED_BY_PAYER
    ]
    return min(filter(None, days), default=None)


def _statuses(content: str) -> Iterator[x12.ClaimStatus]:
    for transaction in x12.read_all(content.encode()).transactions:
        yield from (record for record in transaction.records if isinstance(record, x12.ClaimStatus))
