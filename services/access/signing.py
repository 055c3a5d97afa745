"""The key that tokens are signed with: one Ed25519 key in a file that only its owner may read, made once and whole.

The key id is the RFC 7638 thumbprint of the public key, so a new key is a new id without anybody counting.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from shared.errors import Unauthorized
from shared.private_files import read_private_file, write_private_file
from shared.security import Claims, sign
from shared.security.jwks import thumbprint, to_jwk
from shared.security.revocations import sign_revocations
from shared.startup import CannotStart


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Signs tokens; it is also the key set that this service checks its own tokens with."""

    key: Ed25519PrivateKey
    key_id: str
    issuer: str

    def sign(self, claims: Claims, now: datetime, lifetime: timedelta, token_id: str) -> str:
        """A compact JWT (EdDSA) over `claims`, issued at `now` and expired after `lifetime`; `token_id` becomes its
        `jti`."""
        return sign(
            claims,
            key=self.key,
            key_id=self.key_id,
            issuer=self.issuer,
            now=now,
            lifetime=lifetime,
            token_id=token_id,
        )

    def sign_revocations(self, revoked_at: Mapping[str, datetime], now: datetime) -> str:
        """The list of revocations as of `now`, a moment before the clients were looked up, as a compact JWT."""
        return sign_revocations(revoked_at, key=self.key, key_id=self.key_id, issuer=self.issuer, now=now)

    def find(self, key_id: str) -> Ed25519PublicKey:
        """Raises Unauthorized."""
        if key_id != self.key_id:
            raise Unauthorized("the token is signed with a key that is not in use", code="token_key_unknown")
        return self.key.public_key()

    def jwks(self) -> dict[str, Any]:
        """The public key as a JSON Web Key Set (RFC 7517), as the other services fetch it."""
        return {"keys": [to_jwk(self.key.public_key(), self.key_id)]}


class SigningKeyDamaged(CannotStart):
    """The key file does not hold an Ed25519 key."""


def load_signer(path: Path, issuer: str) -> TokenSigner:
    """The signer of a key file, which is made when it is not there. Raises ReadableByOthers and
    SigningKeyDamaged."""
    if not path.exists():
        write_private_file(path, _new_key)
    try:
        key = load_pem_private_key(read_private_file(path), password=None)
    except ValueError:
        raise SigningKeyDamaged(
            f"{path} is damaged; restore it from its copy, or remove it to make a new one"
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyDamaged(f"{path} holds no Ed25519 key; restore it from its copy")
    return TokenSigner(key, thumbprint(key.public_key()), issuer)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
