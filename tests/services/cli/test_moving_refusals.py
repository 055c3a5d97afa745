"""What an export holds, and what an import refuses: then nothing is left of it, and no value is quoted.

On SQLite alone, in one installation for all tests: an import that is refused leaves it as it was."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest

from services.claims.flows.operator.npis import list_npis
from services.cli import moving
from services.cli.audit import verify_services
from services.cli.composition import prepare
from services.cli.errors import CommandFailed
from services.cli.operating import confirm_npi, operator
from services.cli.organizations import listed
from shared.archives import Archive, ArchiveRefused
from shared.archives.manifest import ArchiveManifest
from shared.errors import Problem
from shared.settings import Settings
from tests.services.claims.factories import NPI, OTHER_NPI
from tests.services.cli.moved import CANARY, WHO, X12, an_organization

SQLITE = "sqlite:///{data_dir}/{service}.sqlite"


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """`installation("first")`: ready, with no organization but Handbill's own."""

    def make(name):
        settings = Settings(data_dir=tmp_path_factory.mktemp("installations") / name, database_url=SQLITE)
        prepare(settings)
        return settings

    return make


@pytest.fixture(scope="module")
def first(installation):
    return installation("first")


@pytest.fixture(scope="module")
def second(installation):
    """Where nothing is let in."""
    return installation("second")


@pytest.fixture(scope="module")
def owner(first):
    return an_organization(first)


@pytest.fixture(scope="module")
def files(tmp_path_factory, first, owner):
    """The files of an export, by name."""
    folder = export(first, owner, tmp_path_factory.mktemp("exports") / "folder")
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def exported(tmp_path, files):
    """They, to be changed."""
    for name, content in files.items():
        (tmp_path / "export" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "export" / name).write_bytes(content)
    return tmp_path / "export"


def export(settings, owner, target):
    moving.export_organization(settings, owner, target, None, WHO, print)
    return target


def take_in(settings, folder, say=print):
    return moving.import_organization(settings, Archive(folder, lambda: ""), WHO, say)


def contents(settings):
    """Every row of every table of every database, but the keys of organizations."""
    found = {}
    for file in sorted(settings.data_dir.glob("*.sqlite")):
        with closing(sqlite3.connect(file)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                if name != "organization_keys":
                    found[file.stem, name] = sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))
    return found


def refused(settings, folder, kind=ArchiveRefused):
    """What an import says when it refuses; nothing may be left of it."""
    before = contents(settings)
    with pytest.raises(kind) as error:
        take_in(settings, folder)
    assert contents(settings) == before
    return str(error.value) if kind is not Problem else error.value.detail


