"""A new version comes in while the one before serves: its migration runs, its processes stand beside the old ones and
replace them, and what only it survives runs last. No request fails, and every row is as Handbill wrote it."""

import time

import httpx
import pytest
from sqlalchemy import text

from services.cli.composition import prepare, variable_of
from services.cli.organizations import create_organization
from services.cli.processes import Processes
from services.cli.serving import process_commands
from shared.database.engine import create_database_engine
from shared.settings import PORTS, Settings
from tests.deploy.upgrading.newer import ROOT, NewerVersion, run_command
from tests.deploy.upgrading.traffic import Traffic

START_SECONDS = 60


@pytest.fixture
def environment(tmp_path, database_template, free_port):
    urls = {variable_of(name): f"http://127.0.0.1:{free_port()}" for name in PORTS}
    return {
        **urls,
        "HANDBILL_DATA_DIR": str(tmp_path / "data"),
        "HANDBILL_DATABASE_URL": database_template,
        "HANDBILL_REQUESTS_PER_MINUTE": "100000",
    }


@pytest.fixture
def settings(environment):
    names = {name.removeprefix("HANDBILL_").lower(): value for name, value in environment.items()}
    made = Settings(**names)
    prepare(made)
    return made


@pytest.fixture
def old(settings, environment, tmp_path):
    """The processes of the present code that notes need."""
    processes = Processes(tmp_path / "logs", environment)
    for command in process_commands(settings):
        if command.name in ("access", "notes"):
            processes.start(command)
    processes.wait_ready()
    yield processes
    processes.stop_all()


@pytest.fixture(scope="module")
def newer_tree(tmp_path_factory):
    return NewerVersion(tmp_path_factory.mktemp("newer"))


@pytest.fixture
def newer(newer_tree, environment):
    """`newer("migrate")` runs a command of the newer version in the installation."""
    return lambda *arguments: newer_tree.run(environment, *arguments)


@pytest.fixture
def token(settings, old):
    client = create_organization(settings, "Quillfeather Massage", "America/Los_Angeles").client
    answer = httpx.post(
        f"{settings.access_url}/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(client.id, client.secret),
        trust_env=False,
    )
    return answer.json()["access_token"]


@pytest.fixture
def start(newer_tree, environment, tmp_path):
    """`start(port)` is a process of the newer version that serves notes there; it is stopped after the test."""
    started = []

    def at(port):
        log = tmp_path / f"newer-{port}.log"
        process = newer_tree.start(environment, log, "serve", "notes", f"--port={port}")
        started.append(process)
        ends = time.monotonic() + START_SECONDS
        while not is_ready(f"http://127.0.0.1:{port}"):
            assert process.poll() is None and time.monotonic() < ends, log.read_text()[-2000:]
            time.sleep(0.1)
        return f"http://127.0.0.1:{port}"

    yield at
    for process in started:
        process.terminate()
        process.wait(20)


def is_ready(url):
    try:
        return httpx.get(f"{url}/ready", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def signed(settings):
    """How many notes are signed, and how many of them say on which day."""
    engine = create_database_engine(settings.database_url_of("notes"))
    with engine.connect() as connection:
        row = connection.execute(text("SELECT count(signed_at), count(signed_on) FROM notes")).one()
    engine.dispose()
    return tuple(row)


# On the production store, whose locks are the harder ones; it takes minutes on each.
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_no_request_fails_while_a_new_version_comes_in(settings, environment, old, newer, token, start, free_port):
    before, traffic = settings.notes_url, Traffic([settings.notes_url], token)
    with traffic.flowing():
        time.sleep(1)
        expanded = newer("migrate")
        assert expanded.returncode == 0, expanded.stderr
        assert "notes: as this version wants it; 1 migration to be run when no process of an earlier" in expanded.stdout
        after = start(free_port())
        traffic.serving = [before, after]
        time.sleep(3)
        early = newer("migrate", "--contract")
        assert early.returncode == 2
        assert "still use the database of notes" in early.stderr
        traffic.serving = [after]
        time.sleep(0.5)
        assert old.stop("notes") == 0
        written, filled = signed(settings)
        assert written > 10
        assert filled == 0
        contracted = newer("migrate", "--contract")
        assert contracted.returncode == 0, contracted.stderr
        assert "filled" in contracted.stdout
        time.sleep(1)
    assert traffic.failed == []
    assert min(traffic.done[f"{method} {url}"] for url in (before, after) for method in ("PUT", "GET", "POST")) >= 5
    written, filled = signed(settings)
    assert filled == written
    whole = newer("audit", "verify")
    assert whole.returncode == 0, whole.stdout + whole.stderr
    refused = run_command(environment, ROOT, "serve", "notes")
    assert refused.returncode == 2
    assert "the database of notes was made by a newer Handbill" in refused.stderr
