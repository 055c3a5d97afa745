"""Secrets are unguessable, kept as hashes, and checked at the same cost for clients that do not exist."""

import hashlib
from base64 import urlsafe_b64decode

import pytest

from services.access.secrets import MAX_SECRET, ClientSecrets


@pytest.fixture(scope="module")
def secrets() -> ClientSecrets:
    return ClientSecrets()


def test_a_secret_fits_its_own_hash_only(secrets) -> None:
    one, other = secrets.make(), secrets.make()
    kept = secrets.hash(one)
    assert one not in kept
    assert (secrets.verify(one, kept), secrets.verify(other, kept), secrets.verify("", kept)) == (True, False, False)


@pytest.mark.safeguard("API2")
def test_a_secret_has_256_random_bits_so_that_a_fast_hash_tells_nobody_of_it(secrets) -> None:
    made = {secrets.make() for _ in range(100)}
    assert len(made) == 100
    assert {len(urlsafe_b64decode(one.removeprefix("hbs_") + "=")) for one in made} == {32}
    assert secrets.hash("hbs_same") == "sha256$" + hashlib.sha256(b"hbs_same").hexdigest()


def test_nothing_fits_an_unknown_client_or_a_broken_hash(secrets) -> None:
    assert not secrets.verify(secrets.make(), None)
    assert not secrets.verify("x", "not-a-hash")
    assert not secrets.verify("\ud800", secrets.hash("x"))


def test_a_secret_that_is_too_long_never_fits(secrets) -> None:
    longest = "s" * MAX_SECRET
    kept = secrets.hash(longest)
    assert secrets.verify(longest, kept)
    assert not secrets.verify(longest + "s", kept)
