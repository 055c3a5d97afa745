"""Secrets are unguessable, kept as hashes, and checked at the same cost for clients that do not exist."""

import time

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


def test_equal_secrets_have_different_hashes(secrets) -> None:
    assert secrets.hash("hbs_same") != secrets.hash("hbs_same")


def test_nothing_fits_an_unknown_client_or_a_broken_hash(secrets) -> None:
    assert not secrets.verify(secrets.make(), None)
    assert not secrets.verify("x", "not-a-hash")


def test_a_secret_that_is_too_long_never_fits(secrets) -> None:
    longest = "s" * MAX_SECRET
    kept = secrets.hash(longest)
    assert secrets.verify(longest, kept)
    assert not secrets.verify(longest + "s", kept)


def test_an_unknown_client_costs_as_much_as_a_wrong_secret(secrets) -> None:
    def least_seconds(kept: str | None) -> float:
        spent = []
        for _ in range(8):
            started = time.thread_time()
            secrets.verify("hbs_wrong", kept)
            spent.append(time.thread_time() - started)
        return min(spent)

    ratio = least_seconds(None) / least_seconds(secrets.hash("hbs_right"))
    assert 0.5 < ratio < 2
