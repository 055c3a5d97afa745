"""What claims have of one patient, for the patient: her claims with all that hangs on them, and of what tells of others
as well, 837P files and the clearinghouse's messages, the part that is hers.

The reasons of a message speak of all of it and are left out; so is what answers a file as a whole (999, TA1), whose
effect on her claims stands in their timelines.
"""

from typing import Any

from sqlmodel import Session

from services.claims.domain.file_part import claims_of_file
from services.claims.domain.message_parts import UnitKind, outline_of, part_of_claims
from services.claims.store import patient_records as store
from services.claims.store.rows import Row
from services.claims.store.tables import ClaimRow, FileRow, MessageRow, TimelineRow
from shared.database.organization_rows import members_of
from shared.database.patient_records import PatientRecords


def _file(session: Session, row: FileRow, patient_id: str) -> dict[str, Any]:
    numbers = store.numbers_in_file(session, row.organization_id, patient_id, row.id)
    return members_of(row) | {"content": claims_of_file(row.content, numbers)}


def _message(session: Session, row: MessageRow, patient_id: str) -> dict[str, Any] | None:
    outline = outline_of(row.content)
    if outline is None:
        return None
    named = {unit.claim_number for unit in outline.units if unit.kind is UnitKind.CLAIM}
    numbers = store.numbers_of_patient(session, row.organization_id, patient_id, named)

    part = part_of_claims(outline, numbers)
    if part is None:
        return None
    found = members_of(row) | {"content": part.content, "claims": part.claims}
    del found["reasons"]
    return found


PATIENT_RECORDS = PatientRecords(
    Row.metadata,
    links={"claim_id": ClaimRow},
    whose={
        TimelineRow: store.timeline_is_hers,
        FileRow: store.file_is_hers,
        MessageRow: store.message_may_be_hers,
    },
    views={FileRow: _file, MessageRow: _message},
)
