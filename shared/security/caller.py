"""The API client behind a request, as flows see it: who is asking, and whose rows she may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """What a verified token says of its bearer. `time_zone` is the organization's, an IANA name."""

    organization_id: str
    client_id: str
    time_zone: str
    scopes: frozenset[str]
