"""`handbill migration new`: what tables have and migrations lack, as a file that runs; none where nothing differs."""

import shutil
from pathlib import Path

from shared.database.revisions import new_revisions

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
    (made,) = new_revisions(folder, "say when a note was signed")
    assert made == folder / "versions" / f"{following:04}_say_when_a_note_was_signed.py"
    text = made.read_text()
    assert "import sqlmodel" in text
    assert text.count("add_column") == text.count("drop_column") == 1
    assert 'sa.Column("signed_at"' in text.replace("'", '"')
    assert 'kind = "expand"' in text.replace("'", '"')
    assert new_revisions(folder, "nothing is left") == []  # the first one has run, and brought the column


def test_each_file_is_of_one_kind(tmp_path):
    folder = copied_without_a_column(tmp_path)
    first = next((folder / "versions").glob("0001_*.py"))
    text = first.read_text()
    index = [line for line in text.splitlines(keepends=True) if '"notes_by_day"' in line and "create_index" in line]
    assert len(index) == 1
    extra = index[0].replace("notes_by_day", "notes_of_yesterday")
    first.write_text(text.replace(index[0], extra))
    made = [file.read_text().replace("'", '"') for file in new_revisions(folder, "x", empty_contract=True)]
    kinds = [text.partition('kind = "')[2].partition('"')[0] for text in made]
    assert kinds == ["expand", "expand", "contract", "contract"]
    assert "add_column(" in made[0]
    columns = '["organization_id", "date_of_service", "started_at", "id"]'
    assert f'add_index("notes_by_day", "notes", {columns})' in made[1]
    assert "drop_index" in made[2].partition("def downgrade")[0]
    assert made[3].count("    pass") == 2
    assert new_revisions(folder, "nothing is left") == []


def test_without_a_change_nothing_is_written(handbill):
    before = sorted(VERSIONS.glob("*.py"))
    done = handbill("migration", "new", "notes", "nothing")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the tables of notes are as its migrations make them" in done.stderr
    assert sorted(VERSIONS.glob("*.py")) == before


def test_a_service_that_does_not_exist_is_named(handbill):
    assert "there is no service billing" in handbill("migration", "new", "billing", "x").stderr
