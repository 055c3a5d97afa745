"""`handbill audit`: 0 and a sentence where all is well, 1 and a line for every row that is not."""

import sqlite3

import pytest

from services.cli.composition import prepare
from services.cli.organizations import create_organization
from shared.settings import PORTS


@pytest.fixture
def settings(make_settings):
    made = make_settings("access").model_copy(update={"database_url": "sqlite:///{data_dir}/{service}.sqlite"})
    prepare(made)
    return made


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.safeguard("164.312(b)", "164.312(c)(2)")
def test_verify_names_what_was_changed_and_the_anchor_what_was_taken_back(settings, handbill, tmp_path) -> None:
    database = settings.data_dir / "access.sqlite"
    before = database.read_bytes()
    owner = create_organization(settings, "Quillfeather Massage", "UTC", store=False).organization.id
    folder = f"--data-dir={settings.data_dir}"
    clean = handbill(folder, "audit", "verify")
    assert (clean.returncode, clean.stdout) == (0, f"everything is as Handbill wrote it: {', '.join(PORTS)}\n"), (
        clean.stderr
    )
    printed = handbill(folder, "audit", "anchor", "--print").stdout
    lines = [line.split() for line in printed.splitlines()]
    assert [owner, "access"] in [line[:2] for line in lines]
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE organizations SET time_zone = 'Asia/Tokyo' WHERE id = ?", (owner,))
    connection.close()
    changed = handbill(folder, "audit", "verify", "--service=access", f"--organization={owner}")
    assert changed.returncode == 1
    assert changed.stdout == f"access organizations {owner} {owner}: changed: its MAC does not hold\n"
    (tmp_path / "kept").write_text(printed)
    for name in ("access.sqlite-wal", "access.sqlite-shm"):
        (settings.data_dir / name).unlink(missing_ok=True)
    database.write_bytes(before)
    for file in (settings.data_dir / "anchors").iterdir():
        file.unlink()
    back = handbill(folder, "audit", "verify", f"--anchor={tmp_path / 'kept'}")
    assert back.returncode == 1
    assert f"access audit_entries {owner} 1 to " in back.stdout
    (tmp_path / "kept").write_text("nonsense")
    assert "line 1" in handbill(folder, "audit", "verify", f"--anchor={tmp_path / 'kept'}").stderr


def test_where_there_is_nothing_to_verify_nothing_is_said_to_be_well(handbill) -> None:
    for option in ([], ["--service=notes"]):
        nothing = handbill("audit", "verify", *option)
        assert (nothing.returncode, nothing.stdout) == (2, "")
        assert "there is no database in" in nothing.stderr
