"""`handbill patient export`: everything of one patient in one private file, and an entry in each trail."""

import json

import pytest
from sqlmodel import select

from services.claims.store.tables import DisclosureRow
from services.cli.composition import prepare
from services.cli.keys import databases
from services.cli.organizations import create_organization
from shared.database.operations import AuditEntry
from shared.settings import Settings
from tests.services.cli.moved import CANARY, NOW, an_organization

REASON = "--reason=Her letter of March 2"
pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def settings(tmp_path, make_database_template):
    made = Settings(data_dir=tmp_path / "data", database_url=make_database_template())
    prepare(made)
    return made


@pytest.fixture
def owner(settings):
    """An organization with something of `pat_1` in every service, and in claims of another one too."""
    owner = an_organization(settings)
    sent = {"claim_id": "clm_1", "claim_number": "K1", "recipient": "Cascade Mutual Health", "disclosed_at": NOW}
    with databases(settings, only=lambda service: service == "claims") as (claims,):
        for number in (1, 2):
            row = DisclosureRow(organization_id=owner, id=f"dis_{number}", patient_id=f"pat_{number}", **sent)
            claims.run(lambda session, row=row: session.add(row))
    return owner


@pytest.fixture
def run(handbill, settings):
    return lambda *arguments: handbill(
        f"--data-dir={settings.data_dir}", "patient", "export", *arguments, HANDBILL_DATABASE_URL=settings.database_url
    )


def trail(settings):
    with databases(settings, only=lambda service: service != "clearinghouse") as opened:
        for database in opened:
            with database.reading() as session:
                for one in session.exec(select(AuditEntry).where(AuditEntry.action == "patient.exported")):
                    yield database.service, one.actor["name"], one.patient_id, one.purpose, one.reason


@pytest.mark.safeguard("164.524", "164.312(b)")
def test_the_file_has_what_every_service_keeps_of_her_and_each_trail_says_so(settings, owner, run, tmp_path) -> None:
    file = tmp_path / "hers.ndjson"
    done = run(owner, "pat_1", str(file), REASON, "--by=Rosa Records")
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    first, *records, last = map(json.loads, file.read_text().splitlines())
    assert (first["format"], first["organization_id"], first["patient_id"]) == ("handbill-patient-1", owner, "pat_1")
    found = [(one["service"], one["kind"], one["record"]["id"]) for one in records]
    assert found == [
        ("eligibility", "inquiries", "inq_1"),
        ("eligibility", "patients", "pat_1"),
        ("eligibility", "payers", "pay_1"),
        ("eligibility", "coverages", "cov_1"),
        ("notes", "notes", "note_1"),
        ("claims", "disclosures", "dis_1"),
    ]
    assert records[1]["record"]["content"] == {"last": CANARY}
    counted = {f"{service}/{kind}": 1 for service, kind, _id in found}
    assert last == {"end": "handbill-patient-1", "records": counted}
    assert all(f"1 {name}\n" in done.stdout for name in counted)
    why = ("Rosa Records", "pat_1", "individual_access", "Her letter of March 2")
    assert sorted(trail(settings)) == [(service, *why) for service in ("claims", "eligibility", "notes")]


@pytest.mark.safeguard("164.312(a)(1)")
def test_a_patient_of_another_organization_is_not_there_and_no_file_is_written_over(
    settings, owner, run, tmp_path
) -> None:
    file = tmp_path / "hers.ndjson"
    other = create_organization(settings, "Neighbour", "America/Phoenix").organization.id
    for organization, patient, sentence in (
        (other, "pat_1", f"nothing is kept of a patient pat_1 of {other}"),
        (owner, "pat_3", f"nothing is kept of a patient pat_3 of {owner}"),
        ("org_nobody", "pat_1", "there is no organization org_nobody"),
    ):
        done = run(organization, patient, str(file), REASON)
        assert (done.returncode, sentence in done.stderr, file.exists()) == (1, True, False)
    file.write_text("before")
    done = run(owner, "pat_1", str(file), REASON)
    assert (done.returncode, file.read_text()) == (1, "before")
    assert "is there already; an export is written to a new file" in done.stderr
    assert list(trail(settings)) == []
