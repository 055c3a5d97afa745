"""The version after this one: a copy of the tree in which the table of notes has a column and an index more."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
FOLDERS = ("services", "shared")
COLUMN = """    signed_on: date | None = Field(
        default=None,
        sa_column_kwargs=derived(lambda row: row.signed_at.date() if row.signed_at else None, contract="{contract:04}"),
    )
"""
INDEX = '        Index("notes_by_signature", "organization_id", "signed_on", "id"),\n'
SECONDS = 240
COMMAND = (sys.executable, "-m", "services.cli.main")


class NewerVersion:
    """Its commands, each in a process of its own with the copied code."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        for name in FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        self._change()

    def _change(self) -> None:
        versions = self._root / "services" / "notes" / "migrations" / "versions"
        contract = len(list(versions.glob("0*.py"))) + 3
        self._insert("from shared.database.row_macs import", "from shared.database.derived import derived\n")
        self._insert("    signed_by: dict[str, Any]", COLUMN.format(contract=contract))
        self._insert('        Index("notes_by_day"', INDEX)
        made = self.run({}, "migration", "new", "notes", "say on which day", "--contract")
        assert made.stdout.count("wrote ") == 3, made.stdout + made.stderr

    def _insert(self, before: str, text: str) -> None:
        file = self._root / "services" / "notes" / "store.py"
        whole = file.read_text()
        assert whole.count(before) == 1
        file.write_text(whole.replace(before, text + before))

    def run(self, environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command(environment | {"PYTHONPATH": str(self._root)}, self._root, *arguments)

    def start(self, environment: Mapping[str, str], log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        own = {**os.environ, **environment, "PYTHONPATH": str(self._root)}
        with log.open("wb") as written:
            return subprocess.Popen([*COMMAND, *arguments], cwd=self._root, env=own, stderr=written)


def run_command(environment: Mapping[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The code in a folder, as a person runs it there."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
