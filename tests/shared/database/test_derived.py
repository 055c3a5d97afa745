"""A column that is added while the version before serves stays empty until a contract; then every row gets it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import registry
from sqlmodel import Field, select

from shared.database import OfTenant, SealedJson
from shared.database.derived import derived, fill_derived
from shared.database.operations import Operations
from shared.database.row_macs import Authenticated
from shared.database.verification import table_of, verify

OLD, NEW = registry(), registry()


class OldRow(OfTenant, Authenticated, registry=OLD):
    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class OldShelf(OldRow, table=True):
    """The table as the version before knows it."""

    __tablename__ = "shelves"

    version: int = 1
    content: dict[str, Any] = Field(sa_type=SealedJson)


class NewRow(OfTenant, Authenticated, registry=NEW):
    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class Shelf(NewRow, table=True):
    __tablename__ = "shelves"

    version: int = 1
    content: dict[str, Any] = Field(sa_type=SealedJson)
    room: str | None = Field(
        default=None, max_length=20, sa_column_kwargs=derived(lambda row: row.content.get("room"), contract="0012")
    )


@pytest.fixture
def shelves(database):
    Operations.metadata.create_all(database.engine)
    Shelf.metadata.create_all(database.engine)
    execute(database, "CREATE TABLE alembic_version (version_num VARCHAR(32), contracted VARCHAR(32))")
    execute(database, "INSERT INTO alembic_version VALUES ('0011', '0009')")
    return database


def execute(database, statement):
    with database.engine.begin() as connection:
        return connection.execute(text(statement))


def rooms(database):
    with database.engine.connect() as connection:
        return dict(connection.execute(text("SELECT id, room FROM shelves ORDER BY id")).all())


def write(database, cls, name, room, organization="org_a"):
    def put(session):
        row = session.get(cls, (organization, name))
        if row is None:
            row = cls(organization_id=organization, id=name, content={})
        else:
            row.version += 1
        row.content = {"room": room}
        session.add(row)

    database.run(put)


def read(database, cls):
    with database.reading() as session:
        return {row.id: row.content["room"] for row in session.exec(select(cls))}


def is_whole(database):
    return list(verify(database, [table_of(Shelf)], anchors={})) == []


def contract(database):
    execute(database, "UPDATE alembic_version SET version_num = '0012', contracted = '0012'")


def test_old_and_new_code_read_and_write_the_same_rows_before_the_contract(shelves):
    write(shelves, OldShelf, "one", "north")
    write(shelves, Shelf, "two", "south")
    assert read(shelves, OldShelf) == read(shelves, Shelf) == {"one": "north", "two": "south"}
    write(shelves, Shelf, "one", "east")
    write(shelves, OldShelf, "two", "west")
    assert read(shelves, OldShelf) == read(shelves, Shelf) == {"one": "east", "two": "west"}
    assert rooms(shelves) == {"one": None, "two": None}
    assert is_whole(shelves)


def test_from_the_contract_on_the_column_is_kept_and_what_was_there_is_filled(shelves):
    for number in range(120):
        write(shelves, OldShelf, f"old{number:03}", f"room {number}" if number % 5 else None, f"org_{number % 3}")
    assert fill_derived(shelves, NEW.metadata) == 0
    contract(shelves)
    write(shelves, Shelf, "new", "attic")
    assert rooms(shelves)["new"] == "attic"
    assert fill_derived(shelves, NEW.metadata) == 96
    assert fill_derived(shelves, NEW.metadata) == 0
    found = rooms(shelves)
    assert [found[f"old{number:03}"] for number in range(6)] == [
        None,
        *(f"room {number}" for number in range(1, 5)),
        None,
    ]
    assert sum(value is not None for value in found.values()) == 97
    assert is_whole(shelves)
    write(shelves, Shelf, "new", None)
    assert rooms(shelves)["new"] is None
    assert read(shelves, Shelf)["old001"] == "room 1"


@pytest.mark.safeguard("164.312(c)(1)")
def test_the_column_is_protected_before_and_after_the_contract(shelves):
    write(shelves, Shelf, "one", "north")
    execute(shelves, "UPDATE shelves SET room = 'cellar'")
    assert not is_whole(shelves)
    execute(shelves, "UPDATE shelves SET room = NULL")
    assert is_whole(shelves)
    contract(shelves)
    fill_derived(shelves, NEW.metadata)
    assert is_whole(shelves)
    execute(shelves, "UPDATE shelves SET room = NULL")
    assert not is_whole(shelves)
