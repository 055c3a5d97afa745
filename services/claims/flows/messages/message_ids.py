"""Ids of what is received: derived, so that a message that comes again is the same row."""

import hashlib

DIGITS = 26


def received_id(account: str, source_id: str) -> str:
    """The id of a message that the clearinghouse calls `source_id` in the mailbox of an account: two mailboxes may use
    the same."""
    return "msg_" + _digest(account, source_id)


def part_id(received: str, npi: str, claims_of: str) -> str:
    """The id of the part of a received message that is nobody's, by what it names."""
    return "prt_" + _digest(received, npi, claims_of)


def routed_id(part: str) -> str:
    """The id of the message that an unrouted part becomes in an organization, which may have a part of its own."""
    return "msg_" + _digest(part)


def uploaded_id(content: str) -> str:
    """The id of a message that somebody of the organization has uploaded or typed, by its content."""
    return "msg_" + _digest("upload", content)


def asked_id(interchange_control_number: str) -> str:
    """The id of the message that came back for a question of ours, by the question's own number."""
    return "msg_" + _digest("asked", interchange_control_number)


def _digest(*words: str) -> str:
    # With their lengths: no two lists of words give the same text.
    return hashlib.sha256("".join(f"{len(word)}:{word}" for word in words).encode()).hexdigest()[:DIGITS]
