"""A client proves itself by a key of its own (RFC 7523, SMART Backend Services), and nobody else can in its name."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.utils import base64url_encode
from sqlalchemy import text

from services.access.api.oauth import ASSERTION_TYPE

PRIVATE = {
    "RS384": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
}
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)
OTHER_CURVE = ec.generate_private_key(ec.SECP256R1())
NEW = {"name": "backend", "scopes": ["notes:read"]}
pytestmark = pytest.mark.safeguard("164.312(d)", "API2")


def jwk(private, kid: str = "key-1", **more):
    algorithm = RSAAlgorithm if isinstance(private, rsa.RSAPrivateKey) else ECAlgorithm
    members = json.loads(algorithm.to_jwk(private.public_key()))
    return {**{name: value for name, value in members.items() if name != "key_ops"}, "kid": kid, **more}


def post(access, key: str, *keys):
    body = {**NEW, "jwks": {"keys": list(keys)}}
    return access.http.post(access.url + "/v1/clients", json=body, headers=access.headers(key=key))


@pytest.fixture(params=PRIVATE)
def client(access, request):
    """A client with one key; `sign` makes an assertion of it that holds, but for what is changed."""
    private = PRIVATE[request.param]
    made = post(access, "a-client-with-a-key", jwk(private)).json()

    def sign(*, key=private, algorithm=request.param, kid="key-1", **changes) -> str:
        now = int(datetime.now(UTC).timestamp())
        whole = {
            "iss": made["id"],
            "sub": made["id"],
            "aud": access.settings.access_url + "/oauth/token",
            "exp": now + 300,
            "jti": f"jti-{now}",
        }
        payload = {name: value for name, value in {**whole, **changes}.items() if value is not None}
        return jwt.encode(payload, key, algorithm=algorithm, headers={"kid": kid} if kid else None)

    return SimpleNamespace(id=made["id"], made=made, sign=sign, private=private, algorithm=request.param)


def ask(access, assertion: str, **form: str):
    fields = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **form,
    }
    return access.http.post(access.url + "/oauth/token", data=fields)


def refused(access, assertion: str) -> bool:
    answer = ask(access, assertion)
    return (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_client_with_keys_has_no_secret_and_gets_tokens_for_its_assertions(access, client) -> None:
    assert (client.made["secret"], client.made["key_ids"]) == ("", ["key-1"])
    answer = ask(access, client.sign())
    assert (answer.status_code, answer.json()["scope"]) == (200, "notes:read")
    assert ask(access, client.sign(jti="with its id"), client_id=client.id).status_code == 200
    for secret in ("", "hbs_wrong"):
        assert access.ask(SimpleNamespace(id=client.id, secret=secret)).status_code == 401


def test_an_assertion_is_used_once_also_by_many_at_once(access, client) -> None:
    assertion = client.sign()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask(access, assertion).status_code, range(4)))
    assert sorted(answers) == [200, 401, 401, 401]
    assert refused(access, assertion)


def test_an_assertion_that_has_ended_is_forgotten(access, client) -> None:
    assert ask(access, client.sign(jti="first")).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=10)):
        assert ask(access, client.sign(jti="second")).status_code == 200
    with access.deps.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM client_assertions")).scalar() == 1


NOW = int(datetime.now(UTC).timestamp())
CHANGES = {
    "for another endpoint": {"aud": "https://elsewhere.test/oauth/token"},
    "by another issuer": {"iss": "cli_another1"},
    "without an end": {"exp": None},
    "for longer than five minutes": {"exp": NOW + 3600},
    "ended": {"exp": NOW - 60},
    "with an end that is no moment": {"exp": 1e20},
    "with an end that is text": {"exp": str(NOW + 60)},
    "of another client": {"sub": "cli_another1"},
    "without an id of its own": {"jti": None},
    "with an empty id": {"jti": ""},
    "with an id that is no text": {"jti": "\ud800"},
    "with an id that is too long": {"jti": "x" * 201},
    "without an audience": {"aud": None},
    "not yet": {"nbf": NOW + 3600},
    "of a key that is not the client's": {"kid": "key-2"},
    "without a key's id": {"kid": None},
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_assertion_that_is_not_as_it_must_be_is_refused(access, client, change) -> None:
    assert refused(access, client.sign(**CHANGES[change]))


def hs384(payload, secret: bytes) -> str:
    """By hand, since PyJWT signs with no key of this form."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS384", "kid": "key-1"}, payload)]
    text = b".".join(base64url_encode(part) for part in parts)
    return (text + b"." + base64url_encode(hmac.digest(secret, text, "sha384"))).decode()


