"""`handbill doctor`: in an installation with one broken part that part's check fails, and no other.

Services and clearinghouse are small apps; files, keys and databases are real.
"""

import hashlib
import json
import re
import shutil
import time
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI, Response
from sqlalchemy import create_engine, text

from services.claims.store import exchange
from services.claims.store.tables import (
    FileRow,
    ReceivedMessageRow,
    UnroutedPartRow,
)
from services.cli.backup import NOTE
from services.cli.certificates import make_certificates
from services.cli.composition import prepare
from services.cli.doctor.checks import CHECKS, Check, examine
from services.cli.doctor.examination import Examination
from services.cli.doctor.finding import ok
from services.cli.doctor.report import as_json
from shared.clocks import SetClock
from shared.database.keyring import Keyring
from shared.database.migrating import head_of_history
from shared.database.opening import open_database
from shared.private_files import write_private_file
from shared.settings import Settings
from shared.tenancy import INSTALLATION_ID

PRODUCT = ("access", "eligibility", "notes", "claims")
SQLITE = "sqlite:///{data_dir}/{service}.sqlite"
ORGANIZATION = "org_test0001"
HEAD = head_of_history("notes")
BEHIND = f"{int(HEAD) - 1:04d}"


class Peer:
    """A service, or the clearinghouse, as healthy as a test wants."""

    def __init__(self, name):
        self.name, self.ready, self.account = name, 200, 200

    def app(self):
        app = FastAPI()

        @app.get("/health")
        def health():
            return {"status": "ok", "service": self.name}

        @app.get("/ready")
        def ready(response: Response):
            response.status_code = self.ready
            return {"code": "keys_unavailable"} if self.ready != 200 else {"status": "ready"}

        @app.get("/v1/x12/files")
        def files(interchange_control_number: str, response: Response):
            response.status_code = self.account
            return {"items": []}

        return app


class Installation:
    """An installation that is well, until a test breaks it."""

    def __init__(self, settings, peers, running):
        self.settings, self.peers, self.running = settings, peers, running
        self.options = {}

    def set(self, **changes):
        self.settings = self.settings.model_copy(update=changes)

    @property
    def folder(self):
        return self.settings.data_dir

    def sql(self, service, statement, **values):
        engine = create_engine(self.settings.database_url_of(service))
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SET LOCAL handbill.organization = '*'"))
                connection.execute(text(statement), values)
        finally:
            engine.dispose()

    def claims(self, write):
        database = open_database(self.settings, "claims")
        try:
            database.run(write)
        finally:
            database.close()

    def lease(self, executor_id, **ends):
        ends_at = datetime.now(UTC) + timedelta(**ends)
        self.claims(lambda session: exchange.renew_lease(session, executor_id, ends_at))

    def well(self):
        """A worker lives, and a backup was made."""
        self.lease("claims-0001", minutes=20)
        note = {"made_at": datetime.now(UTC).isoformat(), "folder": "/backups/today"}
        write_private_file(self.folder / NOTE, lambda: json.dumps(note).encode(), replace=True)

    def examine(self, **more):
        return examine(Examination(self.settings, **{**self.options, **more}))

    def found(self, level, **more):
        """What is at a level: check to its findings."""
        results = self.examine(**more)
        return {
            result.check: " ".join(f"{one.what} -> {one.mend}" for one in result.findings)
            for result in results
            if any(one.level == level for one in result.findings)
        }


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("doctor") / "data"
    prepare(Settings(data_dir=folder, database_url=SQLITE))
    return folder


@pytest.fixture
def make(start_app):
    def installation(folder, database_url):
        peers = {name: Peer(name) for name in (*PRODUCT, "clearinghouse")}
        running = {name: start_app(peer.app()) for name, peer in peers.items()}
        urls = {f"{name}_url": running[name].url for name in peers}
        settings = Settings(data_dir=folder, database_url=database_url, **urls)
        return Installation(settings, peers, running)

    return installation


@pytest.fixture
def installation(prepared, tmp_path, make):
    shutil.copytree(prepared, tmp_path / "data")
    made = make(tmp_path / "data", SQLITE)
    made.well()
    return made


def test_in_an_installation_that_is_well_every_check_is_and_nothing_was_changed(installation):
    def files():
        return {
            str(file): (file.stat().st_mode, hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "")
            for file in sorted(installation.folder.rglob("*"))
        }

    before = files()
    results = installation.examine()
    assert [one for one in results if one.findings[0].level != "ok"] == []
    assert [one.check for one in results] == [check.name for check in CHECKS]
    assert files() == before


