"""Client secrets: made here, shown once, kept as Argon2id hashes.

Checking costs the same whether the client exists or not, so that the time of an answer does not tell which ids
exist. Few checks run at a time: each takes 19 MB, and a flood of logins must not exhaust the machine's memory.
"""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SECRET_BYTES = 32
MAX_SECRET = 200
CHECKS_AT_ONCE = 4


class ClientSecrets:
    """Makes, hashes and verifies secrets."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._hash_of_no_client = self._hasher.hash(self.make())
        self._slots = BoundedSemaphore(CHECKS_AT_ONCE)

    def make(self) -> str:
        """256 random bits that need no escaping in a URL, a form or a shell; the prefix is for secret scanners."""
        return "hbs_" + secrets.token_urlsafe(SECRET_BYTES)

    def hash(self, secret: str) -> str:
        """The Argon2id hash of a secret in its encoded form, salt and cost included. Takes 19 MB and tens of
        milliseconds."""
        return self._hasher.hash(secret)

    def verify(self, secret: str, secret_hash: str | None) -> bool:
        """Whether `secret` is the one that was hashed; `None`, for an unknown client, takes as long and is False."""
        with self._slots:
            try:
                # Cut, so that a long text costs no more than a secret; it is refused below all the same.
                self._hasher.verify(secret_hash or self._hash_of_no_client, secret[:MAX_SECRET])
            except (VerificationError, InvalidHashError):
                return False
        return secret_hash is not None and len(secret) <= MAX_SECRET
