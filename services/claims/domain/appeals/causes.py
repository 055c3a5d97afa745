"""Why a payer has not paid, as far as a letter of appeal is concerned: families of the adjustments' decisions.

A family is that of a row of `adjustment_decisions`, named by the row's first reason, so that the reasons of a row are
listed once. What is in no family is appealed in general words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.claims.domain.adjustment_meaning import REASONS
from shared.codesets.adjustments import normal_reason_code


class Cause(StrEnum):
    """What the payer holds against the claim."""

    MEDICAL_NECESSITY = "medical_necessity"
    AUTHORIZATION = "authorization"
    REFERRAL = "referral"
    BUNDLED = "bundled"
    LATE_FILING = "late_filing"
    DIAGNOSIS = "diagnosis"
    MODIFIER = "modifier"
    RECORDS = "records"
    BENEFIT = "benefit"
    ELIGIBILITY = "eligibility"
    OTHER_PAYER = "other_payer"
    CREDENTIALING = "credentialing"
    MAXIMUM = "maximum"
    INJURY = "injury"
    UNDERPAYMENT = "underpayment"
    OTHER = "other"


CAUSE_OF_ROW: Mapping[str, Cause] = {
    "50": Cause.MEDICAL_NECESSITY,
    "197": Cause.AUTHORIZATION,
    "15": Cause.AUTHORIZATION,
    "210": Cause.AUTHORIZATION,
    "173": Cause.REFERRAL,
    "97": Cause.BUNDLED,
    "29": Cause.LATE_FILING,
    "146": Cause.DIAGNOSIS,
    "167": Cause.DIAGNOSIS,
    "4": Cause.MODIFIER,
    "16": Cause.RECORDS,
    "252": Cause.RECORDS,
    "119": Cause.BENEFIT,
    "26": Cause.ELIGIBILITY,
    "22": Cause.OTHER_PAYER,
    "19": Cause.OTHER_PAYER,
    "20": Cause.OTHER_PAYER,
    "B7": Cause.CREDENTIALING,
    "222": Cause.MAXIMUM,
    "45": Cause.UNDERPAYMENT,
    "P2": Cause.INJURY,
    "P21": Cause.INJURY,
}
"""By the first reason of a row."""


@dataclass(frozen=True, slots=True)
class Denial:
    """One open adjustment: the line that it is about (None: the whole claim), its codes, our label, its cause."""

    line_number: int | None
    group: str
    reason_code: str
    remark_codes: tuple[str, ...]
    amount_cents: int
    label: str
    cause: Cause


def cause_of(reason_code: str) -> Cause:
    """The family of an adjustment's reason."""
    row = REASONS.get(normal_reason_code(reason_code))
    return CAUSE_OF_ROW.get(row.reasons[0], Cause.OTHER) if row is not None else Cause.OTHER
