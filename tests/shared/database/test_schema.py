"""Which code may work on which database: one that was only expanded serves the version before as well."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from shared.database.migrating import SchemaUnfit, fitness_of, history_of, migrate
from shared.database.schema import Fitness, fitness, standing_of
from tests.shared.database.histories import ADD_COLUMN, ADD_INDEX, ADD_TABLE, DROP, LaterHistory


@pytest.fixture
def later(tmp_path):
    return LaterHistory(tmp_path)


@pytest.fixture
def notes(database):
    """A database as the present code makes it."""
    migrate(database, "notes")
    return database


def columns(database):
    return {column["name"] for column in inspect(database.engine).get_columns("notes")}


def indexes(database):
    return {index["name"]: index["column_names"] for index in inspect(database.engine).get_indexes("notes")}


def standing(database):
    with database.engine.connect() as connection:
        return tuple(connection.execute(text("SELECT version_num, contracted FROM alembic_version")).one())


def test_a_database_that_a_newer_version_has_added_to_serves_the_version_before(notes, later):
    before = standing(notes)
    later.add("expand", ADD_COLUMN)
    last = later.add("expand", ADD_INDEX)
    assert migrate(notes, "notes", migrations=later.folder) == []
    assert "room" in columns(notes)
    assert indexes(notes)["notes_by_version"] == ["organization_id", "version"]
    assert standing(notes) == (last, before[1])
    assert migrate(notes, "notes") == []
    assert standing(notes) == (last, before[1])


def test_who_looks_at_all_of_a_database_refuses_one_that_was_added_to(notes, later):
    later.add("expand", ADD_COLUMN)
    migrate(notes, "notes", migrations=later.folder)
    for asked in ({"exact": True}, {"contract": True}):
        with pytest.raises(SchemaUnfit, match="which a newer Handbill has added to; this command looks at all of it"):
            migrate(notes, "notes", **asked)


def test_how_a_database_stands_to_code_has_five_answers(notes, later):
    def found(folder):
        with notes.engine.connect() as connection:
            return fitness(ScriptDirectory(str(folder)), standing_of(connection))

    present = history_of("notes")
    assert found(present) is Fitness.CURRENT
    later.add("contract", DROP)
    assert found(later.folder) is Fitness.CONTRACT_WAITS
    later.add("expand", ADD_TABLE)
    assert found(later.folder) is Fitness.BEHIND
    migrate(notes, "notes", migrations=later.folder, contract=True)
    assert (found(later.folder), found(present)) == (Fitness.CURRENT, Fitness.NEWER)


def test_a_database_that_was_only_added_to_is_fit_and_said_to_be_so(notes, later):
    later.add("expand", ADD_COLUMN)
    migrate(notes, "notes", migrations=later.folder)
    with notes.engine.connect() as connection:
        assert fitness_of("notes", standing_of(connection)) is Fitness.ADDED_TO


def test_what_contracts_waits_until_it_is_asked_for_and_then_shuts_the_version_before_out(notes, later):
    later.add("expand", ADD_COLUMN)
    last = later.add("contract", DROP)
    assert [script.revision for script in migrate(notes, "notes", migrations=later.folder)] == [last]
    assert "room" in columns(notes)
    assert "notes_by_day" in indexes(notes)
    assert migrate(notes, "notes") == []
    assert migrate(notes, "notes", migrations=later.folder, contract=True) == []
    assert standing(notes) == (last, last)
    assert "notes_by_day" not in indexes(notes)
    with pytest.raises(SchemaUnfit, match=f"was made by a newer Handbill .it is at {last}.; run that one, or restore"):
        migrate(notes, "notes")


@pytest.mark.parametrize("kinds", [("contract", "expand"), ("rebuild",), ("",)])
def test_code_that_needs_what_stands_behind_a_contract_does_not_start_without_it(notes, later, kinds):
    first = min([later.add(kind) for kind in kinds])
    with pytest.raises(SchemaUnfit, match=f"waits for migration {first}, .* run: handbill migrate --contract"):
        migrate(notes, "notes", migrations=later.folder)
    assert standing(notes)[0] < first
    assert migrate(notes, "notes", migrations=later.folder, contract=True) == []


def test_a_new_database_gets_all_at_once(database, later):
    later.add("expand", ADD_COLUMN)
    later.add("contract", DROP)
    last = later.add("expand", ADD_INDEX)
    assert migrate(database, "notes", migrations=later.folder) == []
    assert standing(database)[0] == last


def test_no_contract_runs_beside_a_process_that_does_not_know_it(notes, later, database_url, reopened_as):
    known = later.add("expand", ADD_TABLE)
    last = later.add("contract", DROP)
    before, after = reopened_as("0006"), reopened_as(last)
    for one in (before, after):
        one.presence.announce()
        with one.reading() as session:
            session.connection()
    with pytest.raises(SchemaUnfit, match=f"know migrations up to 0006 only, .* would not survive {last}; stop those"):
        migrate(notes, "notes", migrations=later.folder, contract=True)
    assert "notes_by_day" in indexes(notes)
    before.close()
    assert migrate(notes, "notes", migrations=later.folder, contract=True) == []
    assert known < last == standing(notes)[0]


def test_a_migration_that_fails_leaves_its_database_where_it_was(notes, later):
    before = standing(notes)
    later.add("expand", f"{ADD_COLUMN}; op.execute('no such statement')")
    with pytest.raises(Exception, match=r"no such statement|syntax error"):
        migrate(notes, "notes", migrations=later.folder)
    assert standing(notes) == before
    assert "room" not in columns(notes)
