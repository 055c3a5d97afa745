"""A check value per database and master key, by which a process tells that the keys it has are the database's own.

Without it every sealed row would fail later, one by one, in a service that says that it is ready.
"""

from typing import Any

from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.database.keyring import KeyPort, MasterKeyMissing, WrapBroken, WrappedKey
from shared.database.operations import KeyCheck, OrganizationKey
from shared.startup import CannotStart

INSTALLATION = ""
"""Check values belong to no organization."""
CONSTANT = b"handbill"
CHECKS = KeyCheck.__table__  # type: ignore[attr-defined]
KEYS = OrganizationKey.__table__  # type: ignore[attr-defined]


class MasterKeyMismatch(CannotStart):
    """The database was sealed with other master keys than those that are here, or none are here."""


def insert_missing(connection: Connection, table: Table, row: dict[str, Any]) -> None:
    """Insert a row, unless one with its primary key is there."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).values(row).on_conflict_do_nothing())


def context_of(service: str) -> bytes:
    """What a check value is bound to."""
    return f"{service}\0check".encode()


def add_check(connection: Connection, check: WrappedKey) -> None:
    """Leave the check value of a master key, `CONSTANT` wrapped under it; one that is there stays."""
    insert_missing(connection, CHECKS, {"organization_id": INSTALLATION, "id": check.key_id, "sealed": check.blob})


def hold_check(connection: Connection, master: KeyPort, service: str, master_id: str) -> bool:
    """Make sure that a master key has its check value, and that it keeps it until this transaction ends, so that it is
    not retired meanwhile. False where it is no longer the current one, and has none."""
    query = select(CHECKS.c.id).where(CHECKS.c.id == master_id).with_for_update(read=True)
    if connection.execute(query).first() is not None:
        return True
    check = master.wrap(CONSTANT, context_of(service))
    add_check(connection, check)
    return check.key_id == master_id


def remove_check(connection: Connection, master_id: str) -> bool:
    """Remove the check value of a master key, which is how it is retired. False, and nothing may be committed, where an
    organization's key is wrapped under it."""
    # Removed first: whoever is wrapping a key under it at this moment holds the row, and has committed when this goes
    # on.
    connection.execute(delete(CHECKS).where(CHECKS.c.id == master_id))
    return connection.execute(select(KEYS.c.id).where(KEYS.c.master_key_id == master_id).limit(1)).first() is None


def is_sealed(connection: Connection) -> bool:
    """Whether a master key has been used for this database."""
    if not connection.dialect.has_table(connection, CHECKS.name):
        return False
    return connection.execute(select(CHECKS.c.id).limit(1)).first() is not None


def confirm_keys(connection: Connection, master: KeyPort, service: str) -> None:
    """That every organization's key can be unwrapped, and one check value at least. Raises MasterKeyMismatch, and what
    the keys raise when they cannot be read."""
    master.current_id()
    checks = {row.id: bytes(row.sealed) for row in connection.execute(select(CHECKS.c.id, CHECKS.c.sealed))}
    opened = {name for name, blob in checks.items() if _opens(master, WrappedKey(name, blob), service)}
    needed = set(connection.execute(select(KEYS.c.master_key_id).distinct()).scalars())
    missing = sorted(needed - opened) or ([] if opened or not checks else sorted(checks))
    if missing:
        raise MasterKeyMismatch(
            f"the database of {service} was sealed with master key {', '.join(missing)}, which is not in the keyring"
        )


def _opens(master: KeyPort, check: WrappedKey, service: str) -> bool:
    try:
        return master.unwrap(check, context_of(service)) == CONSTANT
    except (MasterKeyMissing, WrapBroken):
        return False
