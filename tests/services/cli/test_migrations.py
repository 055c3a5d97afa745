"""`handbill migration new`: what tables have and migrations lack, as a file that runs; none where nothing differs."""

import shutil
from pathlib import Path

from shared.database.history import new_revision

MIGRATIONS = Path(__file__).parents[3] / "services" / "notes" / "migrations"
VERSIONS = MIGRATIONS / "versions"


def copied_without_a_column(tmp_path):
    """The history of notes as it would be if one column of the notes table had just been added to the code."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    first = next((folder / "versions").glob("0001_*.py"))
    lines = first.read_text().splitlines(keepends=True)
    column = [line for line in lines if '"signed_at"' in line]
    assert len(column) == 1
    first.write_text("".join(line for line in lines if line not in column))
    return folder


def test_a_new_column_becomes_a_migration_that_runs(tmp_path):
    folder = copied_without_a_column(tmp_path)
    following = len(list((folder / "versions").glob("*.py"))) + 1
    made = new_revision(folder, "say when a note was signed")
    assert made == folder / "versions" / f"{following:04}_say_when_a_note_was_signed.py"
    text = made.read_text()
    assert "import sqlmodel" in text
    assert text.count("add_column") == text.count("drop_column") == 1
    assert 'sa.Column("signed_at"' in text.replace("'", '"')
    assert new_revision(folder, "nothing is left") is None  # the first one has run, and brought the column


def test_without_a_change_nothing_is_written(handbill):
    before = sorted(VERSIONS.glob("*.py"))
    done = handbill("migration", "new", "notes", "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the tables of notes are as its migrations make them" in done.stderr
    assert sorted(VERSIONS.glob("*.py")) == before


def test_a_service_that_does_not_exist_is_named(handbill):
    assert "there is no service billing" in handbill("migration", "new", "billing", "x").stderr
