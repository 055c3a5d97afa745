"""Stored documents: read at any version that was written, refused when newer, tolerant of members they do not know."""

import json
from typing import Any

import msgspec
import pytest

from services.claims.document import DocumentUnreadable, VersionedCodec
from shared.contracts.common import PersonName


class Visit(msgspec.Struct, frozen=True):
    """A toy document at its third version: `minutes` was `length` in the first, `patient` came with the third."""

    schema_version: int
    minutes: int
    patient: PersonName


def renamed_length(plain: dict[str, Any]) -> dict[str, Any]:
    return {"minutes": plain["length"]}


def added_patient(plain: dict[str, Any]) -> dict[str, Any]:
    return {**plain, "patient": {"first": "Nadia", "last": "Whitlock"}}


CODEC = VersionedCodec(Visit, version=3, upcasters={1: renamed_length, 2: added_patient})
NEWEST = Visit(3, 50, PersonName(first="Nadia", last="Whitlock"))


@pytest.mark.parametrize(
    "stored",
    [
        {"schema_version": 1, "length": 50},
        {"schema_version": 2, "minutes": 50},
        {"schema_version": 3, "minutes": 50, "patient": {"first": "Nadia", "last": "Whitlock"}},
    ],
)
def test_a_document_of_every_version_is_read_as_the_newest(stored):
    assert CODEC.decode(json.dumps(stored).encode()) == NEWEST


def test_what_is_written_is_of_the_newest_version_and_reads_back_the_same():
    written = CODEC.encode(NEWEST)
    assert json.loads(written) == {
        "schema_version": 3,
        "minutes": 50,
        "patient": {"first": "Nadia", "last": "Whitlock", "middle": None},
    }
    assert CODEC.decode(written) == NEWEST


def test_members_that_are_not_known_are_ignored_at_every_depth():
    stored = {
        "schema_version": 3,
        "minutes": 50,
        "room": "blue",
        "patient": {"first": "Nadia", "last": "Whitlock", "pronoun": "she"},
    }
    assert CODEC.decode(json.dumps(stored).encode()) == NEWEST


@pytest.mark.parametrize("version", [0, 4])
def test_a_document_of_a_version_that_is_not_known_is_refused_by_its_number(version):
    with pytest.raises(DocumentUnreadable, match=f"schema version {version}; this release reads up to 3"):
        CODEC.decode(json.dumps({"schema_version": version, "minutes": 50}).encode())


@pytest.mark.parametrize(
    "stored", [b"", b"[]", b"{}", b'{"schema_version":3,"minutes":"Whitlock","patient":{"first":"N","last":"W"}}']
)
def test_bytes_that_are_no_document_are_refused_without_quoting_them(stored):
    with pytest.raises(DocumentUnreadable) as refused:
        CODEC.decode(stored)
    assert str(refused.value) == "a stored Visit cannot be read"
    assert refused.value.__cause__ is None