def chmod(path, mode):
    def act(it):
        (it.folder / path).chmod(mode)

    return act


def remove(path):
    def act(it):
        (it.folder / path).unlink()

    return act


def write(path, content):
    def act(it):
        (it.folder / path).write_bytes(content() if callable(content) else content)

    return act


def revision(service, value):
    return lambda it: it.sql(service, "UPDATE alembic_version SET version_num = :value", value=value)


def newer(service):
    """At a revision that this code does not have, after a contract that it does not have."""
    return lambda it: it.sql(service, "UPDATE alembic_version SET version_num = '9999', contracted = '9998'")


def other_secret(it):
    file = it.folder / "credentials" / "claims.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "client_secret": "hbs_of-another-day"}))


def expired(it):
    make_certificates(it.folder / "tls", {"notes": ("notes",)}, datetime.now(UTC) - timedelta(days=400))
    template = str(it.folder / "tls" / "notes")
    it.set(tls_certificate=f"{template}.pem", tls_key=f"{template}.key")


def peer(which, /, **changes):
    return lambda it: [setattr(it.peers[which], member, value) for member, value in changes.items()]


def stop(name):
    return lambda it: it.running[name].stop()


def wrong_clock(it):
    it.options["clock"] = SetClock(datetime.now(UTC) + timedelta(minutes=5))


def no_lease(it):
    it.sql("claims", "DELETE FROM leases")


def old_message(it, **changes):
    row = {"arrival": 1, "account": "HANDBILL", "kind": "835", "content": "ISA", "state": "received", **changes}
    received_at = datetime.now(UTC) - timedelta(hours=3)
    it.claims(
        lambda session: session.add(
            ReceivedMessageRow(organization_id=INSTALLATION_ID, id="msg_1", received_at=received_at, **row)
        )
    )


def ahead_of_the_database(it):
    file = it.folder / "anchors" / "access.json"
    kept = json.loads(file.read_text())
    kept["ends"] = {owner: [sequence + 100, mac] for owner, (sequence, mac) in kept["ends"].items()}
    file.write_text(json.dumps(kept))


