"""The keys that tokens are signed with: Ed25519 keys in files that only their owner may read, each made once and whole.

The key id is the RFC 7638 thumbprint of the public key, so a new key is a new id without anybody counting. The first
key is `access-signing.pem`; each that follows has the moment from which it signs in its name, so that the folder alone
says what holds. A running process looks into the folder again at most once a second: a rotation needs no restart.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from services.access.domain.signing_schedule import ScheduledKey, in_order, signing_key, state_of
from shared.clocks import Clock, Monotonic
from shared.errors import Unauthorized
from shared.private_files import read_private_file, write_private_file
from shared.security import Claims, sign
from shared.security.jwks import thumbprint, to_jwk
from shared.security.pins import write_pins
from shared.security.revocations import sign_revocations
from shared.settings import PINS_NAME
from shared.startup import CannotStart

LOOK_SECONDS = 1.0
FIRST = datetime.fromtimestamp(0, UTC)
MOMENT = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"-(\d{8}T\d{6}Z)\.pem")
log = structlog.get_logger()


class SigningKeyDamaged(CannotStart):
    """The key file does not hold an Ed25519 key."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key with its file."""

    scheduled: ScheduledKey
    key: Ed25519PrivateKey
    file: Path


class TokenSigner:
    """Signs tokens; it is also the key set that this service checks its own tokens with. `path` is the first key's
    file, `wall_clock` says which key's turn it is."""

    def __init__(self, path: Path, issuer: str, wall_clock: Clock, monotonic: Monotonic) -> None:
        self._path = path
        self._issuer = issuer
        self._wall_clock = wall_clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_at = monotonic()
        self._files = read_keys(path)

    @property
    def key_id(self) -> str:
        """The id of the key that signs now."""
        return self._signing().scheduled.key_id

    def sign(self, claims: Claims, now: datetime, lifetime: timedelta, token_id: str) -> str:
        """A compact JWT (EdDSA) over `claims`, issued at `now` and expired after `lifetime`; `token_id` becomes its
        `jti`."""
        signing = self._signing()
        return sign(
            claims,
            key=signing.key,
            key_id=signing.scheduled.key_id,
            issuer=self._issuer,
            now=now,
            lifetime=lifetime,
            token_id=token_id,
        )

    def sign_revocations(
        self, revoked_at: Mapping[str, datetime], persons: Mapping[str, datetime], now: datetime
    ) -> str:
        """The list of revocations as of `now`, a moment before they were looked up, as a compact JWT."""
        signing = self._signing()
        return sign_revocations(
            revoked_at, persons, key=signing.key, key_id=signing.scheduled.key_id, issuer=self._issuer, now=now
        )

    def find(self, key_id: str) -> Ed25519PublicKey:
        """Raises Unauthorized for a key that is not published, or no longer."""
        for one in self._published():
            if one.scheduled.key_id == key_id:
                return one.key.public_key()
        raise Unauthorized("the token is signed with a key that is not in use", code="token_key_unknown")

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set (RFC 7517), as the other services fetch it."""
        return {"keys": [to_jwk(one.key.public_key(), one.scheduled.key_id) for one in self._published()]}

    def _signing(self) -> KeyFile:
        files = self._look()
        wanted = signing_key([one.scheduled for one in files], self._wall_clock.now())
        return next(one for one in files if one.scheduled == wanted)

    def _published(self) -> list[KeyFile]:
        files = self._look()
        keys, now = [one.scheduled for one in files], self._wall_clock.now()
        return [one for one in files if state_of(keys, one.scheduled, now) != "ended"]

    def _look(self) -> list[KeyFile]:
        """The keys of the folder, at most a second ago. What cannot be read leaves them as they were."""
        with self._lock:
            if self._monotonic() - self._looked_at >= LOOK_SECONDS:
                self._looked_at = self._monotonic()
                names = {one.file for one in self._files}
                try:
                    if set(key_files(self._path)) != names:
                        self._files = read_keys(self._path, make=False) or self._files
                except (CannotStart, OSError):
                    log.exception("signing_keys_not_read")
            return self._files


def load_signer(path: Path, issuer: str, wall_clock: Clock, monotonic: Monotonic) -> TokenSigner:
    """The signer of a folder of keys, whose first is made when there is none. Raises ReadableByOthers and
    SigningKeyDamaged."""
    return TokenSigner(path, issuer, wall_clock, monotonic)


def key_files(path: Path) -> list[Path]:
    """The files of all keys, `path` being that of the first."""
    return sorted(file for file in path.parent.glob(f"{path.stem}*.pem") if file == path or _moment_of(path, file))


def read_keys(path: Path, *, make: bool = True) -> list[KeyFile]:
    """In the order in which they sign. Raises ReadableByOthers, SigningKeyDamaged and OSError."""
    if make and not key_files(path):
        write_private_file(path, _new_key)
    found = [_read(file, _moment_of(path, file) or FIRST) for file in key_files(path)]
    order = in_order([one.scheduled for one in found])
    return sorted(found, key=lambda one: order.index(one.scheduled))


def add_key(path: Path, signs_from: datetime) -> KeyFile:
    """A new key that signs from the second after this moment. Raises OSError."""
    second = signs_from.replace(microsecond=0)
    file = path.with_name(f"{path.stem}-{second.strftime(MOMENT)}.pem")
    write_private_file(file, _new_key)
    return _read(file, second)


def pin_keys(path: Path) -> None:
    """Other services trust the keys of this folder from now on, and no others. Raises as `read_keys`."""
    write_pins(path.with_name(PINS_NAME), (one.scheduled.key_id for one in read_keys(path, make=False)))


def _moment_of(path: Path, file: Path) -> datetime | None:
    named = NAME.fullmatch(file.name.removeprefix(path.stem))
    try:
        return datetime.strptime(named[1], MOMENT).replace(tzinfo=UTC) if named else None
    except ValueError:
        return None


def _read(file: Path, signs_from: datetime) -> KeyFile:
    try:
        key = load_pem_private_key(read_private_file(file), password=None)
    except ValueError:
        raise SigningKeyDamaged(
            f"{file} is damaged; restore it from its copy, or remove it to make a new one"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyDamaged(f"{file} holds no Ed25519 key; restore it from its copy")
    return KeyFile(ScheduledKey(thumbprint(key.public_key()), signs_from), key, file)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
