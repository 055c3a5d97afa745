"""The restore drill: a backup that is taken while others write becomes the same installation elsewhere."""

import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.backup import restore
from services.cli.composition import prepare
from services.cli.keys import databases
from services.cli.organizations import create_organization
from shared.database import Database
from shared.database.backup_manifest import BackupRefused, Manifest, read_manifest, write_manifest
from shared.database.keyring import LocalKeyring
from shared.settings import Settings

pytestmark = pytest.mark.safeguard("164.312(a)(2)(ii)", "164.312(c)(1)")
ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""What is the same on both is tried on the cheaper one."""
PASSPHRASE = "a passphrase of the tests"


@pytest.fixture
def installation(tmp_path, make_database_template):
    """An installation with one organization, its settings, and the options that name it to the command."""
    settings = Settings(data_dir=tmp_path / "first", database_url=make_database_template())
    prepare(settings)
    create_organization(settings, "Quillfeather Massage", "UTC", store=False)
    return settings


@pytest.fixture
def run(handbill):
    """`run(settings, "backup", ...)` is the command for an installation."""

    def command(settings, *arguments):
        changes = {"HANDBILL_DATABASE_URL": settings.database_url}
        return handbill(f"--data-dir={settings.data_dir}", *arguments, **changes)

    return command


@pytest.fixture
def elsewhere(tmp_path, make_database_template, installation, run):
    """Another machine: empty databases, and the keys of the first, from their own backup."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    settings = Settings(data_dir=tmp_path / "second", database_url=make_database_template())
    option = f"--passphrase-file={tmp_path / 'passphrase'}"
    assert run(installation, "keys", "backup", str(tmp_path / "keys"), option).returncode == 0
    restored = run(settings, "keys", "restore", str(tmp_path / "keys"), option)
    assert restored.returncode == 0, restored.stderr
    return settings


@pytest.fixture
def backed_up(tmp_path, installation, run):
    made = run(installation, "backup", str(tmp_path / "backup"))
    assert made.returncode == 0, made.stderr
    return tmp_path / "backup"


def contents(settings):
    """Every row of every table of every database."""
    found = {}
    with databases(settings) as opened:
        for database in opened:
            with database.short_transaction(writes=False) as connection:
                names = database.engine.dialect.get_table_names(connection)
                for name in names:
                    rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                    found[database.service, name] = sorted(repr(tuple(row)) for row in rows)
    return found


def has_databases(settings):
    """Whether anything is left of an installation's databases."""
    if settings.database_url.startswith("sqlite"):
        return bool(list(settings.data_dir.glob("*.sqlite*")))
    from shared.database.opening import has_seals

    return any(has_seals(settings.database_url_of(service), service) for service in ("access", "notes", "claims"))


def refused(run, settings, folder):
    """What `restore` says when it refuses; nothing may be left of it."""
    done = run(settings, "restore", str(folder))
    assert done.returncode == 2, done.stdout
    assert not settings.unfinished_restore.exists()
    assert not has_databases(settings)
    return done.stderr


def test_what_is_restored_is_what_was_backed_up(installation, elsewhere, backed_up, run):
    before = contents(installation)
    restored = run(elsewhere, "restore", str(backed_up))
    assert restored.returncode == 0, restored.stderr
    assert "sealed values open" in restored.stdout
    assert "audit trails and rows are as Handbill wrote them: claims, notes, eligibility" in restored.stdout
    assert contents(elsewhere) == before
    assert run(elsewhere, "audit", "verify").returncode == 0
    assert run(elsewhere, "keys", "verify").returncode == 0
    made = run(elsewhere, "init")
    assert "new credentials" in made.stdout, made.stderr
    again = run(elsewhere, "restore", str(backed_up))
    assert again.returncode == 2
    assert "overwrites nothing" in again.stderr


def test_a_backup_is_of_one_moment_while_others_write(tmp_path, installation, elsewhere, run):
    stop, made, broken = threading.Event(), [], []

    def write():
        try:
            while not stop.is_set():
                made.append(create_organization(installation, "Busy Hands", "UTC", store=False).organization.id)
        except BaseException as error:
            broken.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    backups = [run(installation, "backup", str(tmp_path / f"backup-{number}")) for number in range(2)]
    stop.set()
    writer.join()
    assert broken == []
    assert [one.returncode for one in backups] == [0, 0]
    restored = run(elsewhere, "restore", str(tmp_path / "backup-1"))
    assert restored.returncode == 0, restored.stderr
    # The organizations that were made before some moment, and none that was made after it.
    with databases(elsewhere) as opened, opened[0].short_transaction(writes=False) as connection:
        there = set(connection.exec_driver_sql("SELECT id FROM organizations WHERE name IS NOT NULL").scalars())
    assert [one in there for one in made] == sorted((one in there for one in made), reverse=True)
    assert any(one in there for one in made)


@ON_SQLITE
def test_an_anchor_that_changes_while_the_backup_is_read_is_refused(elsewhere, backed_up):
    anchors = sorted((backed_up / "anchors").iterdir())

    def change(line):
        if "files are as they were written" in line:
            anchors[0].write_bytes(anchors[0].read_bytes().replace(b"ends", b"endz"))

    with pytest.raises(BackupRefused, match="anchors was changed while it was read; take another backup"):
        restore(elsewhere, backed_up, datetime.now(UTC), change)
    assert not elsewhere.unfinished_restore.exists()
    assert not has_databases(elsewhere)


