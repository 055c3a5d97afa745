"""Codes of the wire in places that are stored unsealed: reasons of ledger entries, quarantines and next actions.

A code (an adjustment's reason, a status category, a segment's id) is written there only where it has the form of such a
code: anything else could be a name or a member id in its place.
"""

import re

CODE = re.compile(r"[A-Z]{0,2}[0-9]{1,3}[A-Z]?|[A-Z][A-Z0-9]{1,2}")
"""45, A1, P14, N130, WO, STC, F3F: at most six characters, and letters alone only up to three."""
UNKNOWN_CODE = "?"
MESSAGE_KINDS = frozenset({"TA1", "999", "997", "277CA", "277", "835", "271", "278", "824", "too_large"})
UNKNOWN_KIND = "unknown"


def wire_code(code: str) -> str:
    """The code, or `?` in place of what does not look like one."""
    return code if CODE.fullmatch(code) else UNKNOWN_CODE


def message_kind(kind: str) -> str:
    """The kind of message that the clearinghouse names, or `unknown`."""
    return kind if kind in MESSAGE_KINDS else UNKNOWN_KIND
