"""A copy of the tree for each runner: what people work on is never broken."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

LEFT_OUT = (
    ".git", ".venv", ".mutants", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".handbill", ".fuzz",
    ".import_linter_cache",
)  # fmt: skip

INHERITED = ("PYTEST_", "COV_", "COVERAGE_")
"""What a pytest around this one sets: a worker of xdist or a measured process would be taken for part of it."""


def environment(**added: str) -> Mapping[str, str]:
    """The variables of a pytest process of our own."""
    return {name: text for name, text in os.environ.items() if not name.startswith(INHERITED)} | added


class Copy:
    """One copy, with a folder for its temporary files beside it."""

    def __init__(self, root: Path, folder: Path) -> None:
        """Copies `root` into `folder`, which must not exist."""
        self.root = folder / "tree"
        self.temporary = folder / "tmp"
        shutil.copytree(root, self.root, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
        self.temporary.mkdir()

    def broken(self, file: str, source: str) -> "Broken":
        """`with copy.broken(file, source):` the copy's file says `source`, afterwards what it said before."""
        return Broken(self.root / file, source)


class Broken:
    """A file that is broken for a while.

    Python takes a compiled file for current when the source's size and whole second are the same, and a mutant often
    has both; so the compiled file goes away before and after.
    """

    def __init__(self, file: Path, source: str) -> None:
        self._file, self._source = file, source
        self._before = file.read_bytes()

    def __enter__(self) -> None:
        self._write(self._source.encode())

    def __exit__(self, *_: object) -> None:
        self._write(self._before)

    def _write(self, content: bytes) -> None:
        for compiled in (self._file.parent / "__pycache__").glob(f"{self._file.stem}.*.pyc"):
            compiled.unlink()
        self._file.write_bytes(content)
