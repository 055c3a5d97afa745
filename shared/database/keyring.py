"""Master keys: a small port behind which a KMS or HSM can stand, and the keyring file of an installation behind it.

A master key does one thing: it wraps the keys of organizations (`organization_keys`), which is what a KMS offers too.
A keyring holds every master key that something may still be wrapped under, and says which one is current. An id is a
digest of its key, so a keyring that is damaged is noticed when it is read. A process reads the file again when it meets
an id that it does not know, or is about to wrap, so a rotation reaches it without a restart.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.private_files import OWNER, read_private_file, write_private_file
from shared.startup import CannotStart

FORMAT = "handbill-keyring-1"
KEY_BYTES = 32
NONCE_BYTES = 12
ID_DIGITS = 12
MAX_KEYRING_BYTES = 100_000


class MasterKeyDamaged(CannotStart, ValueError):
    """The keyring does not hold what a keyring holds."""


class MasterKeyMissing(CannotStart, LookupError):
    """Something is wrapped under a master key that is not here."""


class WrapBroken(Exception):
    """A wrapped key does not open: another master key, another context, or changed bytes."""


class WrappedKey(NamedTuple):
    """A key as it may lie in a database; `key_id` names the master key that opens it."""

    key_id: str
    blob: bytes


class KeyPort(Protocol):
    """Wraps and unwraps keys of 32 bytes. `context` says whose key it is; another context does not open it."""

    def wrap(self, key: bytes, context: bytes) -> WrappedKey:
        """Under the current master key. Raises CannotStart when it cannot be used."""
        ...

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Raises MasterKeyMissing, and WrapBroken."""
        ...

    def current_id(self) -> str:
        """The master key that `wrap` uses now. Raises CannotStart when the keys cannot be used."""
        ...


@dataclass(frozen=True, slots=True)
class Keyring:
    """Master keys by id, the oldest first. A key after the current one is prepared, and wraps nothing yet."""

    current: str
    keys: dict[str, bytes]

    @classmethod
    def new(cls) -> "Keyring":
        """A keyring with one new key."""
        key = secrets.token_bytes(KEY_BYTES)
        return cls(key_id(key), {key_id(key): key})

    @classmethod
    def from_bytes(cls, content: bytes) -> "Keyring":
        """Raises ValueError for anything but what `to_bytes` has written."""
        try:
            found = json.loads(content)
            keys = {one["id"]: base64.b64decode(one["key"], validate=True) for one in found["keys"]}
            ring = cls(found["current"], keys)
            known = found["format"] == FORMAT
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("not a keyring") from error
        if not known or ring.current not in keys or any(name != key_id(key) for name, key in keys.items()):
            raise ValueError("not a keyring")
        return ring

    def to_bytes(self) -> bytes:
        """JSON; whoever reads it can open everything."""
        keys = [{"id": name, "key": base64.b64encode(key).decode()} for name, key in self.keys.items()]
        return json.dumps({"format": FORMAT, "current": self.current, "keys": keys}, indent=1).encode()

    @property
    def newest(self) -> str:
        """The id of the key that was made last."""
        return list(self.keys)[-1]


def key_id(key: bytes) -> str:
    """`mk_` and 12 hex digits of a digest. A digest of 256 random bits tells nothing of them."""
    return f"mk_{sha256(b'handbill master key|' + key).hexdigest()[:ID_DIGITS]}"


class LocalKeyring:
    """The keyring in a file that only its owner may read (0600); made with one key when it is not there.

    Raises ReadableByOthers and MasterKeyDamaged, here and wherever the file is read again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._signature: tuple[int, ...] = ()
        if not path.exists():
            # Of two processes that start together one makes the file, and both read that one.
            write_private_file(path, lambda: Keyring.new().to_bytes())
        self.read()

    def read(self) -> Keyring:
        """The keyring as the file has it now. Raises MasterKeyMissing when the file is gone."""
        with self._lock:
            try:
                stat = self._path.stat()
                signature = (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_mode)
                if signature != self._signature:
                    self._ring = Keyring.from_bytes(read_private_file(self._path, MAX_KEYRING_BYTES))
                    self._signature = signature
            except FileNotFoundError:
                raise MasterKeyMissing(f"{self._path} is missing; {PUT_BACK}") from None
            except ValueError:
                raise MasterKeyDamaged(f"{self._path} is damaged; {PUT_BACK}") from None
            return self._ring

    def current_id(self) -> str:
        """As the file says now."""
        return self.read().current

    def wrap(self, key: bytes, context: bytes) -> WrappedKey:
        """nonce | AES-256-GCM, with the context as associated data."""
        # Never under a key that is not on the disk (any more): what it wraps would be lost with this process.
        ring = self.read()
        return wrap_under(ring, ring.current, key, context)

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Raises MasterKeyMissing also where the file is read again and still has no such key."""
        master = self._ring.keys.get(wrapped.key_id) or self.read().keys.get(wrapped.key_id)
        if master is None:
            raise MasterKeyMissing(f"{self._path} has no master key {wrapped.key_id}; {PUT_BACK}")
        nonce, body = wrapped.blob[:NONCE_BYTES], wrapped.blob[NONCE_BYTES:]
        try:
            return AESGCM(master).decrypt(nonce, body, context)
        except (InvalidTag, ValueError):
            raise WrapBroken(f"what is wrapped under {wrapped.key_id} does not open") from None

    def change(self, how: Callable[[Keyring], Keyring]) -> Keyring:
        """Replace the file by `how` of what is there; two that do it at once do it one after the other."""
        with _alone(self._path):
            changed = how(self.read())
            write_private_file(self._path, changed.to_bytes, replace=True)
            return self.read()


PUT_BACK = "put the keyring back from its copy, or run: handbill keys restore FILE"


def wrap_under(ring: Keyring, master_id: str, key: bytes, context: bytes) -> WrappedKey:
    """Under a named key of a keyring."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return WrappedKey(master_id, nonce + AESGCM(ring.keys[master_id]).encrypt(nonce, key, context))


def with_next_key(ring: Keyring) -> Keyring:
    """One prepared key more; unchanged where one is prepared already."""
    if ring.newest != ring.current:
        return ring
    key = secrets.token_bytes(KEY_BYTES)
    return replace(ring, keys={**ring.keys, key_id(key): key})


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, OWNER)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
