"""A database that is newer or older than the code is refused by a sentence, whoever opens it; one that a newer version
has only added to is worked with by all but those that look at the whole of it."""

import sqlite3

import pytest
from starlette.testclient import TestClient

from services.claims.components import compose
from services.cli import moving
from services.cli.composition import build_of
from services.cli.organizations import create_organization
from services.cli.patient_records import Request, export_patient
from services.cli.retention import archive
from shared.archives import Archive
from shared.database.migrating import SchemaUnfit, head_of_history
from shared.settings import PORTS, Settings
from tests.services.cli.moved import WHO

WHOLE = ("audit verify", "audit anchor --print", "keys verify", "keys rotate", "keys rotate --data", "keys retire x",
         "migrate")  # fmt: skip
"""Commands that look at all that is there."""
PARTS = (
    "init",
    "org list",
    "org create Quillfeather --time-zone America/Los_Angeles",
    "org revoke clt_1",
    "npi list",
    "messages list",
    "messages show m",
)


@pytest.fixture
def installation(handbill, environment):
    assert handbill("init").returncode == 0
    return Settings(data_dir=environment["HANDBILL_DATA_DIR"])


def put(settings, version, contracted):
    """Set what every database says of itself."""
    for service in PORTS:
        with sqlite3.connect(settings.data_dir / f"{service}.sqlite") as connection:
            last = contracted or head_of_history(service)
            connection.execute("UPDATE alembic_version SET version_num = ?, contracted = ?", (version, last))
        connection.close()


@pytest.mark.parametrize(
    ("version", "contracted", "sentence"),
    [
        (
            "9999",
            "9998",
            "was made by a newer Handbill (it is at 9999); run that one, or restore the backup from before",
        ),
        (
            "0001",
            "0001",
            "waits for migration 0002, which processes of an earlier version would not survive; stop those",
        ),
    ],
)
def test_what_is_newer_or_older_is_refused_by_everything(installation, handbill, version, contracted, sentence):
    put(installation, version, contracted)
    for command in (*WHOLE, *PARTS, "up", "migrate --contract" if version == "9999" else "up"):
        done = handbill(*command.split())
        assert (done.returncode, done.stdout) == (2, ""), command
        assert "handbill: the database of " in done.stderr, command
        assert sentence in done.stderr, command
    for service in PORTS:
        with pytest.raises(SchemaUnfit, match=f"the database of {service} "):
            build_of(service)(installation)
    with pytest.raises(SchemaUnfit, match="the database of claims "):
        compose(installation)  # as the worker does


def test_what_was_only_added_to_is_refused_where_all_of_it_is_wanted(installation, handbill):
    put(installation, "9999", None)
    for command in WHOLE:
        done = handbill(*command.split())
        assert (done.returncode, done.stdout) == (2, ""), command
        assert "is at 9999, which a newer Handbill has added to" in done.stderr, command
    for command in ("init", "org list", "npi list", "messages list"):
        assert handbill(*command.split()).returncode == 0, command
    for service in PORTS:
        with TestClient(build_of(service)(installation)) as client:
            assert client.get("/health").status_code == 200


def test_what_carries_destroys_or_gives_away_records_refuses_what_was_only_added_to(installation, tmp_path, handbill):
    owner = create_organization(installation, "Quillfeather Massage", "America/Phoenix").organization.id
    kept = tmp_path / "archive"
    moving.export_organization(installation, owner, kept, None, WHO, str)
    put(installation, "9999", None)

    def due():
        with archive(installation, owner, None):
            pass

    for act in (
        lambda: moving.export_organization(installation, owner, tmp_path / "another", None, WHO, str),
        lambda: moving.import_organization(installation, Archive(kept, str), WHO, str),
        due,
        lambda: export_patient(installation, Request(owner, "pat_1", "a letter"), tmp_path / "hers", None),
    ):
        with pytest.raises(SchemaUnfit, match="is at 9999, which a newer Handbill has added to"):
            act()
    assert handbill("retention", "totals", owner).returncode == 2
    assert not (tmp_path / "another").exists()
    assert not (tmp_path / "hers").exists()
