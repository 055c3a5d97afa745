"""What the insurer's side says: coverage, authorizations, referrals. Three things with three validities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AuthorizationInput:
    """One authorization. It counts on the date of service, never on the day of submission.

    ``visits_allowed`` None means no limit was stated; ``procedures`` empty means all.
    """

    number: str
    first_day: date | None = None
    last_day: date | None = None
    visits_allowed: int | None = None
    visits_used: int = 0
    procedures: tuple[str, ...] = ()
    status: str = "approved"

    def in_force(self, on: date) -> bool:
        """True when it is approved and ``on`` lies within its days."""
        after = self.first_day is None or self.first_day <= on
        before = self.last_day is None or on <= self.last_day
        return self.status == "approved" and after and before


@dataclass(frozen=True, slots=True)
class ReferralInput:
    """One referral, prescription or attending doctor's order (``kind`` is referral, prescription or order)."""

    kind: str
    written_on: date | None = None
    last_day: date | None = None
    visits_allowed: int | None = None
    visits_used: int = 0
    referring_npi: str = ""
    diagnoses: tuple[str, ...] = ()
    number: str = ""

    def in_force(self, on: date) -> bool:
        """True when it was written by ``on`` and has not run out."""
        after = self.written_on is None or self.written_on <= on
        return after and (self.last_day is None or on <= self.last_day)


@dataclass(frozen=True, slots=True)
class CoverageInput:
    """One patient's coverage by one payer. Limits that are None are unknown, never zero and never endless."""

    coverage_id: str
    payer_id: str
    member_id: str = ""
    program: str = "commercial"
    first_day: date | None = None
    last_day: date | None = None
    sequence: str = "P"
    patient_born_on: date | None = None
    subscriber_kind: str = "self"
    """``self``, ``other_person`` or ``employer`` (workers' compensation)."""
    status: str = "active"
    massage_covered: bool | None = None
    authorization_wanted: bool | None = None
    """EB11 of the 271: None is unknown and is never read as no."""
    visits_allowed_year: int | None = None
    visits_remaining: int | None = None
    checked_on: date | None = None
    authorizations: tuple[AuthorizationInput, ...] = ()
    referrals: tuple[ReferralInput, ...] = ()
    other_coverage_primary: bool = False
    progress_report_on: date | None = None
    improvement_documented: bool = False
    forms_on_file: tuple[str, ...] = ()
    self_insured: bool = False
    notice_signed: bool = False

    def active_on(self, on: date) -> bool:
        """True when the coverage's own dates hold ``on``; its reported status is another matter."""
        return (self.first_day is None or self.first_day <= on) and (self.last_day is None or on <= self.last_day)
