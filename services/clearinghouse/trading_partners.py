"""Trading partners and their passwords: HTTP Basic, compared in constant time, a wrong pair answered with 401, whose
time does not tell whether there is such a partner."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
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
        if partner is not None and partner.password_hash is not None:
            return self._matches(partner.password_hash.get_secret_value(), password)
        plain = partner.password.get_secret_value() if partner is not None and partner.password is not None else ""
        right = hmac.compare_digest(plain.encode(), password.encode()) and plain != ""
        if not right:
            self._take_as_long()
        return right

    def _take_as_long(self) -> None:
        """As the refusal of a partner whose password is hashed, where there is one."""
        hashes = (partner.password_hash for partner in self.by_id.values() if partner.password_hash is not None)
        known = next(hashes, None)
        if known is not None:
            with suppress(VerificationError):
                self._hasher.verify(known.get_secret_value(), "")

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
