"""One private key file, whole or not at all; every organization has keys of its own."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.database import LocalKeyFile, Vault
from shared.database.keys import SealBroken


def test_the_key_file_is_made_once_and_is_private(tmp_path) -> None:
    path = tmp_path / "keys" / "master.key"
    first = LocalKeyFile(path).key("org_a", "seal")
    assert LocalKeyFile(path).key("org_a", "seal") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_many_that_start_together_use_one_key(tmp_path) -> None:
    path = tmp_path / "master.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: LocalKeyFile(path).key("org_a", "seal"), range(16)))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path) -> None:
    path = tmp_path / "master.key"
    LocalKeyFile(path)
    path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        LocalKeyFile(path)


@pytest.mark.parametrize("content", [b"", b"k" * 31, b"k" * 33])
def test_a_damaged_key_file_is_refused(tmp_path, content) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ValueError, match="damaged"):
        LocalKeyFile(path)


def test_keys_differ_by_organization_and_purpose(tmp_path) -> None:
    keys = LocalKeyFile(tmp_path / "master.key")
    places = [(org, purpose) for org in ("org_a", "org_b") for purpose in ("seal", "blind")]
    assert len({keys.key(*place) for place in places}) == 4


def test_a_seal_of_another_installation_or_version_does_not_open(tmp_path) -> None:
    ours, theirs = (Vault(LocalKeyFile(tmp_path / name)) for name in ("ours", "theirs"))
    sealed = ours.seal("org_a", "persons", "name", "per_1", b"plain")
    assert ours.open("org_a", "persons", "name", "per_1", sealed) == b"plain"
    with pytest.raises(SealBroken):
        theirs.open("org_a", "persons", "name", "per_1", sealed)
    with pytest.raises(SealBroken, match="unknown seal version"):
        ours.open("org_a", "persons", "name", "per_1", b"\x02" + sealed[1:])
    with pytest.raises(SealBroken):
        ours.open("org_a", "persons", "name", "per_1", b"\x01short")


def test_a_blind_index_is_equal_for_equal_values_of_one_organization_and_field(tmp_path) -> None:
    vault = Vault(LocalKeyFile(tmp_path / "master.key"))
    index = vault.blind("org_a", "member_id", "W123")
    assert index == vault.blind("org_a", "member_id", "W123")
    others = [("org_b", "member_id", "W123"), ("org_a", "group", "W123"), ("org_a", "member_id", "W124")]
    assert index not in {vault.blind(*other) for other in others}
    assert len(index) == 64


def test_a_mac_is_of_its_data_its_purpose_and_its_organization_alone(vault: Vault) -> None:
    mac = vault.mac("org_1", "row", b"data")
    assert vault.mac_holds("org_1", "row", b"data", mac)
    for other in (("org_2", "row", b"data"), ("org_1", "audit", b"data"), ("org_1", "row", b"other")):
        assert not vault.mac_holds(*other, mac)
    assert vault.mac("org_1", "row", b"data") != vault.blind("org_1", "row", "data")
