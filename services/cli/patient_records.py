"""What `handbill patient export` does: all that is kept of one patient, in every service, into one file for her.

JSON lines: the first says what the file is, the last how many records of which kind it has, so that one which was cut
off is no whole one. The file is in the clear, since she has no Handbill, and private to the account that made it.
"""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from sqlmodel import Session

from services.cli.errors import CommandFailed
from services.cli.operating import known_organization, operator
from shared.audit import INDIVIDUAL_ACCESS
from shared.database.operator import Operator
from shared.database.organization_rows import encode_line
from shared.database.patient_records import PatientRecords
from shared.private_files import write_private_file
from shared.settings import Settings
from shared.tenancy import acting_for

FORMAT = "handbill-patient-1"
EXPORTED = "patient.exported"
RECORDS = {
    "eligibility": "services.eligibility.flows.patient_records",
    "notes": "services.notes.flows",
    "claims": "services.claims.flows.patient_records",
}
"""Where each service says what it has of a patient, in the order in which a reader wants it."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose records of which organization are given away, and the request that is answered by it."""

    organization_id: str
    patient_id: str
    reason: str


def export_patient(settings: Settings, wanted: Request, target: Path, by: str | None) -> Counter[str]:
    """Write the file while services serve; how many records of which kind it has. Each service that knows her has an
    entry in its trail before anything is read. Raises CommandFailed where none does, or where a file is there."""
    known_organization(settings, wanted.organization_id)
    if target.exists() or target.is_symlink():
        raise CommandFailed(f"{target} is there already; an export is written to a new file")
    with ExitStack() as stack:
        people = {service: stack.enter_context(operator(settings, by, service, exact=True)) for service in RECORDS}
        stack.enter_context(acting_for(wanted.organization_id))
        sources = {service: person for service, person in people.items() if _knows(service, person, wanted)}
        if not sources:
            raise CommandFailed(f"nothing is kept of a patient {wanted.patient_id[:64]} of {wanted.organization_id}")
        for person in sources.values():
            _record(person, wanted)
        content, counts = _lines(sources, wanted)
    write_private_file(target, lambda: content)
    return counts


def _records(service: str) -> PatientRecords:
    found: PatientRecords = import_module(RECORDS[service]).PATIENT_RECORDS
    return found


def _knows(service: str, person: Operator, wanted: Request) -> bool:
    with person.database.reading() as session:
        return _records(service).knows(session, wanted.organization_id, wanted.patient_id)


def _record(person: Operator, wanted: Request) -> None:
    at = person.clock.now()

    def write(session: Session) -> None:
        person.audit(
            session,
            at=at,
            action=EXPORTED,
            subject_id=wanted.patient_id,
            organization_id=wanted.organization_id,
            patient_id=wanted.patient_id,
            purpose=INDIVIDUAL_ACCESS,
            reason=wanted.reason,
        )

    person.database.run(write)


def _lines(sources: dict[str, Operator], wanted: Request) -> tuple[bytes, Counter[str]]:
    moment = next(iter(sources.values())).clock.now().isoformat()
    named = {"organization_id": wanted.organization_id, "patient_id": wanted.patient_id, "exported_at": moment}
    lines = [encode_line({"format": FORMAT, "handbill": version("handbill"), **named})]
    counts: Counter[str] = Counter()
    for service, person in sources.items():
        with person.database.reading() as session:
            for one in _records(service).everything(session, wanted.organization_id, wanted.patient_id):
                lines.append(encode_line({"service": service, "kind": one.kind, "record": one.record}))
                counts[f"{service}/{one.kind}"] += 1
    lines.append(encode_line({"end": FORMAT, "records": dict(counts)}))
    return b"\n".join([*lines, b""]), counts
