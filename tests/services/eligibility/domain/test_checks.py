"""What coverages, periods and patients must hold."""

from datetime import date

import pytest

from services.eligibility.domain import checks
from services.eligibility.domain.checks import CoverageInput, PatientInput, PeriodInput, faults

TODAY = date(2026, 3, 2)


def coverage(**changed: object) -> CoverageInput:
    whole = {
        "effective_from": date(2026, 1, 1),
        "effective_to": date(2026, 12, 31),
        "relationship": "spouse",
        "has_subscriber": True,
        "subscriber_is_person": True,
        "subscriber_is_organization": False,
    }
    return CoverageInput(**(whole | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"effective_to": date(2026, 1, 1)}, []),
        ({"effective_to": None}, []),
        ({"effective_to": date(2025, 12, 31)}, ["period_ends_before_it_starts"]),
        ({"has_subscriber": False, "subscriber_is_person": False}, ["subscriber_missing"]),
        ({"relationship": "self", "has_subscriber": False, "subscriber_is_person": False}, []),
        ({"subscriber_is_organization": True}, ["subscriber_ambiguous"]),
        ({"subscriber_is_person": False}, ["subscriber_ambiguous"]),
    ],
)
def test_a_coverage_names_its_subscriber_and_runs_forward(changed: dict[str, object], codes: list[str]) -> None:
    assert [fault.code for fault in faults(checks.COVERAGE, coverage(**changed), TODAY)] == codes


def test_an_authorization_or_referral_runs_forward() -> None:
    assert not faults(checks.PERIOD, PeriodInput(TODAY, TODAY), TODAY)
    assert not faults(checks.PERIOD, PeriodInput(TODAY, None), TODAY)
    assert faults(checks.PERIOD, PeriodInput(TODAY, date(2026, 3, 1)), TODAY)


def test_a_patient_is_born_and_not_before_1880() -> None:
    everything = (*checks.PATIENT, *checks.PATIENT_RULES)
    assert not faults(everything, PatientInput(TODAY), TODAY)
    assert [f.code for f in faults(everything, PatientInput(date(2026, 3, 3)), TODAY)] == ["birth_date_in_future"]
    assert [f.code for f in faults(everything, PatientInput(date(1879, 12, 31)), TODAY)] == ["birth_date_too_early"]
