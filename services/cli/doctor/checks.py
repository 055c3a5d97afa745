"""The checks in the order in which one mends: what stands above may be the cause of what stands below."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.cli.doctor import certificates, clocks, connections, databases, files, keys, records, work
from services.cli.doctor.examination import Examination, TookTooLong, within
from services.cli.doctor.finding import Finding, Level, fail, failed_by
from shared.startup import CannotStart

LIMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Check:
    """`running`: it looks at processes, which are not there before the first start."""

    name: str
    look: Callable[[Examination], Iterable[Finding]]
    running: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A check and what it found, the worst first."""

    check: str
    findings: tuple[Finding, ...]


CHECKS = (
    Check("folder", files.folder),
    Check("private files", files.private_files),
    Check("disk", files.disk),
    Check("keyring", keys.keyring),
    Check("databases", databases.databases),
    Check("migrations", databases.migrations),
    Check("check values", keys.check_values),
    Check("signing keys", keys.signing_keys),
    Check("credentials", keys.credentials),
    Check("certificates", certificates.certificates),
    Check("services", connections.services, running=True),
    Check("clearinghouse", connections.clearinghouse, running=True),
    Check("clocks", clocks.clocks),
    Check("time zones", clocks.time_zones),
    Check("workers", work.workers),
    Check("stuck work", work.stuck_work),
    Check("operator", work.operator_messages),
    Check("overdue", work.overdue_actions),
    Check("audit anchors", records.anchors),
    Check("backups", records.backups),
)


def examine(
    examination: Examination, checks: Iterable[Check] = CHECKS, limit_seconds: float = LIMIT_SECONDS
) -> list[Result]:
    """Every check, each within its time. Where the folder is not there, there is nothing else to look at."""
    results: list[Result] = []
    try:
        for check in checks:
            if check.running and examination.before_start:
                continue
            results.append(Result(check.name, _found(examination, check, limit_seconds)))
            if check.name == "folder" and not examination.settings.data_dir.is_dir():
                break
    finally:
        examination.close()
    return results


def worst(results: Iterable[Result]) -> Level:
    """The worst level of all."""
    levels = {finding.level for result in results for finding in result.findings}
    return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)


def _found(examination: Examination, check: Check, limit_seconds: float) -> tuple[Finding, ...]:
    """What is wrong, or that all is well. What a check itself meets is a finding: it never ends the examination."""
    try:
        found = within(limit_seconds, lambda: list(check.look(examination)))
    except CannotStart as fault:
        found = [failed_by(fault)]
    except TookTooLong as late:
        found = [fail(f"This could not be looked at: {late}.", "Something hangs: a disk, a database or a peer.")]
    except Exception as error:  # by class alone: its text may quote data
        found = [fail(f"This could not be looked at ({type(error).__name__}).", "Mend what stands above first.")]
    bad = [one for one in found if one.level is not Level.OK]
    return tuple(sorted(bad, key=lambda one: one.level is not Level.FAIL) or found)