def test_the_key_says_which_algorithm_is_taken_and_not_the_assertion(access, client) -> None:
    whole = jwt.decode(client.sign(), options={"verify_signature": False})
    header = {"kid": "key-1"}
    public = client.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    others = {
        "none": jwt.encode(whole, None, algorithm="none", headers=header),
        "HS384 with the public key as a secret": hs384(whole, public),
        "another's key of the same kind": client.sign(
            key=(
                rsa.generate_private_key(public_exponent=65537, key_size=2048)
                if client.algorithm == "RS384"
                else ec.generate_private_key(ec.SECP384R1())
            )
        ),
    }
    if client.algorithm == "RS384":
        others["RS256"] = client.sign(algorithm="RS256")
    assert {name: refused(access, assertion) for name, assertion in others.items()} == dict.fromkeys(others, True)
    for nothing in ("", "x", "a.b.c"):
        assert ask(access, nothing).status_code == 401


def test_a_secret_and_an_assertion_together_or_of_two_clients_are_a_wrong_request(access, client) -> None:
    for form in ({"client_secret": "x"}, {"client_id": "cli_another1"}, {"client_assertion_type": "urn:other"}):
        answer = ask(access, client.sign(), **form)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_keys_are_replaced_and_take_the_place_of_a_secret(access) -> None:
    secret = access.http.post(
        access.url + "/v1/clients", json=NEW, headers=access.headers(key="a-client-with-a-secret")
    ).json()
    url = f"{access.url}/v1/clients/{secret['id']}/jwks"
    for _ in range(2):
        put = access.http.put(url, json={"keys": [jwk(PRIVATE["ES384"])]}, headers=access.headers())
        assert (put.status_code, put.json()["key_ids"]) == (200, ["key-1"])
    assert access.ask(SimpleNamespace(id=secret["id"], secret=secret["secret"])).status_code == 401
    events = access.http.get(access.url + "/v1/events", headers=access.headers()).json()["items"]
    assert [event["type"] for event in events if event["subject_id"] == secret["id"]] == [
        "client.created",
        "client.keys_put",
    ]


def test_nobody_gives_keys_to_a_client_that_has_more_than_he_or_is_revoked(access) -> None:
    """Whoever holds a client's keys has its scopes."""
    body = {"name": "narrow", "scopes": ["access:admin"]}
    narrow = access.http.post(access.url + "/v1/clients", json=body, headers=access.headers(key="narrow-admin"))
    headers = access.headers(SimpleNamespace(**narrow.json()))
    keys = {"keys": [jwk(PRIVATE["ES384"])]}
    answer = access.http.put(f"{access.url}/v1/clients/{access.first.id}/jwks", json=keys, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_not_held")
    assert access.ask().status_code == 200
    url = f"{access.url}/v1/clients/{narrow.json()['id']}"
    access.http.delete(url, headers=access.headers())
    answer = access.http.put(url + "/jwks", json=keys, headers=access.headers())
    assert (answer.status_code, answer.json()["code"]) == (409, "client_revoked")


REFUSED = {
    "a small RSA key": ([jwk(SMALL)], "/body/jwks/keys/0"),
    "another curve": ([jwk(OTHER_CURVE)], "/body/jwks/keys/0/crv"),
    "an algorithm of another kind of key": ([jwk(PRIVATE["ES384"], alg="RS384")], "/body/jwks/keys/0"),
    "no key": ([{"kty": "RSA", "kid": "key-1"}], "/body/jwks/keys/0"),
    "one id for two": ([jwk(PRIVATE["ES384"]), jwk(PRIVATE["RS384"])], "/body/jwks/keys/1/kid"),
    "a private key": ([jwk(PRIVATE["ES384"], d="AAAA")], "/body/jwks/keys/0/d"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_key_that_is_not_taken_is_refused_where_it_stands(access, why) -> None:
    keys, pointer = REFUSED[why]
    answer = post(access, "keys-not-taken", *keys)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
