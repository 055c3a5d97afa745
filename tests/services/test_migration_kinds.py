"""Every migration is of the kind that it says, so that the version before can serve while it runs."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, String, Table

from shared.database.derived import INFO, Derived
from shared.database.history import upgrade
from shared.database.migrating import history_of
from shared.database.operations import Operations
from shared.database.schema import CONTRACT, EXPAND, after, kind_of
from shared.database.sealing import SealedText
from shared.settings import PORTS
from tests.services.kinds import faults_of, faults_of_history, statements_of
from tests.services.test_migrations import ROWS

ON_POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


def scripts_of(service):
    return ScriptDirectory(str(history_of(service)))


@ON_POSTGRESQL
@pytest.mark.parametrize("service", PORTS)
def test_a_migration_is_of_the_kind_that_it_says(database, service):
    tables = {**ROWS[service].metadata.tables, **Operations.metadata.tables}
    engine = database.engine.execution_options(isolation_level="READ COMMITTED")
    with engine.connect() as connection:
        for script in after(scripts_of(service), ""):
            with statements_of(database.engine) as sent:
                upgrade(connection, history_of(service), script.revision, while_serving=script.revision != "0001")
            assert len(sent) > 3
            assert faults_of(kind_of(script), sent, tables) == [], f"{service} {script.revision}"


@pytest.mark.parametrize("service", PORTS)
def test_every_migration_says_its_kind_and_none_rebuilds_after_the_first_that_does_not(service):
    assert faults_of_history(scripts_of(service)) == []


@pytest.mark.parametrize("service", PORTS)
def test_revisions_are_numbers_that_follow_one_another(service):
    found = [script.revision for script in after(scripts_of(service), "")]
    assert found == [f"{number:04}" for number in range(1, len(found) + 1)]


@pytest.mark.parametrize("service", PORTS)
def test_a_derived_column_waits_for_a_contract_that_there_is(service):
    kinds = {script.revision: kind_of(script) for script in after(scripts_of(service), "")}
    for table in ROWS[service].metadata.tables.values():
        for column in table.columns:
            if INFO in column.info:
                assert kinds.get(column.info[INFO].contract) == CONTRACT, f"{table.name}.{column.name}"


TABLES = {
    table.name: table
    for table in (
        Table("claims", MetaData(), Column("mac", String), Column("room", String), Column("payer", String, info={
            INFO: Derived(str, "0002")})),
        Table("keys", MetaData(), Column("room", String), Column("answer", SealedText)),
    )
}  # fmt: skip


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE rooms (id VARCHAR(64) NOT NULL)", "CREATE UNIQUE INDEX rooms_by ON rooms (id)",
         "ALTER TABLE rooms ADD COLUMN x INTEGER NOT NULL", "INSERT INTO rooms SELECT 1",
         'ALTER TABLE "rooms" ENABLE ROW LEVEL SECURITY', "CREATE POLICY p ON rooms USING (true)"],
        ["ALTER TABLE keys ADD COLUMN room VARCHAR(20)"],
        ["ALTER TABLE keys ADD COLUMN room INTEGER DEFAULT 0 NOT NULL"],
        ["ALTER TABLE claims ADD COLUMN payer VARCHAR(20)"],
        ["DROP INDEX CONCURRENTLY IF EXISTS x", "CREATE INDEX CONCURRENTLY x ON claims (room)"],
        ["SELECT 1", "SET LOCAL x = 1", "UPDATE alembic_version SET version_num = '0002'"],
    ],
)  # fmt: skip
def test_what_only_adds_is_no_fault(statements):
    assert faults_of(EXPAND, statements, TABLES) == []


@pytest.mark.parametrize(
    ("kind", "statements", "fault"),
    [
        (EXPAND, ["ALTER TABLE claims DROP COLUMN room"], "does not only add"),
        (EXPAND, ["ALTER TABLE claims RENAME room TO place"], "does not only add"),
        (EXPAND, ["ALTER TABLE claims ALTER COLUMN room SET NOT NULL"], "does not only add"),
        (EXPAND, ["ALTER TABLE claims ADD CONSTRAINT c CHECK (true)"], "does not only add"),
        (EXPAND, ["UPDATE claims SET room = 'x'"], "does not only add"),
        (EXPAND, ["DROP TABLE claims"], "does not only add"),
        (EXPAND, ["CREATE INDEX x ON claims (room)"], "does not only add"),
        (EXPAND, ["CREATE UNIQUE INDEX CONCURRENTLY x ON claims (room)"], "does not only add"),
        (
            EXPAND,
            ["CREATE TABLE a (id INTEGER)", "CREATE INDEX CONCURRENTLY x ON claims (room)"],
            "more than making an",
        ),
        (EXPAND, ["ALTER TABLE keys ADD COLUMN room VARCHAR(20) NOT NULL"], "cannot leave it empty"),
        (EXPAND, ["ALTER TABLE claims ADD COLUMN room VARCHAR(20)"], "claims.room is protected"),
        (EXPAND, ["ALTER TABLE keys ADD COLUMN answer BYTEA"], "keys.answer is protected"),
        (CONTRACT, ["ALTER TABLE claims ADD COLUMN room VARCHAR(20)"], "adds what code may need before"),
        (CONTRACT, ["CREATE TABLE rooms (id INTEGER)"], "adds what code may need before"),
    ],
)
def test_what_the_version_before_would_not_survive_is_a_fault(kind, statements, fault):
    assert [one for one in faults_of(kind, statements, TABLES) if fault in one]


def test_a_history_that_says_no_kinds_or_rebuilds_late_is_a_fault(tmp_path):
    (tmp_path / "versions").mkdir()
    before = None
    for number, kind in enumerate(["rebuild", "expand", "rebuild", "contract", "other", None], 1):
        said = "" if kind is None else f'kind = "{kind}"'
        text = f'revision = "{number:04}"\ndown_revision = {before!r}\n{said}\n'
        (tmp_path / "versions" / f"{number:04}_x.py").write_text(text)
        before = f"{number:04}"
    assert faults_of_history(ScriptDirectory(str(tmp_path))) == [
        "0005 says no kind",
        "0006 says no kind",
        "0003 rebuilds after 0002",
        "0006 rebuilds after 0002",
    ]
