"""Rotating the keys that tokens are signed with, from the `handbill` command; processes that run see it themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.access.domain.signing_schedule import State, ends_at, state_of
from services.access.signing import KeyFile, add_key, pin_keys, read_keys


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key of the folder: what it does now, and when it is published no longer (None: nobody follows yet)."""

    key_id: str
    state: State
    signs_from: datetime
    ends_at: datetime | None


def list_keys(path: Path, now: datetime) -> list[ListedKey]:
    """In the order in which they sign; `path` is the first key's file."""
    found = [one.scheduled for one in read_keys(path)]
    return [ListedKey(one.key_id, state_of(found, one, now), one.signs_from, ends_at(found, one)) for one in found]


def rotate(path: Path, now: datetime, after: timedelta) -> KeyFile:
    """A new key, published at once, that signs `after` this moment. Keys whose last token has ended are removed."""
    keys = read_keys(path)
    made = add_key(path, now + after)
    _remove([one for one in keys if state_of([key.scheduled for key in keys], one.scheduled, now) == "ended"])
    pin_keys(path)
    return made


def replace_leaked(path: Path, now: datetime) -> KeyFile:
    """A new key that signs at once, and no other key any more: all tokens that are out hold no longer."""
    keys = read_keys(path)
    made = add_key(path, now)
    _remove([one for one in keys if one.file != made.file])
    pin_keys(path)
    return made


def _remove(keys: list[KeyFile]) -> None:
    for one in keys:
        one.file.unlink(missing_ok=True)
