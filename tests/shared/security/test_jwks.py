"""Keys are fetched seldom, kept while access is down, and never let an unknown key through."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.errors import Unauthorized, Unavailable
from shared.security import RemoteKeys
from shared.security.jwks import REFETCH_SECONDS, from_jwk, thumbprint, to_jwk
from shared.security.refreshing import FRESH_SECONDS
from tests.harness.tokens import KEY_ID, Signer

URL = "http://access.test/.well-known/jwks.json"
SECONDS = 10.0


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.get(URL)


@pytest.fixture
def remote(http, monotonic):
    return RemoteKeys(URL, http, monotonic, spawn=lambda work: work())


def test_a_key_survives_its_jwk() -> None:
    public = Signer().private.public_key()
    assert from_jwk(to_jwk(public, "kid")).public_bytes_raw() == public.public_bytes_raw()


def test_a_public_key_is_published_as_rfc_8037_has_it() -> None:
    """The key of its appendix A.2."""
    raw = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert to_jwk(Ed25519PublicKey.from_public_bytes(raw), "kid") == {
        "kty": "OKP",
        "crv": "Ed25519",
        "use": "sig",
        "alg": "EdDSA",
        "kid": "kid",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }


def test_keys_are_fresh_for_twenty_seconds(route, remote, keys, monotonic) -> None:
    route.respond(json=keys.jwks())
    for _ in range(3):
        assert remote.find(KEY_ID).public_bytes_raw() == keys.private.public_key().public_bytes_raw()
    monotonic.advance(FRESH_SECONDS)
    remote.find(KEY_ID)
    assert route.call_count == 1
    monotonic.advance(1)
    remote.find(KEY_ID)
    assert route.call_count == 2


@pytest.mark.parametrize(
    "broken",
    [
        {"side_effect": httpx.ConnectError("down")},
        {"side_effect": httpx.ReadTimeout("slow")},
        {"return_value": httpx.Response(503)},
        {"return_value": httpx.Response(200, text="<html>")},
        {"return_value": httpx.Response(200, json=[])},
        {"return_value": httpx.Response(200, json={"keys": [7]})},
        {"return_value": httpx.Response(200, json={"keys": [{"crv": "Ed25519", "kid": "k", "x": "AA"}]})},
    ],
)
def test_the_last_good_keys_are_kept_while_access_is_down(route, remote, keys, monotonic, broken) -> None:
    route.respond(json=keys.jwks())
    remote.find(KEY_ID)
    route.mock(**broken)
    for _ in range(10):
        monotonic.advance(FRESH_SECONDS + 1)
        assert remote.find(KEY_ID)


def test_a_stale_set_is_tried_again_at_most_every_twenty_seconds(route, remote, keys, monotonic) -> None:
    route.respond(json=keys.jwks())
    remote.find(KEY_ID)
    route.mock(side_effect=httpx.ConnectError("down"))
    monotonic.advance(FRESH_SECONDS + 1)
    for _ in range(5):
        remote.find(KEY_ID)
    assert route.call_count == 2
    monotonic.advance(FRESH_SECONDS + 1)
    remote.find(KEY_ID)
    assert route.call_count == 3


def test_before_the_first_set_every_request_is_unavailable_until_access_answers(route, remote, keys) -> None:
    route.mock(side_effect=httpx.ConnectError("down"))
    with pytest.raises(Unavailable) as refused:
        remote.find(KEY_ID)
    assert refused.value.problem_code == "access_unavailable"
    route.mock(side_effect=None, return_value=httpx.Response(200, json=keys.jwks()))
    assert remote.find(KEY_ID)


def test_an_unknown_key_fetches_early_but_not_for_every_token(route, remote, keys, monotonic) -> None:
    route.respond(json=keys.jwks())
    remote.find(KEY_ID)
    for _ in range(20):
        with pytest.raises(Unauthorized) as refused:
            remote.find("made-up")
    assert refused.value.problem_code == "token_key_unknown"
    assert route.call_count == 1
    monotonic.advance(REFETCH_SECONDS)
    with pytest.raises(Unauthorized):
        remote.find("made-up")
    assert route.call_count == 2


def test_a_new_signing_key_works_as_soon_as_it_is_seen(route, remote, keys, monotonic) -> None:
    route.respond(json={"keys": []})
    with pytest.raises(Unauthorized):
        remote.find(KEY_ID)
    route.respond(json=keys.jwks())
    monotonic.advance(REFETCH_SECONDS)
    assert remote.find(KEY_ID)


def test_keys_of_other_kinds_are_left_aside(route, remote, keys) -> None:
    others = [{"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB"}, {"kty": "EC", "crv": "P-256", "kid": "ec"}]
    route.respond(json={"keys": [*others, *keys.jwks()["keys"]]})
    assert remote.find(KEY_ID)


def test_many_threads_fetch_once(route, remote, keys) -> None:
    route.respond(json=keys.jwks())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: remote.find(KEY_ID), range(32)))
    assert route.call_count == 1


def test_while_access_hangs_requests_with_a_known_key_do_not_wait(route, http, keys, monotonic) -> None:
    asked, answer = Event(), Event()

    def hang(_request):
        asked.set()
        answer.wait(SECONDS)
        return httpx.Response(200, json=keys.jwks())

    with ThreadPoolExecutor(1) as threads:
        remote = RemoteKeys(URL, http, monotonic, spawn=threads.submit)
        route.respond(json=keys.jwks())
        remote.find(KEY_ID)
        monotonic.advance(FRESH_SECONDS + 1)
        route.side_effect = hang
        assert remote.find(KEY_ID) is not None
        assert asked.wait(SECONDS)
        assert remote.find(KEY_ID) is not None
        answer.set()
    assert route.call_count == 2


def test_a_key_that_is_published_no_longer_is_trusted_no_longer(route, remote, keys, monotonic) -> None:
    route.respond(json=keys.jwks())
    remote.find(KEY_ID)
    route.respond(json={"keys": []})
    monotonic.advance(FRESH_SECONDS + 1)
    with pytest.raises(Unauthorized) as refused:
        remote.find(KEY_ID)
    assert refused.value.problem_code == "token_key_unknown"


def test_a_key_id_that_is_not_the_thumbprint_of_its_key_is_none(route, remote, keys) -> None:
    route.respond(json={"keys": [{**keys.jwks()["keys"][0], "kid": "signing-key"}, *keys.jwks()["keys"]]})
    with pytest.raises(Unauthorized):
        remote.find("signing-key")
    assert remote.find(KEY_ID)


@pytest.mark.safeguard("164.312(d)", "API2")
def test_of_pinned_keys_no_other_is_taken_whoever_answers_at_the_address(route, http, keys, monotonic) -> None:
    pinned = frozenset({thumbprint(keys.private.public_key())})
    remote = RemoteKeys(URL, http, monotonic, pinned=pinned)
    # Under the key id of the right one: the key counts, not what it is called.
    route.respond(json=Signer().jwks())
    with pytest.raises(Unauthorized):
        remote.find(KEY_ID)
    route.respond(json=keys.jwks())
    monotonic.advance(REFETCH_SECONDS)
    assert remote.find(KEY_ID)
