"""Settings come from the environment; secrets come from private files and are not printed."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.settings import PORTS, CredentialsDamaged, Settings, documented, local_url, unknown_variables


def test_without_an_environment_the_embedded_set_up_works(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.database_url_of("notes") == f"sqlite:///{tmp_path}/notes.sqlite"
    assert settings.claims_url == local_url("claims") == f"http://127.0.0.1:{PORTS['claims']}"
    assert settings.clock_url is None


def test_a_relative_data_folder_is_the_same_from_everywhere(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings().database_url_of("notes") == f"sqlite:///{tmp_path.resolve()}/.handbill/notes.sqlite"


def test_a_database_url_names_the_service_where_it_wants_to(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://localhost/handbill_{service}")
    assert settings.database_url_of("claims") == "postgresql+psycopg://localhost/handbill_claims"


def test_the_environment_overrides(monkeypatch) -> None:
    monkeypatch.setenv("HANDBILL_NOTES_URL", "http://127.0.0.1:9999")
    assert Settings().notes_url == "http://127.0.0.1:9999"


def test_files_are_sent_to_the_simulator_unless_another_clearinghouse_is_set(monkeypatch) -> None:
    monkeypatch.setenv("HANDBILL_SIMULATOR_URL", "http://127.0.0.1:9404")
    assert Settings().clearinghouse_url == "http://127.0.0.1:9404"
    monkeypatch.setenv("HANDBILL_CLEARINGHOUSE_URL", "https://clearinghouse.test")
    settings = Settings()
    assert (settings.clearinghouse_url, settings.simulator_url) == (
        "https://clearinghouse.test",
        "http://127.0.0.1:9404",
    )


def test_a_variable_that_is_no_setting_is_found_with_the_nearest_that_is_one() -> None:
    names = ["PATH", "HANDBILL_DATABSE_URL", "HANDBILL_SIMULATOR_STARTS", "HANDBILL_XYZZY", "HANDBILL_DATA_DIR"]
    assert unknown_variables(names) == {
        "HANDBILL_DATABSE_URL": "HANDBILL_DATABASE_URL",
        "HANDBILL_SIMULATOR_STARTS": "HANDBILL_SIMULATOR_STARTS_AT",
        "HANDBILL_XYZZY": None,
    }
    assert unknown_variables(one.variable for one in documented()) == {}


def test_every_setting_says_what_it_means_and_who_reads_it() -> None:
    assert len(documented()) == len({one.variable for one in documented()})
    assert [one.variable for one in documented() if not (one.meaning.endswith(".") and one.read_by)] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_seconds", 59),
        ("token_seconds", 3601),
        ("worker_lease_seconds", 0),
        ("log_level", "loud"),
        ("database_url", "mysql://db/handbill"),
        ("database_url", "sqlite:///{folder}/x.sqlite"),
        ("notes_url", "notes:8402"),
        ("notes_url", "http://notes:port"),
    ],
)
def test_a_setting_out_of_range_is_refused(name, value) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value})


URLS = ("access_url", "eligibility_url", "notes_url", "claims_url", "simulator_url", "clearinghouse_url", "clock_url")


@pytest.mark.safeguard("164.312(e)(1)", "164.312(e)(2)(ii)", "API8")
@pytest.mark.parametrize("name", URLS)
@pytest.mark.parametrize(
    "host",
    [
        "notes",
        "10.0.0.7:8402",
        "127.0.0.1.example.org",
        "localhost.example.org",
        "0.0.0.0",
        "[fe80::1]",
        "127.0.0.1@db",
    ],
)
def test_plain_http_to_another_machine_is_refused_and_what_to_write_is_said(name, host) -> None:
    with pytest.raises(ValidationError, match=r"in clear; write https:// .* or an address of this machine: localhost"):
        Settings(**{name: f"http://{host}"})
    assert getattr(Settings(**{name: f"https://{host}"}), name) == f"https://{host}"


@pytest.mark.safeguard("164.312(e)(1)", "API8")
@pytest.mark.parametrize("host", ["db.internal", "db.internal:5432", "10.0.0.7", "[fe80::1]:5432"])
def test_a_database_on_another_machine_says_how_its_connection_is_protected(host) -> None:
    url = f"postgresql+psycopg://handbill:p@{host}/handbill_{{service}}"
    with pytest.raises(ValidationError, match=r"in clear, or to whoever answers there; add \?sslmode=verify-full"):
        Settings(database_url=url)
    assert Settings(database_url=f"{url}?sslmode=verify-full").database_url.endswith("?sslmode=verify-full")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5432", "[::1]:5432", ""])
def test_a_database_on_this_machine_need_not(host) -> None:
    assert Settings(database_url=f"postgresql+psycopg://handbill:p@{host}/handbill_{{service}}")


@pytest.mark.parametrize("host", ["localhost:8402", "LOCALHOST", "127.0.0.1", "127.8.9.10:1", "[::1]:8402"])
def test_plain_http_within_this_machine_is_taken(host) -> None:
    assert Settings(notes_url=f"http://{host}").notes_url == f"http://{host}"


def test_no_setting_of_an_address_is_left_out_of_that() -> None:
    assert set(URLS) == {name for name in Settings.model_fields if name.endswith("_url")} - {"database_url"}


def test_tls_files_are_filled_in_for_each_service(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path, tls_certificate="{data_dir}/tls/{service}.pem", tls_ca="/etc/ca.pem")
    assert settings.tls_file("certificate", "notes") == tmp_path / "tls" / "notes.pem"
    assert (settings.tls_file("ca"), settings.tls_file("key", "notes")) == (Path("/etc/ca.pem"), None)


@pytest.mark.parametrize(
    ("name", "value"), [("tls_key", "{folder}/x.key"), ("access_key_thumbprints", "short"), ("tls_ca", "{0}.pem")]
)
def test_tls_settings_of_another_form_are_refused(name, value) -> None:
    with pytest.raises(ValidationError):
        Settings(**{name: value})


def test_credentials_are_read_from_their_file_and_not_printed(tmp_path) -> None:
    settings = Settings(data_dir=tmp_path)
    with pytest.raises(FileNotFoundError):
        settings.credentials_of("claims")
    file = settings.secret_file("claims")
    file.parent.mkdir()
    file.write_text(json.dumps({"client_id": "cli_1", "client_secret": "canary"}))
    credentials = settings.credentials_of("claims")
    assert credentials.client_secret.get_secret_value() == "canary"
    assert "canary" not in repr(credentials)
    file.write_text('{"client_id": "cli_1", "client_secret": "can')
    with pytest.raises(CredentialsDamaged, match="is damaged; remove it, and run: handbill init"):
        settings.credentials_of("claims")
