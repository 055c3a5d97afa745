"""What eligibility has of one patient, for the patient: herself, her coverages with their payers, what was permitted
and prescribed, and every question to a payer with its answer."""

from sqlmodel import col

from services.eligibility.store import CoverageRow, PatientRow, PayerRow, Row
from shared.database.patient_records import PatientRecords, of_row

PATIENT_RECORDS = PatientRecords(
    Row.metadata,
    links={"coverage_id": CoverageRow},
    whose={
        PatientRow: lambda _organization_id, patient_id: col(PatientRow.id) == patient_id,
        PayerRow: of_row(PayerRow, "id", CoverageRow, "payer_id"),
    },
)
