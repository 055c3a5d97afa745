"""A service's database is brought to its newest version at start, also when several processes start together."""

import subprocess
import sys
from importlib.resources import files

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from shared.database.migrating import migrate, newest
from shared.settings import PORTS

SCRIPT = """
import sys
from pathlib import Path
from shared.database import Database, LocalKeyFile, Vault
from shared.database.migrating import migrate
database = Database(sys.argv[1], Vault(LocalKeyFile(Path(sys.argv[2]))))
migrate(database, "access")
database.close()
"""


def version(database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_processes_that_start_together_migrate_once(database, database_url, tmp_path) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, database_url, str(tmp_path / "master.key")], stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in together] == [(b"", 0)] * 3
    assert len(version(database)) == 1


def test_a_database_at_its_newest_version_is_left_alone(database) -> None:
    migrate(database, "access")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO organizations VALUES ('o', 'o', 'Name', 'UTC', '2026-03-02 00:00:00')"))
    migrate(database, "access")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organizations")).scalar() == 1


@pytest.mark.parametrize("service", PORTS)
def test_the_newest_version_by_name_is_the_head_of_the_history(service) -> None:
    migrations = files(f"services.{service}") / "migrations"
    assert ScriptDirectory(str(migrations)).get_current_head() == newest(migrations)


def test_a_database_at_its_newest_version_is_passed_without_alembic(database, database_url, tmp_path) -> None:
    migrate(database, "access")
    ends = "\nassert 'alembic' not in sys.modules, 'Alembic takes a tenth of a second to import'"
    subprocess.run([sys.executable, "-c", SCRIPT + ends, database_url, str(tmp_path / "master.key")], check=True)
