"""Client secrets: made here, shown once, kept as SHA-256 of their 256 random bits.

A slow hash (Argon2) protects what people think up and others can guess; 256 random bits nobody guesses, however fast
he tries (NIST SP 800-63B, look-up secrets of at least 112 bits). So a login costs microseconds, right or wrong, for a
client that exists or does not: neither does a flood of them stop others, nor does the time of an answer tell which ids
exist. Hashes of before, which were Argon2id, are still taken, and replaced when their secret is shown (`is_slow`).
"""

import hmac
import secrets
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SECRET_BYTES = 32
MAX_SECRET = 200
SCHEME = "sha256$"
SLOW_SCHEME = "$argon2id$"
SLOW_CHECKS_AT_ONCE = 2
"""Each takes 19 MB."""


class ClientSecrets:
    """Makes, hashes and verifies secrets."""

    def __init__(self) -> None:
        self._slow = PasswordHasher()
        self._slots = BoundedSemaphore(SLOW_CHECKS_AT_ONCE)
        self._hash_of_no_client = self.hash(self.make())

    def make(self) -> str:
        """256 random bits that need no escaping in a URL, a form or a shell; the prefix is for secret scanners."""
        return "hbs_" + secrets.token_urlsafe(SECRET_BYTES)

    def hash(self, secret: str) -> str:
        """What is kept of a secret that `make` has made."""
        return SCHEME + sha256(secret.encode(errors="surrogatepass")).hexdigest()

    def is_slow(self, secret_hash: str | None) -> bool:
        """Whether this hash is of before, whose check takes tens of milliseconds."""
        return secret_hash is not None and secret_hash.startswith(SLOW_SCHEME)

    def verify(self, secret: str, secret_hash: str | None) -> bool:
        """Whether `secret` is the one that was hashed; `None`, for no client or one without a secret, takes as long and
        is False."""
        if len(secret) > MAX_SECRET:
            return False
        if secret_hash is not None and self.is_slow(secret_hash):
            return self._verify_slowly(secret, secret_hash)
        fits = hmac.compare_digest(self.hash(secret), secret_hash or self._hash_of_no_client)
        return fits and secret_hash is not None

    def _verify_slowly(self, secret: str, secret_hash: str) -> bool:
        with self._slots:
            try:
                return self._slow.verify(secret_hash, secret)
            except (VerificationError, InvalidHashError):
                return False
