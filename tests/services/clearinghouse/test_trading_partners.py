"""Trading partners: sanitize or hashed passwords, and settings that are refused when they make no sense."""

import json

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr, ValidationError

from services.clearinghouse.settings import Partner, PayersMissing, partners_of, payer_texts
from services.clearinghouse.trading_partners import Partners
from shared.settings import Settings, SimulatorSettings


def test_a_plain_password_opens_for_its_own_partner_only():
    partners = Partners({"A": Partner(sender_id="A", password=SecretStr("open-a"))})
    assert partners.accepts("A", "open-a")
    assert not partners.accepts("A", "open-b")
    assert not partners.accepts("B", "open-a")


def test_a_hashed_password_opens_again_and_again_and_a_wrong_one_never():
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    partners = Partners({"A": Partner(sender_id="A", password_hash=SecretStr(hasher.hash("open-a")))})
    assert [partners.accepts("A", password) for password in ("open-a", "open-a", "open-b")] == [True, True, False]


class CountingHasher(PasswordHasher):
    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, known, password):
        self.verified += 1
        return super().verify(known, password)


@pytest.mark.parametrize("sender_id", ["HASHED", "PLAIN", "NOBODY", ""])
@pytest.mark.parametrize("password", ["wrong", ""])
def test_each_refusal_costs_the_same_whether_there_is_such_a_partner_or_not(sender_id, password):
    hasher = CountingHasher()
    hashed = Partner(sender_id="HASHED", password_hash=SecretStr(hasher.hash("open")))
    partners = Partners(
        {"PLAIN": Partner(sender_id="PLAIN", password=SecretStr("open")), "HASHED": hashed}, set(), hasher
    )
    assert not partners.accepts(sender_id, password)
    assert hasher.verified == 1


def test_where_no_password_is_hashed_no_refusal_costs_anything():
    hasher = CountingHasher()
    partners = Partners({"A": Partner(sender_id="A", password=SecretStr("open-a"))}, set(), hasher)
    assert not partners.accepts("A", "wrong") and not partners.accepts("B", "wrong")
    assert hasher.verified == 0


def test_a_partner_has_one_secret():
    with pytest.raises(ValidationError):
        Partner(sender_id="A")
    with pytest.raises(ValidationError):
        Partner(sender_id="A", password=SecretStr("x"), password_hash=SecretStr("y"))


def test_partners_come_from_a_file_or_are_the_products_own(tmp_path):
    settings = Settings(data_dir=tmp_path)
    (tmp_path / "credentials").mkdir()
    own = {"sender_id": "HANDBILL", "password": "a-password-of-the-tests"}
    (tmp_path / "credentials" / "trading-partner.json").write_text(json.dumps(own))
    assert set(partners_of(SimulatorSettings(), settings)) == {"HANDBILL"}
    several = tmp_path / "partners.json"
    several.write_text(json.dumps([own, {"sender_id": "OTHER", "password": "another-password"}]))
    assert set(partners_of(SimulatorSettings(partners_file=several), settings)) == {"HANDBILL", "OTHER"}


def test_a_folder_of_payers_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PayersMissing, match="HANDBILL_SIMULATOR_PAYERS_DIR"):
        payer_texts(tmp_path / "nowhere")
