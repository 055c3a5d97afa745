"""Which coverage is billed after a claim's own: the patient's with the next rank that covers the day of service."""

from services.claims.document import ClaimSource
from shared.contracts.eligibility import OtherCoverage
from shared.dates import DateRange


def next_coverage(source: ClaimSource) -> OtherCoverage | None:
    """The coverage with the lowest later rank on the day of service, as the claim's source knows it; None if there is
    none."""
    day, rank = source.note.date_of_service, source.coverage_bundle.coverage.rank
    later = [
        other
        for other in source.coverage_bundle.other_coverages
        if other.coverage.rank > rank
        and DateRange(other.coverage.effective_from, other.coverage.effective_to).holds(day)
    ]
    return min(later, key=lambda other: (other.coverage.rank, other.coverage.id), default=None)
