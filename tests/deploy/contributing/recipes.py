"""The recipes of CONTRIBUTING.md as data: one row a step, with the files it touches and the tests that miss it."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "CONTRIBUTING.md"
SECTION = re.compile(r"^### (To add .+?)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
QUOTED = re.compile(r"`([^`]+)`")
TEST = re.compile(r"([^\s`]+\.py)::(test_\w+)")
PATH = re.compile(r"(?:services|shared|tests|deploy|docs|bench)/\S*|[\w-]+\.(?:md|toml|lock)|Makefile|\.ci/run")


@dataclass(frozen=True)
class Step:
    """One row: its number, what it says of files and acts, and the tests that fail without it."""

    number: int
    where: str
    act: str
    without: tuple[tuple[str, str], ...]

    @property
    def files(self) -> list[str]:
        """The paths that it names; a `*` stands for whatever fits, a word in capitals for a name to be chosen."""
        return [quoted for quoted in QUOTED.findall(self.where) if PATH.fullmatch(quoted)]


def recipes() -> dict[str, list[Step]]:
    """Every list of the guide by its heading."""
    found = {}
    for heading, body in SECTION.findall(GUIDE.read_text()):
        rows = ROW.findall(body)
        found[heading] = [Step(int(no), where, act, tuple(TEST.findall(without))) for no, where, act, without in rows]
    return found


def paths_of(text: str) -> list[str]:
    """Every path that a text names in code quotes, tests without the names of their functions."""
    return [quoted.split("::")[0] for quoted in QUOTED.findall(text) if PATH.fullmatch(quoted.split("::")[0])]


def exists(path: str) -> bool:
    """True when something fits; `*` and words in capitals stand for a part of a name."""
    pattern = re.sub(r"(?<=/)[A-Z_]{2,}(?=[./]|$)|0002", "*", path.rstrip("/"))
    return any(ROOT.glob(pattern))
