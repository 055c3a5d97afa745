"""Keys for PHI at rest: a small port, a local key file behind it, and the vault that seals and opens values.

AES-256-GCM; the associated data is organization|table|column|row, so that a value moved to another row, column or
organization does not open. Every organization has its own keys, derived by HKDF-SHA256 from the master key.
"""

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.private_files import read_private_file, write_private_file
from shared.startup import CannotStart

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class SealBroken(Exception):
    """A sealed value does not open: another key, another place, or changed bytes."""


class KeyPort(Protocol):
    """Answers the 32-byte key of an organization for a purpose (`seal`, `blind`, and those of MACs)."""

    def key(self, organization_id: str, purpose: str) -> bytes:
        """The same 32 bytes for the same organization and purpose, always."""
        ...


class LocalKeyFile:
    """A 32-byte master key in a file that only its owner may read; made when it is not there. Raises ReadableByOthers,
    and MasterKeyDamaged when it is not 32 bytes long."""

    def __init__(self, path: Path) -> None:
        self._master = _read_or_make(path)
        self._derived = lru_cache(maxsize=4096)(self._derive)

    def key(self, organization_id: str, purpose: str) -> bytes:
        """Derived from the master key, and remembered."""
        return self._derived(organization_id, purpose)

    def _derive(self, organization_id: str, purpose: str) -> bytes:
        info = f"handbill|{purpose}|{organization_id}".encode()
        # No salt: the master key is random already (RFC 5869, section 3.1). The purpose keeps blind indexes and seals
        # on different keys.
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)


class MasterKeyDamaged(CannotStart, ValueError):
    """The key file does not hold a key."""


def _read_or_make(path: Path) -> bytes:
    if not path.exists():
        write_private_file(path, lambda: secrets.token_bytes(KEY_BYTES))
    # Read back also after writing: of two processes that start together one has made the file, and both use that one.
    key = read_private_file(path)
    if len(key) != KEY_BYTES:
        raise MasterKeyDamaged(f"{path} is damaged: a key has {KEY_BYTES} bytes; restore it from its copy")
    return key


class Vault:
    """Seals and opens values for one service, and makes blind indexes to search sealed ones by equality."""

    def __init__(self, keys: KeyPort) -> None:
        self._keys = keys

    def seal(self, organization_id: str, table: str, column: str, row_id: str, value: bytes) -> bytes:
        """version byte | 12-byte nonce | ciphertext and tag."""
        # Random nonces are safe for some 2^32 values under one key (NIST SP 800-38D); every organization has a key of
        # its own.
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self._keys.key(organization_id, "seal"))
        place = f"{organization_id}|{table}|{column}|{row_id}".encode()
        return VERSION + nonce + cipher.encrypt(nonce, value, place)

    def open(self, organization_id: str, table: str, column: str, row_id: str, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        if sealed[:1] != VERSION:
            raise SealBroken(f"{table}.{column}: unknown seal version")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        place = f"{organization_id}|{table}|{column}|{row_id}".encode()
        try:
            return AESGCM(self._keys.key(organization_id, "seal")).decrypt(nonce, body, place)
        except (InvalidTag, ValueError):
            raise SealBroken(f"{table}.{column}: the seal does not open") from None

    def blind(self, organization_id: str, field: str, value: str) -> str:
        """An HMAC-SHA256 of a value, in hex: equal values of one organization and field have equal indexes."""
        key = self._keys.key(organization_id, "blind")
        return hmac.new(key, f"{field}|{value}".encode(), sha256).hexdigest()

    def mac(self, organization_id: str, purpose: str, data: bytes) -> str:
        """An HMAC-SHA256 by which a change of `data` is seen. Each `purpose` (`row`, `audit`) has a key of its own."""
        key = self._keys.key(organization_id, f"mac|{purpose}")
        return hmac.new(key, data, sha256).hexdigest()

    def mac_holds(self, organization_id: str, purpose: str, data: bytes, mac: str) -> bool:
        """Whether `mac` is the one of `data`, compared in constant time."""
        return hmac.compare_digest(self.mac(organization_id, purpose, data), mac)
