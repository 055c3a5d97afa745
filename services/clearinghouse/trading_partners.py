"""Trading partners and their passwords: HTTP Basic, compared in constant time, a wrong pair answered with 401."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from services.clearinghouse.settings import Partner

MAX_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners by sender id. A hash that has been verified is remembered by a digest, since argon2 is slow."""

    by_id: Mapping[str, Partner]
    _verified: set[str] = field(default_factory=set)
    _hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def accepts(self, sender_id: str, password: str) -> bool:
        """True for a known partner with the right password."""
        partner = self.by_id.get(sender_id)
        if partner is None:
            return False
        if partner.password is not None:
            return hmac.compare_digest(partner.password.get_secret_value().encode(), password.encode())
        assert partner.password_hash is not None, "a partner has one of the two"
        return self._matches(partner.password_hash.get_secret_value(), password)

    def _matches(self, known: str, password: str) -> bool:
        digest = hashlib.sha256(f"{known}|{password}".encode()).hexdigest()
        if digest in self._verified:
            return True
        try:
            self._hasher.verify(known, password)
        except VerificationError:
            return False
        if len(self._verified) < MAX_REMEMBERED:
            self._verified.add(digest)
        return True
