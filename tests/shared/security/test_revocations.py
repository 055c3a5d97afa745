"""A revoked client's token holds no longer, and nobody but access says who is revoked, nor brings an old list back."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import jwt
import pytest
import respx
import time_machine
from structlog.testing import capture_logs

from shared.errors import Unauthorized, Unavailable
from shared.security import RemoteRevocations, verify
from shared.security.refreshing import FRESH_SECONDS
from shared.security.revocations import KIND, LIST_TYPE, MAX_AGE_SECONDS, MAX_LIST_BYTES
from tests.harness.tokens import ISSUER, KEY_ID, Signer

URL = "http://access.test/.well-known/revocations.jwt"
YEARS = timedelta(days=4_000)
NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.fixture
def route():
    with respx.mock as router:
        yield router.get(URL)


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def remote(http, monotonic, signer):
    return RemoteRevocations(URL, http, monotonic, keys=signer, issuer=ISSUER, spawn=lambda work: work())


@pytest.fixture(autouse=True)
def _wall_time():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def claims(signer: Signer, client_id: str = "cli_test0001"):
    return verify(signer.token(client_id=client_id), key=signer.private.public_key(), issuer=ISSUER, audience="notes")


def holds(remote, signer, client_id: str = "cli_test0001") -> bool:
    try:
        remote.check(claims(signer, client_id))
    except Unauthorized as refused:
        assert refused.problem_code == "token_revoked"
        return False
    return True


def answered(text: str) -> httpx.Response:
    return httpx.Response(200, text=text, headers={"Content-Type": LIST_TYPE})


def listing(signer: Signer, *client_ids: str) -> httpx.Response:
    signer.revoked.clear()
    signer.revoked.update(dict.fromkeys(client_ids, datetime.now(UTC)))
    return answered(signer.revocations())


def later(monotonic, traveller) -> None:
    monotonic.advance(FRESH_SECONDS + 1)
    traveller.shift(timedelta(seconds=FRESH_SECONDS + 1))


def test_a_token_of_a_client_on_the_list_is_refused_and_all_others_hold(route, remote, signer) -> None:
    route.mock(return_value=listing(signer, "cli_leaked01"))
    assert not holds(remote, signer, "cli_leaked01")
    assert holds(remote, signer)
    assert route.call_count == 1


@pytest.mark.safeguard("API2")
def test_a_revocation_is_seen_with_the_next_list(route, remote, signer, monotonic, _wall_time) -> None:
    route.mock(return_value=listing(signer))
    assert holds(remote, signer)
    later(monotonic, _wall_time)
    route.mock(return_value=listing(signer, "cli_test0001"))
    assert not holds(remote, signer)


def test_before_the_first_list_nobody_is_let_in(route, remote, signer) -> None:
    route.mock(side_effect=httpx.ConnectError("down"))
    with pytest.raises(Unavailable) as refused:
        remote.check(claims(signer))
    assert refused.value.problem_code == "access_unavailable"


def test_the_last_list_holds_on_while_access_is_down_for_an_hour(route, remote, signer, monotonic, _wall_time) -> None:
    route.mock(return_value=listing(signer, "cli_leaked01"))
    assert holds(remote, signer)
    route.mock(side_effect=httpx.ConnectError("down"))
    for _ in range(60):
        monotonic.advance(60)
        _wall_time.shift(timedelta(seconds=60))
        assert (holds(remote, signer), holds(remote, signer, "cli_leaked01")) == (True, False)


@pytest.mark.safeguard("API2")
def test_a_list_from_the_past_never_takes_the_place_of_a_newer_one(
    route, remote, signer, monotonic, _wall_time
) -> None:
    old = listing(signer)
    _wall_time.shift(timedelta(seconds=1))
    route.mock(return_value=listing(signer, "cli_test0001"))
    assert not holds(remote, signer)
    route.mock(return_value=old)
    later(monotonic, _wall_time)
    assert not holds(remote, signer)
    assert route.call_count == 2


def test_a_list_of_a_clock_of_2037_keeps_out_none_that_is_made_when_it_is_right(
    route, remote, signer, monotonic, _wall_time
) -> None:
    _wall_time.shift(YEARS)
    route.mock(return_value=listing(signer))
    assert holds(remote, signer)
    _wall_time.shift(-YEARS)
    route.mock(return_value=listing(signer, "cli_test0001"))
    later(monotonic, _wall_time)
    assert not holds(remote, signer)


@pytest.mark.parametrize("off", [timedelta(days=4_000), timedelta(days=-1)], ids=["2037", "a day behind"])
def test_a_service_whose_clock_is_off_says_so_once_and_takes_lists_again_when_it_is_right(
    route, remote, signer, monotonic, _wall_time, off
) -> None:
    def at_access() -> httpx.Response:
        answer = listing(signer)
        answer.headers["Date"] = format_datetime(datetime.now(UTC), usegmt=True)
        return answer

    route.mock(return_value=at_access())
    assert holds(remote, signer)
    with capture_logs() as lines:
        for _ in range(2):
            later(monotonic, _wall_time)
            route.mock(return_value=at_access())
            _wall_time.shift(off)
            remote._refresh.when_due()
            _wall_time.shift(-off)
        later(monotonic, _wall_time)
        route.mock(return_value=at_access())
        assert holds(remote, signer)
    clocks = [(line["event"], line.get("seconds")) for line in lines if line["event"].startswith("clock_")]
    assert clocks == [("clock_differs", off.total_seconds()), ("clock_agrees_again", None)]


def test_a_list_of_more_than_a_minute_ago_is_not_taken_by_a_service_that_starts(
    route, remote, signer, _wall_time
) -> None:
    route.mock(return_value=listing(signer))
    _wall_time.shift(timedelta(seconds=MAX_AGE_SECONDS + 11))
    with pytest.raises(Unavailable):
        remote.check(claims(signer))


def test_a_list_from_the_future_is_not_taken(route, remote, signer) -> None:
    route.mock(return_value=answered(signer.revocations(NOW + timedelta(hours=1))))
    with pytest.raises(Unavailable):
        remote.check(claims(signer))


def payload(**changes):
    now = datetime.now(UTC).timestamp()
    whole = {"iss": ISSUER, "iat": now, "exp": now + 60, "clients": {}, "persons": {}}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def forged(signer: Signer, **changes) -> str:
    return jwt.encode(payload(**changes), signer.private, algorithm="EdDSA", headers={"kid": KEY_ID, "typ": KIND})


FORGERIES = {
    "another's key": lambda signer: forged(Signer()),
    "no signature": lambda _: jwt.encode(payload(), None, algorithm="none", headers={"kid": KEY_ID, "typ": KIND}),
    "the public key as a shared secret": lambda signer: jwt.encode(
        payload(),
        signer.private.public_key().public_bytes_raw(),
        algorithm="HS256",
        headers={"kid": KEY_ID, "typ": KIND},
    ),
    "an access token": lambda signer: signer.token(),
    "a list that says that it is a token": lambda signer: jwt.encode(
        payload(), signer.private, algorithm="EdDSA", headers={"kid": KEY_ID, "typ": "JWT"}
    ),
    "another issuer": lambda signer: forged(signer, iss="mallory"),
    "no clients": lambda signer: forged(signer, clients=None),
    "no persons": lambda signer: forged(signer, persons=None),
    "a number as persons": lambda signer: forged(signer, persons=7),
    "a word as a second": lambda signer: forged(signer, persons={"p": "later"}),
    "a number as clients": lambda signer: forged(signer, clients=7),
    "no time": lambda signer: forged(signer, iat=None),
    "no end": lambda signer: forged(signer, exp=None),
    "no list": lambda _: "<html>",
    "too long": lambda signer: forged(signer, clients={"cli_": "x" * MAX_LIST_BYTES}),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_list_that_access_did_not_make_is_not_taken(route, remote, signer, forgery) -> None:
    route.mock(return_value=answered(FORGERIES[forgery](signer)))
    with pytest.raises(Unavailable):
        remote.check(claims(signer))


def test_what_a_forger_would_do_is_taken_from_access(route, remote, signer) -> None:
    """The forgeries above fail for what is forged in them."""
    route.mock(return_value=answered(forged(signer)))
    assert holds(remote, signer)


def test_a_list_is_no_token(signer) -> None:
    with pytest.raises(Unauthorized):
        verify(signer.revocations(), key=signer.private.public_key(), issuer=ISSUER, audience="notes")
