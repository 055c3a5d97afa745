"""A sealed column is plain in Python and sealed everywhere else; what is moved or changed does not open."""

from pathlib import Path

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col, select

from shared.database.keys import SealBroken
from tests.shared.database.tables import Person

NAME = "Canary Quillfeather"
ADDRESS = {"line1": "9 Canary Row", "zip": "98101", "floor": 3, "back": None}


def add(database, organization="org_a", identifier="per_00000001", **values):
    database.run(
        lambda session: session.add(
            Person(organization_id=organization, id=identifier, **{"name": NAME, "address": ADDRESS, **values})
        )
    )


def read(database, organization="org_a", identifier="per_00000001") -> Person:
    with database.reading() as session:
        return session.get(Person, (organization, identifier))


def raw(database, column: str) -> list[bytes]:
    with database.engine.connect() as connection:
        return [
            bytes(value) for value in connection.execute(text(f"SELECT {column} FROM persons ORDER BY id")).scalars()
        ]


def test_text_and_json_come_back_as_they_were(tables, reopened) -> None:
    add(tables)
    found = read(reopened())
    assert (found.name, found.address, found.nickname) == (NAME, ADDRESS, None)


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_the_database_sees_only_sealed_bytes(tables, database_kind, tmp_path: Path) -> None:
    add(tables)
    assert NAME.encode() not in raw(tables, "name")[0]
    assert b"Canary" not in raw(tables, "address")[0]
    if database_kind == "sqlite":
        assert all(b"Canary" not in file.read_bytes() for file in tmp_path.glob("*.sqlite*"))


def test_equal_values_are_sealed_differently(tables) -> None:
    add(tables)
    add(tables, identifier="per_00000002")
    assert len(set(raw(tables, "name"))) == 2


@pytest.mark.safeguard("164.312(a)(2)(iv)", "164.312(c)(2)", "API1")
@pytest.mark.parametrize(
    "move",
    [
        "UPDATE persons SET name = (SELECT name FROM persons WHERE id = 'per_00000002')",
        "UPDATE persons SET nickname = name",
        "UPDATE persons SET organization_id = 'org_b'",
        "UPDATE persons SET id = 'per_00000009' WHERE id = 'per_00000001'",
    ],
)
def test_a_value_moved_to_another_row_column_or_organization_does_not_open(tables, move) -> None:
    add(tables)
    add(tables, identifier="per_00000002", name="Another")
    with tables.engine.begin() as connection:
        connection.execute(text(move))
    with pytest.raises(SealBroken), tables.reading() as session:
        list(session.exec(select(Person)))


@pytest.mark.safeguard("164.312(c)(2)")
def test_a_changed_byte_does_not_open_and_the_error_says_no_value(tables, database_kind) -> None:
    add(tables)
    sealed = bytearray(raw(tables, "name")[0])
    sealed[-1] ^= 1
    with tables.engine.begin() as connection:
        connection.execute(text("UPDATE persons SET name = :sealed"), {"sealed": bytes(sealed)})
    with pytest.raises(SealBroken, match=r"persons\.name: the seal does not open"):
        read(tables)


def test_an_update_of_another_column_leaves_the_seal_alone(tables) -> None:
    add(tables)
    before = raw(tables, "name")

    def visit(session) -> None:
        session.get(Person, ("org_a", "per_00000001")).visits += 1

    tables.run(visit)
    assert raw(tables, "name") == before
    assert (read(tables).visits, read(tables).name) == (1, NAME)


def test_an_update_seals_the_new_value_and_the_row_stays_plain(tables) -> None:
    add(tables)

    def rename(session) -> str:
        row = session.get(Person, ("org_a", "per_00000001"))
        row.name = "Renamed"
        row.address = None
        session.flush()
        plain = row.name
        row.name = "Renamed again"
        return plain

    assert tables.run(rename) == "Renamed"
    assert (read(tables).name, read(tables).address) == ("Renamed again", None)


def test_a_bulk_statement_that_would_write_in_the_clear_is_refused(tables) -> None:
    add(tables)
    for value in (NAME, NAME.encode()):
        for statement in (
            update(Person).values(name=value),
            insert(Person).values(organization_id="org_a", id="per_00000002", name=value, visits=0),
        ):
            with pytest.raises(StatementError, match="only through its row"):
                tables.run(lambda session, wanted=statement: session.exec(wanted))
    assert read(tables).name == NAME


def test_a_row_whose_insert_failed_can_be_inserted_again(tables) -> None:
    add(tables)
    again = Person(organization_id="org_a", id="per_00000001", name="Second", address=ADDRESS)
    with pytest.raises(IntegrityError):
        tables.run(lambda session: session.add(again))
    again.id = "per_00000002"
    tables.run(lambda session: session.add(again))
    assert read(tables, identifier="per_00000002").name == "Second"


def test_a_single_sealed_column_in_a_select_stays_sealed(tables) -> None:
    add(tables)
    with tables.reading() as session:
        assert NAME.encode() not in bytes(session.exec(select(col(Person.name))).one())
