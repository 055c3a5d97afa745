"""A keyring comes back from its backup under its passphrase, and from nothing else; a restore loses no key."""

import json

import pytest

from shared.database.keyring import Keyring, with_next_key
from shared.database.keyring_backup import BackupUnreadable, decrypt_keyring, encrypt_keyring, merged

PASSPHRASE = "correct horse battery"
QUICK = 2**10


def test_a_backup_opens_with_its_passphrase_alone_and_shows_no_key() -> None:
    ring = with_next_key(Keyring.new())
    content = encrypt_keyring(ring, PASSPHRASE, QUICK)
    assert decrypt_keyring(content, PASSPHRASE) == ring
    assert content != encrypt_keyring(ring, PASSPHRASE, QUICK)
    assert ring.current.encode() not in content
    with pytest.raises(BackupUnreadable, match="the passphrase is another one"):
        decrypt_keyring(content, PASSPHRASE + " ")


@pytest.mark.parametrize("name", ["n", "salt", "nonce", "sealed"])
def test_a_changed_member_is_noticed(name) -> None:
    found = json.loads(encrypt_keyring(Keyring.new(), PASSPHRASE, QUICK))
    found[name] = QUICK * 2 if name == "n" else "AAAA" + found[name][4:]
    with pytest.raises(BackupUnreadable):
        decrypt_keyring(json.dumps(found).encode(), PASSPHRASE)


@pytest.mark.parametrize(
    "change", [{"n": 2**30}, {"n": 1000}, {"n": "1024"}, {"r": 800}, {"p": 900}, {"format": "x"}, {"salt": 7}]
)
def test_a_file_that_would_cost_much_or_is_of_another_form_is_refused(change) -> None:
    found = json.loads(encrypt_keyring(Keyring.new(), PASSPHRASE, QUICK))
    with pytest.raises(BackupUnreadable, match="no backup of a keyring"):
        decrypt_keyring(json.dumps({**found, **change}).encode(), PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"7", b"\xff\xfe"])
def test_what_is_no_backup_is_refused(content) -> None:
    with pytest.raises(BackupUnreadable, match="no backup of a keyring"):
        decrypt_keyring(content, PASSPHRASE)


def test_a_restore_keeps_every_key_and_the_newer_idea_of_which_is_current() -> None:
    first = Keyring.new()
    both = with_next_key(first)
    rotated = Keyring(both.newest, both.keys)
    other = Keyring.new()
    assert merged(None, first) == first
    assert merged(first, rotated) == merged(rotated, first) == rotated
    mixed = merged(other, rotated)
    assert (mixed.current, mixed.newest) == (other.current, other.current)
    assert mixed.keys == {**rotated.keys, **other.keys}
