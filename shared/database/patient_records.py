"""What a service has of one patient, for the patient herself (45 CFR 164.524): which rows are hers, page by page.

A table with a column `patient_id` is hers, and so is one whose column names a row that is hers (`links`), unless the
table says that it is withheld. A service says itself whose the rows of its other tables are (`whose`), and how a row
reads that tells of others too (`views`). So a new table of patients is in the export without another word.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, MetaData
from sqlmodel import Session, SQLModel, select

from shared.audit import INDIVIDUAL_ACCESS, about_patient, for_purpose
from shared.contracts.patient_records import PatientRecord, PatientRecordsPage
from shared.database.engine import Database
from shared.database.operations import Operations
from shared.database.organization_rows import ORGANIZATION, exported_models, members_of
from shared.database.tables import WITHHELD, table_of
from shared.errors import NotFound
from shared.paging import Cursor, cursor_invalid

PATIENT = "patient_id"
BEGINNING = (0, "")
"""Before the first row of the first table."""
ROWS_AT_ONCE = 100
Whose = Callable[[str, str], ColumnElement[bool]]
"""The condition by which a table's rows are a patient's, of (organization, patient)."""
RecordView = Callable[[Session, Any, str], dict[str, Any] | None]
"""A row as the patient gets it, or None where nothing in it is hers."""


@dataclass(frozen=True, slots=True)
class PatientTable:
    """One kind of record: the rows that `whose` finds, as `view` shows them; `certain` where each of them is hers."""

    model: Any
    whose: Whose
    view: RecordView
    certain: bool

    @property
    def name(self) -> str:
        """The name of the table, by which `docs/moving.md` describes its members."""
        return table_of(self.model).name


class PatientRecords:
    """The tables of a service that tell of patients, in one order."""

    def __init__(
        self,
        metadata: MetaData,
        *,
        links: Mapping[str, type[SQLModel]] | None = None,
        whose: Mapping[type[SQLModel], Whose] | None = None,
        views: Mapping[type[SQLModel], RecordView] | None = None,
    ) -> None:
        self._links, self._whose, views = dict(links or {}), dict(whose or {}), views or {}
        self.tables: tuple[PatientTable, ...] = tuple(
            PatientTable(model, condition, views.get(model, _whole), model not in views)
            for model in exported_models(metadata)
            if table_of(model).metadata is not Operations.metadata
            and WITHHELD not in table_of(model).info
            and (condition := self._condition(model)) is not None
        )

    def read(
        self, session: Session, organization_id: str, patient_id: str, after: tuple[int, str], count: int
    ) -> list[tuple[tuple[int, str], PatientRecord | None]]:
        """At most `count` rows after a (place of the table, id), each with its own; None where a row has nothing of
        hers."""
        found: list[tuple[tuple[int, str], PatientRecord | None]] = []
        for place in range(after[0], len(self.tables)):
            one = self.tables[place]
            identifier: Any = one.model.id
            query = select(one.model).where(_own(one.model, organization_id), one.whose(organization_id, patient_id))
            if place == after[0]:
                query = query.where(identifier > after[1])
            for row in session.exec(query.order_by(identifier).limit(count - len(found))):
                record = one.view(session, row, patient_id)
                shown = None if record is None else PatientRecord(kind=one.name, record=record)
                found.append(((place, row.id), shown))
            if len(found) >= count:
                break
        return found

    def everything(self, session: Session, organization_id: str, patient_id: str) -> Iterator[PatientRecord]:
        """All that is hers, a few rows in memory at a time."""
        after = BEGINNING
        while found := self.read(session, organization_id, patient_id, after, ROWS_AT_ONCE):
            yield from (record for _place, record in found if record is not None)
            after = found[-1][0]

    def knows(self, session: Session, organization_id: str, patient_id: str) -> bool:
        """Whether any row is certainly hers."""
        return any(
            session.exec(
                select(one.model.id)
                .where(_own(one.model, organization_id), one.whose(organization_id, patient_id))
                .limit(1)
            ).first()
            is not None
            for one in self.tables
            if one.certain
        )

    def _condition(self, model: Any) -> Whose | None:
        if model in self._whose:
            return self._whose[model]
        columns = table_of(model).columns
        if PATIENT in columns:
            return lambda _organization_id, patient_id: getattr(model, PATIENT) == patient_id
        return next((of_row(model, name, owner) for name, owner in self._links.items() if name in columns), None)


def export_page(
    database: Database,
    records: PatientRecords,
    organization_id: str,
    patient_id: str,
    *,
    after: str | None,
    limit: int,
) -> PatientRecordsPage:
    """One page of a patient's records. Raises NotFound where the service has nothing of her, and Malformed for a cursor
    that is not ours."""
    about_patient(patient_id)
    for_purpose(INDIVIDUAL_ACCESS)
    key = Cursor.read(after, (int, str))
    start = (int(key[0]), str(key[1])) if key is not None else BEGINNING
    if start[0] < 0:
        raise cursor_invalid()
    with database.reading() as session:
        if not records.knows(session, organization_id, patient_id):
            raise NotFound("this service has no record of that patient in this organization", code="patient_not_found")
        found = records.read(session, organization_id, patient_id, start, limit + 1)
    items = [record for _place, record in found[:limit] if record is not None]
    return PatientRecordsPage(items=items, next=Cursor.write(*found[limit - 1][0]) if len(found) > limit else None)


def of_row(model: Any, column: str, owner: Any, key: str = "id") -> Whose:
    """Rows whose column has the value that another table, one with a column `patient_id`, has in its column `key`."""

    def whose(organization_id: str, patient_id: str) -> ColumnElement[bool]:
        hers = (_own(owner, organization_id), getattr(owner, PATIENT) == patient_id)
        found: ColumnElement[bool] = getattr(model, column).in_(select(getattr(owner, key)).where(*hers))
        return found

    return whose


def _own(model: Any, organization_id: str) -> Any:
    return getattr(model, ORGANIZATION) == organization_id


def _whole(_session: Session, row: Any, _patient_id: str) -> dict[str, Any]:
    return members_of(row)
