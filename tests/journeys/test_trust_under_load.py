"""Keys are rotated and clients revoked while everything runs and is used: all services on real ports, under requests.

The times are real ones: a rotation is told ten seconds before, and a revocation may take a minute.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest

from services.access.app import connect
from services.access.flows.operator import add_organization_client, revoke
from services.access.flows.signing_keys import rotate
from services.cli.commands.signing_keys import LEAST_SECONDS
from services.cli.demo.practice import load
from shared.clients import NotesClient, ServiceHttp, ServiceTokens, http_client
from shared.errors import NotFound
from shared.settings import Settings
from tests.journeys.whole import whole

SERVICES = ("access", "notes", "eligibility", "claims")
THREADS = 3
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def running(tmp_path, make_database_url, free_url, run_app):
    with whole(tmp_path, load(), make_database_url, free_url, run_app) as everything:
        settings = Settings(
            data_dir=tmp_path, database_url=make_database_url("access"), access_url=everything.urls["access"]
        )
        deps = connect(settings)
        yield everything, settings, deps
        deps.database.close()


class Traffic:
    """A client goes around all services with a new token, again and again, and claims calls notes in its own name."""

    def __init__(self, urls, client, settings: Settings) -> None:
        self.answers: Counter[str] = Counter()
        self.keys: set[str] = set()
        self._urls, self._client, self._settings = urls, client, settings
        self._stop = threading.Event()

    def go(self) -> None:
        with http_client() as http:
            tokens = ServiceTokens(self._urls["access"], self._settings.credentials_of("claims"), http, time.monotonic)
            notes = NotesClient(ServiceHttp("notes", self._urls["notes"], http), tokens)
            organization = None
            while not self._stop.is_set():
                token = token_of(self._urls, self._client, http)
                claims = jwt.decode(token, options={"verify_signature": False})
                organization = organization or claims["org"]
                self.keys.add(jwt.get_unverified_header(token)["kid"])
                for service in SERVICES:
                    self.answers[f"{service} {status(self._urls, service, token, http)}"] += 1
                try:
                    notes.note(organization, "note_nowhere")
                except NotFound:
                    self.answers["claims calls notes 404"] += 1

    @contextmanager
    def going_on(self) -> Iterator[None]:
        broken: list[BaseException] = []

        def run() -> None:
            try:
                self.go()
            except BaseException as error:
                broken.append(error)

        threads = [threading.Thread(target=run) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        assert broken == []


def token_of(urls, client, http: httpx.Client) -> str:
    form = {"grant_type": "client_credentials"}
    answer = http.post(urls["access"] + "/oauth/token", data=form, auth=(client.id, client.secret))
    return str(answer.raise_for_status().json()["access_token"])


def organization_of(everything, http: httpx.Client) -> str:
    token = token_of(everything.urls, everything.client, http)
    return str(jwt.decode(token, options={"verify_signature": False})["org"])


def status(urls, service: str, token: str, http: httpx.Client) -> int:
    return http.get(urls[service] + "/v1/events", headers={"Authorization": f"Bearer {token}"}).status_code


def wait_until(done, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.2)


@pytest.mark.safeguard("164.312(d)", "API2")
def test_a_rotation_of_the_signing_key_fails_no_request(running, http) -> None:
    everything, settings, deps = running
    traffic = Traffic(everything.urls, everything.client, settings)
    before = deps.signer.key_id
    old = token_of(everything.urls, everything.client, http)
    with traffic.going_on():
        wait_until(lambda: traffic.answers["claims 200"] > 5, 60)
        made = rotate(settings.signing_key_file, datetime.now(UTC), timedelta(seconds=LEAST_SECONDS))
        wait_until(lambda: made.scheduled.key_id in traffic.keys, 60)
        enough = traffic.answers["claims 200"] + 20
        wait_until(lambda: traffic.answers["claims 200"] > enough, 60)
    assert traffic.keys == {before, made.scheduled.key_id}
    assert set(traffic.answers) == {f"{service} 200" for service in SERVICES} | {"claims calls notes 404"}
    assert {status(everything.urls, service, old, http) for service in SERVICES} == {200}


@pytest.mark.safeguard("164.312(a)(1)", "API2", "164.312(a)(2)(iii)")
def test_a_revoked_client_is_out_everywhere_within_a_minute_and_nobody_else_notices(running, http) -> None:
    everything, settings, deps = running
    thief = add_organization_client(deps, organization_of(everything, http), "thief", [])
    stolen = token_of(everything.urls, thief, http)
    traffic = Traffic(everything.urls, everything.client, settings)
    with traffic.going_on():
        assert {status(everything.urls, service, stolen, http) for service in SERVICES} == {200}
        revoke(deps, thief.id)
        assert status(everything.urls, "access", stolen, http) == 401
        for service in SERVICES:
            wait_until(lambda service=service: status(everything.urls, service, stolen, http) == 401, 60)
    assert set(traffic.answers) == {f"{service} 200" for service in SERVICES} | {"claims calls notes 404"}
