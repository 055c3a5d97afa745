"""`handbill org export` and `org import`, as an operator runs them: what goes, what does not, and how it goes on."""

import re

import pytest
from sqlmodel import select

from services.access.store import IdentityRow
from services.claims.store.tables import CounterRow
from services.cli import moving
from services.cli.composition import prepare
from services.cli.keys import databases
from services.eligibility.store import CounterRow as InquiryCounter
from services.eligibility.store import CoverageRow
from shared.database.operations import AuditEntry, add_event
from shared.database.tables import table_of
from shared.ids import random_ids
from shared.settings import Settings
from tests.services.claims.factories import NPI
from tests.services.cli.moved import CANARY, NOW, an_organization

PASSPHRASE = "a passphrase of the tests"


@pytest.fixture
def run(handbill, tmp_path):
    """`run(settings, "org", ...)` is the command for an installation; the passphrase is in a file."""
    (tmp_path / "passphrase").write_text(PASSPHRASE)

    def command(settings, *arguments):
        moves = {"export", "import"} & set(arguments) and "--clear" not in arguments
        option = [f"--passphrase-file={tmp_path / 'passphrase'}"] if moves else []
        changes = {"HANDBILL_DATABASE_URL": settings.database_url}
        return handbill(f"--data-dir={settings.data_dir}", *arguments, *option, **changes)

    return command


@pytest.fixture
def make_installation(tmp_path, make_database_template):
    """`make_installation("first")`: ready, with no organization but Handbill's own."""

    def make(name):
        settings = Settings(data_dir=tmp_path / name, database_url=make_database_template())
        prepare(settings)
        return settings

    return make


def rows_of(settings, owner):
    """Every row of an organization but its trail, without what is made anew in each installation."""
    found = {}
    with databases(settings, only=lambda service: service in moving.ORDER) as opened:
        for database in opened:
            with database.reading() as session:
                for model in moving.models_of(database.service):
                    query = select(model).where(table_of(model).c.organization_id == owner)
                    anew = {"mac", "member_blind", "secret_hash"}
                    found[database.service, model.__tablename__] = [
                        one.model_dump(exclude=anew) for one in session.exec(query)
                    ]
    return {place: rows for place, rows in found.items() if rows and place[1] != "audit_entries"}


@pytest.mark.safeguard("164.312(a)(2)(iv)", "164.312(c)(1)")
def test_what_comes_in_is_what_went_out_and_goes_on(tmp_path, make_installation, run):
    first, second = make_installation("first"), make_installation("second")
    owner = an_organization(first)
    went = run(first, "org", "export", owner, str(tmp_path / "archive"), "--by=Olga Operator")
    assert went.returncode == 0, went.stderr
    assert "in flight through HANDBILL: 0 claims wait for a file, 1 files are not sent, 0 claims" in went.stdout
    assert (tmp_path / "archive").stat().st_mode & 0o777 == 0o600
    assert CANARY.encode() not in (tmp_path / "archive").read_bytes()
    ends = run(first, "audit", "anchor", "--print").stdout
    came = run(second, "org", "import", str(tmp_path / "archive"), "--by=Irma Operator")
    assert came.returncode == 0, came.stderr
    assert f"the archive's digest is {went.stdout.split('its digest is ')[1][:64]}" in came.stdout
    verified = run(second, "audit", "verify")
    assert verified.returncode == 0, verified.stdout
    assert run(second, "keys", "verify").returncode == 0
    assert rows_of(second, owner) == rows_of(first, owner)
    assert len(rows_of(second, owner)) == 17
    the_trail_goes_on(first, second, owner, ends)
    counters_and_indexes_go_on(second, owner)
    assert run(second, "audit", "verify").returncode == 0
    held = run(second, "npi", "list").stdout
    assert NPI in held
    assert owner in held
    again = run(second, "org", "import", str(tmp_path / "archive"))
    assert again.returncode == 1
    assert "from this very export; nothing is left to do" in again.stderr


