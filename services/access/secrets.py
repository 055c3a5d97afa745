"""Client secrets: made here, shown once, kept as SHA-256 of their 256 random bits.

A slow hash (Argon2) protects what people think up and others can guess; 256 random bits nobody guesses, however fast
he tries (NIST SP 800-63B, look-up secrets of at least 112 bits). So a login costs microseconds, right or wrong, for a
client that exists or does not: neither does a flood of them stop others, nor does the time of an answer tell which ids
exist.
"""

import hmac
import secrets
from hashlib import sha256

SECRET_BYTES = 32
MAX_SECRET = 200
SCHEME = "sha256$"


class ClientSecrets:
    """Makes, hashes and verifies secrets."""

    def __init__(self) -> None:
        self._hash_of_no_client = self.hash(self.make())

    def make(self) -> str:
        """256 random bits that need no escaping in a URL, a form or a shell; the prefix is for secret scanners."""
        return "hbs_" + secrets.token_urlsafe(SECRET_BYTES)

    def hash(self, secret: str) -> str:
        """What is kept of a secret that `make` has made."""
        return SCHEME + sha256(secret.encode(errors="surrogatepass")).hexdigest()

    def verify(self, secret: str, secret_hash: str | None) -> bool:
        """Whether `secret` is the one that was hashed; `None`, for no client or one without a secret, takes as long and
        is False."""
        if len(secret) > MAX_SECRET:
            return False
        fits = hmac.compare_digest(self.hash(secret), secret_hash or self._hash_of_no_client)
        return fits and secret_hash is not None
