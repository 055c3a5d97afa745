"""A keyring in one file, encrypted under a passphrase: scrypt makes the key, AES-256-GCM seals."""

import base64
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.database.keyring import NONCE_BYTES, Keyring
from shared.passphrases import SALT_BYTES, N, P, R, derive, is_cost
from shared.startup import CannotStart

FORMAT = "handbill-keyring-backup-1"
MAX_BACKUP_BYTES = 200_000


class BackupUnreadable(CannotStart, ValueError):
    """It is no backup of a keyring, it is damaged, or the passphrase is another one."""


def encrypt_keyring(ring: Keyring, passphrase: str, n: int = N) -> bytes:
    """JSON whose header is authenticated together with the keyring."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    header = {"format": FORMAT, "n": n, "r": R, "p": P, "salt": _text(salt), "nonce": _text(nonce)}
    sealed = AESGCM(derive(passphrase, salt, n)).encrypt(nonce, ring.to_bytes(), _associated(header))
    return json.dumps({**header, "sealed": _text(sealed)}, indent=1).encode()


def decrypt_keyring(content: bytes, passphrase: str) -> Keyring:
    """Raises BackupUnreadable."""
    try:
        found = json.loads(content)
        sealed = base64.b64decode(found.pop("sealed"), validate=True)
        salt, nonce = (base64.b64decode(found[name], validate=True) for name in ("salt", "nonce"))
        n = found["n"]
        if found["format"] != FORMAT or not is_cost(n, found["r"], found["p"]):
            raise BackupUnreadable("the file is no backup of a keyring of this Handbill")
        key = derive(passphrase, salt, n)
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


def _associated(header: dict[str, object]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
