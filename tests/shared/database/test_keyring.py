"""One private keyring, whole or not at all; what it wraps opens under the same key and context alone."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.database.keyring import (
    Keyring,
    LocalKeyring,
    MasterKeyDamaged,
    MasterKeyMissing,
    WrapBroken,
    WrappedKey,
    with_next_key,
    wrap_under,
)

KEY, CONTEXT = bytes(range(32)), b"notes\0org_a\x001"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys" / "keyring.json"


def test_the_keyring_is_made_once_and_is_private(path) -> None:
    first = LocalKeyring(path)
    assert LocalKeyring(path).read() == first.read()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_which_key_is_current_stands_in_the_file(path) -> None:
    ring = LocalKeyring(path).read()
    found = json.loads(path.read_text())
    assert found["current"] == ring.current == ring.newest
    assert [one["id"] for one in found["keys"]] == [ring.current]


def test_many_that_start_together_use_one_keyring(path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: LocalKeyring(path).read(), range(16)))
    assert all(ring == rings[0] for ring in rings)
    assert [file.name for file in path.parent.iterdir()] == ["keyring.json"]


def test_a_keyring_that_others_may_read_is_refused(path) -> None:
    LocalKeyring(path)
    path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        LocalKeyring(path)


DAMAGES = {
    "empty": lambda _found: b"",
    "no json": lambda found: json.dumps(found)[:-3].encode(),
    "another form": lambda found: json.dumps({**found, "format": "handbill-keyring-2"}).encode(),
    "no list": lambda found: json.dumps({**found, "keys": {}}).encode(),
    "current is missing": lambda found: json.dumps({**found, "current": "mk_000000000000"}).encode(),
    "a key is not of its id": lambda found: json.dumps(
        {**found, "keys": [{**found["keys"][0], "key": "A" * 43 + "="}]}
    ).encode(),
    "a list": lambda found: json.dumps([found]).encode(),
    "no base64": lambda found: json.dumps({**found, "keys": [{**found["keys"][0], "key": "!"}]}).encode(),
    "no text": lambda _found: b"\xff\xfe\x00",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_keyring_is_refused(path, damage) -> None:
    LocalKeyring(path)
    path.write_bytes(damage(json.loads(path.read_text())))
    with pytest.raises(MasterKeyDamaged, match="is damaged; put the keyring back from its copy"):
        LocalKeyring(path)


def test_what_is_wrapped_opens_in_its_context_alone(path, tmp_path) -> None:
    keys = LocalKeyring(path)
    wrapped = keys.wrap(KEY, CONTEXT)
    assert keys.unwrap(wrapped, CONTEXT) == LocalKeyring(path).unwrap(wrapped, CONTEXT) == KEY
    assert KEY not in wrapped.blob
    broken = WrappedKey(wrapped.key_id, wrapped.blob[:-1])
    for one, context in (
        (wrapped, b"notes\0org_b\x001"),
        (broken, CONTEXT),
        (WrappedKey(wrapped.key_id, b""), CONTEXT),
    ):
        with pytest.raises(WrapBroken):
            keys.unwrap(one, context)
    with pytest.raises(MasterKeyMissing, match=f"has no master key {wrapped.key_id}; put the keyring back"):
        LocalKeyring(tmp_path / "other.json").unwrap(wrapped, CONTEXT)


def test_a_running_process_takes_up_a_keyring_that_another_has_rotated(path) -> None:
    running, operator = LocalKeyring(path), LocalKeyring(path)
    old = running.wrap(KEY, CONTEXT)
    ring = operator.change(with_next_key)
    # Prepared keys wrap nothing yet, and what is wrapped under them by the operator opens at once.
    assert running.unwrap(wrap_under(ring, ring.newest, KEY, CONTEXT), CONTEXT) == KEY
    assert running.wrap(KEY, CONTEXT).key_id == old.key_id
    operator.change(lambda found: Keyring(found.newest, found.keys))
    assert running.wrap(KEY, CONTEXT).key_id == ring.newest != old.key_id
    assert running.unwrap(old, CONTEXT) == KEY


def test_nothing_is_wrapped_under_a_key_that_is_no_longer_on_the_disk(path) -> None:
    keys = LocalKeyring(path)
    wrapped = keys.wrap(KEY, CONTEXT)
    path.unlink()
    for act in (lambda: keys.wrap(KEY, CONTEXT), keys.current_id):
        with pytest.raises(MasterKeyMissing, match=r"keyring\.json is missing; put the keyring back"):
            act()
    assert keys.unwrap(wrapped, CONTEXT) == KEY


def test_a_second_key_is_not_prepared_while_one_is(path) -> None:
    keys = LocalKeyring(path)
    first = keys.change(with_next_key)
    assert keys.change(with_next_key) == first
    assert len(first.keys) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
