"""Converts contract models of other services to the scrubber's input; nothing is decided here.

Every field of the input is set from data that a caller has sent: a test checks that.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from services.claims.document import BillerOptions, ClaimSource, text_digest
from services.claims.domain.authorization_ledger import NOTHING_USED, AuthorizationAccount, Use, accounts
from services.claims.domain.lines import BuiltLines
from services.claims.domain.rules.authorized_lines import under_authorizations
from services.claims.domain.same_day_visits import as_one_note
from services.claims.domain.scrubber_input import (
    AuthorizationInput,
    BillingProviderInput,
    CoverageInput,
    CredentialInput,
    GoalInput,
    History,
    NoteInput,
    PastClaim,
    PastSession,
    PatientInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
    ReferralInput,
    RenderingProviderInput,
    TechniqueInput,
    past_outcome,
    referral_that_counts,
)
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput, VisitInput
from services.claims.domain.visit_lines import numbered
from services.claims.flows.scrub.prior_payments import prior_payment_inputs
from services.claims.flows.scrub.resolve_profile import program_of
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.flows.scrub.sent_texts import sent_addresses, sent_texts
from services.claims.flows.scrub.service_location import TELEHEALTH, address_of_service, place_of_service
from services.claims.store.tables import ClaimRow
from shared.codesets import CodeSets
from shared.codesets.procedures import OWN, Procedure
from shared.codesets.programs import INJURY
from shared.contracts.eligibility import Authorization, Referral
from shared.contracts.notes import Note, Technique
from shared.contracts.practice import Practice, Therapist
from shared.dates import DateRange, local_date

RELATED_CAUSES = {"auto": "AA", "employment": "EM", "other": "OA"}
SEQUENCES = {1: "P", 2: "S", 3: "T"}
TRANSMISSIONS = {"mail": "BM", "fax": "FX", "electronic": "EL", "email": "EM", "on_request": "AA"}
"""PWK02 of 005010X222A1: how an attachment is sent to the payer."""


def build_scrubber_input(
    request: ScrubRequest, notes: Sequence[NoteInput], built: BuiltLines, codes: CodeSets
) -> ScrubberInput:
    """Everything that the rules read for one claim. `notes` are of the visits of its source, in their order; `codes`
    are those in force, with the payer's and the practice's own procedures."""
    source, options, claim_id = request.source, request.options, request.claim_id
    patient_id = source.coverage_bundle.patient.id
    others = other_visits(request.history, source, options)
    made_before = [
        row for row in others if row.patient_id == patient_id and _made_before(row, request.made_at, claim_id)
    ]
    used = accounts(uses_of(made_before), request.used_before)
    coverage = coverage_input(source, used, codes)
    claim = build_claim(source, coverage, built.lines, options, claim_id=claim_id, claim_number=request.claim_number)
    without_authorizations = ScrubberInput(
        claim=claim,
        payer=source.profile,
        provider=rendering_provider(source.therapist),
        billing=billing_provider(source.practice),
        as_of=request.as_of,
        note=as_one_note(notes),
        coverage=coverage,
        patient=patient_input(source, {one.payer_id for one in options.prior_payments}),
        history=history_input(others, source, frozenset(row.id for row in made_before)),
        codes=codes,
        unit_ties=built.ties,
        visits=visit_inputs(source, notes),
    )
    claim = under_authorizations(without_authorizations)
    return replace(without_authorizations, claim=replace(claim, lines=numbered(claim.lines, options.line_numbers)))


def visit_inputs(source: ClaimSource, notes: Sequence[NoteInput]) -> tuple[VisitInput, ...]:
    """Each of several visits by itself, with who treated; empty for a claim of one visit."""
    if not source.other_visits:
        return ()
    treated = (rendering_provider(one.therapist) for one in source.visits)
    return tuple(VisitInput(note, provider) for note, provider in zip(notes, treated, strict=True))


def _made_before(row: ClaimRow, made_at: datetime | None, claim_id: str) -> bool:
    """Whether a claim was made before this one, and so is served before it of what is counted."""
    return made_at is None or (row.created_at, row.id) < (made_at, claim_id)


def note_input(note: Note, zone: str) -> NoteInput:
    """The note as the rules read it; `zone` is the practice's time zone."""
    subjective, objective = note.subjective, note.objective
    found = (objective.range_of_motion, objective.palpation, objective.posture, objective.other)
    return NoteInput(
        note_id=note.id,
        date_of_service=note.date_of_service,
        techniques=tuple(_technique(t, note.started_at) for t in note.techniques),
        diagnoses=tuple(note.diagnoses),
        therapist_id=note.therapist_id,
        start=note.started_at,
        end=note.ended_at,
        signed=note.status == "signed",
        signed_on=local_date(note.signed_at, zone) if note.signed_at else None,
        complaint=subjective.complaint,
        functional_limits=(subjective.functional_limit,) if subjective.functional_limit else (),
        pain_before=subjective.pain,
        pain_after=note.pain_after,
        objective=" ".join(filter(None, found)),
        assessment=note.assessment,
        response=note.response,
        plan_frequency=note.plan.frequency,
        plan_ends_on=note.plan.ends_on,
        goals=tuple(GoalInput(measure=goal.measure, due_on=goal.due_on) for goal in note.plan.goals),
        text_digest=text_digest(note),
    )


