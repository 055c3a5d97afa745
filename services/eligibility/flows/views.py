"""From the domain's values to the contracts, and from the contracts to the inquiry's input."""

from dataclasses import asdict
from datetime import date
from typing import Any

from services.eligibility.domain.inquiry import InquiryInput, PersonInput
from services.eligibility.domain.massage_benefit import MassageBenefit
from services.eligibility.domain.rejections import InquiryRejection
from services.eligibility.store import CheckRow
from shared.contracts.common import PersonName
from shared.contracts.eligibility import CoverageBundle, Patient
from shared.contracts.eligibility_checks import Benefit, CheckCreate, EligibilityCheck, Rejection


def benefit_view(benefit: MassageBenefit) -> Benefit:
    """The contract's benefit: the same values, without the doubts, which went into the next step."""
    members = asdict(benefit)
    visits = members.pop("visits")
    members.pop("doubts")
    return Benefit.model_validate(
        {
            **members,
            "visits_limit": visits["limit"],
            "visits_remaining": visits["remaining"],
            "visits_used": visits["used"],
            "visits_period": visits["period"],
        }
    )


def rejection_view(rejection: InquiryRejection) -> Rejection:
    """One AAA segment as callers read it, with what to do about it."""
    return Rejection(
        reject_code=rejection.reject_code,
        follow_up_code=rejection.follow_up_code,
        loop=rejection.loop,
        message=rejection.message,
        fix=rejection.fix,
    )


def check_view(row: CheckRow) -> EligibilityCheck:
    """One eligibility check as callers read it."""
    return EligibilityCheck(
        id=row.id,
        coverage_id=row.coverage_id,
        service_date=row.service_date,
        status=row.status,
        checked_at=row.checked_at,
        **row.content,
    )


def check_content(benefit: Benefit | None, rejections: list[Rejection], next_step: str | None) -> dict[str, Any]:
    """What is kept sealed of a check."""
    return {
        "benefit": benefit.model_dump(mode="json") if benefit else None,
        "rejections": [rejection.model_dump(mode="json") for rejection in rejections],
        "next_step": next_step,
    }


def inquiry_input(inquiry_id: str, file: CoverageBundle, command: CheckCreate, service_date: date) -> InquiryInput:
    """Whom the payer is asked about: the patient as subscriber, or as the dependent of a person who is one."""
    coverage, patient = file.coverage, _person(file.patient)
    insured = coverage.insured
    holder = None
    if insured is not None and insured.name is not None:
        holder = _named(insured.name, insured.birth_date, insured.sex)
    return InquiryInput(
        id=inquiry_id,
        payer_name=file.payer.name,
        payer_identifier=file.payer.payer_identifier,
        provider_name=command.provider_name,
        provider_npi=command.provider_npi,
        member_id=coverage.member_id,
        subscriber=holder or patient,
        dependent=patient if holder else None,
        relationship=coverage.relationship,
        service_date=service_date,
    )


def _person(patient: Patient) -> PersonInput:
    return _named(patient.name, patient.birth_date, patient.sex)


def _named(name: PersonName, birth_date: date | None, sex: str) -> PersonInput:
    return PersonInput(last=name.last, first=name.first, middle=name.middle or "", birth_date=birth_date, sex=sex)
