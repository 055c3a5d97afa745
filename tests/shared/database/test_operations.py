"""The event feed is ordered and gap-free per organization, whoever writes at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlmodel import select

from shared.contracts.common import Actor
from shared.database.operations import AuditEntry, add_audit, add_event, events_after
from shared.ids import random_ids
from shared.tenancy import acting_for
from tests.harness.clocks import STARTS_AT

WRITERS = 6
EACH = 6


def happen(database, organization: str, subject: str, *, fail: bool = False) -> None:
    def write(session) -> None:
        add_event(
            session, random_ids, organization_id=organization, at=STARTS_AT, kind="note.signed", subject_id=subject
        )
        if fail:
            raise KeyError("after the event")

    database.run(write)


def feed(database, organization: str, after: int = 0, limit: int = 1000):
    with database.reading() as session:
        return events_after(session, organization, after, limit)


def test_concurrent_writers_leave_no_gap_and_no_double(tables) -> None:
    def many(writer: int) -> None:
        for turn in range(EACH):
            happen(tables, f"org_{writer % 2}", f"note_{writer}_{turn}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(many, range(WRITERS)))
    for organization in ("org_0", "org_1"):
        assert [item.sequence for item in feed(tables, organization)] == list(range(1, WRITERS * EACH // 2 + 1))


def test_a_long_write_beside_many_short_ones_of_its_organization_is_refused_once(tables, reopened) -> None:
    """Each time that it has read, others try to write before it ends; a second time they wait for it."""
    calls, others = [], reopened()
    happen(tables, "org_a", "note_1")
    with ThreadPoolExecutor(4) as pool:

        def long(session) -> None:
            events_after(session, "org_a", 0, 1000)
            calls.append(pool.submit(happen, others, "org_a", f"short_{len(calls)}"))
            with suppress(TimeoutError):
                calls[-1].result(timeout=0.5)
            add_event(session, random_ids, organization_id="org_a", at=STARTS_AT, kind="note.signed", subject_id="long")

        with acting_for("org_a"):
            tables.run(long)
    shorts = [f"short_{number}" for number in range(len(calls))]
    assert len(calls) <= 2
    assert [item.subject_id for item in feed(tables, "org_a")] == ["note_1", *shorts[:-1], "long", shorts[-1]]


def test_what_is_rolled_back_leaves_no_gap(tables) -> None:
    happen(tables, "org_a", "note_1")
    with pytest.raises(KeyError):
        happen(tables, "org_a", "note_2", fail=True)
    happen(tables, "org_a", "note_3")
    assert [(item.sequence, item.subject_id) for item in feed(tables, "org_a")] == [(1, "note_1"), (2, "note_3")]


def test_the_feed_can_be_replayed_from_any_place(tables) -> None:
    for number in range(5):
        happen(tables, "org_a", f"note_{number}")
    assert [item.subject_id for item in feed(tables, "org_a", after=2, limit=2)] == ["note_2", "note_3"]
    assert feed(tables, "org_a", after=5) == []
    assert feed(tables, "org_b") == []


def test_the_audit_trail_keeps_who_and_seals_the_person(tables) -> None:
    actor = Actor(id="th_1", name="Canary Quillfeather", role="therapist")
    tables.run(
        lambda session: add_audit(
            session,
            random_ids,
            organization_id="org_a",
            at=STARTS_AT,
            client_id="cli_1",
            action="note.signed",
            subject_id="note_1",
            actor=actor,
        )
    )
    with tables.reading() as session:
        (row,) = session.exec(select(AuditEntry))
    assert (row.client_id, row.action, row.actor["name"]) == ("cli_1", "note.signed", "Canary Quillfeather")
