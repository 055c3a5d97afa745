"""Which signing key signs, and which are published, at a moment.

Keys follow one another by the moment from which each signs. A new one is published before it signs, so that every
service has it by then; the one before stays published until the last token that it signed has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

LONGEST_TOKEN = timedelta(seconds=3600)
LEEWAY = timedelta(seconds=60)
"""For clocks that differ, here and where tokens are checked."""
State = Literal["published", "signing", "ending", "ended"]


@dataclass(frozen=True, slots=True)
class ScheduledKey:
    """A key by its id, the RFC 7638 thumbprint, and the moment from which it signs."""

    key_id: str
    signs_from: datetime


def in_order(keys: Sequence[ScheduledKey]) -> list[ScheduledKey]:
    """By the moment from which they sign."""
    return sorted(keys, key=lambda one: (one.signs_from, one.key_id))


def signing_key(keys: Sequence[ScheduledKey], now: datetime) -> ScheduledKey:
    """The newest one that may sign; the oldest where none may yet, as when the clock was set back. `keys` is not
    empty."""
    ordered = in_order(keys)
    return next((one for one in reversed(ordered) if one.signs_from <= now), ordered[0])


def ends_at(keys: Sequence[ScheduledKey], key: ScheduledKey) -> datetime | None:
    """When the last token that this key signs has ended everywhere; None while no other follows."""
    following = [one for one in in_order(keys) if (one.signs_from, one.key_id) > (key.signs_from, key.key_id)]
    return following[0].signs_from + LONGEST_TOKEN + LEEWAY if following else None


def state_of(keys: Sequence[ScheduledKey], key: ScheduledKey, now: datetime) -> State:
    """`published` before it signs, `signing`, `ending` while its tokens live, `ended`: published no longer."""
    if key == signing_key(keys, now):
        return "signing"
    if key.signs_from > now:
        return "published"
    end = ends_at(keys, key)
    return "ended" if end is not None and end < now else "ending"