def own_procedures(source: ClaimSource) -> list[Procedure]:
    """Procedures that the payer or the practice has added for itself; of two for one code the payer's counts."""
    own = [*source.practice.own_procedures, *source.coverage_bundle.payer.own_procedures]
    return [Procedure(one.procedure_code, one.label, one.timed, OWN, always_therapy=False) for one in own]


def _technique(one: Technique, session_started_at: datetime) -> TechniqueInput:
    start_minute = one.start_minute
    if start_minute is None and one.started_at is not None:
        start_minute = (one.started_at - session_started_at) // timedelta(minutes=1)
    return TechniqueInput(
        procedure_code=one.procedure_code,
        minutes=one.minutes,
        region=one.region,
        side=one.side or "",
        diagnoses=tuple(one.diagnoses),
        start_minute=start_minute,
        modality=one.description,
        written_report=one.written_report,
    )


def coverage_input(source: ClaimSource, used: Mapping[str, AuthorizationAccount], codes: CodeSets) -> CoverageInput:
    """The coverage as the rules read it for the day of service. `used` has what other claims used, by id of
    authorization or referral."""
    file, on, zone = source.coverage_bundle, source.note.date_of_service, source.time_zone
    coverage, benefit = file.coverage, file.benefit
    insured = coverage.insured
    others = [
        one
        for one in file.other_coverages
        if DateRange(one.coverage.effective_from, one.coverage.effective_to).holds(on)
    ]
    kind = "self" if insured is None else "employer" if insured.organization_name else "other_person"
    return CoverageInput(
        effective_from=coverage.effective_from,
        effective_to=coverage.effective_to,
        subscriber_kind=kind,
        member_id=coverage.member_id,
        status="inactive" if benefit is not None and benefit.active == "inactive" else "active",
        benefit_service_type=(benefit.service_type or "") if benefit else "",
        massage_covered=_known(benefit.massage, "covered", "not_covered") if benefit else None,
        authorization_wanted=_known(benefit.authorization, "required", "not_required") if benefit else None,
        visits_allowed_year=benefit.visits_limit if benefit else None,
        visits_remaining=benefit.visits_remaining if benefit else None,
        visits_period=(benefit.visits_period or "") if benefit else "",
        checked_on=local_date(file.checked_at, zone) if file.checked_at else None,
        authorizations=tuple(
            authorization_input(one, used.get(one.id, NOTHING_USED), on, codes) for one in file.authorizations
        ),
        referrals=tuple(_referral(one, used.get(one.id, NOTHING_USED).visits_beside(on)) for one in file.referrals),
        other_payer_ids=tuple(other.coverage.payer_id for other in file.other_coverages),
        injury_insurers=tuple(one.coverage.payer_id for one in others if program_of(one.payer) in INJURY),
        other_primaries=tuple(
            one.coverage.payer_id
            for one in others
            if one.coverage.rank == 1 and coverage.rank == 1 and program_of(one.payer) not in INJURY
        ),
        prior_visits=coverage.prior_visits,
        used_before=used[coverage.id].before if coverage.id in used else None,
        progress_report_on=coverage.progress_report_on,
        improvement_documented_on=coverage.improvement_documented_on,
        forms_on_file=tuple((one.form, one.filed_on) for one in coverage.forms_on_file),
        self_insured=coverage.self_insured,
    )


