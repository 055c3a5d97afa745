"""The keys of organizations: 32 random bytes for each organization and generation, wrapped under a master key, in a
table of the service's own database.

A key is made when it is first needed, in a short transaction of its own, so that it is there before anything that is
sealed with it. Within a transaction that writes that cannot be (SQLite has one writer, and that is this one): there
OrganizationKeyMissing is raised, and `Database.run` makes the key and runs the write again.

What has been unwrapped is remembered. Which generation is current is asked again after REFRESH_SECONDS, which is how a
process learns of a new one. With each new connection all of it is forgotten: a process whose connections were lost may
find another database in the place of the one that it knew, such as a backup that was restored meanwhile, and would seal
with keys that are not in it.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from shared.database.key_checks import hold_check, insert_missing
from shared.database.keyring import KeyPort, MasterKeyMissing, WrapBroken, WrappedKey
from shared.database.keys import FIRST, KEY_BYTES, DataKey
from shared.database.operations import OrganizationKey
from shared.errors import Unavailable

REFRESH_SECONDS = 5.0
MAX_REMEMBERED = 4096
TABLE = OrganizationKey.__table__  # type: ignore[attr-defined]


class OrganizationKeyMissing(Exception):
    """Raised within a transaction that writes for an organization that has no key yet."""

    def __init__(self, organization_id: str) -> None:
        super().__init__("an organization has no key yet")
        self.organization_id = organization_id


class _Here(NamedTuple):
    """The transaction that this thread is in."""

    connection: Connection
    writes: bool
    made: dict[str, DataKey]


class OrganizationKeys:
    """`connect(writes)` gives a connection in a short transaction of its own, which is committed at the end."""

    def __init__(
        self,
        connect: Callable[[bool], AbstractContextManager[Connection]],
        master: KeyPort,
        service: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.master = master
        self._connect = connect
        self._service = service
        self._monotonic = monotonic
        self._thread = threading.local()
        self._key = lru_cache(maxsize=MAX_REMEMBERED)(self._load)
        self._newest = lru_cache(maxsize=MAX_REMEMBERED)(self._find_newest)

    def forget(self) -> None:
        """Remember no key any more."""
        self._newest.cache_clear()
        self._key.cache_clear()

    @contextmanager
    def within(self, connection: Connection, *, writes: bool) -> Iterator[None]:
        """While this thread is in a transaction, keys are looked up through its connection: another one might not be
        free, and what a snapshot shows can always be opened with keys of the same snapshot."""
        before = self._here()
        self._thread.here = _Here(connection, writes, {})
        try:
            yield
        finally:
            self._thread.here = before

    def current(self, organization_id: str) -> DataKey:
        """Raises OrganizationKeyMissing within a transaction that writes, and Unavailable without its master key."""
        here = self._here()
        if here is not None and organization_id in here.made:
            return here.made[organization_id]
        try:
            generation = self._newest(organization_id, int(self._monotonic() / REFRESH_SECONDS))
            return self._key(organization_id, generation)
        except LookupError:
            if here is not None and here.writes:
                raise OrganizationKeyMissing(organization_id) from None
            key = self.make(organization_id)
            if here is not None:
                # The snapshot of this transaction is older than the key.
                here.made[organization_id] = key
            return key

    def of(self, organization_id: str, generation: int) -> DataKey:
        """Raises LookupError where there is no such generation, and Unavailable without its master key."""
        here = self._here()
        if here is not None and organization_id in here.made and generation == FIRST:
            return here.made[organization_id]
        return self._key(organization_id, generation)

    def make(self, organization_id: str, generation: int = FIRST) -> DataKey:
        """Make a generation, in a transaction of its own; where another process has made it, that one stays."""
        secret, context = secrets.token_bytes(KEY_BYTES), self.context(organization_id, generation)
        with self._connect(True) as connection:
            wrapped = self.master.wrap(secret, context)
            if not hold_check(connection, self.master, self._service, wrapped.key_id):
                # Rotated and retired within these microseconds; the next one is under the new master key.
                wrapped = self.master.wrap(secret, context)
            row = {
                "organization_id": organization_id,
                "id": str(generation),
                "generation": generation,
                "master_key_id": wrapped.key_id,
                "wrapped": wrapped.blob,
                "resealed": generation == FIRST,
            }
            insert_missing(connection, TABLE, row)
        return self._load(organization_id, generation, own=True)

    def context(self, organization_id: str, generation: int) -> bytes:
        """What a wrapped key is bound to."""
        return f"{self._service}\0{organization_id}\0{generation}".encode()

    def _here(self) -> _Here | None:
        return getattr(self._thread, "here", None)

    @contextmanager
    def _reading(self, *, own: bool = False) -> Iterator[Connection]:
        here = self._here()
        if here is not None and not own:
            yield here.connection
        else:
            with self._connect(False) as connection:
                yield connection

    def _find_newest(self, organization_id: str, _moment: int) -> int:
        query = select(func.max(TABLE.c.generation)).where(TABLE.c.organization_id == organization_id)
        with self._reading() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise LookupError(organization_id)
        return int(found)

    def _load(self, organization_id: str, generation: int, *, own: bool = False) -> DataKey:
        query = select(TABLE.c.master_key_id, TABLE.c.wrapped).where(
            TABLE.c.organization_id == organization_id, TABLE.c.id == str(generation)
        )
        with self._reading(own=own) as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            raise LookupError(organization_id)
        wrapped = WrappedKey(found.master_key_id, bytes(found.wrapped))
        try:
            return DataKey(generation, self.master.unwrap(wrapped, self.context(organization_id, generation)))
        except WrapBroken:
            raise LookupError(organization_id) from None
        except MasterKeyMissing as missing:
            raise Unavailable(
                "a master key of this installation is not in its keyring; its operator has to put it back",
                code="keys_unavailable",
            ) from missing
