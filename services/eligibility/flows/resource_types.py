"""The types of resource that callers put, as data: what each refers to, what never changes, what it must hold.

A coverage stays its patient's, an authorization or referral its coverage's: claims hang on them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from services.eligibility.domain import checks
from services.eligibility.domain.checks import CoverageInput, PatientInput, PayerInput, PeriodInput, faults
from services.eligibility.domain.member_ids import MEMBER_FIELD, member_key
from services.eligibility.store import AuthorizationRow, CoverageRow, PatientRow, PayerRow, RecordRow, ReferralRow
from shared.contracts.eligibility import (
    Authorization,
    AuthorizationPut,
    Coverage,
    CoveragePut,
    Patient,
    PatientPut,
    Payer,
    PayerPut,
    Referral,
    ReferralPut,
)
from shared.errors import Fault
from shared.payer_profiles import profile_names

C = TypeVar("C", PatientPut, PayerPut, CoveragePut, AuthorizationPut, ReferralPut)
V = TypeVar("V", Patient, Payer, Coverage, Authorization, Referral)
Blind = Callable[[str, str], str]


def _nothing(_command: Any, _today: date) -> list[Fault]:
    return []


def _no_columns(_command: Any, _blind: Blind) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class ResourceType(Generic[C, V]):
    """`references` maps a member to the table it must be in; `at_most` of them may share a reference."""

    name: str
    row: type[RecordRow]
    command: type[C]
    view: type[V]
    columns: Callable[[C, Blind], dict[str, Any]] = _no_columns
    malformed: Callable[[C, date], list[Fault]] = _nothing
    broken: Callable[[C, date], list[Fault]] = _nothing
    references: Mapping[str, type[RecordRow]] = field(default_factory=dict)
    owner: str | None = None
    at_most: int = 0


def _coverage_input(command: CoveragePut) -> CoverageInput:
    subscriber = command.subscriber
    return CoverageInput(
        effective_from=command.effective_from,
        effective_to=command.effective_to,
        relationship=command.relationship,
        has_subscriber=subscriber is not None,
        subscriber_is_person=subscriber is not None and subscriber.name is not None,
        subscriber_is_organization=subscriber is not None and subscriber.organization_name is not None,
    )


def _coverage_columns(command: CoveragePut, blind: Blind) -> dict[str, Any]:
    return {
        "patient_id": command.patient_id,
        "payer_id": command.payer_id,
        "rank": command.rank,
        "member_blind": blind(MEMBER_FIELD, member_key(command.member_id)),
    }


PATIENT: ResourceType[PatientPut, Patient] = ResourceType(
    name="patient",
    row=PatientRow,
    command=PatientPut,
    view=Patient,
    malformed=lambda command, today: faults(checks.PATIENT, PatientInput(command.birth_date), today),
    broken=lambda command, today: faults(checks.PATIENT_RULES, PatientInput(command.birth_date), today),
)
PAYER: ResourceType[PayerPut, Payer] = ResourceType(
    name="payer",
    row=PayerRow,
    command=PayerPut,
    view=Payer,
    malformed=lambda command, today: faults(checks.PAYER, PayerInput(command.profile, profile_names()), today),
)
COVERAGE: ResourceType[CoveragePut, Coverage] = ResourceType(
    name="coverage",
    row=CoverageRow,
    command=CoveragePut,
    view=Coverage,
    columns=_coverage_columns,
    malformed=lambda command, today: faults(checks.COVERAGE, _coverage_input(command), today),
    references={"patient_id": PatientRow, "payer_id": PayerRow},
    owner="patient_id",
    at_most=50,
)
AUTHORIZATION: ResourceType[AuthorizationPut, Authorization] = ResourceType(
    name="authorization",
    row=AuthorizationRow,
    command=AuthorizationPut,
    view=Authorization,
    columns=lambda command, _blind: {"coverage_id": command.coverage_id},
    malformed=lambda command, today: faults(
        checks.PERIOD, PeriodInput(command.effective_from, command.effective_to), today
    ),
    references={"coverage_id": CoverageRow},
    owner="coverage_id",
    at_most=200,
)
REFERRAL: ResourceType[ReferralPut, Referral] = ResourceType(
    name="referral",
    row=ReferralRow,
    command=ReferralPut,
    view=Referral,
    columns=lambda command, _blind: {"coverage_id": command.coverage_id},
    malformed=lambda command, today: faults(checks.PERIOD, PeriodInput(command.issued_on, command.effective_to), today),
    references={"coverage_id": CoverageRow},
    owner="coverage_id",
    at_most=200,
)
