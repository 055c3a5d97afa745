"""`handbill keys` beside running services: keys are exchanged, no request fails, every row reads as it was written."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from services.cli.composition import variable_of
from shared.database.keyring import Keyring
from shared.settings import Settings

SERVED = ("access", "eligibility")
PATIENTS = 200
PASSPHRASE = "a passphrase of the tests"


def patient(name):
    return {
        "name": {"first": "Nadia", "last": name},
        "birth_date": "1984-07-19",
        "sex": "female",
        "address": {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"},
    }


def name_of(number, round_=0):
    return "W" + "".join(chr(97 + int(digit)) for digit in f"{number}{round_}")


@pytest.fixture
def installation(environment, database_template):
    return {**environment, "HANDBILL_DATABASE_URL": database_template}


@pytest.fixture
def keys(spawn, installation):
    """`keys("rotate")` runs a command beside the services; it must come to a good end unless `fails`."""

    def run(*arguments, fails=False):
        done = spawn("keys", *arguments, **{"HANDBILL_DATABASE_URL": installation["HANDBILL_DATABASE_URL"]})
        assert (done.returncode != 0) == fails, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr if fails else done.stdout

    return run


@pytest.fixture
def services(handbill, installation):
    """Access and eligibility as processes, with an organization and its token."""
    url = {"HANDBILL_DATABASE_URL": installation["HANDBILL_DATABASE_URL"]}
    assert handbill("init", **url).returncode == 0
    made = handbill("org", "create", "Salal", "--time-zone", "America/Los_Angeles", "--store", **url)
    assert made.returncode == 0, made.stderr
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "services.cli.main", "serve", service],
            env={**os.environ, **installation},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for service in SERVED
    ]
    for service in SERVED:
        wait_for(lambda service=service: httpx.get(installation[variable_of(service)] + "/ready").status_code == 200)
    token = handbill("token", **url).stdout.strip()
    yield made.stdout.split()[1], token
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)


def wait_for(is_true, seconds=240):
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if is_true():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


class Load:
    """Puts and reads patients until it is ended; keeps what was written last, and every answer that is no success."""

    def __init__(self, url, token):
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=30
        )
        self.written = {}
        self.failed = []
        self.requests = 0

    def put(self, number, round_=0):
        name = name_of(number, round_)
        answer = self._count(self._http.put(f"/v1/patients/pat_{number}", json=patient(name)))
        if answer.is_success:
            self.written[number] = name

    def read(self, number):
        answer = self._count(self._http.get(f"/v1/patients/pat_{number}"))
        return answer.json()["name"]["last"] if answer.is_success else None

    def close(self):
        self._http.close()

    @contextmanager
    def running(self):
        ends = threading.Event()

        def go():
            round_ = 1
            while not ends.is_set():
                number = self.requests % PATIENTS
                self.put(number, round_)
                if self.read(number) != self.written[number]:
                    self.failed.append(f"pat_{number} is not as it was written")
                round_ = round_ % 9 + 1
                ends.wait(0.02)

        thread = threading.Thread(target=go)
        thread.start()
        try:
            yield
        finally:
            ends.set()
            thread.join()

    def _count(self, answer):
        self.requests += 1
        if not answer.is_success:
            self.failed.append(answer.text)
        return answer


@pytest.mark.safeguard("164.312(a)(2)(iv)")
@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_keys_are_exchanged_under_load_and_no_request_fails(services, keys, installation, sealed_with, request):
    organization, token = services
    load = Load(installation["HANDBILL_ELIGIBILITY_URL"], token)
    request.addfinalizer(load.close)
    for number in range(PATIENTS):
        load.put(number)
    assert load.failed == []
    with load.running():
        first = keys("list").split()[0]
        assert "is current" in keys("rotate")
        keys("retire", first)
        assert first not in keys("list")
        kill_in_the_middle(installation, organization, sealed_with)
        assert "eligibility: " in keys("rotate", "--data", organization)
    assert load.failed == []
    assert load.requests > PATIENTS
    assert {number: load.read(number) for number in range(PATIENTS)} == load.written
    assert " 0 sealed with earlier keys, 0 do not open" in keys("verify")
    assert sealed_with("eligibility", organization) == {2}


def kill_in_the_middle(installation, organization, sealed_with):
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli.main", "keys", "rotate", "--data", organization],
        env={**os.environ, **installation},
        stdout=subprocess.DEVNULL,
    )
    wait_for(lambda: 2 in sealed_with("eligibility", organization))
    process.send_signal(signal.SIGKILL)
    process.wait()
    # Rows of both generations are read and written by the service from here on.


@pytest.fixture
def sealed_with(installation, tmp_path):
    """`sealed_with("eligibility", ORG)` answers the generations that patients are sealed with now."""
    from sqlalchemy import text

    from shared.database.engine import create_database_engine

    engines = []

    def found(service, organization):
        settings = Settings(data_dir=tmp_path / "data", database_url=installation["HANDBILL_DATABASE_URL"])
        if not engines:
            engines.append(create_database_engine(settings.database_url_of(service)))
        with engines[0].execution_options(handbill_writes=False).connect() as connection:
            query = text("SELECT content FROM patients WHERE organization_id = :organization")
            rows = connection.execute(query, {"organization": organization}).scalars()
            return {int.from_bytes(bytes(row)[1:5], "big") for row in rows}

    yield found
    for engine in engines:
        engine.dispose()


@pytest.fixture
def ready(handbill):
    assert handbill("init").returncode == 0
    made = handbill("org", "create", "Salal", "--time-zone", "America/Los_Angeles")
    assert made.returncode == 0
    return made.stdout.split()[1]


@pytest.fixture
def passphrase(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return str(file)


@pytest.mark.safeguard("164.312(a)(2)(ii)", "164.312(a)(2)(iv)")
def test_a_lost_keyring_comes_back_from_its_backup(handbill, ready, tmp_path, passphrase):
    keyring, file = tmp_path / "data" / "keys" / "keyring.json", tmp_path / "backup.json"
    done = handbill("keys", "backup", str(file), "--passphrase-file", passphrase)
    assert done.stdout.startswith(f"{file} has master keys mk_")
    assert file.stat().st_mode & 0o777 == 0o600
    right = Keyring.from_bytes(keyring.read_bytes())
    for damage in (keyring.unlink, lambda: keyring.write_bytes(b"damaged")):
        damage()
        assert handbill("keys", "verify").returncode == 2
        restored = handbill("keys", "restore", str(file), "--passphrase-file", passphrase)
        assert (restored.returncode, restored.stderr) == (0, "")
        assert restored.stdout.splitlines()[0] == f"the keyring has master keys {right.current}"
        assert restored.stdout.splitlines()[1].endswith(" 0 do not open")
        assert Keyring.from_bytes(keyring.read_bytes()) == right
    assert keyring.with_name("keyring.json.damaged").read_bytes() == b"damaged"


def test_a_backup_is_not_written_over_and_a_wrong_passphrase_restores_nothing(handbill, ready, tmp_path, passphrase):
    keyring, file = tmp_path / "data" / "keys" / "keyring.json", tmp_path / "backup.json"
    for status, words in ((0, ""), (1, "is there already; a backup is written to a new file")):
        done = handbill("keys", "backup", str(file), "--passphrase-file", passphrase)
        assert done.returncode == status
        assert words in done.stderr
    (tmp_path / "passphrase").write_text("another passphrase\n")
    keyring.unlink()
    done = handbill("keys", "restore", str(file), "--passphrase-file", passphrase)
    assert (done.returncode, done.stderr) == (
        2,
        "handbill: the passphrase is another one, or the file is damaged\n",
    )
    assert not keyring.exists()
    (tmp_path / "passphrase").write_text("short\n")
    assert (
        "a passphrase has 12 characters or more"
        in handbill("keys", "restore", str(file), "--passphrase-file", passphrase).stderr
    )


def test_a_key_that_is_prepared_becomes_the_current_one_by_the_next_rotation(handbill, ready):
    old = handbill("keys", "list").stdout.split()[0]
    prepared = handbill("keys", "rotate", "--prepare").stdout.split()[0]
    assert handbill("keys", "list").stdout == f"{old}  current\n{prepared}  prepared\n"
    assert handbill("keys", "rotate", "--prepare").stdout == f"{prepared} is prepared\n"
    assert handbill("keys", "rotate").stdout.startswith(f"{prepared} is current; ")
    assert handbill("keys", "list").stdout == f"{old}  earlier\n{prepared}  current\n"
    refused = handbill("keys", "retire", prepared)
    assert (refused.returncode, "is the current master key" in refused.stderr) == (2, True)
    assert "has no master key mk_0" in handbill("keys", "retire", "mk_0").stderr
    assert handbill("keys", "retire", old).stdout == f"{old} is retired\n"
    assert handbill("keys", "verify").returncode == 0


def test_a_command_that_cannot_be_meant_is_refused(handbill, ready):
    for arguments in (["org_1"], ["--data", "--prepare"], ["org_1", "--prepare"]):
        done = handbill("keys", "rotate", *arguments)
        assert (done.returncode, done.stderr) == (
            1,
            "handbill: an organization goes with --data, and --prepare goes alone\n",
        )
    done = handbill("keys", "rotate", "--data", "org_none")
    assert (done.returncode, done.stderr) == (1, "handbill: nothing is sealed for organization org_none\n")


def test_commands_about_keys_make_no_installation(handbill, tmp_path):
    for command in (["list"], ["rotate"], ["verify"], ["retire", "mk_0"], ["rotate", "--data"]):
        done = handbill("keys", *command)
        assert done.returncode == 2
        assert "keyring.json is missing; put the keyring back from its copy" in done.stderr
    assert not (tmp_path / "data" / "access.sqlite").exists()
