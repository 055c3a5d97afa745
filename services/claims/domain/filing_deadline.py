"""The last day to file a claim, calculated here both for the blocking rules and for the next action.

The payer's own days take precedence over the months of its profile, since they were set for this payer.
Sources: 42 CFR 424.44 (Medicare, 12 months) and payers' manuals through the payer's profile.
"""

from datetime import date

from shared.dates import add_days, add_months
from shared.payer_profiles import PayerProfile


def filing_deadline(
    profile: PayerProfile,
    date_of_service: date,
    *,
    primary_remitted_on: date | None = None,
    replaced_decision_on: date | None = None,
) -> date | None:
    """None if the profile has no limit. For a later payer it may count from the earlier payer's remittance, and for a
    claim that replaces a decision the payer may have a limit of its own."""
    if replaced_decision_on is not None and profile.corrected_claim_days is not None:
        by_service = profile.corrected_claim_counts_from == "date_of_service"
        return add_days(date_of_service if by_service else replaced_decision_on, profile.corrected_claim_days)
    start = date_of_service
    if profile.secondary_counts_from == "remittance" and primary_remitted_on is not None:
        start = primary_remitted_on
    if profile.timely_filing_days is not None:
        return add_days(start, profile.timely_filing_days)
    if profile.timely_filing_months is not None:
        return add_months(start, profile.timely_filing_months)
    return None


def no_later(due: date, limit: date | None, today: date) -> date:
    """The day, or the limit if that is sooner; never in the past, since what is too late already is due today."""
    return due if limit is None else max(today, min(due, limit))
