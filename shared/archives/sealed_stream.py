"""A stream that is sealed under a passphrase, piece by piece, so that one of any size takes little memory.

A line of JSON (how the key is made of the passphrase), then pieces of 64 KiB, each sealed by AES-256-GCM. The nonce is
7 random bytes, the piece's number in 4, and a byte that marks the last one, as in the STREAM construction (Hoang,
Reyhanitabar, Rogaway and Vizar, 2015): pieces that are changed, left out, moved or cut off at the end do not open.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.passphrases import SALT_BYTES, N, P, R, derive, is_cost
from shared.startup import CannotStart

FORMAT = "handbill-sealed-1"
BEGINNING = f'{{"format": "{FORMAT}"'.encode()
PIECE_BYTES = 65_536
TAG_BYTES = 16
PREFIX_BYTES = 7
MAX_HEADER_BYTES = 1_000
MAX_PIECES = 2**32


class SealedStreamBroken(CannotStart, ValueError):
    """The passphrase is another one, or the file is damaged, cut off, or not of this form."""


class SealingWriter:
    """Seals what is written to it; `close` writes the last piece, and leaves the file open."""

    def __init__(self, file: BinaryIO, passphrase: str, n: int = N) -> None:
        salt, self._prefix = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(PREFIX_BYTES)
        named = {"salt": b64encode(salt).decode(), "prefix": b64encode(self._prefix).decode()}
        self._header = json.dumps({"format": FORMAT, "n": n, "r": R, "p": P, **named}).encode() + b"\n"
        self._cipher = AESGCM(derive(passphrase, salt, n))
        self._file, self._number, self._waiting = file, 0, bytearray()
        file.write(self._header)

    def write(self, data: bytes) -> None:
        """Seals whole pieces; the last bytes wait, since a piece says whether it is the last."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:
            self._seal(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]

    def close(self) -> None:
        """The last piece, which may be empty."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._header))
        self._number += 1


class OpeningReader:
    """Reads what a SealingWriter has written. Raises SealedStreamBroken, also in the middle."""

    def __init__(self, file: BinaryIO, passphrase: Callable[[], str]) -> None:
        self._header = file.readline(MAX_HEADER_BYTES)
        try:
            found = json.loads(self._header)
            salt = b64decode(found["salt"], validate=True)
            self._prefix = b64decode(found["prefix"], validate=True)
            n = found["n"]
            known = found["format"] == FORMAT and is_cost(n, found["r"], found["p"])
        except (ValueError, KeyError, TypeError):
            known = False
        if not known or len(self._prefix) != PREFIX_BYTES:
            raise SealedStreamBroken("the file is not sealed by this Handbill, or is damaged")
        self._cipher = AESGCM(derive(passphrase(), salt, n))
        self._file, self._number, self._ready = file, 0, bytearray()
        self._next = file.read(PIECE_BYTES + TAG_BYTES)
        self._ended = False

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end."""
        while len(self._ready) < size and not self._ended:
            self._open()
        found = bytes(self._ready[:size])
        del self._ready[:size]
        return found

    def _open(self) -> None:
        piece, self._next = self._next, self._file.read(PIECE_BYTES + TAG_BYTES)
        self._ended = not self._next
        try:
            nonce = _nonce(self._prefix, self._number, last=self._ended)
            self._ready += self._cipher.decrypt(nonce, piece, self._header)
        except (InvalidTag, ValueError):
            raise SealedStreamBroken("the passphrase is another one, or the file is damaged or cut off") from None
        self._number += 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    if number >= MAX_PIECES:
        raise SealedStreamBroken("the stream is longer than one can be")
    return prefix + number.to_bytes(4, "big") + bytes([last])
