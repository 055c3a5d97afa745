"""Converts rows to contract models. Money is always the current sum of the ledger."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from services.claims.document import (
    ClaimSource,
    FindingOverride,
    ScrubbedClaim,
    Underpayment,
    UnitCount,
    override_id_of,
    reviewed,
)
from services.claims.domain.adjustment_meaning import adjustment_meaning
from services.claims.domain.custom_rules import CODE_PREFIX, said_by_practice
from services.claims.domain.expected import Expected, Range
from services.claims.domain.ledger import Balances, Entry, balances, balances_by_line
from services.claims.domain.lifecycle import ClaimState
from services.claims.domain.payer_responses import AdjustmentResponse
from services.claims.domain.rules import RULES_BY_CODE, scrub_result, source_doc
from services.claims.domain.rules import Finding as DomainFinding
from services.claims.domain.rules.citations import Source
from services.claims.domain.scrubber_input import ProfessionalClaim, ProfessionalServiceLine
from services.claims.flows.queries.next_actions import next_action_view
from services.claims.store import claims as store
from services.claims.store.posting_sources import named_source
from services.claims.store.tables import ClaimRow, FileRow, LedgerRow, MessageRow, TimelineRow
from services.claims.store.visits import claims_of_note
from shared.audit import about_patient
from shared.contracts.claims import (
    Adjustment,
    Claim,
    ClaimDraft,
    ClaimLine,
    LineMoney,
    Money,
    UnderpaidLine,
    UnitsArithmetic,
)
from shared.contracts.common import Actor
from shared.contracts.exchange import Message, X12File
from shared.contracts.ledger import LedgerEntry
from shared.contracts.rules import CentsRange, ClaimFinding, ExpectedLine, ExpectedPayment, Override
from shared.contracts.timeline import TimelineEntry, TimelineSource
from shared.payer_profiles import PayerProfile


def claim_views(session: Session, rows: Sequence[ClaimRow]) -> list[Claim]:
    """The claims of one organization, with their money, in two queries whatever their number, and one more for each
    that bills a part of its visit."""
    for row in rows:
        about_patient(row.patient_id)
    if not rows:
        return []
    ledgers = store.entries(session, rows[0].organization_id, [row.id for row in rows])
    return [_claim(row, ledgers[row.id], _split_claims(session, row)) for row in rows]


def claim_view(session: Session, row: ClaimRow) -> Claim:
    """One claim as callers read it. For several use `claim_views`, which asks the database once for all."""
    return claim_views(session, [row])[0]


def _split_claims(session: Session, row: ClaimRow) -> list[str]:
    """The claims that bill the visit's other lines."""
    options = row.document.options
    if not options.here and not options.elsewhere:
        return []
    of_visit = claims_of_note(session, row.organization_id, row.note_id)
    return [one.id for one in of_visit if one.document.options.here != options.here]


def _claim(row: ClaimRow, entries: list[Entry], split_claims: list[str]) -> Claim:
    state, by = ClaimState(row.state).wire
    document = row.document
    return Claim(
        id=row.id,
        version=row.version,
        note_id=row.note_id,
        same_day_note_ids=[one.note.id for one in document.source.other_visits],
        coverage_id=row.coverage_id,
        patient_id=row.patient_id,
        payer_id=row.payer_id,
        payer_name=document.source.coverage_bundle.payer.name,
        claim_number=row.claim_number,
        date_of_service=row.date_of_service,
        state=state,
        state_by=by,
        outcome=row.outcome,
        payer_claim_number=document.responses.payer_claim_number,
        frequency=document.claim.frequency,
        refers_to=document.claim.payer_claim_number or None,
        sent_as=document.correction.why if document.correction else None,
        opening_balance_id=document.sent_elsewhere.opening_id if document.sent_elsewhere else None,
        previous_claim_id=document.chain.previous_claim_id,
        next_claims=[document.chain.next_claim_id] if document.chain.next_claim_id else [],
        split_claims=split_claims,
        underpayments=_underpayments(document.underpayment),
        statements=list(document.statements),
        diagnoses=list(document.claim.diagnoses),
        lines=line_views(document.claim, document.claim.numbered_lines, balances_by_line(entries)),
        units=units_view(document.scrubbed.units),
        findings=finding_views(document.scrubbed.findings, document.overrides, document.source.profile),
        overrides=[override_view(one) for one in document.overrides],
        adjustments=[adjustment_view(one, document.source) for one in document.responses.adjustments],
        money=money_view(balances(entries)),
        next_action=next_action_view(row),
        submitted_at=row.submitted_at,
        created_at=row.created_at,
    )