def test_a_backup_holds_no_keys_and_only_its_owner_may_read_it(installation, backed_up):
    ring = LocalKeyring(installation.keyring_file).read()
    everything = [file for file in backed_up.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in everything} == {0o600}
    assert {folder.stat().st_mode & 0o777 for folder in [backed_up, *backed_up.rglob("*")] if folder.is_dir()} == {
        0o700
    }
    for key in ring.keys.values():
        assert not any(key in file.read_bytes() for file in everything)
    assert read_manifest(backed_up, LocalKeyring(installation.keyring_file)).master_keys == {ring.current}


@ON_SQLITE
def test_a_changed_file_is_refused(elsewhere, backed_up, run):
    name = next(iter(json.loads((backed_up / "manifest.json").read_text())["manifest"]["databases"][0]["files"]))
    with (backed_up / name).open("ab") as file:
        file.write(b"x")
    assert f"{backed_up / name} was changed after the backup was made" in refused(run, elsewhere, backed_up)
    (backed_up / name).unlink()
    assert f"{backed_up / name} is missing" in refused(run, elsewhere, backed_up)


@ON_SQLITE
def test_a_changed_manifest_is_refused_also_with_right_sums(elsewhere, backed_up, run):
    file = backed_up / "manifest.json"
    content = json.loads(file.read_text())
    content["manifest"]["databases"][0]["tables"].popitem()
    file.write_text(json.dumps(content))
    assert "manifest.json was changed after the backup was made" in refused(run, elsewhere, backed_up)
    file.write_text("{}")
    assert "is damaged, or is of another Handbill" in refused(run, elsewhere, backed_up)
    file.unlink()
    assert "it is no backup, or one that was not finished" in refused(run, elsewhere, backed_up)


@ON_SQLITE
def test_other_keys_and_missing_keys_are_refused(tmp_path, elsewhere, backed_up, run, make_database_template):
    other = elsewhere.model_copy(update={"data_dir": tmp_path / "third"})
    other.data_dir.mkdir(mode=0o700)
    LocalKeyring(other.keyring_file).current_id()
    assert "which is not here" in refused(run, other, backed_up)
    other.keyring_file.unlink()
    assert "keyring.json is missing" in refused(run, other, backed_up)


def change(folder, settings, how):
    """Let `how` change the manifest's databases, with a seal that holds: as a Handbill of another version writes it."""
    master = LocalKeyring(settings.keyring_file)
    content = read_manifest(folder, master).model_dump()
    how(content["databases"])
    (folder / "manifest.json").unlink()
    write_manifest(folder, Manifest.model_validate(content), master)


@ON_SQLITE
def test_a_newer_backup_is_refused(elsewhere, backed_up, run):
    change(backed_up, elsewhere, lambda copies: copies[1].update(revision="0999"))
    assert "the backup was made by a newer Handbill" in refused(run, elsewhere, backed_up)


def test_rows_that_are_not_as_many_as_listed_are_refused_and_nothing_is_left(elsewhere, backed_up, run):
    change(backed_up, elsewhere, lambda copies: copies[-1]["tables"]["organizations"].update(rows=7))
    assert "access.organizations has " in refused(run, elsewhere, backed_up)


@ON_SQLITE
def test_rows_that_were_changed_before_the_backup_are_named_and_nothing_is_left(tmp_path, installation, elsewhere, run):
    with closing(sqlite3.connect(installation.data_dir / "access.sqlite")) as connection, connection:
        connection.execute("UPDATE organizations SET time_zone = 'Asia/Tokyo' WHERE name = 'Quillfeather Massage'")
    assert run(installation, "backup", str(tmp_path / "backup")).returncode == 0
    said = refused(run, elsewhere, tmp_path / "backup")
    assert "rows are not as Handbill wrote them; the first is access organizations" in said


@ON_SQLITE
def test_nothing_starts_beside_a_restore_that_was_not_finished(installation, run):
    installation.unfinished_restore.mkdir()
    for command in ("init", "audit verify", "keys verify"):
        done = run(installation, *command.split())
        assert done.returncode == 2
        assert "a restore is under way, or was not finished" in done.stderr


@ON_SQLITE
def test_a_backup_is_not_written_over_anything(installation, backed_up, run):
    done = run(installation, "backup", str(backed_up))
    assert done.returncode == 1
    assert "a backup is written to a new folder" in done.stderr


def test_what_is_changed_between_the_look_at_it_and_its_copy_is_refused(elsewhere, backed_up):
    """Whoever can write to the folder has the time of reading everything twice."""
    kind = "copy" if (backed_up / "notes").is_dir() else "sqlite"
    file = backed_up / ("notes/organization_keys.copy" if kind == "copy" else "notes.sqlite")
    said = []

    def change(line):
        if not said:
            file.chmod(0o600)
            file.write_bytes(file.read_bytes() + b"\n")
        said.append(line)

    with pytest.raises(BackupRefused, match=f"{file} was changed after the backup was made"):
        restore(elsewhere, backed_up, datetime.now(UTC), change)
    assert len(said) == 1
    assert not elsewhere.unfinished_restore.exists()
    assert not has_databases(elsewhere)


def test_nothing_is_restored_under_a_process_that_remembers_keys_of_before(elsewhere, backed_up, run):
    """What it then sealed with a key that is not in the database any more, nobody could open."""
    url = elsewhere.database_url_of("notes")
    living = Database(url, LocalKeyring(elsewhere.keyring_file), "notes", code="0006")
    living.presence.announce()
    if url.startswith("sqlite"):
        # As an operator does who wants the databases absent.
        Path(url.removeprefix("sqlite:///")).unlink()
    else:
        living.ping()
    said = refused(run, elsewhere, backed_up)
    assert said == "handbill: processes that use the database of notes are still running; stop them first\n"
    living.close()
    assert run(elsewhere, "restore", str(backed_up)).returncode == 0
