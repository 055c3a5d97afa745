"""`POST /v1/patients/{patient_id}/export`: all that a service has of one patient, for whoever has `records:export`.

No other scope implies this one, Handbill's own services' neither: it shows in one request what reading shows piece by
piece. It is a POST that changes nothing, since its reason belongs in no address; each page leaves an entry in the audit
trail with the purpose `individual_access`.
"""

from typing import Annotated

from fastapi import Depends, Path, Request

from shared.contracts.common import Id
from shared.contracts.patient_records import PatientRecordsExport, PatientRecordsPage
from shared.database.patient_records import PatientRecords, export_page
from shared.errors import NotFound, responses
from shared.roles import Permission
from shared.security.caller import Caller
from shared.web.auth import requires_itself
from shared.web.bodies import limited
from shared.web.persons import permitted
from shared.web.routes import Routes

PATIENT_RECORDS_TAG = {"patient records": "A copy of all that is kept of one patient, which she has a right to."}
Exporter = Annotated[Caller, Depends(requires_itself("records:export"))]
PatientId = Annotated[Id, Path(description="made by the caller; never anything about a person")]


def patient_records_routes(records: PatientRecords) -> Routes:
    """The route of a service that has these records."""
    router = Routes(prefix="/v1/patients", tags=["patient records"])

    @router.post("/{patient_id}/export", response_model=PatientRecordsPage, responses=responses(NotFound))
    @limited(cost=5)
    @permitted(Permission.EXPORT_RECORDS)
    def export_patient_records(
        patient_id: PatientId, body: PatientRecordsExport, request: Request, caller: Exporter
    ) -> PatientRecordsPage:
        """Everything that this service has of a patient, a page at a time, for the patient (45 CFR 164.524). The
        eligibility, notes and claims services each have their part; where one has nothing of her it answers 404. What
        tells of others as well (a file of several claims, a remittance) is cut to what is hers."""
        return export_page(
            request.app.state.database,
            records,
            caller.organization_id,
            patient_id,
            after=body.after,
            limit=body.limit,
        )

    return router
