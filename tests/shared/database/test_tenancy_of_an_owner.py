"""PostgreSQL as it is run for real: the user owns the tables, makes the role, and is no superuser."""

import psycopg
import pytest
from sqlalchemy import make_url, select

from services.eligibility.store import Row
from shared.database import Database
from shared.database.keyring import LocalKeyring
from shared.database.migrating import migrate
from shared.database.opening import DatabaseUnusable, database_faults
from shared.database.operations import AuditEntry, add_audit
from shared.database.resealing import reseal
from shared.database.sealed_rows import SealCount, verify
from shared.ids import random_ids
from shared.tenancy import acting_for
from tests.harness.clocks import STARTS_AT

pytestmark = pytest.mark.safeguard("164.312(a)(1)", "API1")
MAKE = """
DO $$ BEGIN
  CREATE ROLE handbill_tenant NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
"""
# As CREATE ROLE itself leaves its maker.
MADE_IT = "GRANT handbill_tenant TO {owner} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"


@pytest.fixture
def url(postgresql):
    name = postgresql.create()
    owner = f"owner_of_{name}"
    with psycopg.connect(postgresql.plain_url(name), autocommit=True) as connection:
        connection.execute(MAKE)
        connection.execute(f"CREATE ROLE {owner} LOGIN NOSUPERUSER")
        connection.execute(f"ALTER DATABASE {name} OWNER TO {owner}")
    yield make_url(postgresql.url(name)).set(username=owner).render_as_string(hide_password=False)
    postgresql.drop(name)
    postgresql.drop_role(owner)


@pytest.fixture
def owned(url, postgresql, tmp_path):
    """A database with an audit entry of each of two organizations, whose reasons are sealed."""
    with psycopg.connect(postgresql.plain_url(make_url(url).database), autocommit=True) as connection:
        connection.execute(MADE_IT.format(owner=make_url(url).username))
    database = Database(url, LocalKeyring(tmp_path / "keyring"), "eligibility")
    migrate(database, "eligibility")
    database.confined = True
    for organization_id in ("org_a", "org_b"):
        with acting_for(organization_id):
            database.run(lambda session, organization_id=organization_id: add(session, organization_id))
    yield database
    database.close()


def add(session, organization_id) -> None:
    place = {"organization_id": organization_id, "at": STARTS_AT, "action": "read", "subject_id": "pat_1"}
    add_audit(session, random_ids, **place, reason="She asked.")


def organizations(database) -> list[str]:
    with database.reading() as session:
        return sorted(session.exec(select(AuditEntry.organization_id)).scalars())


def test_who_makes_the_role_acts_as_it(owned) -> None:
    with acting_for("org_a"):
        assert organizations(owned) == ["org_a"]
    assert organizations(owned) == ["org_a", "org_b"]


def test_keys_are_verified_and_rotated_over_all_rows(owned) -> None:
    count = SealCount()
    assert list(verify(owned, Row.metadata, count)) == []
    assert (count.values, count.earlier) == (2, 0)
    times = iter(range(0, 1000, 10))
    result = reseal(owned, Row.metadata, sleep=lambda _seconds: None, monotonic=lambda: next(times))
    assert (result.organizations, result.values) == (2, 2)
    count = SealCount()
    assert list(verify(owned, Row.metadata, count)) == []
    assert (count.values, count.earlier) == (2, 0)


def test_a_database_that_was_moved_to_another_server_is_secured_there(owned, postgresql) -> None:
    with psycopg.connect(postgresql.plain_url(owned.engine.url.database), autocommit=True) as connection:
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM handbill_tenant")
    migrate(owned, "eligibility")
    with acting_for("org_a"):
        assert organizations(owned) == ["org_a"]


@pytest.mark.parametrize("switched", ["NO FORCE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"])
def test_a_policy_that_was_switched_off_is_on_again_when_a_process_starts(owned, postgresql, switched) -> None:
    with psycopg.connect(postgresql.plain_url(owned.engine.url.database), autocommit=True) as connection:
        connection.execute(f"ALTER TABLE patients {switched}")
        migrate(owned, "eligibility")
        query = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = 'patients'"
        assert connection.execute(query).fetchone() == (True, True)


def test_a_user_that_may_not_act_as_the_role_is_told_what_to_do(url, tmp_path) -> None:
    database = Database(url, LocalKeyring(tmp_path / "keyring"), "eligibility")
    with pytest.raises(DatabaseUnusable, match="let a superuser run once"), database_faults(url, "eligibility"):
        migrate(database, "eligibility")
    database.close()
