"""The vault: seals and opens values of PHI, makes blind indexes to find them, and MACs by which a change is seen.

AES-256-GCM; the associated data is service|organization|table|column|row|version, so that a value that is moved to
another service, organization, table, column or row does not open, nor an older value of the same row in its newer
version. Every organization has random keys of its own, one a generation (`organization_keys`); a seal and a MAC name
the generation they were made with, and what each is used for is derived from it by HKDF-SHA256.

A new generation seals what is written from then on, and `resealing` seals the rest anew, which changes the bytes of
sealed columns and nothing else: no clear column, no version, no plain value. So a MAC over a row covers clear columns
alone; sealed ones are authenticated already, with their row and its version. A MAC that was made before keeps holding,
since it names its generation and generations stay. Blind indexes are always made with the first generation: they are
compared with those of rows that were written long ago, and to make them anew one would need every value they came from.
"""

import hmac
import os
from functools import cached_property
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = b"\x02"
GENERATION_BYTES = 4
HEADER_BYTES = len(FORMAT) + GENERATION_BYTES
NONCE_BYTES = 12
KEY_BYTES = 32
FIRST = 1


class SealBroken(Exception):
    """A sealed value does not open: another key, another place, or changed bytes."""


class Place(NamedTuple):
    """Where a sealed value is. `version` is the row's, None in a table without versions."""

    organization_id: str
    table: str
    column: str
    row_id: str
    version: int | None = None


class DataKey:
    """One generation of an organization's key, and what is derived from it."""

    def __init__(self, generation: int, secret: bytes) -> None:
        self.generation = generation
        self._secret = secret
        self._derived: dict[str, bytes] = {}
        self.header = FORMAT + generation.to_bytes(GENERATION_BYTES, "big")

    @cached_property
    def cipher(self) -> AESGCM:
        """For seals."""
        return AESGCM(self.derive("seal"))

    def derive(self, purpose: str) -> bytes:
        """32 bytes, the same for the same purpose always; purposes are a few words of ours."""
        key = self._derived.get(purpose)
        if key is None:
            # No salt: the secret is random already (RFC 5869, section 3.1).
            hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"handbill|{purpose}".encode())
            key = self._derived[purpose] = hkdf.derive(self._secret)
        return key


class DataKeys(Protocol):
    """The keys of organizations, by generation."""

    def current(self, organization_id: str) -> DataKey:
        """The generation to seal with; made where the organization has none."""
        ...

    def of(self, organization_id: str, generation: int) -> DataKey:
        """Raises LookupError where there is no such generation."""
        ...


class Vault:
    """Seals and opens values for one service."""

    def __init__(self, service: str, keys: DataKeys) -> None:
        self._service = service
        self._keys = keys

    def seal(self, place: Place, value: bytes, generation: int | None = None) -> bytes:
        """format byte | 4-byte generation | 12-byte nonce | ciphertext and tag. With the current generation, unless one
        is named."""
        # Random nonces are safe for some 2^32 values under one key (NIST SP 800-38D); every organization has a key of
        # its own in each service, and can be given a new one.
        nonce = os.urandom(NONCE_BYTES)
        organization_id = place.organization_id
        key = self._keys.current(organization_id) if generation is None else self._keys.of(organization_id, generation)
        return key.header + nonce + key.cipher.encrypt(nonce, value, self._associated_data(place))

    def open(self, place: Place, sealed: bytes) -> bytes:
        """Raises SealBroken."""
        generation = generation_of(sealed)
        if generation is None:
            raise SealBroken(f"{place.table}.{place.column}: unknown seal format")
        nonce, body = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES], sealed[HEADER_BYTES + NONCE_BYTES :]
        try:
            cipher = self._keys.of(place.organization_id, generation).cipher
            return cipher.decrypt(nonce, body, self._associated_data(place))
        except (InvalidTag, ValueError, LookupError):
            raise SealBroken(f"{place.table}.{place.column}: the seal does not open") from None

    def blind(self, organization_id: str, field: str, value: str) -> str:
        """An HMAC-SHA256 of a value, in hex: equal values of one organization and field have equal indexes, always."""
        key = self._first(organization_id).derive("blind")
        return hmac.digest(key, f"{field}|{value}".encode(), "sha256").hex()

    def mac(self, organization_id: str, purpose: str, data: bytes) -> str:
        """An HMAC-SHA256 by which a change of `data` is seen, after the generation of its key (`1:ab09...`). Each
        `purpose` (`row`, `audit`) has a key of its own."""
        return _mac(self._keys.current(organization_id), purpose, data)

    def mac_holds(self, organization_id: str, purpose: str, data: bytes, mac: str) -> bool:
        """Whether `mac` is the one of `data`, compared in constant time."""
        generation = mac.partition(":")[0]
        if not (generation.isascii() and generation.isdigit()):
            return False
        try:
            key = self._keys.of(organization_id, int(generation))
        except LookupError:
            return False
        return hmac.compare_digest(_mac(key, purpose, data).encode(), mac.encode())

    def _first(self, organization_id: str) -> DataKey:
        try:
            return self._keys.of(organization_id, FIRST)
        except LookupError:
            self._keys.current(organization_id)  # made now
            return self._keys.of(organization_id, FIRST)

    def _associated_data(self, place: Place) -> bytes:
        version = "" if place.version is None else str(place.version)
        # A NUL is in no name and no id, so two places never give the same bytes.
        return "\0".join((self._service, *place[:4], version)).encode()


def _mac(key: DataKey, purpose: str, data: bytes) -> str:
    return f"{key.generation}:{hmac.digest(key.derive(f'mac|{purpose}'), data, 'sha256').hex()}"


def generation_of(sealed: bytes) -> int | None:
    """The generation that a value was sealed with; None where it is no sealed value of ours."""
    if len(sealed) <= HEADER_BYTES + NONCE_BYTES or sealed[:1] != FORMAT:
        return None
    return int.from_bytes(sealed[1:HEADER_BYTES], "big")
