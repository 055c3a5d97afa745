"""Reading profiles: packaged TOML files that extend one another, and a payer's own settings laid over them.

Everything is checked whole before it is used: a key we do not know or a value of the wrong kind refuses the profile
and names the key, never the value.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from shared.codesets import bundled
from shared.codesets.programs import INJURY, Program
from shared.payer_profiles.shape import (
    DisputeWindow,
    LatePaymentInterest,
    ModifierWant,
    PayerProfile,
    ProgressReport,
    VisitStep,
)

MAX_EXTENDS = 5
MAX_ITEMS = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
_CHOICES = {
    "unit_method": {"cms", "ama"},
    "units_on_lines": {"together", "apart"},
    "same_day_visits": {"separate", "combined"},
    "massage_therapists": {"pays", "ask", "refuses"},
    "manual_therapy_by_massage_therapist": {"pays", "ask", "refuses"},
    "authorization": {"none", "ask", "required", "by_visits"},
    "authorization_on_lines": {"never", "differing", "every"},
    "referral": {"none", "ask", "required"},
    "ncci_modifier_line": {"column1", "column2"},
    "secondary_counts_from": {"date_of_service", "remittance"},
    "corrected_claims": {"replacement", "new", "reopening"},
    "corrected_claim_counts_from": {"date_of_service", "remittance"},
}

_FILING_LIMITS = {"timely_filing_days", "timely_filing_months"}
"""Two ways to say one limit: a profile that sets either takes the place of what it extends, and of who said that."""
_SAID_OF_LIMITS = {"timely_filing_source", "timely_filing_presumed"}


class ProfileError(ValueError):
    """A profile that does not exist or cannot be used. It names the key and never the value."""


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 500:
        raise TypeError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**9:
        raise TypeError
    return value


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(_text(value))


def _items(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > MAX_ITEMS:
        raise TypeError
    return list(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in _items(value))


def _numbers(value: Any) -> tuple[int, ...]:
    return tuple(_number(item) for item in _items(value))


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping) or len(value) > MAX_ITEMS:
        raise TypeError
    return tuple((_text(key), _text(other)) for key, other in value.items())


def _lists(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, Mapping) or len(value) > MAX_ITEMS:
        raise TypeError
    return tuple((_text(key), _texts(items)) for key, items in value.items())


def _wants(value: Any) -> tuple[ModifierWant, ...]:
    """Modifiers as bare codes, or as tables with codes, days and source."""
    wants = []
    for item in _items(value):
        given = {"modifier": item} if isinstance(item, str) else dict(item)
        wants.append(_made(ModifierWant, given))
    return tuple(wants)


def _steps(value: Any) -> tuple[VisitStep, ...]:
    return tuple(_made(VisitStep, item) for item in _items(value))


def _reports(value: Any) -> tuple[ProgressReport, ...]:
    return tuple(_made(ProgressReport, item) for item in _items(value))


def _windows(value: Any) -> tuple[DisputeWindow, ...]:
    return tuple(_made(DisputeWindow, item) for item in _items(value))


def _interest(value: Any) -> tuple[LatePaymentInterest, ...]:
    return tuple(_made(LatePaymentInterest, item) for item in _items(value))


_READERS: dict[str, Callable[[Any], Any]] = {
    "Program": Program,
    "str": _text,
    "bool": _flag,
    "bool | None": _flag,
    "int": _number,
    "int | None": _number,
    "date | None": _day,
    "tuple[str, ...]": _texts,
    "tuple[int, ...]": _numbers,
    "tuple[tuple[str, str], ...]": _pairs,
    "tuple[tuple[str, tuple[str, ...]], ...]": _lists,
    "tuple[ModifierWant, ...]": _wants,
    "tuple[VisitStep, ...]": _steps,
    "tuple[ProgressReport, ...]": _reports,
    "tuple[DisputeWindow, ...]": _windows,
    "tuple[LatePaymentInterest, ...]": _interest,
}


def _made(kind: type[Any], given: Mapping[str, Any]) -> Any:
    """A value of one of our frozen shapes from plain data; ``ProfileError`` names the key that does not fit."""
    kinds = {field.name: str(field.type) for field in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in kinds:
            raise ProfileError(f"a profile has no setting {key!r}" if _NAME.fullmatch(key) else "a setting has no name")
        try:
            values[key] = _READERS[kinds[key]](value)
        except (TypeError, ValueError) as error:
            if isinstance(error, ProfileError):
                raise
            raise ProfileError(f"the setting {key!r} of a profile has a value of the wrong kind") from None
        if key in _CHOICES and values[key] not in _CHOICES[key]:
            raise ProfileError(f"the setting {key!r} of a profile is none of {', '.join(sorted(_CHOICES[key]))}")
    try:
        return kind(**values)
    except TypeError:
        raise ProfileError(f"a {kind.__name__} of a profile lacks a setting") from None


def profile_names() -> tuple[str, ...]:
    """Names of all packaged profiles."""
    folder = files("shared.payer_profiles").joinpath("data")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@lru_cache(maxsize=64)
def _packaged(name: str) -> Mapping[str, Any]:
    if not _NAME.fullmatch(name) or name not in profile_names():
        raise ProfileError("there is no profile of that name")
    text = files("shared.payer_profiles").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _laid(given: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    base = given.get("extends")
    if base is None:
        return {key: value for key, value in given.items() if value is not None}
    if depth >= MAX_EXTENDS:
        raise ProfileError("a profile extends too many others")
    if not isinstance(base, str):
        raise ProfileError("the setting 'extends' of a profile has a value of the wrong kind")
    under = _laid(_packaged(base), depth + 1)
    over = {key: value for key, value in given.items() if value is not None and key not in {"extends", "unset"}}
    try:
        dropped = _texts(given.get("unset", ()))
    except TypeError:
        raise ProfileError("the setting 'unset' of a profile is no list of names of settings") from None
    under = {key: value for key, value in under.items() if key not in dropped}
    # A limit that is laid over takes the place of the base's, also where one counts days and the other months.
    if _FILING_LIMITS & over.keys():
        under = {key: value for key, value in under.items() if key not in _FILING_LIMITS | _SAID_OF_LIMITS}
    return {**under, "profile": base, **over}


def profile_from(settings: Mapping[str, Any]) -> PayerProfile:
    """A profile of plain settings; ``extends`` names a packaged one, and settings that are None change nothing.

    Raises ``ProfileError`` for unknown names and keys and for values of the wrong kind.
    """
    profile = _made(PayerProfile, _laid(settings))
    if not isinstance(profile, PayerProfile):
        raise ProfileError("the settings make no profile")
    if {severity for _, severity in profile.severities} - {"block", "warn", "info"}:
        raise ProfileError("the setting 'severities' of a profile has a value of the wrong kind")
    return profile


def profile_under_law_of(name: str, state: str) -> str:
    """The packaged profile that holds for an injury in a state (two letters, or empty where it is not known).

    The law of the accident's state decides, not that of the insurer or the practice. A profile of one payer, and one
    of a program that pays for no injury, stays what it is; where a state's law is not packaged, its program's is taken.
    """
    named = profile_named(name)
    if named.program not in INJURY or state not in bundled().states or named.state == state:
        return name
    of_program = [profile_named(other) for other in profile_names() if profile_named(other).program == named.program]
    if not named.state_law and named.state:
        return name
    laws = [one.profile for one in of_program if one.state_law and one.state == state]
    general = [one.profile for one in of_program if not one.state]
    return (laws or general or [name])[0]


@lru_cache(maxsize=64)
def profile_named(name: str) -> PayerProfile:
    """A packaged profile. Raises ``ProfileError`` for a name that is not among ``profile_names()``."""
    return profile_from({"extends": name})