BROKEN = {
    "folder open": (chmod(".", 0o755), {"folder": r"chmod 700 .*/data"}),
    "folder gone": (lambda it: shutil.rmtree(it.folder), {"folder": "handbill init"}),
    "restore unfinished": (lambda it: (it.folder / "restoring").mkdir(), {"folder": "restore again"}),
    "secret open": (chmod("credentials/claims.json", 0o644), {"private files": r"chmod 600 .*/claims.json"}),
    "keys open": (chmod("keys", 0o750), {"private files": "chmod 700 .*/keys"}),
    "database open": (chmod("notes.sqlite", 0o640), {"private files": "chmod 600 .*/notes.sqlite"}),
    "disk full": (lambda it: it.options.update(free_bytes=lambda _folder: 5_000), {"disk": "Free some space"}),
    "keyring moved": (remove("keys/keyring.json"), {"keyring": "keyring back from its copy"}),
    "keyring damaged": (write("keys/keyring.json", b"{}"), {"keyring": "keyring back from its copy"}),
    "other keyring": (
        write("keys/keyring.json", lambda: Keyring.new().to_bytes()),
        {"check values": "sealed with master key mk_.* Put the keyring back"},
    ),
    "signing key gone": (remove("keys/access-signing.pem"), {"signing keys": "handbill init"}),
    "pins gone": (remove("keys/access-thumbprints"), {"signing keys": "HANDBILL_ACCESS_KEY_THUMBPRINTS"}),
    "other pin": (write("keys/access-thumbprints", b"A" * 43), {"signing keys": "Start access"}),
    "credentials gone": (remove("credentials/claims.json"), {"credentials": "claims.json is missing.*handbill init"}),
    "credentials damaged": (write("credentials/claims.json", b"{"), {"credentials": "handbill init"}),
    "credentials of another day": (other_secret, {"credentials": "does not know.*handbill init"}),
    "password gone": (remove("credentials/trading-partner.json"), {"credentials": "handbill init"}),
    "database gone": (remove("notes.sqlite"), {"databases": "notes.sqlite is not there.*handbill init"}),
    "database damaged": (write("notes.sqlite", b"x" * 9_000), {"databases": "damaged.*backup"}),
    "database behind": (revision("notes", BEHIND), {"migrations": f"notes is at {BEHIND}.*start notes"}),
    "database ahead": (newer("notes"), {"migrations": "newer Handbill made it.*backup from before"}),
    "certificate expired": (expired, {"certificates": "has expired on.*handbill tls make"}),
    "service down": (stop("notes"), {"services": "notes does not answer.*handbill serve notes"}),
    "service not ready": (peer("notes", ready=503), {"services": "not ready: keys_unavailable.*operating.md"}),
    "a stranger answers": (peer("notes", name="claims"), {"services": "Something else than notes.*HANDBILL_NOTES_URL"}),
    "account refused": (peer("clearinghouse", account=401), {"clearinghouse": "credentials of HANDBILL.*password"}),
    "clearinghouse down": (stop("clearinghouse"), {"clearinghouse": "HANDBILL_CLEARINGHOUSE_URL"}),
    "clock off": (wrong_clock, {"clocks": r"30\d s ahead of that of access.*time server"}),
    "unknown zone": (
        lambda it: it.sql("access", "UPDATE organizations SET time_zone = 'Mars/Olympus'"),
        {"time zones": "Mars/Olympus.*tzdata"},
    ),
    "lease of 2037": (lambda it: it.lease("claims-2037", days=4000), {"workers": "a clock was wrong.*every worker"}),
    "no worker": (no_lease, {"workers": "handbill worker claims"}),
    "stuck message": (old_message, {"stuck work": "1 messages to split wait, the oldest for 3 hours.*a worker runs"}),
    "database older than its anchor": (ahead_of_the_database, {"audit anchors": "handbill audit verify"}),
    "anchor damaged": (write("anchors/access.json", b"{"), {"audit anchors": "handbill audit verify"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_exactly_the_check_of_what_is_broken_fails_and_says_how_to_mend_it(installation, name):
    act, expected = BROKEN[name]
    secrets = [json.loads(file.read_text()) for file in (installation.folder / "credentials").iterdir()]
    act(installation)
    found = installation.found("fail")
    assert set(found) == set(expected), found
    for check, words in expected.items():
        assert re.search(words, found[check]), found[check]
    said = as_json(installation.examine())
    words = [value for one in secrets for key, value in one.items() if key in ("client_secret", "password")]
    assert len(words) == 2
    assert [word for word in words if word in said] == []


def sent_file(it):
    it.claims(
        lambda session: session.add(
            FileRow(
                organization_id=ORGANIZATION,
                id="file_1",
                interchange_control_number="000000001",
                sender_id="HANDBILL",
                content="ISA",
                state="sent",
                formed_at=datetime.now(UTC) - timedelta(days=4),
                sent_at=datetime.now(UTC) - timedelta(days=3),
            )
        )
    )


def nobodys(it):
    row = UnroutedPartRow(
        organization_id=INSTALLATION_ID,
        id="part_1",
        received_id="msg_1",
        kind="835",
        content="ISA",
        state="unrouted",
        received_at=datetime.now(UTC),
    )
    it.claims(lambda session: session.add(row))


def overdue_claim(it):
    columns = {
        **dict.fromkeys(("note_id", "coverage_id", "patient_id", "therapist_id", "payer_id", "claim_number"), "one"),
        **dict.fromkeys(("document", "past_visit", "next_reason", "next_rule", "outcome"), "x"),
        **{"organization_id": ORGANIZATION, "id": "clm_1", "version": 1, "date_of_service": "2026-01-05"},
        **{"state": "blocked", "next_kind": "fix_claim", "next_owner": "biller", "next_due_on": "2026-01-08"},
        "created_at": "2026-01-05 00:00:00",
    }
    names = ", ".join(columns)
    it.sql("claims", f"INSERT INTO claims ({names}) VALUES ({', '.join(f':{one}' for one in columns)})", **columns)


def old_backup(it):
    note = {"made_at": (datetime.now(UTC) - timedelta(days=9)).isoformat(), "folder": "/backups/old"}
    write_private_file(it.folder / NOTE, lambda: json.dumps(note).encode(), replace=True)


def soon(it):
    make_certificates(it.folder / "tls", {"notes": ("notes",)}, datetime.now(UTC) - timedelta(days=380))
    template = str(it.folder / "tls" / "notes")
    it.set(tls_certificate=f"{template}.pem", tls_key=f"{template}.key")


ODD = {
    "little room": (lambda it: it.options.update(free_bytes=lambda _folder: 10**9), "disk", "Free some space"),
    "certificate ends": (soon, "certificates", "ends in 1[67] days.*handbill tls make"),
    "dead worker": (lambda it: it.lease("claims-0000", hours=-1), "workers", "1 workers have died"),
    "file without acknowledgement": (sent_file, "stuck work", "1 files unacknowledged, the oldest sent 3 days ago"),
    "part of nobody": (nobodys, "operator", "1 belongs to nobody.*handbill messages list"),
    "failed message": (lambda it: old_message(it, state="failed"), "operator", "1 not split.*handbill messages list"),
    "overdue claim": (overdue_claim, "overdue", "org_test0001 1"),
    "database added to": (revision("notes", "9999"), "migrations", "at 9999.*only added to it.*operating.md"),
    "no anchor": (remove("anchors/access.json"), "audit anchors", "no anchor"),
    "no backup": (remove(NOTE), "backups", "handbill backup DIR"),
    "old backup": (old_backup, "backups", "9 days ago.*handbill backup DIR"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_and_works_is_a_warning_and_no_failure(installation, name):
    act, check, words = ODD[name]
    act(installation)
    assert installation.found("fail") == {}
    found = installation.found("warn")
    assert set(found) == {check}, found
    assert re.search(words, found[check]), found[check]


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_on_postgresql_exactly_the_broken_part_fails_too(tmp_path, make, database_template):
    it = make(tmp_path / "data", database_template)
    prepare(it.settings)
    it.well()
    assert it.found("fail") == it.found("warn") == {}
    template = it.settings.database_url
    cases = (
        (revision("notes", BEHIND), "migrations", f"at {BEHIND}.*start notes", revision("notes", HEAD)),
        (newer("notes"), "migrations", "newer Handbill made it", revision("notes", HEAD)),
        (wrong_clock, "clocks", r"30\d s ahead of that of the database of access", lambda it: it.options.clear()),
        (lambda it: it.lease("claims-2037", days=4000), "workers", "clock was wrong", lambda it: it.well()),
    )
    for act, check, words, mend in cases[:3]:
        act(it)
        found = it.found("fail")
        assert set(found) == {check} and re.search(words, found[check]), found
        mend(it)
    it.set(database_url="postgresql+psycopg://nobody:Hush-hush-1@127.0.0.1:1/{service}")
    found = it.found("fail")
    assert set(found) == {"databases"} and re.search("does not answer; .*PostgreSQL runs", found["databases"]) is None
    assert "PostgreSQL runs" in found["databases"] and "Hush" not in as_json(it.examine())
    it.set(database_url=template)
    ring = (it.folder / "keys" / "keyring.json").read_bytes()
    (it.folder / "keys" / "keyring.json").write_bytes(Keyring.new().to_bytes())
    assert set(it.found("fail")) == {"check values"}
    (it.folder / "keys" / "keyring.json").write_bytes(ring)
    old_message(it)
    it.lease("claims-2037", days=4000)
    assert set(it.found("fail")) == {"stuck work", "workers"}


def test_a_check_that_hangs_or_breaks_is_a_finding_and_the_others_go_on(installation):
    checks = (
        Check("hangs", lambda _: time.sleep(60)),
        Check("breaks", lambda _: 1 / 0),
        Check("well", lambda _: [ok("It is.")]),
    )
    began = time.monotonic()
    results = examine(Examination(installation.settings), checks, limit_seconds=0.3)
    assert time.monotonic() - began < 5
    levels = {one.check: one.findings[0].level for one in results}
    assert levels == {"hangs": "fail", "breaks": "fail", "well": "ok"}
    assert "ZeroDivisionError" in results[1].findings[0].what


def test_the_command_prints_a_table_of_80_columns_or_json_and_ends_with_1_where_something_fails(
    handbill, environment, monkeypatch
):
    assert handbill("init").returncode == 0
    done = handbill("doctor", "--json", "--before-start")
    found = json.loads(done.stdout)
    assert (done.returncode, found["level"]) == (0, "warn"), done.stdout
    assert {one["check"] for one in found["findings"]}.isdisjoint({"services", "clearinghouse"})
    done = handbill("doctor", COLUMNS="80")
    assert done.returncode == 1
    assert "access does not answer" in done.stdout and "handbill serve access" in " ".join(done.stdout.split())
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    assert handbill("doctor", "--json").returncode == 1
