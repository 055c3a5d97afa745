"""`handbill init`, `org create`, `token`, `serve`: what works, and what is said when it does not."""

import socket
import subprocess
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest

from services.access.failed_logins import MAX_FAILURES_OF_ADDRESS
from services.cli.processes import ProcessCommand, Processes
from services.cli.serving import run_service
from services.cli.settings_page import PAGE, page
from shared.contracts.access import SCOPES
from shared.settings import documented


@pytest.fixture
def running_access(tmp_path, environment, data_folder):
    processes = Processes(tmp_path / "logs", environment)
    processes.start(ProcessCommand("access", run_service, ("access",), environment["HANDBILL_ACCESS_URL"] + "/ready"))
    processes.wait_ready()
    yield environment["HANDBILL_ACCESS_URL"]
    processes.stop_all()


def fields(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in done.stdout.splitlines())
    return {name.strip(): value.strip() for name, value in pairs}


def failed(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("handbill: ")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_organization_is_made_and_its_client_gets_tokens(handbill, running_access) -> None:
    made = fields(handbill("org", "create", "Rainier Bodywork", "--time-zone", "America/Los_Angeles", "--store"))
    client = {
        "HANDBILL_CLIENT_ID": made["client id"],
        "HANDBILL_CLIENT_SECRET": made["client secret"],
    }
    shown = handbill("token", "--scope", "notes:read", **client)
    claims = jwt.decode(shown.stdout.strip(), options={"verify_signature": False})
    assert (claims["org"], claims["scope"]) == (made["organization"], "notes:read")
    stored = handbill("token").stdout.strip()
    answer = httpx.get(running_access + "/v1/organization", headers={"Authorization": f"Bearer {stored}"})
    assert answer.json()["name"] == "Rainier Bodywork"
    assert "(invalid_client)" in failed(handbill("token", **{**client, "HANDBILL_CLIENT_SECRET": "hbs_wrong"}))


def test_a_token_without_a_stored_client_or_a_running_service_says_what_to_do(handbill) -> None:
    assert "handbill org create" in failed(handbill("token"))
    assert "together" in failed(handbill("token", "--client-id", "cli_00000001"))
    answer = failed(handbill("token", "--client-id", "cli_00000001", "--client-secret", "x"))
    assert "start it with: handbill up" in answer


def test_an_unknown_time_zone_or_an_empty_name_is_refused(handbill) -> None:
    assert "America/Los_Angeles" in failed(handbill("org", "create", "Nowhere", "--time-zone", "Mars/Olympus"))
    assert "1 to 120 characters" in failed(handbill("org", "create", "", "--time-zone", "UTC"))


@pytest.mark.safeguard("164.312(a)(1)", "API2", "164.312(a)(2)(ii)")
def test_a_leaked_secret_is_revoked_and_replaced_from_the_machine(handbill, running_access) -> None:
    made = fields(handbill("org", "create", "Rainier Bodywork", "--time-zone", "UTC", "--store"))
    headers = {"Authorization": f"Bearer {handbill('token').stdout.strip()}"}
    assert httpx.get(running_access + "/v1/clients", headers=headers).status_code == 200
    assert handbill("org", "revoke", made["organization"]).stdout == f"revoked  {made['client id']}\n"
    assert httpx.get(running_access + "/v1/clients", headers=headers).json()["code"] == "token_revoked"
    assert "(invalid_client)" in failed(handbill("token"))
    again = fields(handbill("org", "client", made["organization"], "--name", "way back", "--store"))
    assert handbill("token").returncode == 0
    few = fields(handbill("org", "client", made["organization"], "--scopes", "notes:read notes:write"))
    shown = handbill("org", "list").stdout.splitlines()
    place = shown.index(f"{made['organization']}  Rainier Bodywork  UTC")
    clients = {line.split()[0]: line for line in shown[place + 1 :] if line.startswith("  ")}
    assert "  first  made " in clients[made["client id"]]
    assert "  revoked " in clients[made["client id"]]
    assert clients[again["client id"]].endswith("  " + " ".join(SCOPES))
    assert clients[few["client id"]].endswith("  notes:read notes:write")
    assert handbill("org", "revoke", few["client id"]).stdout == f"revoked  {few['client id']}\n"
    assert "revoked already" in handbill("org", "revoke", few["client id"]).stdout


@pytest.mark.safeguard("API2")
def test_a_forwarded_address_that_a_caller_makes_up_evades_no_limit(running_access) -> None:
    form = {"grant_type": "client_credentials"}
    with httpx.Client(trust_env=False) as http:
        answers = [
            http.post(
                running_access + "/oauth/token",
                data=form,
                auth=(f"cli_{number:08d}", "hbs_wrong"),
                headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"},
            )
            for number in range(MAX_FAILURES_OF_ADDRESS + 1)
        ]
    assert [answer.status_code for answer in answers] == [401] * MAX_FAILURES_OF_ADDRESS + [429]


@pytest.mark.safeguard("164.312(d)", "API2")
def test_signing_keys_are_rotated_and_a_leaked_one_is_replaced_while_access_runs(handbill, running_access) -> None:
    handbill("org", "create", "Rainier Bodywork", "--time-zone", "UTC", "--store")

    def status(token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(running_access + "/v1/organization", headers=headers).status_code

    def keys() -> list[str]:
        return [jwk["kid"] for jwk in httpx.get(running_access + "/.well-known/jwks.json").json()["keys"]]

    old = handbill("token").stdout.strip()
    (first,) = keys()
    made = fields(handbill("signing-keys", "rotate"))
    assert handbill("signing-keys", "list").stdout.splitlines()[0].startswith(f"{first}  signing, published until 20")
    assert f"{made['new key']}  published, signs from 20" in handbill("signing-keys", "list").stdout
    wait_until(lambda: keys() == [first, made["new key"]])
    assert status(old) == 200
    leaked = fields(handbill("signing-keys", "rotate", "--leaked"))
    wait_until(lambda: keys() == [leaked["new key"]])
    assert status(old) == 401
    assert status(handbill("token").stdout.strip()) == 200
    assert handbill("signing-keys", "list").stdout == f"{leaked['new key']}  signing\n"
    assert handbill("signing-keys", "rotate", "--after", "9").returncode == 2


def wait_until(done: Callable[[], bool]) -> None:
    """A running process looks into the folder once a second."""
    ends = time.monotonic() + 60
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_what_is_no_organization_client_or_scope_is_said(handbill) -> None:
    assert "see: handbill org list" in failed(handbill("org", "revoke", "cli_nobody01"))
    assert "see: handbill org list" in failed(handbill("org", "client", "org_nowhere1"))
    made = fields(handbill("org", "create", "Rainier Bodywork", "--time-zone", "UTC"))
    assert "there is no scope internal" in failed(
        handbill("org", "client", made["organization"], "--scopes", "internal")
    )
    assert "1 to 120 characters" in failed(handbill("org", "client", made["organization"], "--name", ""))


def test_init_can_be_repeated(handbill) -> None:
    assert "new credentials: claims, trading-partner" in handbill("init").stdout
    again = handbill("init")
    assert (again.returncode, "new credentials" in again.stdout) == (0, False)


def test_an_installation_can_live_on_either_database(handbill, database_template) -> None:
    assert handbill("init", HANDBILL_DATABASE_URL=database_template).returncode == 0
    arguments = ("org", "create", "Rainier Bodywork", "--time-zone", "UTC")
    made = fields(handbill(*arguments, HANDBILL_DATABASE_URL=database_template))
    assert made["organization"].startswith("org_")


def test_a_port_in_use_is_named_with_its_service(handbill, spawn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        message = failed(spawn("serve", "access", HANDBILL_ACCESS_URL=url), 2)
        assert f"port {port}, where access listens" in message
        message = failed(handbill("up", HANDBILL_NOTES_URL=url), 2)
        assert f"port {port}, where notes listens" in message


def test_a_wrong_setting_is_named(handbill) -> None:
    assert "HANDBILL_TOKEN_SECONDS" in failed(handbill("init", HANDBILL_TOKEN_SECONDS="soon"), 2)
    assert "HANDBILL_NOTES_URL has no port" in failed(
        handbill("serve", "notes", HANDBILL_NOTES_URL="http://localhost"), 2
    )


@pytest.mark.safeguard("API8")
def test_a_misspelt_setting_is_refused_with_the_right_one(handbill) -> None:
    for command in (["init"], ["up"], ["demo"], ["serve", "notes"], ["worker", "claims"]):
        message = failed_to_start(handbill(*command, HANDBILL_DATABSE_URL="sqlite:///x"))
        assert message == (
            "handbill: HANDBILL_DATABSE_URL is no setting; did you mean HANDBILL_DATABASE_URL?\n"
            "all settings: handbill settings list\n"
        )


def failed_to_start(done: subprocess.CompletedProcess[str]) -> str:
    """For `demo`, which says first what it is about to do."""
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_page_of_all_settings_is_up_to_date(handbill) -> None:
    assert PAGE.read_text() == page(), "run: handbill settings docs"
    assert handbill("settings", "docs").stdout == "the page is up to date\n"
    shown = handbill("settings", "list").stdout
    assert [line.split()[0] for line in shown.splitlines()[::2]] == [one.variable for one in documented()]


def test_the_version_is_that_of_the_distribution(handbill) -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert handbill("--version").stdout == f"handbill {project['version']}\n"


def test_an_unknown_service_or_worker_is_named(handbill) -> None:
    assert "choose from access, eligibility" in failed(handbill("serve", "billing"), 2)
    assert "notes has no worker" in failed(handbill("worker", "notes"))


def test_a_service_without_its_credentials_says_to_run_init(spawn, data_folder) -> None:
    pinned = {"HANDBILL_ACCESS_KEY_THUMBPRINTS": "A" * 43}
    assert "run: handbill init" in failed(spawn("serve", "claims", **pinned), 2)
