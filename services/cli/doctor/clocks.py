"""Clocks: this machine's against those of the databases, of access and of the clearinghouse; and its time zones."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from sqlmodel import select

from services.cli.doctor.connections import at_clearinghouse
from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, ok
from shared.dates import is_zone

APART = timedelta(seconds=30)
"""Tokens are refused and waits are wrong from about here on; time servers keep machines within milliseconds."""
MEND = "Let a time server set the clock of every machine (chrony, systemd-timesyncd)."


def clocks(examination: Examination) -> Iterator[Finding]:
    """The wall clock against others' clocks."""
    others = list(_others(examination))
    for name, ours, theirs in others:
        apart = (ours - theirs).total_seconds()
        if abs(apart) >= APART.total_seconds():
            how = "ahead of" if apart > 0 else "behind"
            yield fail(f"This machine's clock is {abs(apart):.0f} s {how} that of {name}.", MEND)
    now = examination.clock.now()
    names = ", ".join(name for name, _, _ in others) or "nobody, since nobody answers"
    yield ok(f"It is {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC here; compared with {names}.")


def time_zones(examination: Examination) -> Iterator[Finding]:
    """Local dates of practices need the zone database of this machine."""
    from services.access.store import OrganizationRow

    zones = {"America/Los_Angeles"}
    if "organizations" in getattr(examination.readable.get("access"), "tables", ()):
        with examination.database("access").reading() as session:
            zones |= set(session.exec(select(OrganizationRow.time_zone).distinct()))
    if unknown := sorted(zone for zone in zones if not is_zone(zone)):
        yield fail(
            f"The zone database of this machine does not have {', '.join(unknown)}.",
            "Install tzdata, the system's or Python's package of that name.",
        )
    yield ok(f"{len(zones)} time zones of practices are known; this machine's own is {datetime.now().astimezone():%Z}.")


def _others(examination: Examination) -> Iterator[tuple[str, datetime, datetime]]:
    """Name, our time and their time at one moment."""
    for service, state in examination.databases.items():
        if state.found is not None and state.found.now is not None:
            yield f"the database of {service}", state.at, state.found.now
    if examination.before_start:
        return
    access = examination.answers.get("access")
    if access and access.found and (date := _date(access.found.ready.headers)):
        yield "access", access.at, date
    for answered in at_clearinghouse(examination)[:1]:
        if answered.answer and (date := _date(answered.answer.headers)):
            yield "the clearinghouse", answered.at, date


def _date(headers: httpx.Headers) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None
