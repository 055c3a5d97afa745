"""Who is calling: `requires("notes:write")` is a dependency that answers the Caller or refuses."""

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from shared.errors import Forbidden, Problem, Unauthorized
from shared.security import INTERNAL, Claims, KeySet, RemoteKeys, RemoteRevocations, Revocations, verify
from shared.security.caller import Caller
from shared.security.pins import PinnedKeys
from shared.security.tokens import key_id_of
from shared.settings import Settings
from shared.web.authentication import IDENTITY

# No error of its own, since that would be no problem+json.
_bearer = HTTPBearer(auto_error=False, description="A token from POST /oauth/token of the access service")


@dataclass(frozen=True, slots=True)
class Verifier:
    """How a service checks tokens: its own name is the audience, and a revoked client's token does not hold."""

    keys: KeySet
    issuer: str
    audience: str
    revocations: Revocations | None = None

    def __call__(self, token: str) -> Claims:
        claims = verify(token, key=self.keys.find(key_id_of(token)), issuer=self.issuer, audience=self.audience)
        if self.revocations is not None:
            self.revocations.check(claims)
        return claims

    def ages(self) -> dict[str, float]:
        """How many seconds old what access publishes is here, by `keys` and `revocations`; what was never had is left
        out."""
        copies = {"keys": self.keys, "revocations": self.revocations}
        ages = {
            name: copy.age_seconds for name, copy in copies.items() if isinstance(copy, RemoteKeys | RemoteRevocations)
        }
        return {name: age for name, age in ages.items() if age is not None}


def pinned_keys(settings: Settings) -> PinnedKeys:
    """The keys of access that are trusted here. Raises NoPinnedKeys."""
    return PinnedKeys(settings.pinned_keys_file, settings.access_key_thumbprints.replace(",", " ").split())


def remote_verifier(settings: Settings, http: httpx.Client, name: str) -> Verifier:
    """The token check of a service that is not access itself: by the keys and the revocations that access publishes.
    Raises NoPinnedKeys."""
    published = f"{settings.access_url.rstrip('/')}/.well-known"
    keys = RemoteKeys(f"{published}/jwks.json", http, time.monotonic, pinned=pinned_keys(settings))
    revocations = RemoteRevocations(
        f"{published}/revocations.jwt", http, time.monotonic, keys=keys, issuer=settings.issuer
    )
    return Verifier(keys, settings.issuer, name, revocations)


# Coroutines, as they wait for nothing: `Authentication` has verified the token already.
async def authenticated_caller(
    request: Request, _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """The caller by her token, whatever its scopes. Raises Unauthorized, and Unavailable without keys to check with."""
    identity: Caller | Problem | None = request.scope[IDENTITY]
    if identity is None:
        raise Unauthorized(
            "send Authorization: Bearer with a token from the access service's POST /oauth/token",
            code="token_missing",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if isinstance(identity, Problem):
        raise identity
    return identity


def requires(scope: str) -> Callable[..., Coroutine[None, None, Caller]]:
    """A dependency that answers the caller when her token has the scope. Handbill's own services have each scope that
    reads and none that writes: none of them writes into another."""
    return _allowed(frozenset({scope, INTERNAL} if scope.endswith(":read") else {scope}), scope)


def requires_itself(scope: str) -> Callable[..., Coroutine[None, None, Caller]]:
    """Like `requires`, for what Handbill's own services need not: no other scope implies this one."""
    return _allowed(frozenset({scope}), scope)


def _allowed(enough: frozenset[str], scope: str) -> Callable[..., Coroutine[None, None, Caller]]:
    async def allowed(caller: Annotated[Caller, Depends(authenticated_caller)]) -> Caller:
        if not enough & caller.scopes:
            raise Forbidden(
                f"this token lacks the scope {scope}; ask for it at POST /oauth/token", code="scope_missing"
            )
        return caller

    return allowed