def patient_input(source: ClaimSource, earlier_payers: Collection[str]) -> PatientInput:
    """The patient, and every name and address that the 837P will carry."""
    patient = source.coverage_bundle.patient
    return PatientInput(
        birth_date=patient.birth_date,
        first_name=patient.name.first,
        last_name=patient.name.last,
        has_address=patient.address is not None,
        has_service_address=place_of_service(source) in TELEHEALTH or address_of_service(source) is not None,
        sex=patient.sex,
        sent_texts=sent_texts(source, earlier_payers),
        sent_addresses=sent_addresses(source, earlier_payers),
    )


def rendering_provider(therapist: Therapist) -> RenderingProviderInput:
    """The treating therapist, with what each payer has decided about her and for which days."""
    return RenderingProviderInput(
        npi=therapist.npi,
        first_name=therapist.name.first,
        last_name=therapist.name.last,
        taxonomy=therapist.taxonomy,
        license_expires_on=therapist.license_expires_on,
        credentials=tuple(
            CredentialInput(
                payer_id=one.payer_id,
                status=one.status,
                billing_tax_id=one.billing_tax_id or "",
                effective_from=one.effective_from,
                effective_to=one.effective_to,
            )
            for one in therapist.credentials
        ),
    )


def billing_provider(practice: Practice) -> BillingProviderInput:
    """The practice as biller: its tax id and the state whose law it is under."""
    return BillingProviderInput(tax_id=practice.tax_id, state=practice.address.state, zip=practice.address.zip)


def build_claim(
    source: ClaimSource,
    coverage: CoverageInput,
    lines: tuple[ProfessionalServiceLine, ...],
    options: BillerOptions,
    *,
    claim_id: str,
    claim_number: str,
) -> ProfessionalClaim:
    """The claim as it will be sent, with the referral that applies to it; its authorizations are not chosen yet."""
    file, note, accident = source.coverage_bundle, source.note, source.coverage_bundle.coverage.accident
    day = note.date_of_service
    kinds, age_days = source.profile.referral_kinds, source.profile.referral_age_days
    referral = referral_that_counts(coverage.referrals, day, kinds=kinds, age_days=age_days)
    return ProfessionalClaim(
        claim_id=claim_id,
        patient_id=note.patient_id,
        therapist_id=note.therapist_id,
        payer_id=file.payer.id,
        date_of_service=day,
        lines=lines,
        diagnoses=source.diagnoses,
        place_of_service=place_of_service(source),
        claim_number=claim_number,
        filing_indicator=source.profile.filing_indicator,
        taxonomy=source.therapist.taxonomy,
        related_causes=(RELATED_CAUSES[accident.cause],) if accident else (),
        accident_date=accident.occurred_on if accident else None,
        accident_state=(accident.state or "") if accident else "",
        onset_date=file.coverage.onset_on,
        insurer_claim_number=file.coverage.claim_number or "",
        authorization_on_lines=source.profile.authorization_on_lines,
        referral_id=referral.referral_id if referral else "",
        referral_number=referral.number if referral else "",
        referring_npi=referral.referring_npi if referral else "",
        attachments=tuple(
            (one.report_type, TRANSMISSIONS[one.transmission], one.control_number) for one in options.attachments
        ),
        printed=file.payer.claim_route == "paper",
        sequence=SEQUENCES.get(file.coverage.rank, "P"),
        prior_payments=prior_payment_inputs(options, file),
        assignment_accepted=file.payer.assignment_accepted,
        benefits_assigned=file.coverage.benefits_assigned,
        patient_signature_on_file=file.patient.signature_on_file,
        patient_paid_cents=options.patient_paid_cents,
        tie_order=options.tie_order,
        left_off=options.left_off,
        **options.submission,
    )


def other_visits(rows: Sequence[ClaimRow], source: ClaimSource, options: BillerOptions) -> list[ClaimRow]:
    """The rows without those that bill the same note under another coverage: a claim under a second plan is no second
    visit, unless both bill the whole of it to one payer as the first to pay."""
    note_id, coverage_id = source.note.id, source.coverage_bundle.coverage.id
    payer_id, whole = source.coverage_bundle.payer.id, _bills_all_as_first(options)
    return [
        row
        for row in rows
        if row.past_visit.note_id != note_id
        or row.coverage_id == coverage_id
        or (whole and row.payer_id == payer_id and _bills_all_as_first(row.document.options))
    ]


