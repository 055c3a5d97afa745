"""What a member has used up: visits, deductible, out of pocket, authorizations.

Worked out anew from the payer file's opening amounts and the member's adjudicated claims, never stored, so history and
totals cannot drift apart. Amounts and visits count by calendar year of the date of service; in workers' compensation
visits count over the whole claim. A visit is a date of service on which something was allowed.
"""

from dataclasses import dataclass, replace
from datetime import date

from services.clearinghouse.domain.outcomes import PATIENT, ClaimOutcome, LineOutcome
from services.clearinghouse.domain.payer_configuration import Member, Payer
from services.clearinghouse.domain.submitted_claim import SubmittedClaim
from shared.codesets.programs import Program

DEDUCTIBLE, COINSURANCE, COPAY = "1", "2", "3"


@dataclass(frozen=True, slots=True)
class PastClaim:
    """One adjudicated claim of the member that still stands (a reversed one is left out)."""

    claim: SubmittedClaim
    outcome: ClaimOutcome


@dataclass(frozen=True, slots=True)
class Service:
    """One line that was allowed, as far as later lines care."""

    day: date
    procedure_code: str
    rendering_npi: str
    authorization_number: str
    line: LineOutcome


@dataclass(frozen=True, slots=True)
class Used:
    """All allowed services so far, with the payer file's opening amounts."""

    member: Member
    opening_year: int
    counts_whole_claim: bool
    services: tuple[Service, ...] = ()

    def with_lines(self, claim: SubmittedClaim, day: date, lines: tuple[LineOutcome, ...]) -> "Used":
        """The same with one day's lines added; denied lines use up nothing."""
        added = tuple(
            Service(day, line.procedure_code, claim.rendering_npi, claim.authorization_of(line.number), line)
            for line in lines
            if not line.denied
        )
        return replace(self, services=self.services + added)

    def visits_before(self, day: date) -> int:
        """Visits already counted against the limit that holds on `day`, without that day itself."""
        days = {service.day for service in self.services if self._same_period(service.day, day)} - {day}
        return len(days) + (self.member.visits_used if self._opening_counts(day) else 0)

    def deductible_met_cents(self, day: date) -> int:
        """Deductible met in the year of `day`."""
        opening = self.member.deductible_met_cents if day.year == self.opening_year else 0
        return opening + self._patient_cents(day, DEDUCTIBLE)

    def out_of_pocket_met_cents(self, day: date) -> int:
        """Cost sharing of the year of `day`."""
        opening = self.member.out_of_pocket_met_cents if day.year == self.opening_year else 0
        return opening + sum(self._patient_cents(day, code) for code in (DEDUCTIBLE, COINSURANCE, COPAY))

    def copay_taken_cents(self, day: date) -> int:
        """Copay already taken for the visit of `day`."""
        return sum(service.line.cents_of(PATIENT, COPAY) for service in self.on(day))

    def on(self, day: date) -> tuple[Service, ...]:
        """Allowed services of one day."""
        return tuple(service for service in self.services if service.day == day)

    def authorized_visits(self, number: str, day: date) -> int:
        """Visits taken from an authorization, without `day` itself."""
        return len({service.day for service in self.services if service.authorization_number == number} - {day})

    def _patient_cents(self, day: date, code: str) -> int:
        same_year = (service for service in self.services if service.day.year == day.year)
        return sum(service.line.cents_of(PATIENT, code) for service in same_year)

    def _same_period(self, one: date, other: date) -> bool:
        return self.counts_whole_claim or one.year == other.year

    def _opening_counts(self, day: date) -> bool:
        return self.counts_whole_claim or day.year == self.opening_year


def used_by(payer: Payer, member: Member, history: tuple[PastClaim, ...]) -> Used:
    """What the member has used of the payer's promises, from the opening amounts and all standing claims."""
    used = Used(member, payer.opening_year, payer.program is Program.WORKERS_COMP)
    for past in history:
        for line in past.outcome.lines:
            used = used.with_lines(past.claim, date.fromisoformat(line.service_date), (line,))
    return used
