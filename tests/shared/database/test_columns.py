"""Moments are aware and in UTC on both databases."""

from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from shared.database.operations import AuditEntry


def entry(at: datetime) -> AuditEntry:
    return AuditEntry(organization_id="org_a", id="aud_1", at=at, client_id="c", action="a", subject_id="s")


def test_a_moment_comes_back_as_the_same_instant_in_utc(tables) -> None:
    at = datetime.fromisoformat("2026-11-01T01:30:00.123456-07:00")
    tables.run(lambda session: session.add(entry(at)))
    with tables.reading() as session:
        found = session.get(AuditEntry, ("org_a", "aud_1")).at
    assert found == at
    assert found.isoformat() == "2026-11-01T08:30:00.123456+00:00"


def test_a_moment_without_offset_is_refused(tables) -> None:
    with pytest.raises(StatementError, match="a moment needs its offset"):
        tables.run(lambda session: session.add(entry(datetime.fromisoformat("2026-11-01T01:30:00"))))
