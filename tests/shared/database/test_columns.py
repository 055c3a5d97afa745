"""Moments are aware and in UTC on both databases."""

from datetime import datetime

import pytest
from pydantic import TypeAdapter
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from shared.contracts.common import PersonName
from shared.database import ContractCodec, TypedJson
from shared.database.operations import EventEntry


def entry(at: datetime) -> EventEntry:
    return EventEntry(organization_id="org_a", id="evt_1", sequence=1, type="t", subject_id="s", occurred_at=at)


def test_a_moment_comes_back_as_the_same_instant_in_utc(tables) -> None:
    at = datetime.fromisoformat("2026-11-01T01:30:00.123456-07:00")
    tables.run(lambda session: session.add(entry(at)))
    with tables.reading() as session:
        found = session.get(EventEntry, ("org_a", "evt_1")).occurred_at
    assert found == at
    assert found.isoformat() == "2026-11-01T08:30:00.123456+00:00"


def test_a_moment_without_offset_is_refused(tables) -> None:
    with pytest.raises(StatementError, match="a moment needs its offset"):
        tables.run(lambda session: session.add(entry(datetime.fromisoformat("2026-11-01T01:30:00"))))


class Names(TypedJson):
    contract = TypeAdapter(list[PersonName])


NADIA = PersonName(first="Nadia", last="Whitlock")
PLAIN = {"first": "Nadia", "last": "Whitlock", "middle": None}


def test_a_value_of_a_contract_type_is_kept_as_json_and_comes_back_typed() -> None:
    column, dialect = Names(), sqlite.dialect()
    assert column.process_bind_param([NADIA], dialect) == [PLAIN]
    assert column.process_result_value([PLAIN | {"pronoun": "she"}], dialect) == [NADIA]
    assert column.process_bind_param(None, dialect) is column.process_result_value(None, dialect) is None


def test_a_sealed_contract_is_read_back_also_with_members_of_a_newer_release() -> None:
    codec = ContractCodec(PersonName)
    assert codec.decode(codec.encode(NADIA)) == NADIA
    assert codec.decode(b'{"first":"Nadia","last":"Whitlock","pronoun":"she"}') == NADIA
