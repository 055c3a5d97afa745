"""Tokens without an access service: a key of the tests' own, and a stand-in that publishes it.

A service under test verifies real signatures against a real JWKS over HTTP; only the issuer is ours.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from shared.errors import Unauthorized
from shared.security import INTERNAL, Claims, sign
from shared.security.caller import Person
from shared.security.jwks import thumbprint, to_jwk
from shared.security.revocations import LIST_TYPE, sign_revocations
from shared.settings import PORTS, Settings
from tests.harness.running import Ports, RunningApp

ISSUER = "handbill"
KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"the key of the tests").digest())
KEY_ID = thumbprint(KEY.public_key())
PINNED = {"access_key_thumbprints": KEY_ID}
ORGANIZATION = "org_test0001"
OTHER_ORGANIZATION = "org_test0002"
ZONE = "America/Los_Angeles"
SERVICES = tuple(PORTS)
SCOPES = (
    "notes:read",
    "notes:write",
    "eligibility:read",
    "eligibility:write",
    "claims:read",
    "claims:write",
    "access:admin",
    "audit:read",
    "records:hold",
    "records:export",
)
Token = Callable[..., str]


@dataclass(frozen=True)
class Signer:
    """The tests' own signing key; `find` makes it a KeySet. `revoked` and `persons` are what the list of revocations
    holds."""

    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    revoked: dict[str, datetime] = field(default_factory=dict)
    persons: dict[str, datetime] = field(default_factory=dict)
    key_id: str = KEY_ID

    def find(self, key_id: str) -> Ed25519PublicKey:
        if key_id != self.key_id:
            raise Unauthorized("unknown key", code="token_key_unknown")
        return self.private.public_key()

    def jwks(self) -> dict[str, Any]:
        return {"keys": [to_jwk(self.private.public_key(), self.key_id)]}

    def revocations(self, now: datetime | None = None) -> str:
        now = now or datetime.now(UTC)
        return sign_revocations(
            self.revoked, self.persons, key=self.private, key_id=self.key_id, issuer=ISSUER, now=now
        )

    def token(
        self,
        *,
        organization_id: str = ORGANIZATION,
        scopes: tuple[str, ...] | list[str] = SCOPES,
        audience: str | tuple[str, ...] = SERVICES,
        client_id: str = "cli_test0001",
        time_zone: str = ZONE,
        acting_service: str | None = None,
        person: Person | None = None,
        persons_decide: bool = False,
        issued_at: datetime | None = None,
        lifetime: timedelta = timedelta(minutes=15),
    ) -> str:
        claims = Claims(
            organization_id=organization_id,
            time_zone=time_zone,
            client_id=client_id,
            scopes=frozenset(scopes),
            audience=(audience,) if isinstance(audience, str) else tuple(audience),
            acting_service=acting_service,
            person=person,
            persons_decide=persons_decide,
        )
        now = issued_at or datetime.now(UTC)
        return sign(
            claims,
            key=self.private,
            key_id=self.key_id,
            issuer=ISSUER,
            now=now,
            lifetime=lifetime,
            token_id="tok_test",
        )


def impostor() -> Signer:
    """Whoever answers at the address of access in its place: a key of its own under its right key id."""
    key = Ed25519PrivateKey.generate()
    return Signer(key, key_id=thumbprint(key.public_key()))


def stand_in_for_access(signer: Signer) -> FastAPI:
    """The routes of access that other services call: its keys, its revocations, and tokens of the scope `internal`."""
    app = FastAPI()

    @app.get("/.well-known/jwks.json")
    def jwks() -> dict[str, Any]:
        return signer.jwks()

    @app.get("/.well-known/revocations.jwt")
    def revocations() -> Response:
        return Response(signer.revocations(), media_type=LIST_TYPE)

    @app.post("/oauth/token")
    async def token(request: Request) -> JSONResponse:
        asked = dict(parse_qsl((await request.body()).decode()))
        organization_id, audience = asked["organization_id"], asked["audience"]
        if organization_id not in (ORGANIZATION, OTHER_ORGANIZATION):
            return JSONResponse({"error": "invalid_request"}, status_code=404)
        made = signer.token(organization_id=organization_id, scopes=[INTERNAL], audience=audience)
        return JSONResponse({"access_token": made, "token_type": "Bearer", "expires_in": 300, "scope": INTERNAL})

    return app


@pytest.fixture(scope="session")
def keys() -> Signer:
    """The tests' KeySet: `keys.find(kid)`, `keys.token(...)`, `keys.jwks()`."""
    return Signer(KEY)


@pytest.fixture
def token(keys: Signer) -> Token:
    """`token(organization_id=, scopes=, audience=, client_id=, time_zone=, person=, issued_at=, lifetime=)` answers a
    JWT. By default: organization ORGANIZATION, every scope but `internal`, every service, 15 minutes of wall time."""
    return keys.token


@pytest.fixture
def bearer(token: Token) -> Callable[..., dict[str, str]]:
    """Like `token`, but answers headers; `key=` adds an Idempotency-Key."""

    def headers(*, key: str | None = None, **claims: Any) -> dict[str, str]:
        extra = {"Idempotency-Key": key} if key else {}
        return {"Authorization": f"Bearer {token(**claims)}", **extra}

    return headers


@pytest.fixture(scope="session")
def access_url(keys: Signer) -> Iterator[str]:
    """A running stand-in for access that publishes the tests' key and gives internal tokens. It keeps nothing, so one
    serves all tests."""
    ports = Ports()
    app = RunningApp(stand_in_for_access(keys), ports.take(ports.reserve()))
    app.start()
    yield app.url
    app.stop()


@pytest.fixture
def make_settings(tmp_path: Path, access_url: str, make_database_url: Callable[[str], str]) -> Callable[..., Settings]:
    """`make_settings("notes", claims_url=...)` answers Settings for one service under test: a new database (SQLite
    and PostgreSQL), its own data_dir with keys and credentials, and access played by the stand-in."""

    def make(service: str, **overrides: Any) -> Settings:
        write_credentials(tmp_path)
        url = make_database_url(service).replace("{", "{{").replace("}", "}}")
        return Settings(**{"data_dir": tmp_path, "database_url": url, "access_url": access_url, **PINNED, **overrides})

    return make


def write_credentials(data_dir: Path) -> None:
    """What `handbill init` would write for the services."""
    folder = data_dir / "credentials"
    folder.mkdir(exist_ok=True, parents=True, mode=0o700)
    secret = {"client_id": "cli_claims", "client_secret": "a-secret-of-the-tests"}
    (folder / "claims.json").write_text(json.dumps(secret))
    partner = {"sender_id": "HANDBILL", "password": "a-password-of-the-tests"}
    (folder / "trading-partner.json").write_text(json.dumps(partner))
