"""The key that tokens are signed with: one Ed25519 key in a file that only its owner may read, made once and whole.

The key id is the RFC 7638 thumbprint of the public key, so a new key is a new id without anybody counting.
"""

import json
import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
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
from shared.security import Claims, sign
from shared.security.jwks import to_jwk


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs tokens; it is also the key set that this service checks its own tokens with."""

    key: Ed25519PrivateKey
    key_id: str
    issuer: str

    def sign(self, claims: Claims, now: datetime, lifetime: timedelta, token_id: str) -> str:
        return sign(
            claims,
            key=self.key,
            key_id=self.key_id,
            issuer=self.issuer,
            now=now,
            lifetime=lifetime,
            token_id=token_id,
        )

    def find(self, key_id: str) -> Ed25519PublicKey:
        """Raises Unauthorized."""
        if key_id != self.key_id:
            raise Unauthorized("the token is signed with a key that is not in use", code="token_key_unknown")
        return self.key.public_key()

    def jwks(self) -> dict[str, Any]:
        return {"keys": [to_jwk(self.key.public_key(), self.key_id)]}


def load_signer(path: Path, issuer: str) -> Signer:
    """The signer of a key file, which is made when it is not there. Raises PermissionError when others may read it."""
    if not path.exists():
        write_private_file(path, _new_key)
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} may be read by others; run: chmod 600 {path}")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key")
    return Signer(key, thumbprint(key.public_key()), issuer)


def thumbprint(key: Ed25519PublicKey) -> str:
    """RFC 7638 over the members that RFC 8037 names."""
    jwk = to_jwk(key, "")
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
    return urlsafe_b64encode(sha256(members.encode()).digest()).rstrip(b"=").decode()


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_private_file(path: Path, content: Callable[[], bytes], *, replace: bool = False) -> None:
    """Write a 0600 file whole or not at all. Without `replace`, a file that is there, or that another process makes
    at this moment, stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content())
        file.flush()
        os.fsync(file.fileno())
    if replace:
        draft.replace(path)
        return
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