def _bills_all_as_first(options: BillerOptions) -> bool:
    return not (options.earlier_lines or options.here or options.elsewhere)


def uses_of(rows: Iterable[ClaimRow]) -> Iterator[Use]:
    """What claims used of authorizations, line by line, and of referrals, in the order in which they were made."""
    for row in sorted(rows, key=lambda row: (row.created_at, row.id)):
        visit, day = row.past_visit, row.date_of_service
        if visit.referral_id:
            yield Use(visit.referral_id, row.id, day)
        for number, line in enumerate(visit.lines, 1):
            under = visit.authorization_id if line.authorization_id is None else line.authorization_id
            if under:
                yield Use(under, row.id, day, number, line.procedure_code, line.units)


def history_input(rows: Sequence[ClaimRow], source: ClaimSource, made_before: frozenset[str]) -> History:
    """`rows` are the other claims of the patient and of the therapist, without voided ones; `made_before` are the ids
    of those that were made before the claim that is checked, which is of this note."""
    note = source.note
    hers = [row for row in rows if row.patient_id == note.patient_id]
    visits = [row for row in hers if row.past_visit.note_id != note.id]
    newest_first = sorted(visits, key=lambda row: row.date_of_service, reverse=True)
    notes = [
        part
        for visit in (row.past_visit for row in newest_first)
        for part in (
            *((one.text_digest, one.pain_before) for one in reversed(visit.same_day)),
            (visit.text_digest, visit.pain_before),
        )
    ]
    return History(
        claims=tuple(_past_claim(row, source, row.id in made_before) for row in hers),
        sessions=tuple(session for row in rows for session in _past_sessions(row)),
        note_digests=tuple(digest for digest, _ in notes),
        pain_scores=tuple(pain for _, pain in notes if pain is not None),
        first_visit_on=min((row.date_of_service for row in hers), default=None),
    )


def _past_sessions(row: ClaimRow) -> Iterator[PastSession]:
    visit = row.past_visit
    yield PastSession(visit.note_id, row.patient_id, row.therapist_id, visit.start, visit.end, visit.techniques)
    for one in visit.same_day:
        yield PastSession(one.note_id, row.patient_id, one.therapist_id, one.start, one.end, one.techniques)


def _past_claim(row: ClaimRow, source: ClaimSource, made_before: bool) -> PastClaim:
    return PastClaim(
        claim_id=row.id,
        payer_id=row.payer_id,
        therapist_id=row.therapist_id,
        date_of_service=row.date_of_service,
        lines=row.past_visit.lines,
        outcome=past_outcome(row.state, row.outcome),
        taxonomy=row.past_visit.taxonomy,
        insurer_claim_number=row.past_visit.insurer_claim_number,
        made_before=made_before,
        same_visit=row.past_visit.note_id == source.note.id and row.coverage_id == source.coverage_bundle.coverage.id,
    )


def authorization_input(
    one: Authorization, used: AuthorizationAccount, on: date, codes: CodeSets
) -> AuthorizationInput:
    """One authorization, with what other claims used of it."""
    return AuthorizationInput(
        number=one.number,
        authorization_id=one.id,
        effective_from=one.effective_from,
        effective_to=one.effective_to,
        visits_allowed=one.visits,
        visits_used=used.visits_beside(on),
        units_allowed=one.units,
        units_used=used.units,
        procedure_codes=tuple(one.procedure_codes),
        regions=codes.body_regions.of_codes(one.regions),
        status=one.status,
    )


def _referral(one: Referral, used: int) -> ReferralInput:
    return ReferralInput(
        kind=one.kind,
        referral_id=one.id,
        issued_on=one.issued_on,
        effective_to=one.effective_to,
        visits_allowed=one.visits,
        visits_used=used,
        referring_npi=one.referring_npi,
        diagnoses=tuple(one.diagnoses),
        number=one.number or "",
    )


def _known(value: str, yes: str, no: str) -> bool | None:
    return True if value == yes else False if value == no else None
