"""Where a table has a version it is part of each seal: an older value of the same row does not open in its newer
version, and when the version moves, every sealed column of the row moves with it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import defer
from sqlmodel import select

from shared.database.keys import SealBroken
from tests.shared.database.tables import Letter

KEY = ("org_a", "let_1")


@pytest.fixture
def letters(tables):
    tables.run(lambda session: session.add(Letter(organization_id=KEY[0], id=KEY[1], subject="first", body="body")))
    return tables


def change(database, *, moves=True, **values) -> None:
    def write(session) -> None:
        row = session.get(Letter, KEY)
        for name, value in values.items():
            setattr(row, name, value)
        row.version += moves

    database.run(write)


def read(database) -> Letter:
    with database.reading() as session:
        return session.get(Letter, KEY)


def stored(database) -> dict:
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT subject, body, version FROM letters")).one()
        return {"subject": bytes(row.subject), "body": row.body and bytes(row.body), "version": row.version}


@pytest.mark.safeguard("164.312(c)(1)", "164.312(c)(2)")
@pytest.mark.parametrize("column", ["subject", "body"])
def test_a_value_of_an_older_version_does_not_open_in_the_newer(letters, column) -> None:
    old = stored(letters)
    change(letters, subject="second")
    with letters.engine.begin() as connection:
        connection.execute(text(f"UPDATE letters SET {column} = :old"), {"old": old[column]})
    with pytest.raises(SealBroken, match=rf"letters\.{column}: the seal does not open"):
        read(letters)


@pytest.mark.safeguard("164.312(c)(1)", "164.312(c)(2)")
def test_a_version_that_is_turned_back_alone_is_noticed(letters) -> None:
    change(letters, subject="second")
    with letters.engine.begin() as connection:
        connection.execute(text("UPDATE letters SET version = 1"))
    with pytest.raises(SealBroken):
        read(letters)


def test_a_moved_version_seals_every_column_anew_and_the_row_stays_plain(letters, reopened) -> None:
    before = stored(letters)
    change(letters, subject="second")
    after = stored(letters)
    assert (before["version"], after["version"]) == (1, 2)
    assert before["body"] != after["body"]
    found = read(reopened())
    assert (found.subject, found.body, found.version) == ("second", "body", 2)


def test_a_version_that_stays_leaves_other_seals_alone(letters) -> None:
    before = stored(letters)
    change(letters, moves=False, state="sent")
    assert stored(letters) == before
    change(letters, moves=False, subject="second")
    assert (stored(letters)["body"], read(letters).subject) == (before["body"], "second")


def test_an_empty_column_stays_empty_and_takes_a_value_later(letters) -> None:
    change(letters, body=None)
    assert (stored(letters)["body"], read(letters).body) == (None, None)
    change(letters, state="sent")
    assert stored(letters)["body"] is None
    change(letters, body="again")
    assert read(letters).body == "again"


def test_a_column_whose_loading_was_deferred_moves_along(letters) -> None:
    def write(session) -> None:
        row = session.exec(select(Letter).options(defer(Letter.body), defer(Letter.subject))).one()
        assert "body" not in row.__dict__
        row.version += 1
        row.subject = "second"
        session.flush()
        assert (row.subject, row.body) == ("second", "body")

    letters.run(write)
    found = read(letters)
    assert (found.subject, found.body, found.version) == ("second", "body", 2)


def test_an_empty_deferred_column_moves_along(letters) -> None:
    change(letters, body=None)

    def write(session) -> None:
        row = session.exec(select(Letter).options(defer(Letter.body))).one()
        row.version += 1

    letters.run(write)
    assert (read(letters).body, read(letters).version) == (None, 3)


def test_a_deferred_column_that_is_loaded_after_the_version_was_set_opens_as_it_is_stored(letters) -> None:
    def write(session) -> str:
        row = session.exec(select(Letter).options(defer(Letter.body))).one()
        row.version += 1
        with session.no_autoflush:
            return row.body

    assert letters.run(write) == "body"
    assert (read(letters).body, read(letters).version) == ("body", 2)


def test_a_version_that_moves_twice_in_one_transaction_is_written_twice(letters) -> None:
    def write(session) -> None:
        row = session.get(Letter, KEY)
        row.version += 1
        session.flush()
        row.version += 1
        row.body = "third"
        session.flush()
        session.refresh(row)
        assert (row.subject, row.body, row.version) == ("first", "third", 3)

    letters.run(write)
    assert (read(letters).subject, read(letters).body) == ("first", "third")
