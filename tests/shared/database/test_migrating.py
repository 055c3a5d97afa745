"""A service's database is brought to its newest version at start, also when several processes start together."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.database.migrating import head_of_history, migrate
from shared.settings import PORTS

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from pathlib import Path
from shared.database import Database, LocalKeyring
from shared.database.migrating import migrate
database = Database(sys.argv[1], LocalKeyring(Path(sys.argv[2])), "access")
migrate(database, "access")
database.close()
"""


def version(database) -> list[str]:
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_processes_that_start_together_migrate_once(database, database_url, tmp_path) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, database_url, str(tmp_path / "keyring.json")], stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    assert [(process.communicate(timeout=60)[1], process.returncode) for process in together] == [(b"", 0)] * 3
    assert len(version(database)) == 1


def test_a_database_at_its_newest_version_is_left_alone(database) -> None:
    migrate(database, "access")
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO chain_heads VALUES ('o', 'head', 0, 0, '')"))
    migrate(database, "access")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM chain_heads")).scalar() == 1


@pytest.mark.parametrize(("service", "named_by"), [*((service, "-x") for service in PORTS), ("claims", "settings")])
def test_alembic_itself_runs_a_services_history(service, named_by, tmp_path) -> None:
    url = f"sqlite:///{tmp_path}/{service}.sqlite"
    option = ["-x", f"url={url}"] if named_by == "-x" else []
    command = [sys.executable, "-m", "alembic", "-c", "deploy/alembic.ini", "-n", service, *option, "upgrade", "head"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **({} if option else {"HANDBILL_DATABASE_URL": url})},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(tmp_path / f"{service}.sqlite") as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert found == [(head_of_history(service),)]
    connection.close()
