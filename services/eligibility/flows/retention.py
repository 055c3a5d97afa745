"""What eligibility knows of how long the records of patients are kept: birth dates, states, programs, holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.eligibility import store
from services.eligibility.store import CoverageRow, PatientRow, PayerRow
from shared.codesets.programs import Program
from shared.contracts.eligibility import PatientPut
from shared.database import Database
from shared.database.audit_entries import last_entries
from shared.payer_profiles import profile_named


@dataclass(frozen=True, slots=True)
class KnownPatient:
    """`last_check` is when her eligibility was last checked; `last_entry` when the audit trail last speaks of her."""

    id: str
    birth_date: date
    state: str | None
    programs: frozenset[Program]
    last_check: datetime | None
    last_entry: datetime | None
    on_hold: bool


def known_patients(database: Database, organization_id: str, after: str | None, count: int) -> list[KnownPatient]:
    """At most `count` patients by id, from `after` (exclusive) on."""
    with database.reading() as session:
        rows = store.page(session, PatientRow, organization_id, {}, after=after, count=count)
        ids = [row.id for row in rows]
        coverages: dict[str, list[CoverageRow]] = {}
        for coverage in store.coverages_of(session, organization_id, ids):
            coverages.setdefault(coverage.patient_id, []).append(coverage)
        programs = _programs(
            {
                payer_id: store.find(session, PayerRow, organization_id, payer_id)
                for payer_id in {one.payer_id for of_patient in coverages.values() for one in of_patient}
            }
        )
        holds = {hold.patient_id for hold in store.holds_in_force(session, organization_id)}
        checked = store.last_checks(session, organization_id, ids)
        touched = last_entries(session, organization_id, ids)
        return [
            _known(row, frozenset(programs[one.payer_id] for one in coverages.get(row.id, ())), checked, touched, holds)
            for row in rows
        ]


def _known(
    row: PatientRow,
    programs: frozenset[Program],
    checked: Mapping[str, datetime],
    touched: Mapping[str, datetime],
    holds: set[str | None],
) -> KnownPatient:
    patient = PatientPut.model_validate(row.content)
    return KnownPatient(
        id=row.id,
        birth_date=patient.birth_date,
        state=patient.address.state if patient.address else None,
        programs=programs,
        last_check=checked.get(row.id),
        last_entry=touched.get(row.id),
        on_hold=bool(holds & {None, row.id}),
    )


def _programs(payers: Mapping[str, PayerRow | None]) -> dict[str, Program]:
    return {
        payer_id: Program(profile_named(row.content["profile"]).program)
        for payer_id, row in payers.items()
        if row is not None
    }
