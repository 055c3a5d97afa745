"""Whoever writes to the database behind Handbill's back is found out, and the row is named."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, text
from sqlmodel import select

from services.cli.audit import tables_of
from services.notes.store import NoteRow
from shared.database import Database
from shared.database.heads import Anchor, ChainHead
from shared.database.verification import verify
from tests.harness.clocks import STARTS_AT
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.fake_clearinghouse import paid_in_part, remittance

HERE = {"org": ORGANIZATION}
COPY = "other_copy"
LAST = "(SELECT max(sequence) FROM audit_entries WHERE organization_id = :org)"


class Outside:
    """Somebody who has the database and not the keys."""

    def __init__(self, database: Database) -> None:
        self.database = database
        metadata = MetaData()
        metadata.reflect(database.engine)
        # By what the tables of the database are: raw bytes and texts.
        self.tables = {t.name: t for t in metadata.sorted_tables if t.name != "alembic_version"}

    def execute(self, *statements: str, **values: Any) -> None:
        with self.database.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), HERE | values)

    def one(self, query: str, **values: Any) -> Any:
        with self.database.engine.connect() as connection:
            return connection.execute(text(query), HERE | values).scalar_one()

    def copy(self) -> dict[Table, list[dict[str, Any]]]:
        with self.database.engine.connect() as connection:
            return {t: [dict(r) for r in connection.execute(t.select()).mappings()] for t in self.tables.values()}

    def put_back(self, copy: dict[Table, list[dict[str, Any]]]) -> None:
        with self.database.engine.begin() as connection:
            for table in reversed(copy):
                connection.execute(table.delete())
            for table, rows in copy.items():
                if rows:
                    connection.execute(table.insert(), rows)

    def copy_row(self, name: str, row_id: str, **changed: Any) -> None:
        table = self.tables[name]
        with self.database.engine.begin() as connection:
            row = connection.execute(table.select().where(table.c.id == row_id)).mappings().one()
            connection.execute(table.insert().values(**{**row, **changed}))

    def roll_back(self, copy: dict[Table, list[dict[str, Any]]], name: str, row_id: str) -> None:
        table = self.tables[name]
        (row,) = (row for row in copy[table] if row["id"] == row_id)
        with self.database.engine.begin() as connection:
            connection.execute(table.update().where(table.c.id == row_id).values(**row))


def findings(database: Database, service: str = "claims", anchors: dict[str, Anchor] | None = None):
    found = verify(database, tables_of(service), anchors=anchors or {})
    return {(one.table, one.organization_id, one.row, one.what.partition(":")[0]) for one in found}


def ends(database: Database) -> dict[str, Anchor]:
    with database.reading() as session:
        return {head.organization_id: Anchor(head.sequence, head.mac) for head in session.exec(select(ChainHead))}


@pytest.fixture
def paid(scenario):
    """A claim that was paid in part, and how everything was before that; and nothing is wrong."""
    scenario.send()
    outside = Outside(scenario.deps.database)
    before = outside.copy()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert findings(scenario.deps.database, anchors=ends(scenario.deps.database)) == set()
    return scenario, outside, before


def tamperings(scenario, outside: Outside, before) -> dict[str, tuple[Callable[[], object], set[tuple[str, str]]]]:
    """What is done, and which rows have to be named with which word."""
    claim, ledger = scenario.claims[0]["id"], outside.one("SELECT min(id) FROM ledger")
    middle, last = outside.one(f"SELECT {LAST} - 1"), outside.one(f"SELECT {LAST}")
    at = f"{middle} " + outside.one("SELECT id FROM audit_entries WHERE sequence = :n", n=middle)
    entry = at.split()[1]
    changed = "changed or inserted"

    def add(sql: str, **values: Any) -> Callable[[], object]:
        return lambda: outside.execute(sql, **values)

    return {
        "a claim is taken back whole": (
            lambda: outside.roll_back(before, "claims", claim),
            {("claims", claim, "rolled back")},
        ),
        "a claim is said to be settled": (
            add("UPDATE claims SET next_kind = 'none'"),
            {("claims", claim, "changed")},
        ),
        "the ledger gets 1,000.00 more": (
            add("UPDATE ledger SET amount_cents = amount_cents + 100000 WHERE id = :id", id=ledger),
            {("ledger", ledger, "changed")},
        ),
        "an entry of the ledger is deleted": (
            add("DELETE FROM ledger WHERE id = :id", id=ledger),
            {("ledger", ledger, "deleted")},
        ),
        "an entry of the ledger is copied": (
            lambda: outside.copy_row("ledger", ledger, id=COPY),
            {("ledger", COPY, "inserted")},
        ),
        "an audit entry is changed": (
            add("UPDATE audit_entries SET client_id = 'somebody' WHERE id = :id", id=entry),
            {("audit_entries", at, changed)},
        ),
        "the person is taken out of an audit entry": (
            add("UPDATE audit_entries SET request_id = 'none', actor = NULL WHERE id = :id", id=entry),
            {("audit_entries", at, changed)},
        ),
        "an audit entry is deleted in the middle": (
            add("DELETE FROM audit_entries WHERE id = :id", id=entry),
            {("audit_entries", f"{middle} to {middle}", "deleted")},
        ),
        "an audit entry is put at the end": (
            lambda: outside.copy_row("audit_entries", entry, id=COPY, sequence=last + 1),
            {("audit_entries", f"{last + 1} {COPY}", changed)},
        ),
        "the tail of the trail is cut": (
            add(f"DELETE FROM audit_entries WHERE sequence = {LAST}"),
            {("audit_entries", f"{last} to {last}", "tail cut, or the database rolled back")},
        ),
        "the document of a claim is exchanged": (
            lambda: outside.execute("UPDATE claims SET document = past_visit WHERE id = :id", id=claim),
            {("claims", claim, "changed")},
        ),
    }


@pytest.mark.safeguard("164.312(b)", "164.312(c)(1)", "164.312(c)(2)")
def test_every_change_from_outside_is_found_and_its_row_is_named(paid) -> None:
    scenario, outside, before = paid
    database = scenario.deps.database
    clean = outside.copy()
    for name, (tamper, expected) in tamperings(scenario, outside, before).items():
        tamper()
        found = {(table, row, what) for table, _, row, what in findings(database)}
        assert expected - found == set(), (name, found)
        outside.put_back(clean)
        assert findings(database) == set(), name


@pytest.mark.safeguard("164.312(c)(2)")
def test_a_tail_that_is_cut_together_with_its_rows_and_a_whole_database_that_is_taken_back_are_seen_by_the_anchor(
    paid,
) -> None:
    scenario, outside, before = paid
    database = scenario.deps.database
    kept = ends(database)
    now, then = kept[ORGANIZATION].sequence, 0
    outside.put_back(before)
    then = ends(database)[ORGANIZATION].sequence
    assert findings(database) == set()
    tail = ("audit_entries", ORGANIZATION, f"{then + 1} to {now}", "tail cut, or the database rolled back")
    assert tail in findings(database, anchors=kept)
    # What goes on from there is another history, however long it gets.
    other = {ORGANIZATION: Anchor(then, "1:" + "0" * 64)}
    assert {what for *_, what in findings(database, anchors=other)} == {
        "another entry than the one that the anchor names"
    }


@pytest.mark.safeguard("164.312(c)(2)")
def test_rows_that_two_organizations_have_swapped_are_named_in_both(paid) -> None:
    scenario, outside, _ = paid
    first = outside.one("SELECT min(id) FROM ledger")
    outside.execute("UPDATE ledger SET organization_id = 'org_other' WHERE id = :id", id=first)
    assert findings(scenario.deps.database) >= {
        ("ledger", ORGANIZATION, first, "deleted"),
        ("ledger", "org_other", first, "inserted"),
    }


def a_note(status: str = "signed") -> NoteRow:
    return NoteRow(
        organization_id=ORGANIZATION,
        id="note_0000001",
        version=2,
        status=status,
        patient_id="pat_1",
        therapist_id="thr_1",
        started_at=STARTS_AT,
        ended_at=STARTS_AT,
        time_zone="UTC",
        date_of_service=date(2026, 3, 2),
        content={},
        content_hash="",
        signed_at=STARTS_AT,
        signed_by={"id": "thr_1"},
    )


@pytest.mark.safeguard("164.312(c)(1)", "164.312(c)(2)")
@pytest.mark.parametrize("change", ["status = 'draft'", "signed_by = NULL", "signed_at = NULL", "mac = ''"])
def test_a_signed_note_that_is_made_a_draft_is_named(make_database_url, open_database, change) -> None:
    database = open_database(make_database_url("notes"), "notes")
    database.run(lambda session: session.add(a_note()))
    assert findings(database, "notes") == set()
    Outside(database).execute(f"UPDATE notes SET {change}")
    assert findings(database, "notes") == {("notes", ORGANIZATION, "note_0000001", "changed")}


def test_writers_at_once_and_a_reader_that_verifies_meanwhile_give_no_false_alarm(
    make_database_url, open_database
) -> None:
    database = open_database(make_database_url("notes"), "notes")

    def write(number: int) -> None:
        def put(session) -> None:
            row = a_note()
            row.organization_id, row.id = f"org_{number % 2}", f"note_{number}"
            session.add(row)

        database.run(put)
        assert findings(database, "notes", ends(database)) == set()
        if number % 3 == 0:
            database.run(lambda session: session.delete(session.get(NoteRow, (f"org_{number % 2}", f"note_{number}"))))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    assert findings(database, "notes", ends(database)) == set()
