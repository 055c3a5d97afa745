"""A small organization with a row of several kinds in every service, for what moves organizations."""

from datetime import UTC, date, datetime

from services.access.store import IdentityRow, UserRow
from services.claims.store.tables import DestroyedTotalsRow, FileRow, LedgerRow, MessageRow, PracticeRow
from services.cli import moving
from services.cli.keys import databases
from services.cli.organizations import create_organization
from services.eligibility.store import CoverageRow, InquiryRow, PatientRow, PayerRow
from services.notes.store import NoteRow
from shared.clocks import WallClock
from shared.contracts.practice import PracticePut
from shared.database.operations import IdempotencyKey, add_event
from shared.ids import random_ids
from tests.services.claims.factories import NPI, a_practice

WHO = moving.Person("Olga Operator", WallClock(), random_ids)
NOW = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
X12 = "ISA*00*          *00*~"
CANARY = "WHITLOCKCANARY"


def an_organization(settings, npi=NPI, number="000000041", inquiry=500_000_007):
    """Its id."""
    owner = create_organization(settings, "Quillfeather Massage", "America/Los_Angeles").organization.id
    rows = {
        "access": users(owner),
        "notes": [a_note(owner)],
        "eligibility": eligibility_rows(owner, inquiry),
        "claims": claims_rows(owner, npi, number),
    }
    with databases(settings, only=rows.__contains__) as opened:
        for database in opened:
            database.run(lambda session, service=database.service: fill(session, owner, rows[service]))
    return owner


def users(owner):
    """A user with an identity, whose id is an index under the key of before."""
    known_by = [{"issuer": "https://id.example", "subject": "sub-1"}]
    content = {"name": CANARY, "roles": ["biller"], "identities": known_by}
    return [
        UserRow(organization_id=owner, id="usr_1", version=1, active=True, content=content, created_at=NOW),
        IdentityRow(organization_id=owner, id="of-old-keys", user_id="usr_1"),
    ]


def a_note(owner):
    note = {"started_at": NOW, "ended_at": NOW, "time_zone": "UTC", "date_of_service": DAY, "content_hash": "x"}
    note |= {"version": 3, "status": "draft", "patient_id": "pat_1", "therapist_id": "thr_1"}
    return NoteRow(organization_id=owner, id="note_1", content={"complaint": CANARY}, **note)


def eligibility_rows(owner, inquiry):
    own = {"organization_id": owner}
    coverage = {"version": 2, "content": {"member_id": "cmh-2044"}, "rank": 1, "member_blind": "of old keys"}
    asked = {"check_id": "chk_1", "coverage_id": "cov_1", "service_date": DAY, "service_types": "30"}
    asked |= {"control_number": inquiry, "state": "sent", "sent_at": NOW, "request_x12": X12}
    return [
        PatientRow(**own, id="pat_1", version=1, content={"last": CANARY}),
        PayerRow(**own, id="pay_1", version=1, content={}),
        CoverageRow(**own, id="cov_1", patient_id="pat_1", payer_id="pay_1", **coverage),
        InquiryRow(**own, id="inq_1", **asked),
    ]


def claims_rows(owner, npi, number):
    own = {"organization_id": owner}
    body = PracticePut.model_validate(a_practice(npi=npi))
    entry = {"claim_id": "clm_1", "line_number": 1, "posted_at": NOW, "source": "charges", "target": "insurer"}
    sent = {"interchange_control_number": number, "sender_id": "HANDBILL", "state": "formed", "formed_at": NOW}
    return [
        PracticeRow(**own, id="practice", npi=npi, time_zone="UTC", body=body, version=4),
        FileRow(**own, id="file_1", content=X12, **sent),
        MessageRow(**own, id="msg_1", arrival=9, kind="835", content=X12, state="received", received_at=NOW),
        DestroyedTotalsRow(**own, id="2015", claims=7, charge_cents=9_000_000_000),
        LedgerRow(**own, id="led_1", amount_cents=4500, source_id="x", reason="CO-45", **entry),
    ]


def fill(session, owner, rows):
    for row in rows:
        session.add(row)
        session.flush()
    session.add(IdempotencyKey(organization_id=owner, id="key", body_mac="x", reserved_at=NOW, answer="kept"))
    for number in range(3):
        add_event(session, random_ids, organization_id=owner, at=NOW, kind="put", subject_id=f"thing_{number}")
