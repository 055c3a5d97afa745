"""The content of a note and its hash, so that a signature says exactly what was signed.

The hash is SHA-256, in hex, of the content as canonical JSON: the members of a PUT without `actor`, together with
the note's `id`; every member present, also the empty ones; keys sorted; no white space; UTF-8 without escapes that
JSON does not ask for. Moments are as the note shows them (`2026-05-04T09:00:00-07:00`, `Z` for UTC). For these types
that is RFC 8785, so that any canonical-JSON library finds the same hash.
"""

import hashlib
import json
from typing import Any

Content = dict[str, Any]


def canonical(note_id: str, content: Content) -> bytes:
    """The bytes that are hashed."""
    whole = {"id": note_id, **content}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(note_id: str, content: Content) -> str:
    """64 hex characters."""
    return hashlib.sha256(canonical(note_id, content)).hexdigest()
