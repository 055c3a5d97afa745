"""The container files name what is there: commands, settings, databases, ports. No container is started here."""

import re
from pathlib import Path

import pytest
import typer
import yaml

from services.cli.composition import SERVICES
from services.cli.main import app
from services.cli.serving import WORKERS
from shared.settings import PORTS, documented

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "handbill"}


def test_every_process_of_handbill_is_there_once():
    started = sorted(" ".join(service["command"][:2]) for service in OURS.values())
    assert started == sorted(["init", *(f"serve {name}" for name in SERVICES), *(f"worker {name}" for name in WORKERS)])


def test_only_the_simulator_has_to_be_asked_for():
    assert {name: one["profiles"] for name, one in COMPOSE["services"].items() if "profiles" in one} == {
        "clearinghouse": ["simulator"]
    }


@pytest.mark.parametrize("name", list(OURS))
def test_every_command_is_one_of_handbill_with_its_arguments_and_options(name):
    command, *arguments = OURS[name]["command"]
    parsed = typer.main.get_command(app).commands[command].make_context(command, list(arguments))
    assert parsed.params.get("service") == (arguments[0] if arguments else None)


@pytest.mark.parametrize("name", list(OURS))
def test_every_variable_is_a_setting(name):
    assert set(OURS[name]["environment"]) - {one.variable for one in documented()} == set()


def test_addresses_name_the_services_of_the_file_at_the_ports_of_the_settings():
    environment = COMPOSE["x-environment"]
    variables = {name: f"HANDBILL_{'SIMULATOR' if name == 'clearinghouse' else name.upper()}_URL" for name in PORTS}
    assert {name: environment[variable] for name, variable in variables.items()} == {
        name: f"http://{name}:{port}" for name, port in PORTS.items()
    }
    assert set(PORTS) <= set(OURS)


def test_only_the_proxy_is_reachable_from_outside_and_leads_to_every_service_but_the_simulator():
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    led_to = dict(re.findall(r"reverse_proxy (\w+):(\d+)", (DEPLOY / "Caddyfile").read_text()))
    assert led_to == {name: str(port) for name, port in PORTS.items() if name != "clearinghouse"}


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
        *["pip", "install", "--no-cache-dir", "--no-deps", "--require-hashes", "-r", "requirements.lock"]
    ]
    assert "--no-deps --no-build-isolation --editable ." in ours
    assert "USER handbill" in lines
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert [word for word in copied if not (DEPLOY.parent / word).exists()] == []
    assert [line for line in lines if line.startswith("ENTRYPOINT")] == ['ENTRYPOINT ["handbill"]']