def _underpayments(found: Underpayment) -> list[UnderpaidLine]:
    return [
        UnderpaidLine(
            line_number=line.line_number,
            expected_cents=line.expected_cents,
            allowed_cents=line.allowed_cents,
            short_cents=line.short_cents,
            rule=line.rule,
            decision=found.decision,
        )
        for line in found.lines
    ]


def line_views(
    claim: ProfessionalClaim, lines: Mapping[int, ProfessionalServiceLine], money: Mapping[int, Balances]
) -> list[ClaimLine]:
    """Lines of a claim by number as callers read them, each with its money where it has any."""
    return [
        ClaimLine(
            number=number,
            procedure_code=line.procedure_code,
            modifiers=list(line.modifiers),
            units=line.units,
            minutes=line.minutes or 0,
            charge_cents=line.charge_cents,
            diagnosis_pointers=list(line.pointers),
            authorization_number=line.authorization_number or None,
            therapist_id=claim.therapist_of(line),
            note_ids=list(line.note_ids),
            money=_line_money(money.get(number)),
        )
        for number, line in lines.items()
    ]


def _line_money(of_line: Balances | None) -> LineMoney | None:
    if of_line is None:
        return None
    return LineMoney(
        paid_cents=of_line.paid_cents,
        written_off_cents=of_line.written_off_cents,
        patient_cents=of_line.patient_cents,
        insurer_balance_cents=of_line.insurer_cents,
        patient_paid_cents=of_line.patient_paid_cents,
        other_payers_cents=of_line.other_payers_cents,
    )


def money_view(of_claim: Balances) -> Money:
    """The balances of a claim, in cents."""
    return Money(
        charge_cents=of_claim.charge_cents,
        paid_cents=of_claim.paid_cents,
        written_off_cents=of_claim.written_off_cents,
        patient_balance_cents=of_claim.patient_cents,
        insurer_balance_cents=of_claim.insurer_cents,
        patient_paid_cents=of_claim.patient_paid_cents,
        other_payers_cents=of_claim.other_payers_cents,
    )


def finding_views(
    findings: Sequence[DomainFinding], overrides: Sequence[FindingOverride], payer: PayerProfile
) -> list[ClaimFinding]:
    """Findings with their dates, offers, the sources that speak for this payer, and the override that answers each."""
    return [
        ClaimFinding.model_validate(
            {
                **one.finding.as_dict(),
                "sources": [source_doc(source) for source in _sources(one.finding, payer)],
                "overridden_by": override_id_of(one, overrides),
                "doc_path": doc_path(one.finding.code),
            }
        )
        for one in reviewed(findings, overrides)
    ]


def _sources(finding: DomainFinding, payer: PayerProfile) -> Sequence[Source]:
    if finding.code.startswith(CODE_PREFIX):
        return (said_by_practice(finding.source),)
    one = RULES_BY_CODE.get(finding.code)
    return one.speaking(payer.program, payer.state) if one else ()


def doc_path(rule_code: str) -> str:
    """Where a rule is explained: on the page of all rules, or a practice's own in its record."""
    return f"/v1/custom-rules/{rule_code}" if rule_code.startswith(CODE_PREFIX) else f"/rules#{rule_code}"


