"""A query that forgets its organization finds nothing of another, and a row of another is not written."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, text
from sqlalchemy.orm import aliased
from sqlmodel import delete, select, update

from shared.database import OfTenant
from shared.database.operations import EventEntry, Operations, add_event
from shared.database.tenancy import OtherTenant, secure
from shared.ids import random_ids
from shared.tenancy import INSTALLATION, NOBODY, acting_for, current_organization
from tests.harness.clocks import STARTS_AT
from tests.shared.database.tables import Base, Person

MINE, OTHER = "org_mine", "org_other"

pytestmark = pytest.mark.safeguard("164.312(a)(1)", "API1")


class TenantPerson(OfTenant, Base, table=True):
    __tablename__ = "tenant_persons"

    visits: int = 0


@pytest.fixture
def rows(database):
    """One person and one event of each organization, in a database that is confined."""
    Base.metadata.create_all(database.engine)
    Operations.metadata.create_all(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        secure(connection, Base.metadata, Operations.metadata)
        secure(connection, Base.metadata, Operations.metadata)
        connection.commit()
    database.confined = True
    for organization_id in (MINE, OTHER):
        with acting_for(organization_id):
            database.run(lambda session, organization_id=organization_id: fill(session, organization_id))
    return database


def fill(session, organization_id) -> None:
    session.add(TenantPerson(organization_id=organization_id, id="per_1", visits=1))
    add_event(session, random_ids, organization_id=organization_id, at=STARTS_AT, kind="a.thing", subject_id="per_1")


def organizations(database, statement) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(statement))


def test_a_query_without_its_organization_finds_what_is_its_own(rows) -> None:
    column, other = TenantPerson.organization_id, aliased(TenantPerson)
    statements = [
        select(column),
        select(other.organization_id),
        select(column).join(other, TenantPerson.id == other.id).distinct(),
        select(EventEntry.organization_id).join(TenantPerson, TenantPerson.id == EventEntry.subject_id).distinct(),
        select(column).where(TenantPerson.id.in_(select(EventEntry.subject_id))),
    ]
    for statement in statements:
        for organization_id in (MINE, OTHER):
            with acting_for(organization_id):
                assert organizations(rows, statement) == [organization_id]
        assert set(organizations(rows, statement)) == {MINE, OTHER}
        with acting_for(NOBODY):
            assert organizations(rows, statement) == []


def test_a_row_of_another_organization_is_not_found_by_its_key_and_not_counted(rows) -> None:
    with acting_for(MINE), rows.reading() as session:
        assert session.get(TenantPerson, (OTHER, "per_1")) is None
        assert session.get(TenantPerson, (MINE, "per_1")) is not None
        assert session.exec(select(func.count(TenantPerson.id))).one() == 1


def test_a_row_of_another_organization_is_not_written(rows) -> None:
    def insert(session) -> None:
        session.add(TenantPerson(organization_id=OTHER, id="per_2"))

    def move(session) -> None:
        session.get(TenantPerson, (MINE, "per_1")).organization_id = OTHER

    with rows.reading() as session:
        theirs = session.get(TenantPerson, (OTHER, "per_1"))

    def remove(session) -> None:
        session.delete(theirs)

    def change(session) -> None:
        session.add(theirs)
        theirs.visits += 1

    for write in (insert, move, remove, change):
        with acting_for(MINE), pytest.raises(OtherTenant, match="tenant_persons"):
            rows.run(lambda session, write=write: (write(session), session.flush()))
    assert organizations(rows, select(TenantPerson.organization_id)) == [MINE, OTHER]


def test_work_that_says_not_for_whom_it_is_reaches_no_row_of_any_organization(rows) -> None:
    """A new thread has said nothing, whatever the one that began it works for."""
    query = select(TenantPerson.organization_id)

    def write(session) -> None:
        session.add(TenantPerson(organization_id=MINE, id="per_2"))
        session.flush()

    with acting_for(INSTALLATION), ThreadPoolExecutor(1) as pool:
        assert pool.submit(current_organization).result() == NOBODY
        assert pool.submit(organizations, rows, query).result() == []
        with pytest.raises(OtherTenant):
            pool.submit(rows.run, write).result()


def test_an_update_and_a_delete_of_many_reach_its_own_rows(rows) -> None:
    with acting_for(MINE):
        rows.run(lambda session: session.exec(update(TenantPerson).values(visits=7)))
    with rows.reading() as session:
        found = {row.organization_id: row.visits for row in session.exec(select(TenantPerson))}
    assert found == {MINE: 7, OTHER: 1}
    with acting_for(MINE):
        rows.run(lambda session: session.exec(delete(TenantPerson)))
    assert organizations(rows, select(TenantPerson.organization_id)) == [OTHER]


def test_a_session_keeps_the_organization_that_it_began_with(rows) -> None:
    with acting_for(MINE), rows.reading() as session, acting_for(OTHER):
        assert session.exec(select(TenantPerson.organization_id)).all() == [MINE]


def test_the_next_transaction_of_a_connection_is_not_confined_by_the_last(rows) -> None:
    for organization_id in (MINE, INSTALLATION, OTHER, INSTALLATION):
        with acting_for(organization_id):
            assert organizations(rows, select(TenantPerson.organization_id)) == (
                [organization_id] if organization_id else [MINE, OTHER]
            )


def test_what_is_no_id_never_reaches_the_database_as_an_organization(rows) -> None:
    with acting_for("a'; RESET ROLE; --"):
        if rows.engine.dialect.name == "postgresql":
            with pytest.raises(ValueError, match="no id"), rows.reading():
                pass
        else:
            assert organizations(rows, select(TenantPerson.organization_id)) == []


def test_classes_without_the_mark_are_the_installations(rows) -> None:
    with acting_for(MINE):
        assert organizations(rows, select(Person.organization_id)) == []
        with rows.reading() as session:
            assert session.connection().execute(text("SELECT count(*) FROM persons")).scalar() == 0
