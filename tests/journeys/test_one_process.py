"""The same day in one process, on SQLite and on PostgreSQL: services in threads, the worker's flows driven here. Then
its databases are copied while clients write, and made again elsewhere."""

import shutil
import time
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import make_url

from services.cli.audit import verify_services
from services.cli.backup import backup, restore
from services.cli.demo.practice import load
from services.cli.demo.report import unexplained
from shared.settings import PORTS, Settings
from tests.journeys.restored import seen_by_clients, serving, writing
from tests.journeys.table import by_hand, found
from tests.journeys.whole import whole, working

MAY_ACT = """
DO $$ BEGIN
  CREATE ROLE handbill_tenant NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""


@pytest.fixture
def running(tmp_path, database_template, free_url, run_app):
    def url(service):
        return database_template.format(data_dir=tmp_path, service=service)

    with whole(tmp_path, load(), url, free_url, run_app) as everything:
        yield everything


@pytest.fixture
def owned_template(database_kind, request):
    """New empty databases of all services; on PostgreSQL of an owner who is no superuser and makes no roles."""
    if database_kind == "sqlite":
        yield "sqlite:///{data_dir}/{service}.sqlite"
        return
    server = request.getfixturevalue("postgresql")
    base = server.create()
    owner, names = f"owner_of_{base}", [f"{base}_{service}" for service in PORTS]
    with psycopg.connect(server.plain_url(base), autocommit=True) as connection:
        connection.execute(MAY_ACT)
        connection.execute(f"CREATE ROLE {owner} LOGIN NOSUPERUSER")
        connection.execute(f"GRANT handbill_tenant TO {owner}")
        for name in map(server.create_named, names):
            connection.execute(f"ALTER DATABASE {name} OWNER TO {owner}")
    yield (
        make_url(server.url(base))
        .set(username=owner)
        .render_as_string(hide_password=False)
        .replace(f"/{base}", f"/{base}_{{service}}")
    )
    for name in (base, *names):
        server.drop(name)
    server.drop_role(owner)


def test_the_practices_day_ends_as_worked_out_by_hand_and_is_the_same_when_it_is_restored(
    running, tmp_path, database_template, owned_template, free_url, run_app
):
    with working(running.claims):
        ends = running.day.run(lambda *_: None)
    assert unexplained(ends) == []
    assert {end.visit.note_id: found(end) for end in ends} == {
        end.visit.note_id: by_hand(end.visit.note_id) for end in ends
    }
    seen = seen_by_clients(running.ehr)
    first = Settings(data_dir=tmp_path, database_url=database_template)
    with writing(running.ehr, load()) as written:
        while not written:
            time.sleep(0.05)
        backup(first, tmp_path / "backup", datetime.now(UTC))
    second = Settings(data_dir=tmp_path / "second", database_url=owned_template)
    shutil.copytree(first.data_dir / "keys", second.data_dir / "keys")
    second.data_dir.chmod(0o700)
    restore(second, tmp_path / "backup", datetime.now(UTC), lambda _line: None)
    assert list(verify_services(second, list(PORTS), None, None)) == []
    with serving(second, running.client, free_url, run_app) as ehr:
        again = seen_by_clients(ehr)
        assert len(seen) > 500
        assert {path: again.get(path) for path in seen} == seen
        # What refers to others is copied first: there is no claim whose note is not there.
        claims = [item for path, item in again.items() if path.startswith("/v1/claims/") and "note_id" in item]
        assert len(claims) > len(ends)
        assert [claim["note_id"] for claim in claims if f"/v1/notes/{claim['note_id']}" not in again] == []
        assert list(verify_services(second, list(PORTS), None, None)) == []