def override_view(given: FindingOverride) -> Override:
    """An override with the person who gave it."""
    one = given.override
    return Override(
        id=given.id,
        rule_code=one.rule,
        pointer=one.pointer,
        reason=one.reason,
        actor=Actor(id=one.actor_id, name=given.actor_name, role=one.actor_role),
        at=one.at,
        lapsed_at=given.lapsed_at,
    )


def units_view(units: UnitCount) -> UnitsArithmetic:
    """The arithmetic from minutes to units."""
    return UnitsArithmetic(method=units.method, sentence=units.sentence, unbilled_minutes=units.unbilled_minutes)


def adjustment_view(one: AdjustmentResponse, source: ClaimSource) -> Adjustment:
    """One adjustment as the payer made it, with its meaning and what to do about it."""
    found = adjustment_meaning(
        one.group, one.reason_code, one.remark_codes, source.profile.program, notice_on_file=source.notice_on_file
    )
    return Adjustment(
        line_number=one.line_number,
        group=one.group,
        reason_code=one.reason_code,
        remark_codes=list(one.remark_codes),
        amount_cents=one.amount_cents,
        label=one.label,
        meaning=one.meaning,
        fix=found.fix,
    )


def draft_view(
    scrubbed: ScrubbedClaim, expected: Expected, payer: PayerProfile, overrides: Sequence[FindingOverride] = ()
) -> ClaimDraft:
    """The answer of a dry run, with the overrides that a stored claim has."""
    return ClaimDraft(
        state=scrub_result(reviewed(scrubbed.findings, overrides)),
        diagnoses=list(scrubbed.claim.diagnoses),
        lines=line_views(scrubbed.claim, scrubbed.claim.numbered_lines, {}),
        units=units_view(scrubbed.units),
        charge_cents=scrubbed.claim.charge_cents,
        findings=finding_views(scrubbed.findings, overrides, payer),
        expected=expected_view(expected),
    )


def expected_view(expected: Expected) -> ExpectedPayment:
    """What the payer is expected to pay, line by line, each amount as a range in cents."""
    return ExpectedPayment(
        lines=[
            ExpectedLine(
                number=number,
                procedure_code=line.procedure_code,
                allowed=_range(line.allowed),
                reduction=_range(line.reduction),
            )
            for number, line in enumerate(expected.lines, 1)
        ],
        allowed=_range(expected.allowed),
        patient=_range(expected.patient),
        payer=_range(expected.payer),
        reasons=list(expected.reasons),
    )


def _range(of_amount: Range) -> CentsRange:
    return CentsRange(low_cents=of_amount.low_cents, high_cents=of_amount.high_cents)


def ledger_view(row: LedgerRow) -> LedgerEntry:
    """One ledger entry as callers read it; the amount is in cents and moves from one account to the other."""
    return LedgerEntry(
        id=row.id,
        claim_id=row.claim_id,
        line_number=row.line_number,
        posted_at=row.posted_at,
        from_account=row.source,
        to_account=row.target,
        amount_cents=row.amount_cents,
        source_id=named_source(row),
        reason=row.reason,
    )


def message_view(row: MessageRow) -> Message:
    """One message without its content: what it was about and what became of it."""
    return Message(
        id=row.id,
        kind=row.kind,
        state=row.state,
        received_at=row.received_at,
        claims=row.claims,
        reasons=row.reasons,
    )


def file_view(row: FileRow, claim_ids: Sequence[str]) -> X12File:
    """One 837P file as callers read it. The claims in it are passed in, since they are in another table."""
    return X12File(
        id=row.id,
        interchange_control_number=row.interchange_control_number,
        state=row.state,
        claim_ids=list(claim_ids),
        formed_at=row.formed_at,
        sent_at=row.sent_at,
    )


def timeline_view(row: TimelineRow) -> TimelineEntry:
    """One entry; its text was fixed when it was written."""
    source = TimelineSource(type=row.source_type, id=row.source_id)
    return TimelineEntry(id=row.id, at=row.at, kind=row.kind, source=source, **dict(row.detail))
