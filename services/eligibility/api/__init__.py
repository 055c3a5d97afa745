"""The routes of eligibility: `records` for what callers put, `checks` for what payers are asked,
`legal_holds` for what may not be destroyed.

Parse, call one flow, answer a contract model. Ids in URLs are opaque; nothing about a person is ever in a URL.
"""

from services.eligibility.api.checks import router as checks_router
from services.eligibility.api.coverages import router as coverages_router
from services.eligibility.api.legal_holds import router as legal_holds_router
from services.eligibility.api.records import router as records_router
from services.eligibility.flows.patient_records import PATIENT_RECORDS
from shared.web.patient_records import patient_records_routes

ROUTERS = (
    records_router,
    coverages_router,
    checks_router,
    legal_holds_router,
    patient_records_routes(PATIENT_RECORDS),
)

__all__ = ["ROUTERS"]
