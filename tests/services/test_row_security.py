"""What PostgreSQL itself lets an organization's session do, in SQL, on every table of every service.

The tables come from the database's own catalog, so a new table without its policy is found without a new test."""

from importlib import import_module

import psycopg
import pytest
from psycopg import sql

from shared.database.tenancy import POLICY, ROLE
from shared.settings import PORTS

MINE, OTHER = "org_mine", "org_other"
OF_THE_INSTALLATION = {
    "access": {"client_assertions"},
    "eligibility": {"counters"},
    "notes": set(),
    "claims": {"billing_npis", "code_set_editions", "counters", "cursors", "leases"},
    "clearinghouse": set(),
}
"""The tables with an organization in their key that hold nothing of any organization."""
OF_ALL = {"key_checks", "organization_keys"}
"""What opens nothing without the master key."""
OWN_WORLD = {"clearinghouse"}
"""The simulator has no organizations."""
WITH_ORGANIZATION = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name = 'organization_id' ORDER BY table_name
"""

pytestmark = [
    pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True),
    pytest.mark.safeguard("164.312(a)(1)", "API1"),
]


@pytest.fixture(params=sorted(set(PORTS) - OWN_WORLD))
def service(request):
    import_module(f"services.{request.param}.app")
    return request.param


@pytest.fixture
def connection(service, make_database_url):
    url = make_database_url(service).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def tables(connection, service):
    """The tables of tenants, with a row of each of two organizations in every one."""
    found = [name for (name,) in connection.execute(WITH_ORGANIZATION)]
    assert OF_THE_INSTALLATION[service] | OF_ALL <= set(found)
    tenants = [name for name in found if name not in OF_THE_INSTALLATION[service] | OF_ALL]
    # Without the rules between tables: what a row refers to is not what is tried here.
    connection.execute("SET LOCAL session_replication_role = replica")
    for table in tenants:
        for organization_id in (MINE, OTHER):
            insert(connection, table, organization_id)
    return tenants


def insert(connection, table: str, organization_id: str) -> None:
    """A row with some value in every column that must have one."""
    columns = connection.execute(
        "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'",
        [table],
    ).fetchall()
    values = [
        organization_id if name == "organization_id" else value_of(kind, organization_id, length)
        for name, kind, length in columns
    ]
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(sql.Identifier(name) for name, *_ in columns),
        sql.SQL(", ").join(sql.Placeholder() for _ in columns),
    )
    connection.execute(statement, values)


def value_of(kind: str, organization_id: str, length: int | None):
    number = 1 if organization_id == MINE else 2
    values = {"integer": number, "bigint": number, "date": "2026-05-04", "bytea": b"x", "json": "[]", "boolean": True}
    if kind.startswith("timestamp"):
        return "2026-05-04T09:00:00Z"
    return values.get(kind, organization_id[-5:][:length])


def act_for(connection, organization_id: str) -> None:
    connection.execute(f"SET LOCAL ROLE {ROLE}; SET LOCAL handbill.organization = '{organization_id}'")


def test_an_organization_sees_its_own_rows_alone(connection, tables) -> None:
    for organization_id in (MINE, OTHER):
        act_for(connection, organization_id)
        for table in tables:
            statement = sql.SQL("SELECT organization_id FROM {}").format(sql.Identifier(table))
            assert (table, connection.execute(statement).fetchall()) == (table, [(organization_id,)])
    act_for(connection, "")
    for table in tables:
        statement = sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table))
        assert (table, connection.execute(statement).fetchall()) == (table, [])


def test_an_organization_changes_and_deletes_its_own_rows_alone(connection, tables) -> None:
    act_for(connection, MINE)
    for table in tables:
        for action in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            statement = sql.SQL(action + " WHERE organization_id = %s").format(sql.Identifier(table))
            assert (table, connection.execute(statement, [OTHER]).rowcount) == (table, 0)
            assert (table, connection.execute(statement, [MINE]).rowcount) == (table, 1)


def test_an_organization_inserts_no_row_of_another_and_gives_none_away(connection, tables) -> None:
    act_for(connection, MINE)
    for table in tables:
        give_away = sql.SQL("UPDATE {} SET organization_id = 'org_third'").format(sql.Identifier(table))
        for write in (
            lambda table=table: insert(connection, table, "org_third"),
            lambda give_away=give_away: connection.execute(give_away),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                write()


def test_the_role_owns_nothing_and_passes_no_policy(connection, tables) -> None:
    rights = connection.execute("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = %s", [ROLE])
    assert rights.fetchall() == [(False, False, False)]
    owned = connection.execute("SELECT tablename FROM pg_tables WHERE tableowner = %s", [ROLE])
    assert owned.fetchall() == []
    forced = connection.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r' ORDER BY relname"
    )
    assert [name for (name,) in forced] == tables
    policies = connection.execute("SELECT tablename, policyname FROM pg_policies ORDER BY tablename")
    assert policies.fetchall() == [(table, POLICY) for table in tables]


def test_without_a_word_of_whom_it_is_for_a_session_sees_nothing(connection, tables) -> None:
    connection.execute(f"SET LOCAL ROLE {ROLE}")
    for table in tables:
        statement = sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table))
        assert (table, connection.execute(statement).fetchall()) == (table, [])


def test_the_schema_is_not_the_roles_to_change(connection, tables) -> None:
    act_for(connection, MINE)
    for statement in ("DROP TABLE {}", "ALTER TABLE {} DISABLE ROW LEVEL SECURITY", "TRUNCATE {}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute(sql.SQL(statement).format(sql.Identifier(tables[0])))


@pytest.mark.safeguard("164.312(a)(2)(iv)")
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM organization_keys",
        "TRUNCATE organization_keys",
        "INSERT INTO alembic_version (version_num) VALUES ('9999')",
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM alembic_version",
    ],
)
def test_a_request_removes_no_key_and_says_nothing_of_the_schemas_version(connection, statement) -> None:
    """A key that is gone takes all that it has sealed with it; a version that is wrong stops every process."""
    act_for(connection, MINE)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(statement)
