"""Databases: each can be read, and is at the version that this Handbill's code wants."""

from collections.abc import Callable, Iterator

from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import Finding, fail, failed_by, ok, warn
from shared.database.migrating import fitness_of, head_of_history
from shared.database.schema import Fitness

MENDS: dict[Fitness, tuple[Callable[[str, str], Finding], str]] = {
    Fitness.NEWER: (
        fail,
        "A newer Handbill made it, which this one is not fit for: run that one, or restore the backup from before.",
    ),
    Fitness.BEHIND: (fail, "Back up (handbill backup DIR), then start {}, which brings it there."),
    Fitness.ADDED_TO: (
        warn,
        "A newer Handbill has only added to it, so this one goes on: replace the processes, as docs/operating.md says.",
    ),
    Fitness.CONTRACT_WAITS: (
        warn,
        "What is left takes away: when no process of the version before is left, run handbill migrate --contract.",
    ),
}


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
        elif looked.found is not None and looked.found.standing.revision is None:
            yield fail(f"The database of {service} has no tables yet.", f"Run: handbill init, or start {service}.")
    count = sum(looked.error is None for looked in examination.databases.values())
    yield ok(f"{count} of {len(examination.databases)} databases can be read.")


def migrations(examination: Examination) -> Iterator[Finding]:
    """Each database's version against the code's."""
    for service, state in examination.readable.items():
        revision, head = state.standing.revision, head_of_history(service)
        found = fitness_of(service, state.standing)
        if found in MENDS:
            say, mend = MENDS[found]
            yield say(
                f"The database of {service} is at {revision}; this Handbill knows up to {head}.", mend.format(service)
            )
    unseen = len(examination.databases) - len(examination.readable)
    if unseen:
        yield warn(f"The version of {unseen} databases is not known, since they cannot be read.", "See databases.")
    yield ok(f"{len(examination.readable)} databases were held against the newest version of this code.")
