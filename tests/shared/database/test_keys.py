"""What the vault promises: a value opens in its place alone, blind indexes are equal for equal values, MACs hold."""

import pytest

from shared.database import Vault
from shared.database.keys import FIRST, DataKey, Place, SealBroken

PLACE = Place("org_a", "letters", "body", "let_1", 3)
MOVED = {
    "organization": PLACE._replace(organization_id="org_b"),
    "table": PLACE._replace(table="notes"),
    "column": PLACE._replace(column="subject"),
    "row": PLACE._replace(row_id="let_2"),
    "version": PLACE._replace(version=4),
    "older version": PLACE._replace(version=2),
    "no version": PLACE._replace(version=None),
    "names run together": Place("org_a", "letters\0body", "let_1", "", 3),
}


class Keys:
    """One organization's generations, the same for all organizations and services."""

    def __init__(self, *secrets: bytes) -> None:
        self.keys = {number: DataKey(number, secret) for number, secret in enumerate(secrets, start=FIRST)}

    def current(self, _organization_id: str) -> DataKey:
        return self.keys[max(self.keys)]

    def of(self, _organization_id: str, generation: int) -> DataKey:
        return self.keys[generation]


@pytest.mark.safeguard("164.312(a)(2)(iv)", "164.312(c)(1)", "API1")
@pytest.mark.parametrize("place", MOVED.values(), ids=MOVED)
def test_a_value_that_is_moved_does_not_open_also_under_the_same_key(place) -> None:
    vault = Vault("notes", Keys(b"k" * 32))
    sealed = vault.seal(PLACE, b"plain")
    assert vault.open(PLACE, sealed) == b"plain"
    with pytest.raises(SealBroken, match="does not open"):
        vault.open(place, sealed)


@pytest.mark.safeguard("164.312(a)(2)(iv)", "API1")
def test_a_value_of_another_service_does_not_open_also_under_the_same_key() -> None:
    sealed = Vault("notes", Keys(b"k" * 32)).seal(PLACE, b"plain")
    with pytest.raises(SealBroken, match="does not open"):
        Vault("claims", Keys(b"k" * 32)).open(PLACE, sealed)


def test_a_value_under_another_key_of_another_format_or_cut_short_does_not_open() -> None:
    vault = Vault("notes", Keys(b"k" * 32))
    sealed = vault.seal(PLACE, b"plain")
    with pytest.raises(SealBroken, match="does not open"):
        Vault("notes", Keys(b"K" * 32)).open(PLACE, sealed)
    for damaged in (b"\x01" + sealed[1:], b"", b"\x02short", sealed[:17]):
        with pytest.raises(SealBroken, match="unknown seal format"):
            vault.open(PLACE, damaged)
    for damaged in (sealed[:-1], sealed[:18], sealed[:4] + b"\x09" + sealed[5:]):
        with pytest.raises(SealBroken, match="does not open"):
            vault.open(PLACE, damaged)


def test_a_new_generation_seals_what_is_new_and_opens_what_is_old() -> None:
    before, after = Vault("notes", Keys(b"1" * 32)), Vault("notes", Keys(b"1" * 32, b"2" * 32))
    old, new = before.seal(PLACE, b"old"), after.seal(PLACE, b"new")
    assert (after.open(PLACE, old), after.open(PLACE, new)) == (b"old", b"new")
    with pytest.raises(SealBroken):
        before.open(PLACE, new)


def test_a_mac_and_a_blind_index_hold_over_a_new_generation() -> None:
    before, after = Vault("notes", Keys(b"1" * 32)), Vault("notes", Keys(b"1" * 32, b"2" * 32))
    mac = before.mac("org_a", "row", b"data")
    assert after.mac_holds("org_a", "row", b"data", mac)
    assert after.mac("org_a", "row", b"data") != mac
    assert not before.mac_holds("org_a", "row", b"data", after.mac("org_a", "row", b"data"))
    assert before.blind("org_a", "member_id", "W123") == after.blind("org_a", "member_id", "W123")


def test_a_blind_index_is_equal_for_equal_values_of_one_organization_and_field(vault: Vault) -> None:
    index = vault.blind("org_a", "member_id", "W123")
    assert index == vault.blind("org_a", "member_id", "W123")
    others = [("org_b", "member_id", "W123"), ("org_a", "group", "W123"), ("org_a", "member_id", "W124")]
    assert index not in {vault.blind(*other) for other in others}
    assert len(index) == 64


def test_a_mac_is_of_its_data_its_purpose_and_its_organization_alone(vault: Vault) -> None:
    mac = vault.mac("org_1", "row", b"data")
    assert vault.mac_holds("org_1", "row", b"data", mac)
    assert len(mac) <= 100
    for other in (("org_2", "row", b"data"), ("org_1", "audit", b"data"), ("org_1", "row", b"other")):
        assert not vault.mac_holds(*other, mac)
    for wrong in ("", mac[2:], "2" + mac[1:], "x" + mac[1:], "\u0661" + mac[1:], mac + "\u00e9", "9" * 30 + mac[1:]):
        assert not vault.mac_holds("org_1", "row", b"data", wrong)
    assert vault.blind("org_1", "row", "data") not in mac
