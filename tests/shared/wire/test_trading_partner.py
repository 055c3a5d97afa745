"""What organizations have agreed with the clearinghouse, from the settings and the trading partners file."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.settings import Settings
from shared.wire.account import RequestsPerMinute
from shared.wire.envelope import Route, Usage
from shared.wire.trading_partner import TradingPartner, TradingPartners, TradingPartnersFileError, trading_partners
from tests.harness.tokens import write_credentials

PASSWORD = SecretStr("a-password-of-the-tests")
DEFAULT = TradingPartner(sender_id="HANDBILL", receiver_id="CLEARING", password=PASSWORD)


@pytest.fixture
def partners_of(tmp_path: Path):
    """`partners_of(toml, **settings)`; no file when there is no TOML."""
    write_credentials(tmp_path)

    def read(toml: str | None = None, mode: int = 0o600, **settings) -> TradingPartners:
        path = tmp_path / "partners.toml"
        if toml is not None:
            path.write_text(toml)
            path.chmod(mode)
            settings["trading_partners_file"] = path
        return trading_partners(Settings(data_dir=tmp_path, **settings))

    return read


def test_without_a_file_everyone_has_the_installations_ids_and_tests(partners_of):
    assert partners_of() == TradingPartners(DEFAULT, {})
    assert partners_of().of("org_any") == DEFAULT


def test_the_settings_say_the_clearinghouses_id_and_whether_claims_are_real(partners_of):
    found = partners_of(clearinghouse_id="OTHERHOUSE", usage="production").of("org_any")
    assert found == replace(DEFAULT, receiver_id="OTHERHOUSE", usage=Usage.PRODUCTION)


def test_the_file_changes_the_default_and_single_organizations(partners_of):
    found = partners_of(
        """
        [default]
        receiver_id = "OTHERHOUSE"
        application_receiver_id = "OTHERCLAIMS"
        files_per_day = 20

        [organizations.org_live]
        usage = "production"
        claims_per_file = 7
        requests_per_minute = 3

        [organizations.org_own]
        sender_id = "SALALST"
        password = "its-own"
        """
    )
    default = replace(DEFAULT, receiver_id="OTHERHOUSE", application_receiver_id="OTHERCLAIMS", files_per_day=20)
    assert found.of("org_any") == default
    assert found.of("org_live") == replace(default, usage=Usage.PRODUCTION, claims_per_file=7, requests_per_minute=3)
    assert found.of("org_own") == replace(default, sender_id="SALALST", password=SecretStr("its-own"))


def test_application_ids_are_not_taken_over_from_the_default_with_another_id(partners_of):
    found = partners_of(
        """
        [default]
        application_sender_id = "HANDCLAIMS"
        application_receiver_id = "CLEARCLAIMS"

        [organizations.org_own]
        sender_id = "SALALST"
        password = "its-own"
        receiver_id = "OTHERHOUSE"
        """
    ).of("org_own")
    assert (found.application_sender_id, found.application_receiver_id) == ("", "")


def test_an_account_is_a_sender_id_once(partners_of):
    found = partners_of(
        """
        [organizations.org_a]
        usage = "production"
        [organizations.org_b]
        sender_id = "SALALST"
        password = "its-own"
        [organizations.org_c]
        sender_id = "SALALST"
        password = "its-own"
        """
    )
    assert sorted(partner.sender_id for partner in found.accounts()) == ["HANDBILL", "SALALST"]
    assert found.account("SALALST") == found.of("org_b")
    assert found.account("GONE") is None


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[default", "is not TOML"),
        ("[default]\nusage = 'live'", "default.usage: Input should be 'test' or 'production'"),
        ("[default]\nsender = 'X1'", "default.sender: Extra inputs are not permitted"),
        ("[default]\nfiles_per_day = 0", "default.files_per_day: Input should be greater than or equal to 1"),
        ("[organizations.org_a]\nreceiver_id = 'x'", "organizations.org_a.receiver_id: String should match pattern"),
        ("[organizations.org_a]\nsender_id = 'SALALST'", "a sender_id of its own needs the password of its account"),
        (
            "[organizations.a]\nsender_id = 'S1'\npassword = 'a'\n[organizations.b]\nsender_id = 'S1'\npassword = 'b'",
            "its sender id has another password elsewhere",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(partners_of, toml, sentence):
    with pytest.raises(TradingPartnersFileError) as raised:
        partners_of(toml)
    assert sentence in str(raised.value)


def test_a_file_that_others_can_read_is_refused(partners_of):
    with pytest.raises(TradingPartnersFileError, match="run: chmod 600"):
        partners_of("[default]\n", mode=0o640)


def test_a_file_that_is_not_there_is_said(partners_of, tmp_path):
    with pytest.raises(TradingPartnersFileError, match="cannot be read: No such file or directory"):
        partners_of(trading_partners_file=tmp_path / "gone.toml")


def test_the_route_is_what_the_envelope_takes():
    partner = replace(DEFAULT, application_sender_id="A1", application_receiver_id="A2", usage=Usage.PRODUCTION)
    assert partner.route == Route(
        sender_id="HANDBILL",
        receiver_id="CLEARING",
        application_sender_id="A1",
        application_receiver_id="A2",
        usage=Usage.PRODUCTION,
    )


def test_a_password_is_never_shown():
    assert "a-password" not in repr(DEFAULT)


def test_requests_count_for_a_minute_each_and_the_wait_is_in_whole_seconds():
    now = [100.0]
    requests, partner = RequestsPerMinute(lambda: now[0]), replace(DEFAULT, requests_per_minute=2)
    assert requests.wait_seconds(partner) == 0
    now[0] = 130.5
    assert [requests.wait_seconds(partner), requests.wait_seconds(partner)] == [0, 30]
    now[0] = 160.0
    assert [requests.wait_seconds(partner), requests.wait_seconds(partner)] == [0, 31]
