"""Persons of the tests, and an OIDC issuer of their own: a real small server that publishes its keys."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fastapi import FastAPI
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "handbill-of-the-practice"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
JWT = "urn:ietf:params:oauth:token-type:jwt"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
LICENSE = {"kind": "LMT", "state": "WA", "number": "MA60417722", "effective_from": "2024-01-01", "effective_to": None}
numbers = count(1)


def a_user(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Maya Lindgren",
        "roles": ["therapist"],
        "therapist_id": "thr_maya",
        "licenses": [LICENSE],
        **changed,
    }


def jwk(private: Any, kid: str) -> dict[str, Any]:
    algorithm = RSAAlgorithm if isinstance(private, rsa.RSAPrivateKey) else ECAlgorithm
    members = json.loads(algorithm.to_jwk(private.public_key()))
    return {name: value for name, value in members.items() if name != "key_ops"} | {"kid": kid, "use": "sig"}


def thumb(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(6, "big")).decode()


@dataclass
class Issuer:
    """`app` is served; `url` is its name once it is."""

    algorithm: str = "RS256"
    keys: dict[str, Any] = field(default_factory=dict)
    asked: int = 0
    url: str = ""
    app: FastAPI = field(default_factory=FastAPI)

    def __post_init__(self) -> None:
        self.rotate()

        @self.app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            return {"issuer": self.url, "jwks_uri": self.url + "/keys"}

        @self.app.get("/keys")
        def published() -> dict[str, Any]:
            self.asked += 1
            return {"keys": [jwk(private, kid) for kid, private in self.keys.items()]}

    def rotate(self) -> None:
        """A new key in the place of the one before."""
        private = (
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            if self.algorithm == "RS256"
            else ec.generate_private_key(ec.SECP256R1())
        )
        self.keys = {thumb(next(numbers)): private}

    def id_token(
        self, subject: str, *, key: Any = None, kid: str | None = None, algorithm: str = "", **changed: Any
    ) -> str:
        """An ID token that holds, but for what is changed; a claim that is None is left out."""
        now = int(datetime.now(UTC).timestamp())
        whole = {
            "iss": self.url,
            "sub": subject,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 3600,
            "nonce": str(next(numbers)),
        }
        payload = {name: value for name, value in {**whole, **changed}.items() if value is not None}
        own_kid, own_key = next(iter(self.keys.items()), ("", None))
        return jwt.encode(
            payload, key or own_key, algorithm=algorithm or self.algorithm, headers={"kid": kid or own_kid}
        )
