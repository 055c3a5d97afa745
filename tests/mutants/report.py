"""What a campaign prints: progress, then every survivor with its difference, the tests that ran and the summary."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.mutants.trying import Tried

Key = tuple[str, str, str, str]
SHOWN_FILES = 6


def read_accepted(file: Path) -> dict[Key, str]:
    """The survivors that nobody needs to look at again, with the reason. A mutant is named by its file, its function
    and the lines before and after; raises KeyError where one of them or `because` is missing."""
    if not file.exists():
        return {}
    rows = tomllib.loads(file.read_text()).get("survivor", [])
    return {
        (row["file"], row["function"], row["before"].strip(), row["after"].strip()): row["because"].strip()
        for row in rows
    }


def progress(number: int, count: int, tried: Tried) -> str:
    """A line of a mutant that was killed; of a survivor also what was broken, so that a test can be written at once."""
    place = f"{number:>4}/{count} {tried.mutant.file}:{tried.mutant.line}"
    return (
        f"{place} killed by {tried.killer}" if tried.killed else "\n".join([f"{place} SURVIVED", *_difference(tried)])
    )


def _difference(tried: Tried) -> list[str]:
    before, after = tried.mutant.before.splitlines(), tried.mutant.after.splitlines()
    return [*(f"    - {line}" for line in before), *(f"    + {line}" for line in after)]


def survivor(tried: Tried, accepted: Mapping[Key, str]) -> str:
    mutant = tried.mutant
    lines = [f"{mutant.file}:{mutant.line} {mutant.function}".rstrip(), *_difference(tried)]
    if mutant.key in accepted:
        return "\n".join([*lines, f"    survives, because {accepted[mutant.key]}"])
    reached = "" if tried.reached else "; no test is known to reach the line"
    more = f" and {len(tried.files) - SHOWN_FILES} more files" if len(tried.files) > SHOWN_FILES else ""
    tests = ", ".join(tried.files[:SHOWN_FILES]) + more
    return "\n".join([*lines, f"    {tried.ran} tests ran ({tried.reaching} reach it{reached}): {tests}"])


def summary(done: Sequence[Tried], accepted: Mapping[Key, str], not_tried: int) -> str:
    """`300 mutants: 280 killed, 20 survived (6.7 %), 0 not reached`. What is not reached by any test also survived."""
    survived = [tried for tried in done if not tried.killed]
    share = 100 * len(survived) / len(done) if done else 0.0
    unreached = sum(not tried.reached for tried in survived)
    text = (
        f"{len(done)} mutants: {len(done) - len(survived)} killed, {len(survived)} survived ({share:.1f} %), "
        f"{unreached} not reached"
    )
    known = sum(tried.mutant.key in accepted for tried in survived)
    if known:
        text += f"; {known} of the survivors are accepted with a reason"
    return text + (f"; {not_tried} not tried, the time was up" if not_tried else "")


def survivors(done: Sequence[Tried], accepted: Mapping[Key, str]) -> str:
    """All survivors in the order of their files; those that are accepted come last."""
    found = sorted(
        (tried for tried in done if not tried.killed),
        key=lambda tried: (tried.mutant.key in accepted, tried.mutant.file, tried.mutant.line),
    )
    return "\n\n".join(survivor(tried, accepted) for tried in found)
