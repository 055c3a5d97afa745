"""The content hash, held to bytes written by hand."""

import hashlib

from services.notes.domain.content import canonical, content_hash


def test_canonical_json_sorts_keys_drops_white_space_and_keeps_unicode() -> None:
    content = {"b": [1, None, 'é\n"\\/'], "a": {"z": True, "y": ""}}
    expected = '{"a":{"y":"","z":true},"b":[1,null,"é\\n\\"\\\\/"],"id":"note_0001"}'.encode()
    assert canonical("note_0001", content) == expected
    assert content_hash("note_0001", content) == hashlib.sha256(expected).hexdigest()


def test_the_order_of_members_does_not_matter_and_the_notes_id_does() -> None:
    assert content_hash("note_0001", {"a": 1, "b": 2}) == content_hash("note_0001", {"b": 2, "a": 1})
    assert content_hash("note_0001", {"a": 1}) != content_hash("note_0002", {"a": 1})
