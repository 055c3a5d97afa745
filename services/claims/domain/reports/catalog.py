"""All reports, by name."""

from typing import Any

from services.claims.domain.reports.allowed import ALLOWED, EXPECTED
from services.claims.domain.reports.collections import COLLECTIONS, TIME_TO_PAYMENT
from services.claims.domain.reports.quality import CLEAN_CLAIMS, DENIALS, FIRST_PASS
from services.claims.domain.reports.receivables import AGING, DAYS_IN_RECEIVABLES
from services.claims.domain.reports.report import ReportDefinition

REPORTS: tuple[ReportDefinition[Any], ...] = (
    AGING,
    DAYS_IN_RECEIVABLES,
    CLEAN_CLAIMS,
    FIRST_PASS,
    DENIALS,
    COLLECTIONS,
    TIME_TO_PAYMENT,
    EXPECTED,
    ALLOWED,
)
REPORTS_BY_NAME = {one.name: one for one in REPORTS}
