"""Contracts of other services become the facts that coding and the rules work on; nothing is decided here."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.claims.domain.coding import (
    AuthorizationInput,
    BillingProvider,
    CoverageInput,
    Goal,
    NoteInput,
    ReferralInput,
    RenderingProvider,
    Technique,
)
from shared.contracts.claims import Practice, Therapist
from shared.contracts.eligibility import Authorization, CoverageBundle, Payer, Referral
from shared.contracts.notes import Note
from shared.contracts.notes import Technique as NoteTechnique
from shared.dates import local_date
from shared.payer_profiles import PayerProfile, profile_from

RELATED_CAUSES = {"auto": "AA", "employment": "EM", "other": "OA"}
SEQUENCES = {1: "P", 2: "S", 3: "T"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a claim is made from, as it stood when it was read. `fees_cents` is the charge of one unit by code."""

    note: Note
    file: CoverageBundle
    practice: Practice
    therapist: Therapist
    fees_cents: Mapping[str, int]

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        return {
            "note": self.note.model_dump(mode="json"),
            "file": self.file.model_dump(mode="json"),
            "practice": self.practice.model_dump(mode="json"),
            "therapist": self.therapist.model_dump(mode="json"),
            "fees_cents": dict(self.fees_cents),
        }

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "Snapshot":
        return cls(
            note=Note.model_validate(kept["note"]),
            file=CoverageBundle.model_validate(kept["file"]),
            practice=Practice.model_validate(kept["practice"]),
            therapist=Therapist.model_validate(kept["therapist"]),
            fees_cents=kept["fees_cents"],
        )


def note_input(note: Note, zone: str) -> NoteInput:
    """The note as the rules see it; `zone` is the practice's."""
    said, found = note.subjective, note.objective
    return NoteInput(
        note_id=note.id,
        date_of_service=note.date_of_service,
        techniques=tuple(_technique(t) for t in note.techniques),
        diagnoses=tuple(note.diagnoses),
        therapist_id=note.therapist_id,
        patient_id=note.patient_id,
        signed=note.status == "signed",
        signed_by=note.therapist_id if note.signed_at else "",
        signed_on=local_date(note.signed_at, zone) if note.signed_at else None,
        start=note.started_at,
        end=note.ended_at,
        complaint=said.complaint,
        functional_limits=(said.functional_limit,) if said.functional_limit else (),
        pain_before=said.pain,
        pain_after=note.pain_after,
        objective=" ".join(filter(None, (found.range_of_motion, found.palpation, found.posture, found.other))),
        assessment=note.assessment,
        response=note.response,
        plan=note.plan.other,
        plan_frequency=note.plan.frequency,
        plan_ends_on=note.plan.ends_on,
        goals=tuple(Goal(measure=goal.measure, target=goal.target, due_on=goal.due_on) for goal in note.plan.goals),
        text_digest=text_digest(note),
        content_hash=note.content_hash,
        current_hash=note.content_hash,
    )


def _technique(one: NoteTechnique) -> Technique:
    return Technique(code=one.procedure_code, minutes=one.minutes, region=one.region, modality=one.description)


def text_digest(note: Note) -> str:
    """A digest of the clinical words alone, so that a note copied from an earlier visit is seen as the same."""
    words = (note.subjective, note.objective, note.assessment, note.response)
    text = "|".join(part if isinstance(part, str) else part.model_dump_json() for part in words)
    return hashlib.sha256(" ".join(text.lower().split()).encode()).hexdigest()


def payer_profile(payer: Payer, over: Mapping[str, Any] | None = None) -> PayerProfile:
    """The named rule profile with this payer's own settings over it, and `over` above both. Raises ProfileError."""
    settings: dict[str, Any] = {
        "extends": payer.profile,
        "payer_id": payer.id,
        "name": payer.name,
        "filing_indicator": payer.filing_indicator,
        "unit_method": payer.unit_method,
        "timely_filing_days": payer.timely_filing_days,
        "authorization": payer.authorization,
        "authorization_from_visit": payer.authorization_from_visit,
        "referral": payer.referral,
        "modifiers": payer.modifiers,
    }
    return profile_from({**settings, **(over or {})})


def coverage_input(file: CoverageBundle, profile: PayerProfile, visits_used: Mapping[str, int]) -> CoverageInput:
    """The coverage as the rules see it. `visits_used` counts earlier visits by authorization id."""
    coverage, benefit = file.coverage, file.benefit
    subscriber = coverage.subscriber
    kind = "self" if subscriber is None else "employer" if subscriber.organization_name else "other_person"
    limit_hit = benefit is not None and benefit.active == "inactive"
    return CoverageInput(
        coverage_id=coverage.id,
        payer_id=coverage.payer_id,
        member_id=coverage.member_id,
        program=profile.program,
        first_day=coverage.effective_from,
        last_day=coverage.effective_to,
        sequence=SEQUENCES.get(coverage.rank, "P"),
        patient_born_on=file.patient.birth_date,
        subscriber_kind=kind,
        status="inactive" if limit_hit else "active",
        massage_covered=_known(benefit.massage, "covered", "not_covered") if benefit else None,
        authorization_wanted=_known(benefit.authorization, "required", "not_required") if benefit else None,
        visits_remaining=benefit.visits_remaining if benefit else None,
        checked_on=file.checked_at.date() if file.checked_at else None,
        authorizations=tuple(_authorization(one, visits_used.get(one.id, 0)) for one in file.authorizations),
        referrals=tuple(_referral(one) for one in file.referrals),
        other_coverage_primary=any(other.coverage.rank < coverage.rank for other in file.other_coverages),
    )


def rendering_provider(therapist: Therapist, practice: Practice) -> RenderingProvider:
    return RenderingProvider(
        therapist_id=therapist.id,
        npi=therapist.npi,
        taxonomy=therapist.taxonomy,
        license_number=therapist.license_number or "",
        license_state=practice.address.state if therapist.license_number else "",
        license_last_day=therapist.license_expires_on,
    )


def billing_provider(practice: Practice) -> BillingProvider:
    return BillingProvider(
        npi=practice.npi,
        tax_id=practice.tax_id,
        tax_id_kind="EI" if practice.tax_id_type == "ein" else "SY",
        taxonomy=practice.taxonomy,
        state=practice.address.state,
        zip_code=practice.address.zip,
    )


def authorization_on(file: CoverageBundle, day: date) -> Authorization | None:
    """The authorization that counts on a date of service."""
    return next((a for a in file.authorizations if a.effective_from <= day <= a.effective_to), None)


def referral_on(file: CoverageBundle, day: date) -> Referral | None:
    """The referral or prescription that counts on a date of service."""
    in_force = (r for r in file.referrals if r.issued_on <= day and (r.effective_to is None or day <= r.effective_to))
    return next(in_force, None)


def _authorization(one: Authorization, used: int) -> AuthorizationInput:
    return AuthorizationInput(
        number=one.number,
        first_day=one.effective_from,
        last_day=one.effective_to,
        visits_allowed=one.visits,
        visits_used=used,
        procedures=tuple(one.procedure_codes),
    )


def _referral(one: Referral) -> ReferralInput:
    return ReferralInput(
        kind=one.kind,
        written_on=one.issued_on,
        last_day=one.effective_to,
        visits_allowed=one.visits,
        referring_npi=one.referring_npi,
        diagnoses=tuple(one.diagnoses),
        number=one.number or "",
    )


def _known(value: str, yes: str, no: str) -> bool | None:
    return True if value == yes else False if value == no else None
