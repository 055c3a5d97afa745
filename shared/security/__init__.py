"""Tokens: signed by the access service, verified by every other service without calling it."""

from shared.security.jwks import KeySet, RemoteKeys
from shared.security.revocations import RemoteRevocations, Revocations
from shared.security.tokens import INTERNAL, Claims, sign, verify

__all__ = ["INTERNAL", "Claims", "KeySet", "RemoteKeys", "RemoteRevocations", "Revocations", "sign", "verify"]
