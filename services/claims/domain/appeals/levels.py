"""The levels of dispute of a payer: which one comes next, until when it may be sent, when its answer is due.

The days are the profile's data, each with its source. Where a profile names no level, the first is an appeal of which
no last day is known; where it names some, what comes after the last is no appeal to this payer any more. Days are local
dates of the practice, and the last one counts: a notice of 2025-10-01 and 180 days end on 2026-03-30.
"""

from dataclasses import dataclass
from datetime import date

from shared.dates import add_days
from shared.payer_profiles import DisputeWindow, PayerProfile

MAX_LEVELS = 5
FOLLOW_UP_DAYS = 14
"""How long a payer has to answer if its profile does not say."""
UNNAMED = "appeal"
"""What a level is called that the profile does not name."""
NO_DOCUMENT = "No document at hand says until when this payer takes it: ask, and put `disputes` in the payer's settings"


@dataclass(frozen=True, slots=True)
class AppealLevel:
    """One level as it stands for a claim: `last_day` is the last day to send it, None where that is not known."""

    level: int
    kind: str
    last_day: date | None
    source: str
    answer_days: int | None = None
    answer_source: str = ""


def level_of(profile: PayerProfile, level: int, *, notice_on: date, date_of_service: date) -> AppealLevel | None:
    """A level of this payer, counted from the notice that it disputes; None where the payer has no such level."""
    window = _window(profile, level)
    if window is None:
        unknown = not profile.disputes and level <= MAX_LEVELS
        return AppealLevel(level, UNNAMED, None, NO_DOCUMENT) if unknown else None
    start = date_of_service if window.counts_from == "date_of_service" else notice_on
    last_day = add_days(start, window.days) if window.days is not None else None
    source = window.source or NO_DOCUMENT
    return AppealLevel(level, window.kind, last_day, source, window.answer_days, window.answer_source)


def answer_due(found: AppealLevel, sent_on: date, days_of_silence: int) -> date:
    """When the payer must have decided; where no document says so, after the longest silence of its profile."""
    return add_days(sent_on, days_of_silence if found.answer_days is None else found.answer_days)


def _window(profile: PayerProfile, level: int) -> DisputeWindow | None:
    """The window of a level; of several the one that is called an appeal."""
    windows = [one for one in profile.disputes if one.level == level]
    return next((one for one in windows if one.kind == UNNAMED), windows[0] if windows else None)


def follow_up_days_of(profile: PayerProfile) -> tuple[int, ...]:
    """After how many days of silence the payer is asked."""
    return profile.follow_up_days or (FOLLOW_UP_DAYS,)