def the_trail_goes_on(first, second, owner, ends):
    """With the entries of before, and one that says what proves them."""
    before, after = trail(first, owner), trail(second, owner)
    assert after[: len(before)] == before
    assert [one["action"] for one in before] == ["system", "organization.exported"]
    assert before[-1]["actor"] == {"id": "Olga Operator", "name": "Olga Operator", "role": "operator"}
    new = after[len(before) :]
    assert {one["action"] for one in new} == {"organization.imported"}
    assert {one["actor"]["name"] for one in new} == {"Irma Operator"}
    assert {one["request_id"] for one in new} == {before[-1]["request_id"]}
    last = next(line.split(" ") for line in ends.splitlines() if line.startswith(f"{owner} notes "))
    assert f"Entries to {last[2]} were written elsewhere; there the last one has the MAC {last[3]}." in new[0]["reason"]


def trail(settings, owner):
    with databases(settings, only=lambda service: service == "notes") as (notes,), notes.reading() as session:
        query = select(AuditEntry).where(AuditEntry.organization_id == owner).order_by(AuditEntry.sequence)
        return [one.model_dump(exclude={"mac", "previous_mac"}) for one in session.exec(query)]


def counters_and_indexes_go_on(second, owner):
    with databases(second, only=lambda service: service in ("access", "claims", "eligibility")) as opened:
        by_name = {database.service: database for database in opened}
        with by_name["eligibility"].reading() as session:
            assert [row.value for row in session.exec(select(InquiryCounter))] == [500_000_007]
            (coverage,) = session.exec(select(CoverageRow)).all()
        assert coverage.member_blind == by_name["eligibility"].vault.blind(owner, "member_id", "CMH2044")
        with by_name["access"].reading() as session:
            known = [(row.id, row.user_id) for row in session.exec(select(IdentityRow))]
        assert known == [(by_name["access"].vault.blind(owner, "identity", "https://id.example sub-1"), "usr_1")]
        with by_name["claims"].reading() as session:
            assert {row.id: row.value for row in session.exec(select(CounterRow))} == {"interchange": 41, "message": 9}
        by_name["claims"].run(lambda session: the_next_event_is_the_fourth(session, owner))


def the_next_event_is_the_fourth(session, owner):
    add_event(session, random_ids, organization_id=owner, at=NOW, kind="x", subject_id="y")
    query = f"SELECT max(sequence) FROM events WHERE organization_id = '{owner}'"
    assert session.connection().exec_driver_sql(query).scalar() == 4


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_files_of_an_export_in_the_clear_are_named_by_service_table_number_and_id_alone(
    tmp_path, make_installation, run
):
    """Whoever may list a folder or read a backup's log learns nothing of a person or a payer."""
    first = make_installation("first")
    owner = an_organization(first)
    went = run(first, "org", "export", owner, str(tmp_path / "archive"), "--clear", "--by=Olga Operator")
    assert went.returncode == 0, went.stderr
    names = sorted(str(file.relative_to(tmp_path / "archive")) for file in (tmp_path / "archive").rglob("*.*"))
    assert [name for name in names if not re.fullmatch(r"[a-z]+/[a-z_]+-\d+\.ndjson", name)] == [
        "claims/x12/file_1.837P.edi",
        "claims/x12/msg_1.835.edi",
        "eligibility/x12/inq_1.270.edi",
        "manifest.json",
    ]
    assert CANARY not in went.stdout + went.stderr + (tmp_path / "archive" / "manifest.json").read_text()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_export_names_an_organization_that_is_there_and_a_passphrase_that_protects(tmp_path, make_installation, run):
    first = make_installation("first")
    owner = an_organization(first)
    for one in ("org_nobody", "org_handbill"):
        done = run(first, "org", "export", one, str(tmp_path / "archive"))
        assert done.returncode == 1, done.stdout
        assert one in done.stderr
    both = run(first, "org", "export", owner, str(tmp_path / "archive"), "--clear", "--passphrase-file=-")
    assert "in the clear, or has a passphrase" in both.stderr
    (tmp_path / "passphrase").write_text("short")
    assert "12 characters or more" in run(first, "org", "export", owner, str(tmp_path / "archive")).stderr
    clear = run(first, "org", "export", owner, str(tmp_path / "archive.tar"), "--clear")
    assert "in the clear: it holds names, diagnoses and notes" in clear.stdout, clear.stderr
    assert CANARY.encode() in (tmp_path / "archive.tar").read_bytes()
    assert [file.name for file in tmp_path.glob("*archive*")] == ["archive.tar"]
