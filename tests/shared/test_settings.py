"""Settings come from the environment; secrets come from private files and are not printed."""

import json

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
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://db/handbill_{service}")
    assert settings.database_url_of("claims") == "postgresql+psycopg://db/handbill_claims"


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
