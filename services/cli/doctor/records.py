"""What is kept outside of the databases for the day on which one is needed: audit anchors and backups."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import select

from services.cli.backup import last_backup
from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, ok, warn
from shared.database.heads import ChainHead
from shared.private_files import read_private_file

OLD_BACKUP = timedelta(days=2)
BACK_UP = "Run: handbill backup DIR, daily, and keep its copy on another machine."
WRITTEN_LATE = timedelta(minutes=10)
MAX_BYTES = 100_000_000


def anchors(examination: Examination) -> Iterator[Finding]:
    """How far the audit chains went, as the anchors outside of each database have it."""
    written: list[datetime] = []
    for service, state in examination.readable.items():
        if "chain_heads" not in state.tables:
            continue
        file = examination.settings.anchors_dir / f"{service}.json"
        ends = _ends(examination, service)
        if not file.exists():
            if ends:
                yield warn(f"The audit trail of {service} has no anchor.", "Let its process write to anchors/.")
            continue
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        written.append(at)
        yield from _held(service, file, ends, examination.clock.now() - at)
    last = f"; the last was written on {max(written):%Y-%m-%d %H:%M} UTC" if written else ""
    yield ok(f"{len(written)} services have anchors{last}.")


def backups(examination: Examination) -> Iterator[Finding]:
    """When the databases were last backed up, as far as this installation knows."""
    last = last_backup(examination.settings)
    if last is None:
        if any(_ends(examination, service) for service in examination.readable):
            yield warn("No backup was made with handbill backup, as far as is known here.", BACK_UP)
        yield ok("There is nothing to back up yet.")
        return
    age, said = examination.clock.now() - last.made_at, f"The last backup is of {last.made_at:%Y-%m-%d %H:%M} UTC"
    if age > OLD_BACKUP:
        yield warn(f"{said}, {age.days} days ago.", BACK_UP)
    yield ok(f"{said}, in {last.folder}.")


def _held(service: str, file: Path, ends: dict[str, int], age: timedelta) -> Iterator[Finding]:
    try:
        kept = {
            str(owner): int(end[0]) for owner, end in json.loads(read_private_file(file, MAX_BYTES))["ends"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        yield fail(f"{file} is damaged.", "Put it back from a copy, or move it away; then: handbill audit verify")
        return
    back = sum(sequence > ends.get(owner, 0) for owner, sequence in kept.items())
    ahead = sum(sequence > kept.get(owner, 0) for owner, sequence in ends.items())
    if back:
        yield fail(
            f"The database of {service} is older than its anchor in {back} audit trails.",
            "Was it restored, or set back? Run: handbill audit verify",
        )
    elif ahead and age > WRITTEN_LATE:
        yield warn(
            f"{ahead} audit trails of {service} are ahead of {file}.",
            "See that its process can write there; it does when it stops.",
        )


def _ends(examination: Examination, service: str) -> dict[str, int]:
    """Where the chains end, by organization."""
    if "chain_heads" not in examination.readable[service].tables:
        return {}
    with examination.database(service).reading() as session:
        rows = session.exec(select(ChainHead.organization_id, ChainHead.sequence).where(ChainHead.sequence > 0))
        return dict(rows.all())
