"""The audit trail of an organization is a chain: numbered without gaps, each entry's MAC over the one before."""

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from shared.contracts.common import Actor
from shared.database.chain import canonical_entry
from shared.database.history import alembic_config
from shared.database.migrating import migrate
from shared.database.operations import AuditEntry, ChainHead, Outcome, add_audit, add_event, events_after
from shared.ids import random_ids
from tests.harness.clocks import STARTS_AT

WRITERS = 6
EACH = 6
ACTOR = Actor(id="th_1", name="Canary Quillfeather", role="therapist")


def record(database, organization: str, *actions: str, fail: bool = False, **more) -> None:
    def write(session) -> None:
        for action in actions:
            add_audit(
                session,
                random_ids,
                organization_id=organization,
                at=STARTS_AT,
                action=action,
                subject_id="note_1",
                **more,
            )
        if fail:
            raise KeyError("after the entry")

    database.run(write)


def trail(database, organization: str) -> list[AuditEntry]:
    with database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.organization_id == organization).order_by(AuditEntry.sequence)
        return list(session.exec(query))


def assert_linked(database, organization: str, count: int) -> None:
    previous = ""
    entries = trail(database, organization)
    assert [one.sequence for one in entries] == list(range(1, count + 1))
    for one in entries:
        assert one.previous_mac == previous
        assert database.vault.mac_holds(organization, "audit", canonical_entry(database.service, one), one.mac)
        previous = one.mac
    with database.reading() as session:
        head = session.get(ChainHead, (organization, "head"))
    assert (head.sequence, head.mac) == (count, previous)


@pytest.mark.safeguard("164.312(b)")
def test_concurrent_writers_of_two_organizations_make_two_chains_without_gaps(tables) -> None:
    def many(writer: int) -> None:
        for turn in range(EACH):
            record(tables, f"org_{writer % 2}", f"act.{writer}.{turn}", actor=ACTOR)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(many, range(WRITERS)))
    for organization in ("org_0", "org_1"):
        assert_linked(tables, organization, WRITERS * EACH // 2)


def test_entries_of_one_transaction_are_linked_in_the_order_in_which_they_were_added(tables) -> None:
    record(tables, "org_a", "one", "two", "three")
    record(tables, "org_a", "four")
    assert [one.action for one in trail(tables, "org_a")] == ["one", "two", "three", "four"]
    assert_linked(tables, "org_a", 4)


def test_what_is_rolled_back_leaves_no_gap_in_the_chain(tables) -> None:
    record(tables, "org_a", "one")
    with pytest.raises(KeyError):
        record(tables, "org_a", "two", fail=True)
    record(tables, "org_a", "three")
    assert [one.action for one in trail(tables, "org_a")] == ["one", "three"]
    assert_linked(tables, "org_a", 2)


def test_an_event_and_an_entry_of_one_transaction_share_the_head_and_keep_their_own_numbers(tables) -> None:
    def write(session) -> None:
        for name in ("one", "two"):
            add_event(session, random_ids, organization_id="org_a", at=STARTS_AT, kind=name, subject_id="note_1")
        add_audit(session, random_ids, organization_id="org_a", at=STARTS_AT, action="both", subject_id="note_1")

    tables.run(write)
    record(tables, "org_a", "alone")
    with tables.reading() as session:
        assert [event.sequence for event in events_after(session, "org_a", 0, 10)] == [1, 2]
        assert session.get(ChainHead, ("org_a", "head")).event_sequence == 2
    assert_linked(tables, "org_a", 2)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("id", "aud_other"),
        ("at", STARTS_AT.replace(minute=1)),
        ("wall_at", STARTS_AT.replace(minute=1)),
        ("client_id", "cli_2"),
        ("action", "note.read"),
        ("subject_id", "note_2"),
        ("patient_id", None),
        ("actor", None),
        ("purpose", None),
        ("reason", "none"),
        ("outcome", "refused"),
        ("request_id", None),
        ("changes", [["notes", "note_1", None]]),
        ("sequence", 2),
        ("previous_mac", "0"),
        ("organization_id", "org_b"),
    ],
)
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.safeguard("164.312(b)", "164.312(c)(1)")
def test_the_mac_of_an_entry_is_over_every_member(tables, member, value) -> None:
    record(
        tables,
        "org_a",
        "note.signed",
        client_id="cli_1",
        actor=ACTOR,
        patient_id="pat_1",
        purpose="treatment",
        reason="because",
        outcome=Outcome.DONE,
        request_id="req_1",
        wall_at=STARTS_AT,
    )
    (entry,) = trail(tables, "org_a")
    before = canonical_entry("notes", entry)
    assert canonical_entry("claims", entry) != before
    setattr(entry, member, value)
    assert canonical_entry("notes", entry) != before
    assert set(AuditEntry.model_fields) == {*MEMBERS, "mac"}


MEMBERS = {
    "organization_id", "id", "sequence", "at", "wall_at", "client_id", "action", "subject_id", "patient_id", "actor",
    "purpose", "reason", "outcome", "request_id", "changes", "previous_mac",
}  # fmt: skip


def test_entries_from_before_the_chain_are_numbered_in_order_of_time_and_the_chain_goes_on_after_them(database) -> None:
    with as_file(files("services.notes") / "migrations") as folder, database.engine.begin() as connection:
        command.upgrade(alembic_config(folder, connection), "0001")
        for organization, identifier, minute in (
            ("a", "aud_9", 1),
            ("a", "aud_1", 2),
            ("a", "aud_2", 2),
            ("b", "x", 0),
        ):
            connection.execute(
                text("INSERT INTO audit_entries (organization_id, id, at, client_id, action, subject_id) VALUES "
                     f"('{organization}', '{identifier}', '2026-03-02 17:0{minute}:00', 'c', 'act', 's')")
            )  # fmt: skip
        for organization, sequence in (("a", 1), ("a", 2), ("c", 1)):
            connection.execute(
                text("INSERT INTO events (organization_id, id, sequence, type, subject_id, occurred_at, data) VALUES "
                     f"('{organization}', 'evt_{sequence}', {sequence}, 't', 's', '2026-03-02 17:00:00', '{{}}')")
            )  # fmt: skip
    migrate(database, "notes", contract=True)
    record(database, "a", "new")
    assert [(one.id, one.sequence, one.mac) for one in trail(database, "a")][:3] == [
        ("aud_9", 1, ""),
        ("aud_1", 2, ""),
        ("aud_2", 3, ""),
    ]
    assert [(one.sequence, one.action, one.previous_mac) for one in trail(database, "a")][3:] == [(4, "new", "")]
    with database.reading() as session:
        heads = {one.organization_id: (one.event_sequence, one.sequence) for one in session.exec(select(ChainHead))}
    assert heads == {"a": (2, 4), "b": (0, 1), "c": (1, 0)}
