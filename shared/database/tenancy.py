"""The second layer between tenants: a session of an organization's work reads and writes rows of that one alone.

The first layer is that every query names its organization. This one holds where a query forgets it. On PostgreSQL the
database does it: row-level security, forced, under a role that owns nothing and is no superuser. On SQLite, which has
no such thing, the session adds the same filter to every query of mapped classes. What is written is looked at on both.
Work for the installation (worker, command line, a login) is not confined; `shared.tenancy` says whose work it is.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, MetaData, event, inspect, literal_column
from sqlalchemy.orm import ORMExecuteState, UOWTransaction, with_loader_criteria
from sqlmodel import Session

from shared.ids import is_id
from shared.tenancy import current_organization

ROLE = "handbill_tenant"
EVERY = "*"
"""No organization's id: such a session is of the installation."""
SETTING = "handbill.organization"
CONFINED = "confined_to"
UNMAPPED: Any = literal_column("organization_id")
"""SQLAlchemy looks at the filter once with the unmapped base class, before it does so with each mapped one."""
POLICY = "of_the_organization"
MAY_ACT = "CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END"
MAKE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'handbill_tenant') THEN
    CREATE ROLE handbill_tenant NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  -- Who makes a role is a member of it, but from PostgreSQL 16 on may not act as it until that is granted.
  IF NOT pg_has_role(current_user, 'handbill_tenant', @may_act) THEN
    EXECUTE 'GRANT handbill_tenant TO ' || quote_ident(current_user);
  END IF;
-- A role is of the whole server: another database's migration may be making it at this moment.
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT USAGE ON SCHEMA public TO handbill_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO handbill_tenant;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM handbill_tenant;
DO $$ BEGIN
  -- A key that is gone takes all that it has sealed with it.
  REVOKE DELETE, TRUNCATE ON organization_keys FROM handbill_tenant;
EXCEPTION WHEN undefined_table THEN NULL;
END $$;
"""
IS_SECURED = """
SELECT EXISTS (SELECT FROM pg_policies WHERE policyname = 'of_the_organization' AND tablename = 'chain_heads')
  AND bool_and(pg_has_role(current_user, oid, @may_act))
  AND bool_and(has_table_privilege(oid, to_regclass('chain_heads'), 'INSERT'))
  AND NOT EXISTS (
    SELECT FROM pg_policies JOIN pg_class ON relname = tablename AND relnamespace = 'public'::regnamespace
    WHERE schemaname = 'public' AND policyname = 'of_the_organization'
    AND NOT (relrowsecurity AND relforcerowsecurity)
  )
FROM pg_roles WHERE rolname = 'handbill_tenant'
"""
SECURED = """
SELECT tablename FROM pg_policies JOIN pg_class ON relname = tablename AND relnamespace = 'public'::regnamespace
WHERE schemaname = 'public' AND policyname = 'of_the_organization' AND relrowsecurity AND relforcerowsecurity
"""
SECURE = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS {policy} ON {table};
CREATE POLICY {policy} ON {table} USING (
  organization_id = current_setting('{setting}', true) OR current_setting('{setting}', true) = '{every}'
);
"""


class OfTenant:
    """A mapped class whose rows belong to one organization each. Rows of the installation itself (counters, leases) are
    of classes without it."""


class OtherTenant(Exception):
    """A session wrote a row of another organization than the one it works for: a defect of ours."""


def tenant_classes(*metadata: MetaData) -> list[type[Any]]:
    """The mapped classes of the tables of tenants, in no particular order."""
    found = [cls for cls in _subclasses(OfTenant) if getattr(cls, "__table__", None) is not None]
    return [cls for cls in found if cls.__table__.metadata in metadata]


def tenant_tables(*metadata: MetaData) -> list[str]:
    """The names of the tables of tenants, in order."""
    return sorted(cls.__table__.name for cls in tenant_classes(*metadata))


def secure(connection: Connection, *metadata: MetaData) -> None:
    """Give PostgreSQL the role, and the policies to tables that have none, after these were made; the others are not
    touched, since services may be reading them. Nothing on SQLite."""
    if connection.dialect.name != "postgresql":
        return
    connection.exec_driver_sql(MAKE_ROLE.replace("@may_act", MAY_ACT))
    there = set(inspect(connection).get_table_names())  # a history may have run to an earlier version only
    there -= set(connection.exec_driver_sql(SECURED).scalars())
    for table in [name for name in tenant_tables(*metadata) if name in there]:
        statement = SECURE.format(table=f'"{table}"', policy=POLICY, setting=SETTING, every=EVERY)
        connection.exec_driver_sql(statement)


def is_secured(connection: Connection) -> bool:
    """Whether `secure` has been run here, and all that it did still holds: a database that was moved to another server
    has its policies and not the role, which is of a server; its owner may have switched a policy off. PostgreSQL alone.
    """
    return bool(connection.exec_driver_sql(IS_SECURED.replace("@may_act", MAY_ACT)).scalar())


def of_every_organization(connection: Connection) -> None:
    """Let a transaction outside of any session see all rows. Who owns the tables sees none otherwise, since their
    security is forced; only a superuser would."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL {SETTING} = '{EVERY}'")


def confine(session: Session) -> None:
    """Bind a session that has begun to the organization of the work that is under way."""
    organization_id = current_organization()
    session.info[CONFINED] = organization_id
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        if organization_id and not is_id(organization_id):
            raise ValueError("this is no id of an organization")
        # For this transaction alone, since the connection goes back to a pool; both in one round trip.
        whose = EVERY if organization_id is None else organization_id
        connection.exec_driver_sql(f"SET LOCAL ROLE {ROLE}; SET LOCAL {SETTING} = '{whose}'")


def _filter_reads(state: ORMExecuteState) -> None:
    organization_id = state.session.info.get(CONFINED)
    if organization_id is None or state.session.get_bind().dialect.name == "postgresql":
        return
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(_only_of(organization_id))


@lru_cache(maxsize=1024)
def _only_of(organization_id: str) -> Any:
    """The filter of one organization; making it is dear, since SQLAlchemy takes the lambda apart."""
    return with_loader_criteria(
        OfTenant,
        lambda cls: getattr(cls, "organization_id", UNMAPPED) == organization_id,
        include_aliases=True,
    )


def _check_writes(session: Any, _context: UOWTransaction, _instances: Any) -> None:
    organization_id = session.info.get(CONFINED)
    if organization_id is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, OfTenant) and row.organization_id != organization_id:  # type: ignore[attr-defined]
            raise OtherTenant(f"a row of {type(row).__tablename__} is another organization's")  # type: ignore[attr-defined]


def _subclasses(cls: type) -> Iterator[Any]:
    one: Any
    for one in cls.__subclasses__():
        yield one
        yield from _subclasses(one)


event.listen(Session, "do_orm_execute", _filter_reads)
event.listen(Session, "before_flush", _check_writes)
