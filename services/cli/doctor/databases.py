"""Databases: each can be read, and is at the version that this Handbill's code wants."""

from collections.abc import Iterator

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, failed_by, ok, warn
from shared.database.migrating import head_of_history, is_known


def databases(examination: Examination) -> Iterator[Finding]:
    """Each service's database answers."""
    for service, looked in examination.databases.items():
        if looked.error is not None:
            yield (
                failed_by(looked.error)
                if "; " in str(looked.error)
                else fail(
                    f"The database of {service} cannot be read ({type(looked.error).__name__}).",
                    "See that it runs, and that HANDBILL_DATABASE_URL is right.",
                )
            )
        elif looked.found is not None and looked.found.revision is None:
            yield fail(f"The database of {service} has no tables yet.", f"Run: handbill init, or start {service}.")
    count = sum(looked.error is None for looked in examination.databases.values())
    yield ok(f"{count} of {len(examination.databases)} databases can be read.")


def migrations(examination: Examination) -> Iterator[Finding]:
    """Each database's version against the code's."""
    for service, state in examination.readable.items():
        head = head_of_history(service)
        if state.revision == head:
            continue
        if not is_known(service, state.revision or ""):
            yield fail(
                f"The database of {service} is at {state.revision}, which a newer Handbill has made; this one knows up "
                f"to {head}.",
                "Run that newer Handbill, or restore the backup from before.",
            )
        else:
            yield fail(
                f"The database of {service} is at {state.revision}; this Handbill wants {head}.",
                f"Back up (handbill backup DIR), then start {service}, which brings it there.",
            )
    unseen = len(examination.databases) - len(examination.readable)
    if unseen:
        yield warn(f"The version of {unseen} databases is not known, since they cannot be read.", "See databases.")
    yield ok(f"{len(examination.readable)} databases were held against the newest version of this code.")
