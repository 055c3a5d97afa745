"""What is not sealed in a row cannot be changed behind Handbill's back; the chain names every row that is written."""

from datetime import date, datetime

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.orm import defer
from sqlmodel import delete, insert, select, update

from shared.database.operations import AuditEntry, add_audit
from shared.database.row_macs import RecordTampered, row_mac
from shared.ids import random_ids
from tests.harness.clocks import STARTS_AT
from tests.shared.database.tables import Account, Bill

KEY = ("org_a", "bill_1", date(2026, 3, 1))
NAME = "bill_1|2026-03-01"
SENT = datetime.fromisoformat("2026-11-01T01:30:00.100000-07:00")


def a_bill(**changed) -> Bill:
    values = {
        "organization_id": "org_a",
        "id": "bill_1",
        "month": date(2026, 3, 1),
        "state": "draft",
        "amount_cents": 500,
        "text": "Canary",
        "sent_at": SENT,
        "codes": {"b": 2, "a": 1},
    }
    return Bill(**values | changed)


def load(database) -> Bill:
    with database.reading() as session:
        return session.get(Bill, KEY)


def execute(database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def last_entry(database) -> AuditEntry:
    with database.reading() as session:
        return session.exec(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()


@pytest.mark.safeguard("164.312(c)(1)", "164.312(c)(2)")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE bills SET state = 'signed'",
        "UPDATE bills SET amount_cents = amount_cents + 100000",
        'UPDATE bills SET codes = \'{"a": 1, "b": 3}\'',
        "UPDATE bills SET sent_at = NULL",
        "UPDATE bills SET signed_by = NULL",
        "UPDATE bills SET mac = ''",
        "UPDATE bills SET mac = (SELECT mac FROM bills WHERE id = 'bill_2') WHERE id = 'bill_1'",
        "UPDATE bills SET id = 'bill_1' WHERE id = 'bill_2'; DELETE FROM bills",
    ],
)
def test_a_row_that_was_changed_from_outside_is_not_loaded(tables, tampering) -> None:
    tables.run(lambda session: session.add_all([a_bill(signed_by="Nadia"), a_bill(id="bill_2", amount_cents=700)]))
    assert load(tables).amount_cents == 500
    if ";" in tampering:
        execute(tables, "DELETE FROM bills WHERE id = 'bill_1'")
    execute(tables, tampering.partition(";")[0])
    with pytest.raises(RecordTampered, match=r"bills bill_1\|2026-03-01 is not as it was written") as caught:
        load(tables)
    assert (caught.value.status, caught.value.code) == (500, "record_tampered")


@pytest.mark.safeguard("164.312(c)(2)")
@pytest.mark.parametrize(
    "again",
    [
        lambda session, row: session.refresh(row),
        lambda session, _row: session.get(Bill, KEY, populate_existing=True),
        lambda session, row: (session.expire(row), row.amount_cents),
    ],
)
def test_a_row_that_is_read_again_is_checked_again(tables, again) -> None:
    tables.run(lambda session: session.add(a_bill()))

    def tampered(session) -> None:
        row = session.get(Bill, KEY)
        session.connection().execute(text("UPDATE bills SET amount_cents = 900"))
        again(session, row)

    with pytest.raises(RecordTampered):
        tables.run(tampered)


def test_a_row_of_another_service_or_organization_does_not_hold(tables) -> None:
    tables.run(lambda session: session.add(a_bill()))
    tables.service = "another"
    with pytest.raises(RecordTampered):
        load(tables)
    tables.service = ""
    execute(tables, "UPDATE bills SET organization_id = 'org_b'")
    with pytest.raises(RecordTampered), tables.reading() as session:
        session.exec(select(Bill)).all()


def test_a_row_of_a_table_with_the_same_columns_has_another_mac(vault) -> None:
    bills = Bill.__table__
    copies = bills.to_metadata(MetaData(), name="bills_of_before")
    mac = row_mac(vault, "test", bills, a_bill().model_dump())
    assert row_mac(vault, "test", copies, a_bill().model_dump()) != mac
    assert row_mac(vault, "test", bills, a_bill().model_dump()) == mac


def test_a_row_that_its_service_changes_holds_and_each_change_is_named_by_an_entry(tables) -> None:
    def change(session) -> None:
        row = session.get(Bill, KEY)
        row.state, row.text = "signed", "Another"
        add_audit(session, random_ids, organization_id="org_a", at=STARTS_AT, action="bill.signed", subject_id="b")

    tables.run(lambda session: session.add(a_bill()))
    first = last_entry(tables)
    made = load(tables).mac
    assert (first.action, first.client_id, first.changes) == ("system", "handbill", [["bills", NAME, made]])
    tables.run(change)
    row, second = load(tables), last_entry(tables)
    assert (row.state, row.sent_at) == ("signed", SENT)
    assert row.mac != made
    assert (second.action, second.changes) == ("bill.signed", [["bills", NAME, row.mac]])
    tables.run(lambda session: session.delete(session.get(Bill, KEY)))
    assert last_entry(tables).changes == [["bills", NAME, None]]


def test_what_writes_no_protected_row_leaves_no_entry(tables) -> None:
    tables.run(lambda session: session.add(a_bill()))
    before = last_entry(tables).sequence

    def dirty(session) -> None:
        row = session.get(Bill, KEY)
        row.codes = dict(row.codes)
        row.state = str(row.state)
        session.add(Account(organization_id="org_a", id="acc_1"))

    tables.run(dirty)
    assert last_entry(tables).sequence == before


def test_a_deferred_sealed_column_is_loaded_later_also_beside_a_change(tables) -> None:
    tables.run(lambda session: session.add(a_bill()))

    def late(session) -> str:
        row = session.exec(select(Bill).options(defer(Bill.text))).one()
        row.amount_cents = 1
        return row.text

    assert tables.run(late) == "Canary"
    assert load(tables).amount_cents == 1


def test_a_row_is_loaded_with_all_that_its_mac_covers(tables) -> None:
    tables.run(lambda session: session.add(a_bill()))
    with pytest.raises(RuntimeError, match="load bills with its column 'state'"), tables.reading() as session:
        session.exec(select(Bill).options(defer(Bill.state))).one()


@pytest.mark.parametrize(
    "statement",
    [
        update(Bill).values(amount_cents=1),
        insert(Bill).values(organization_id="org_a", id="bill_3", month=date(2026, 3, 1), state="s", amount_cents=1),
        delete(Bill),
    ],
)
def test_a_bulk_statement_on_a_protected_table_is_refused(tables, statement) -> None:
    with pytest.raises(RuntimeError, match="bills is written only through its rows"):
        tables.run(lambda session: session.execute(statement))
