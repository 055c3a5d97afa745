"""No token but one that access has signed, as it stands, opens a route: 250 others are refused, and none is a crash."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.security.jwks import thumbprint, to_jwk
from shared.security.tokens import REQUIRED
from tests.harness.tokens import ISSUER, KEY_ID, ORGANIZATION, Signer

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
"""No token reaches the database."""
ODD_VALUES = (None, "", 0, -1, True, [], {}, [None], {"a": 1}, "\x00", "é" * 40)


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def payload(**changes: Any) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    whole = {
        "iss": ISSUER,
        "aud": ["notes"],
        "sub": "cli_1",
        "org": ORGANIZATION,
        "zone": "UTC",
        "scope": "notes:read",
    }
    return {**whole, "iat": now, "exp": now + 60, "jti": "tok_1", **changes}


def signed(sign: Callable[[bytes], bytes], head: dict[str, Any], body: Any) -> str:
    """Signed whatever stands there, as nobody's library would."""
    text = f"{encoded(head)}.{encoded(body)}"
    return f"{text}.{encoded(sign(text.encode()))}"


def of_other_keys() -> Iterator[tuple[str, str]]:
    """Every other algorithm and key, called by the right key id and by its own, and named in the header."""
    ed, rsa, ec = Ed25519PrivateKey.generate(), generate_rsa(65537, 2048), generate_ec(SECP256R1())
    own, elsewhere = to_jwk(ed.public_key(), KEY_ID), "http://127.0.0.1:9/jwks.json"
    for more in ({}, {"jwk": own}, {"jku": elsewhere}, {"x5u": elsewhere}, {"kid": thumbprint(ed.public_key())}):
        head = {"kid": KEY_ID, **more}
        for algorithm, key in (("EdDSA", ed), ("RS256", rsa), ("PS512", rsa), ("ES256", ec), ("HS256", b"k" * 32)):
            yield f"{algorithm} {sorted(more)}", jwt.encode(payload(), key, algorithm=algorithm, headers=head)


def of_the_public_key(keys: Signer) -> Iterator[tuple[str, str]]:
    """The public key in each of its forms, as the secret of an HMAC."""
    public = keys.private.public_key()
    forms = (
        public.public_bytes_raw(),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(to_jwk(public, KEY_ID)).encode(),
        urlsafe_b64encode(public.public_bytes_raw()),
    )
    for place, secret in enumerate(forms):
        for name in ("sha256", "sha384", "sha512"):
            for key in (secret, secret.ljust(64, b"\x00")):
                head = {"alg": f"HS{name[3:]}", "typ": "JWT", "kid": KEY_ID}
                token = signed(lambda text, key=key, name=name: hmac.digest(key, text, name), head, payload())
                yield f"{name} by form {place} of {len(key)} bytes", token


def unsigned(keys: Signer, good: str) -> Iterator[tuple[str, str]]:
    for algorithm in ("none", "None", "NONE", "nOnE", "", None, 0, ["EdDSA"]):
        head = encoded({"alg": algorithm, "typ": "JWT", "kid": KEY_ID})
        for signature in ("", encoded(b"x" * 64), good.rpartition(".")[2]):
            yield f"alg {algorithm!r} with {len(signature)}", f"{head}.{encoded(payload())}.{signature}"
    for algorithm in ("HS256", "ES256", "Ed448", "eddsa"):
        yield f"ours, said to be {algorithm}", signed(keys.private.sign, {"alg": algorithm, "kid": KEY_ID}, payload())


def of_odd_claims(keys: Signer) -> Iterator[tuple[str, str]]:
    """Signed by access's own key, and none of its tokens: of another issuer, for others, without an end or a claim."""
    head = {"alg": "EdDSA", "typ": "JWT", "kid": KEY_ID}
    for claim in REQUIRED:
        yield f"no {claim}", signed(keys.private.sign, head, {k: v for k, v in payload().items() if k != claim})
    for claim in ("iss", "aud", "exp"):
        for value in ODD_VALUES:
            yield f"{claim} {value!r}", signed(keys.private.sign, head, payload(**{claim: value}))
    for body in (b"", b"[]", b"7", b'"x"', b"null", b"{", b"\xff", b'{"org":' + b"[" * 5_000):
        yield f"body {body[:9]!r}", signed(keys.private.sign, head, body)


def changed(good: str) -> Iterator[tuple[str, str]]:
    """A good one with a bit turned, cut, or put together otherwise."""
    parts = good.split(".")
    for place, part in enumerate(parts):
        raw = urlsafe_b64decode(part + "==")
        for at in range(0, len(raw), max(len(raw) // 40, 1)):
            turned = encoded(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
            yield f"bit {at} of {place}", ".".join([*parts[:place], turned, *parts[place + 1 :]])
        yield f"without {place}", ".".join([*parts[:place], "", *parts[place + 1 :]])
    yield "cut", good[:-2]
    yield "two dots more", f"{good}.."
    yield "five parts", f"{good}.{parts[1]}.{parts[2]}"
    yield "twice", good + good
    yield "as JSON", json.dumps(dict(zip(("protected", "payload", "signature"), parts, strict=True)))


def odd_tokens(keys: Signer, good: str) -> dict[str, str]:
    groups = (of_other_keys(), of_the_public_key(keys), unsigned(keys, good), of_odd_claims(keys), changed(good))
    return {name: token for group in groups for name, token in group}


@pytest.mark.safeguard("164.312(d)", "API2")
def test_no_token_but_one_that_access_has_signed_opens_a_route(toy_url, http, keys) -> None:
    def ask(token: str) -> tuple[int, str]:
        answer = http.get(f"{toy_url}/v1/things", headers={"Authorization": f"Bearer {token}".encode()})
        return answer.status_code, answer.json().get("code", "")

    good = keys.token(audience="notes", scopes=["notes:read"])
    assert ask(good)[0] == 200
    tokens = odd_tokens(keys, good)
    assert len(tokens) >= 250
    found = {name: ask(token) for name, token in tokens.items()}
    assert {name: answer for name, answer in found.items() if answer[0] != 401} == {}
    assert {code for _, code in found.values()} <= {
        "token_invalid",
        "token_malformed",
        "token_audience",
        "token_expired",
        "token_key_unknown",
    }
