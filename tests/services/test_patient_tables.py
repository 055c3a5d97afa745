"""Every table of tenants is a patient's, with its rows in her export, or is said here to tell of no patient."""

import pytest
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from services.claims.flows.patient_records import PATIENT_RECORDS as CLAIMS
from services.claims.store.tables import Row as ClaimsRow
from services.eligibility.flows.patient_records import PATIENT_RECORDS as ELIGIBILITY
from services.eligibility.store import Row as EligibilityRow
from services.notes.flows import PATIENT_RECORDS as NOTES
from services.notes.store import Row as NotesRow
from shared.database.operations import Operations
from shared.database.organization_rows import exported_models
from shared.database.patient_records import PatientRecords
from shared.database.tables import WITHHELD, table_of, withheld
from shared.database.tenancy import OfTenant

OF_NO_PATIENT = {
    "claims": {
        "practices",
        "therapists",
        "fee_schedules",
        "payer_fees",
        "destroyed_totals",
        "custom_rules",
        "custom_rule_revisions",
        "remittances",
        "deposits",
        "tasks",
        "note_feeds",
        "small_balance_rules",
        # Old files name patients by the numbers of an old system, and go with the report, which names none.
        "histories",
        "history_files",
        "history_reports",
    },
    "eligibility": set(),
    "notes": set(),
}
WITHHELD_TABLES = {"claims": set(), "eligibility": {"legal_holds", "disposals"}, "notes": set()}


@pytest.mark.safeguard("164.524")
@pytest.mark.parametrize(
    ("service", "base", "records"),
    [("claims", ClaimsRow, CLAIMS), ("eligibility", EligibilityRow, ELIGIBILITY), ("notes", NotesRow, NOTES)],
)
def test_every_table_of_tenants_is_a_patients_or_is_said_to_be_nobodys(service, base, records) -> None:
    every = {table_of(one).name for one in exported_models(base.metadata) if table_of(one).metadata is not OPERATIONS}
    withheld_here = {table.name for table in base.metadata.tables.values() if WITHHELD in table.info}
    assert withheld_here == WITHHELD_TABLES[service]
    assert {one.name for one in records.tables} == every - OF_NO_PATIENT[service] - withheld_here
    assert not {name for name in OF_NO_PATIENT[service] if "patient_id" in base.metadata.tables[name].columns}


OPERATIONS = Operations.metadata


def test_a_new_table_that_names_patients_is_in_the_export_by_itself_unless_it_is_withheld() -> None:
    class Toy(OfTenant, SQLModel, registry=registry()):
        organization_id: str = Field(primary_key=True)
        id: str = Field(primary_key=True)

    class Episode(Toy, table=True):
        __tablename__ = "episodes"
        patient_id: str

    class Score(Toy, table=True):
        __tablename__ = "scores"
        episode_id: str

    class Suit(Toy, table=True):
        __tablename__ = "suits"
        __table_args__ = ({"info": withheld("it is a lawyer's")},)
        patient_id: str

    class Room(Toy, table=True):
        __tablename__ = "rooms"

    found = PatientRecords(Toy.metadata, links={"episode_id": Episode})
    assert sorted(one.name for one in found.tables) == ["episodes", "scores"]
    assert all(one.certain for one in found.tables)
