"""Member ids as they are compared: cards and payers differ in case and dashes."""

MEMBER_FIELD = "member_id"
"""The name of the blind index."""


def member_key(member_id: str) -> str:
    """The member id in the one form that all ways to write it share."""
    return member_id.replace("-", "").upper()
