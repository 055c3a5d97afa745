"""What the records of eligibility must hold: small checks in ordered lists, each returning faults.

They look at one record by itself, and their pointers are relative to it. `..._RULES` are business rules (409), all
else is the form of the record (422). Limits on years are ours; that a person other than the patient is named as the
subscriber is what the 837P and the 270 need (2010BA, 2100C).
"""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.errors import Fault

F = TypeVar("F")
Check = Callable[[F, date], Iterator[Fault]]
EARLIEST_BIRTH_YEAR = 1880


@dataclass(frozen=True, slots=True)
class CoverageInput:
    """Of a coverage: dates, and who the subscriber is."""

    effective_from: date | None
    effective_to: date | None
    relationship: str
    has_subscriber: bool
    subscriber_is_person: bool
    subscriber_is_organization: bool


@dataclass(frozen=True, slots=True)
class PeriodInput:
    """Of an authorization or referral: its first and last day."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class PatientInput:
    """Of a patient."""

    birth_date: date


@dataclass(frozen=True, slots=True)
class PayerInput:
    """Of a payer: its profile, and the names of all profiles there are."""

    profile: str
    profile_names: Sequence[str]


def _period_is_in_order(first: date | None, last: date | None) -> Iterator[Fault]:
    if first is not None and last is not None and last < first:
        yield Fault(
            "/effective_to",
            "period_ends_before_it_starts",
            "The last day is before the first.",
            "Swap the two dates, or correct the wrong one.",
        )


def _coverage_is_in_order(coverage: CoverageInput, _today: date) -> Iterator[Fault]:
    yield from _period_is_in_order(coverage.effective_from, coverage.effective_to)


def _other_than_self_names_the_subscriber(coverage: CoverageInput, _today: date) -> Iterator[Fault]:
    if coverage.relationship != "self" and not coverage.has_subscriber:
        yield Fault(
            "/subscriber",
            "subscriber_missing",
            "The patient is not the subscriber, and the subscriber is not named.",
            "Add the subscriber: name and birth date of the person, or the name of the employer.",
        )


def _subscriber_is_a_person_or_an_organization(coverage: CoverageInput, _today: date) -> Iterator[Fault]:
    if coverage.has_subscriber and coverage.subscriber_is_person == coverage.subscriber_is_organization:
        yield Fault(
            "/subscriber",
            "subscriber_ambiguous",
            "The subscriber must have either a person's name or an organization's.",
            "Give `name` for a person, `organization_name` for an employer, not both and not neither.",
        )


def _period_of_record(record: PeriodInput, _today: date) -> Iterator[Fault]:
    yield from _period_is_in_order(record.first, record.last)


def _was_born_in_living_memory(patient: PatientInput, _today: date) -> Iterator[Fault]:
    if patient.birth_date.year < EARLIEST_BIRTH_YEAR:
        yield Fault(
            "/birth_date",
            "birth_date_too_early",
            f"The birth date is before the year {EARLIEST_BIRTH_YEAR}.",
            "Look at the year.",
        )


def _is_born(patient: PatientInput, today: date) -> Iterator[Fault]:
    if patient.birth_date > today:
        yield Fault("/birth_date", "birth_date_in_future", "The birth date is in the future.", "Look at the date.")


def _profile_exists(payer: PayerInput, _today: date) -> Iterator[Fault]:
    if payer.profile not in payer.profile_names:
        near = difflib.get_close_matches(payer.profile, payer.profile_names, n=1)
        fix = f"Did you mean {near[0]}? " if near else ""
        yield Fault(
            "/profile", "profile_unknown", "There is no profile of that name.", f"{fix}GET /v1/profiles lists them all."
        )


PAYER: tuple[Check[PayerInput], ...] = (_profile_exists,)
COVERAGE: tuple[Check[CoverageInput], ...] = (
    _coverage_is_in_order,
    _other_than_self_names_the_subscriber,
    _subscriber_is_a_person_or_an_organization,
)
PERIOD: tuple[Check[PeriodInput], ...] = (_period_of_record,)
PATIENT: tuple[Check[PatientInput], ...] = (_was_born_in_living_memory,)
PATIENT_RULES: tuple[Check[PatientInput], ...] = (_is_born,)


def faults(checks: Sequence[Check[F]], record: F, today: date) -> list[Fault]:
    """All faults that the checks find, in their order. `today` is the practice's."""
    return [fault for check in checks for fault in check(record, today)]
