"""Keys of access are trusted by their thumbprints: whoever answers at its address while it is down issues no token."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from services.access.flows.signing_keys import replace_leaked, rotate
from services.access.signing import read_keys
from services.notes.app import build
from shared.private_files import ReadableByOthers
from shared.security.pins import NoPinnedKeys, PinnedKeys, read_pins, write_pins
from tests.harness.tokens import impostor, stand_in_for_access

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
ONE, TWO, THREE = ("A" * 43, "B" * 43, "C" * 43)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "keys" / "access-thumbprints"


def test_pins_are_a_private_file_of_one_a_line(file):
    write_pins(file, [THREE])
    write_pins(file, [TWO, ONE])
    assert file.read_text() == f"{ONE}\n{TWO}\n"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_pinned_later_is_taken_without_a_restart_and_one_that_is_no_longer_is_not(file):
    write_pins(file, [ONE])
    pinned = PinnedKeys(file, [THREE])
    assert [one in pinned for one in (ONE, TWO, THREE)] == [True, False, True]
    write_pins(file, [TWO])
    assert [one in pinned for one in (ONE, TWO, THREE)] == [False, True, True]


@pytest.mark.safeguard("API2")
def test_rotation_pins_the_new_key_and_a_leaked_one_is_pinned_no_longer(tmp_path):
    path, file = tmp_path / "access-signing.pem", tmp_path / "access-thumbprints"
    first = read_keys(path)[0].scheduled.key_id
    second = rotate(path, NOW, timedelta(hours=1)).scheduled.key_id
    assert read_pins(file) == {first, second}
    third = replace_leaked(path, NOW).scheduled.key_id
    assert read_pins(file) == {third}


@pytest.mark.safeguard("164.312(d)", "API2")
def test_without_any_pin_nothing_starts_and_the_way_is_said(file):
    with pytest.raises(NoPinnedKeys, match=r"run `handbill init` .* or set HANDBILL_ACCESS_KEY_THUMBPRINTS"):
        PinnedKeys(file)
    assert ONE in PinnedKeys(file, [ONE])


def test_a_file_that_others_may_read_is_refused(file):
    write_pins(file, [ONE])
    file.chmod(0o644)
    with pytest.raises(ReadableByOthers, match="chmod 600"):
        read_pins(file)


def test_a_service_without_pins_does_not_start(make_settings):
    with pytest.raises(NoPinnedKeys):
        build(make_settings("notes", access_key_thumbprints=""))


@pytest.mark.safeguard("164.312(d)", "164.312(e)(1)", "API2", "API10")
def test_who_takes_the_address_of_access_while_it_is_down_issues_no_token_that_is_accepted(
    make_settings, free_url, run_app, keys, start_app
):
    address = free_url()
    with TestClient(build(make_settings("notes", access_url=address))) as notes:

        def status(signer):
            return notes.get("/v1/events", headers={"Authorization": f"Bearer {signer.token()}"}).status_code

        thief = impostor()
        assert (status(thief), status(keys)) == (503, 503)
        run_app(stand_in_for_access(thief), at=address)
        assert (status(thief), status(keys)) == (401, 401)


def test_the_same_service_takes_the_tokens_of_access_itself(make_settings, keys):
    with TestClient(build(make_settings("notes"))) as notes:
        assert notes.get("/v1/events", headers={"Authorization": f"Bearer {keys.token()}"}).status_code == 200