def change(folder, name, how, listed=True):
    """Change a file of an archive; with its entry in the manifest, as somebody does who knows the format."""
    file = folder / name
    file.write_bytes(how(file.read_bytes()))
    manifest = json.loads((folder / "manifest.json").read_text())
    content = file.read_bytes()
    if listed and name != "manifest.json":
        entry = {"bytes": len(content), "sha256": sha256(content).hexdigest(), "rows": content.count(b"\n")}
        manifest["files"][name] = entry
        service, _, table = name.removesuffix("-0001.ndjson").partition("/")
        manifest["services"][service]["rows"][table] = entry["rows"]
        (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.safeguard("164.312(c)(1)")
def test_a_changed_or_missing_file_is_refused(exported, second):
    change(exported, "claims/ledger-0001.ndjson", lambda old: old.replace(b"4500", b"4501"), listed=False)
    assert "claims/ledger-0001.ndjson was changed after the export" in refused(second, exported)
    (exported / "claims/ledger-0001.ndjson").unlink()
    assert "ledger-0001.ndjson is missing" in refused(second, exported)


def manifest_with(how):
    def changed(old):
        manifest = json.loads(old)
        how(manifest)
        return json.dumps(manifest).encode()

    return changed


MANIFESTS = {
    "format": (lambda one: one.update(format="handbill-organization-2"), "of another version of Handbill's exports"),
    "more": (lambda one: one.update(surprise=1), "of another version of Handbill's exports"),
    "revision": (lambda one: one["services"]["claims"].update(revision="0001"), "with claims at 0001; here it is at"),
    "newer": (lambda one: one["services"]["notes"].update(revision="0999"), "bring both installations to the same"),
    "tables": (lambda one: one["services"]["notes"]["rows"].update(secrets=0), "tables of notes are not those"),
    "services": (lambda one: one["services"].pop("notes"), "notes/audit_entries has"),
    "rows": (lambda one: one["services"]["claims"]["rows"].update(ledger=2), "claims/ledger has 1 rows, and 2"),
    "handbill": (lambda one: one.update(organization_id="org_handbill"), "is no organization that can be imported"),
    "operator": (lambda one: one.update(organization_id="handbill"), "is no organization that can be imported"),
    "trail": (lambda one: one["services"]["notes"]["audit_trail"].update(sequence=1), "trail is not as long"),
    "events": (lambda one: one["services"]["notes"].update(last_event=2), "line 3: its sequence is after the last"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_of_another_kind_is_refused(exported, second, name):
    how, words = MANIFESTS[name]
    change(exported, "manifest.json", manifest_with(how))
    assert words in refused(second, exported)


LINES = {
    "no JSON": ("claims/ledger-0001.ndjson", lambda _old: b"{\n", "line 1: it is no JSON"),
    "no object": ("claims/ledger-0001.ndjson", lambda _old: b"[]\n", "its members are not those of the table"),
    "a member less": ("claims/ledger-0001.ndjson", lambda old: old.replace(b'"reason":"CO-45",', b""), "its members"),
    "a member more": (
        "claims/ledger-0001.ndjson",
        lambda old: old.replace(b"{", b'{"organization_id":"o",'),
        "members",
    ),
    "a text for a number": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"4500", b'"4500"'), "amount_cents"),
    "too large": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"4500", b"9000000000"), "amount_cents is no"),
    "too long": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"CO-45", b"C" * 21), "reason is no value"),
    "a NUL": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"CO-45", b"\\u0000"), "reason is no value"),
    "nothing": ("claims/ledger-0001.ndjson", lambda old: old.replace(b'"CO-45"', b"null"), "reason is missing"),
    "no moment": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"+00:00", b""), "posted_at is no value"),
    "no id": ("claims/ledger-0001.ndjson", lambda old: old.replace(b"led_1", b"led/1"), "id is no id"),
    "no day": ("notes/notes-0001.ndjson", lambda old: old.replace(b'"2026-03-02"', b'"yesterday"'), "date_of_service"),
    "no document": ("claims/practices-0001.ndjson", lambda old: old.replace(b'"npi"', b'"xyz"', 1), "body is no value"),
    "no member id": ("eligibility/coverages-0001.ndjson", lambda old: old.replace(b"member_id", b"x"), "member_blind"),
    "no patient": ("eligibility/coverages-0001.ndjson", lambda old: old.replace(b"pat_1", b"pat_2"), "without the one"),
    "twice": ("claims/ledger-0001.ndjson", lambda old: old * 2, "does not go with what is here"),
    "a gap": ("notes/audit_entries-0001.ndjson", lambda old: old.partition(b"\n")[2], "does not follow the entry"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_row_that_no_export_writes_is_refused_without_its_value(exported, second, name):
    file, how, words = LINES[name]
    before = (exported / file).read_bytes()
    change(exported, file, how)
    assert (exported / file).read_bytes() != before
    said = refused(second, exported)
    assert words in said
    assert CANARY not in said


def test_an_archive_holds_x12_as_files_and_neither_secrets_nor_kept_answers(files):
    assert [name for name in sorted(files) if "x12" in name] == [
        "claims/x12/file_1.837P.edi",
        "claims/x12/msg_1.835.edi",
        "eligibility/x12/inq_1.270.edi",
    ]
    assert files["claims/x12/file_1.837P.edi"].decode() == X12
    ledger = files["claims/ledger-0001.ndjson"]
    assert json.loads(ledger) == {
        "id": "led_1",
        "amount_cents": 4500,
        "claim_id": "clm_1",
        "line_number": 1,
        "posted_at": "2026-03-02T17:30:00.000000+00:00",
        "reason": "CO-45",
        "source": "charges",
        "source_id": "x",
        "target": "insurer",
    }
    for name, content in files.items():
        for word in (b"secret", b"sha256$", b"body_mac", b'"kept"', b"member_blind", b'"mac":', b"previous_mac"):
            assert name == "manifest.json" or word not in content, (name, word)
    manifest = ArchiveManifest.model_validate_json(files["manifest.json"])
    assert (manifest.services["notes"].last_event, manifest.services["claims"].rows["ledger"]) == (3, 1)
    entry = manifest.files["claims/ledger-0001.ndjson"]
    assert (entry.bytes, entry.sha256, entry.rows) == (len(ledger), sha256(ledger).hexdigest(), 1)


@pytest.mark.safeguard("164.312(a)(1)")
def test_nothing_of_another_organization_is_in_it(tmp_path, installation):
    both = installation("both")
    owner, other = an_organization(both), an_organization(both, OTHER_NPI, "000000042", 500_000_008)
    export(both, owner, tmp_path / "folder")
    everything = b"".join(file.read_bytes() for file in (tmp_path / "folder").rglob("*") if file.is_file())
    assert NPI.encode() in everything
    assert other.encode() not in everything
    assert OTHER_NPI.encode() not in everything


def test_what_is_another_organizations_here_is_refused(exported, first, owner, installation):
    assert f"{owner} is in the database of claims already" in refused(first, exported)
    number = installation("number")
    an_organization(number, OTHER_NPI, "000000041")
    assert "a control number of an account" in refused(number, exported)
    inquiry = installation("inquiry")
    other = an_organization(inquiry, OTHER_NPI, "000000042", 500_000_007)
    take_in(inquiry, exported)
    assert {owner, other} <= set(" ".join(listed(inquiry)).split())
    assert list(verify_services(inquiry, list(moving.ORDER), None, None)) == []


def test_an_npi_that_is_put_or_confirmed_here_keeps_nobody_out(exported, owner, installation):
    """It says nothing of who comes, and routes nothing to her until it is confirmed for her."""
    here = installation("npi")
    resident = an_organization(here, NPI, "000000042", 500_000_008)
    confirm_npi(here, resident, NPI)
    take_in(here, exported)
    with operator(here) as person:
        (npi,) = list_npis(person)
    assert (npi.holder, npi.put_by) == (resident, (owner,))


class Killed(BaseException):
    pass


@pytest.mark.parametrize("after", moving.COMMITS)
def test_an_import_that_was_cut_off_is_finished_by_a_repeat(exported, installation, owner, after):
    settings = installation(after)

    def say(line):
        if line.startswith(f"{after}:"):
            raise Killed

    with pytest.raises(Killed):
        take_in(settings, exported, say)
    there = any(line.startswith(owner) for line in listed(settings))
    assert there == (after == "access")
    if there:
        with pytest.raises(CommandFailed, match="nothing is left to do"):
            take_in(settings, exported)
    else:
        take_in(settings, exported)
    assert list(verify_services(settings, list(moving.ORDER), None, None)) == []
    assert counted(settings, owner) == counted_in(exported)


def counted(settings, owner):
    """How many rows each table has of the organization, its trail left out."""
    found = {}
    for service in moving.ORDER:
        with closing(sqlite3.connect(settings.data_dir / f"{service}.sqlite")) as connection:
            for model in moving.models_of(service):
                query = f"SELECT count(*) FROM {model.__tablename__} WHERE organization_id = ?"
                found[service, model.__tablename__] = connection.execute(query, (owner,)).fetchone()[0]
    return {place: count for place, count in found.items() if place[1] != "audit_entries"}


def counted_in(folder):
    services = json.loads((folder / "manifest.json").read_text())["services"]
    found = {(service, table): count for service, one in services.items() for table, count in one["rows"].items()}
    return {place: count for place, count in found.items() if place[1] != "audit_entries"}


def test_another_export_does_not_finish_what_was_cut_off(tmp_path, exported, first, installation, owner):
    settings = installation("cut-off")

    def say(line):
        if line.startswith("notes:"):
            raise Killed

    with pytest.raises(Killed):
        take_in(settings, exported, say)
    later = export(first, owner, tmp_path / "later")
    assert f"{owner} is in the database of notes already" in refused(settings, later)


@pytest.mark.safeguard("164.312(c)(1)")
def test_rows_that_were_changed_before_are_not_exported(tmp_path, installation):
    settings = installation("tampered")
    owner = an_organization(settings)
    with closing(sqlite3.connect(settings.data_dir / "claims.sqlite")) as connection, connection:
        connection.execute("UPDATE ledger SET amount_cents = 1")
    with pytest.raises(CommandFailed, match=r"claims ledger .* led_1: changed: its MAC does not hold"):
        export(settings, owner, tmp_path / "archive")
    assert list(tmp_path.iterdir()) == []
