"""A keyring in one file, encrypted under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals."""

import base64
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shared.database.keyring import KEY_BYTES, NONCE_BYTES, Keyring
from shared.startup import CannotStart

FORMAT = "handbill-keyring-backup-1"
N, R, P = 2**16, 8, 1
"""64 MB and a fifth of a second for each passphrase that somebody tries."""
MAX_N = 2**20
SALT_BYTES = 16
MIN_PASSPHRASE_CHARACTERS = 12
MAX_BACKUP_BYTES = 200_000


class BackupUnreadable(CannotStart, ValueError):
    """It is no backup of a keyring, it is damaged, or the passphrase is another one."""


def encrypt_keyring(ring: Keyring, passphrase: str, n: int = N) -> bytes:
    """JSON whose header is authenticated together with the keyring."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    header = {"format": FORMAT, "n": n, "r": R, "p": P, "salt": _text(salt), "nonce": _text(nonce)}
    sealed = AESGCM(_derive(passphrase, salt, n)).encrypt(nonce, ring.to_bytes(), _associated(header))
    return json.dumps({**header, "sealed": _text(sealed)}, indent=1).encode()


def decrypt_keyring(content: bytes, passphrase: str) -> Keyring:
    """Raises BackupUnreadable."""
    try:
        found = json.loads(content)
        sealed = base64.b64decode(found.pop("sealed"), validate=True)
        salt, nonce = (base64.b64decode(found[name], validate=True) for name in ("salt", "nonce"))
        known = found["format"] == FORMAT and found["r"] == R and found["p"] == P
        n = found["n"]
        if not known or not isinstance(n, int) or not 2 <= n <= MAX_N or n & (n - 1):
            raise BackupUnreadable("the file is no backup of a keyring of this Handbill")
        key = _derive(passphrase, salt, n)
    except BackupUnreadable:
        raise
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupUnreadable("the file is no backup of a keyring, or is damaged") from None
    try:
        return Keyring.from_bytes(AESGCM(key).decrypt(nonce, sealed, _associated(found)))
    except (InvalidTag, ValueError):
        raise BackupUnreadable("the passphrase is another one, or the file is damaged") from None


def merged(present: Keyring | None, restored: Keyring) -> Keyring:
    """Every key of both, so that a restore never loses one. The present keyring says which is current, unless the
    restored one has all of its keys."""
    if present is None or present.keys.keys() <= restored.keys.keys():
        return restored
    others = {name: key for name, key in {**restored.keys, **present.keys}.items() if name != present.current}
    return Keyring(present.current, {**others, present.current: present.keys[present.current]})


def _derive(passphrase: str, salt: bytes, n: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=n, r=R, p=P).derive(passphrase.encode())


def _associated(header: dict[str, object]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
