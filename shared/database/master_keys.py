"""A new master key while everything runs: it is prepared, leaves its check value in each database, becomes the current
one, and then the keys of all organizations are wrapped under it. What they have sealed stays as it is.

Each step can be made again. Processes that run find out by themselves, since the keyring is read again for an id that
is not known and before anything is wrapped.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select, update

from shared.database.engine import Database
from shared.database.key_checks import CONSTANT, add_check, context_of, remove_check
from shared.database.keyring import Keyring, LocalKeyring, WrappedKey, with_next_key, wrap_under
from shared.database.sealed_rows import ORGANIZATION_KEYS as KEYS
from shared.startup import CannotStart

KEYS_AT_ONCE = 200


class MasterKeyInUse(CannotStart):
    """The master key cannot be retired."""


def prepare(keyring: LocalKeyring, databases: Sequence[Database]) -> str:
    """Make the next master key, or take the one that is prepared; every database gets its check value. Its id."""
    ring = keyring.change(with_next_key)
    for database in databases:
        check = wrap_under(ring, ring.newest, CONSTANT, context_of(database.service))
        with database.short_transaction(writes=True) as connection:
            add_check(connection, check)
    return ring.newest


def rotate(keyring: LocalKeyring, databases: Sequence[Database]) -> tuple[str, int]:
    """Its id, and how many keys of organizations were wrapped under it."""
    prepare(keyring, databases)
    ring = keyring.change(lambda found: replace(found, current=found.newest))
    return ring.current, sum(rewrap(database, ring) for database in databases)


def rewrap(database: Database, ring: Keyring) -> int:
    """Wrap every organization's key under the current master key. Those that are there already are left alone. Raises
    MasterKeyMissing, and WrapBroken."""
    done = 0
    stale = select(KEYS).where(KEYS.c.master_key_id != ring.current).limit(KEYS_AT_ONCE)
    while True:
        with database.short_transaction(writes=True) as connection:
            rows = connection.execute(stale).all()
            for row in rows:
                context = database.organization_keys.context(row.organization_id, row.generation)
                old = WrappedKey(row.master_key_id, bytes(row.wrapped))
                new = wrap_under(ring, ring.current, database.organization_keys.master.unwrap(old, context), context)
                own = (KEYS.c.organization_id == row.organization_id, KEYS.c.id == row.id)
                values = {"master_key_id": new.key_id, "wrapped": new.blob}
                changed = update(KEYS).where(*own, KEYS.c.master_key_id == old.key_id).values(values)
                done += connection.execute(changed).rowcount
        if not rows:
            return done


def retire(keyring: LocalKeyring, databases: Sequence[Database], master_id: str) -> None:
    """Take an earlier master key out of the keyring, once no database needs it. Raises MasterKeyInUse."""
    ring = keyring.read()
    if master_id not in ring.keys:
        raise MasterKeyInUse(f"the keyring has no master key {master_id}; see: handbill keys list")
    if master_id == ring.current:
        raise MasterKeyInUse(f"{master_id} is the current master key; run first: handbill keys rotate")
    for database in databases:
        # What a process has wrapped under it just when the key was rotated.
        rewrap(database, ring)
        with database.short_transaction(writes=True) as connection:
            if not remove_check(connection, master_id):
                raise MasterKeyInUse(
                    f"the database of {database.service} has keys that are wrapped under {master_id}; run first: "
                    "handbill keys rotate"
                )
    keyring.change(lambda found: replace(found, keys={k: v for k, v in found.keys.items() if k != master_id}))
