"""What of a patient's claims keeps her records, and their destruction: with what they share, and with their amounts
left as sums."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from services.claims.flows.retention import Open, destroy_claims, destroyed_totals, open_of, patient_claims
from services.claims.store.attachment_tables import AttachmentPieceRow, AttachmentRow
from services.claims.store.opening_tables import OpeningBalanceRow, OpeningVisitsRow
from services.claims.store.tables import (
    ClaimNumberRow,
    ClaimRow,
    DisclosureRow,
    FileRow,
    LedgerRow,
    MessageRow,
    PostingRow,
    ReceivedMessageRow,
    TimelineRow,
)
from services.claims.store.work_tables import AppealRow, ClaimNoteRow
from services.cli.audit import tables_of
from shared.contracts.retention import Destruction
from shared.database.operations import AuditEntry
from shared.database.operator import Operator
from shared.database.verification import verify
from shared.errors import Conflict
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import BILLER, COVERAGE, PATIENT
from tests.services.claims.fake_clearinghouse import accepted, denied, paid_in_part, remittance, reversal_of
from tests.services.claims.test_opening_balances import ANSWERED
from tests.services.claims.test_used_before import COUNT
from tests.services.claims.two_patients import OTHER_PATIENT, two_patients

pytestmark = pytest.mark.safeguard("164.310(d)(2)(i)")
RULE = "AZ: six years"

A_FILE = {"title": "Letter", "media_type": "text/plain", "file": "Q2FsbGVkLg==", "actor": BILLER}


@pytest.fixture
def operator(deps, ids) -> Operator:
    return Operator(deps.database, ids, deps.clock, "Rosa Records")


@pytest.fixture
def destroy(operator):
    """`destroy()` everything of a patient, piece by piece; answers how many pieces it took."""

    def run(patient_id: str = PATIENT, *, settled: bool = True, **changed) -> int:
        wanted = {
            "disposal_id": "dsp_1",
            "organization_id": ORGANIZATION,
            "patient_id": patient_id,
            "rule": RULE,
            "destroyable_from": date(2036, 1, 1),
            "last_service_on": date(2026, 3, 31),
        }
        destruction, pieces = Destruction.model_validate(wanted | changed), 0
        while destroy_claims(operator, destruction, shares_settled=settled):
            pieces += 1
        return pieces

    return run


def kept(scenario) -> dict[str, int]:
    of_claims = (ClaimRow, ClaimNumberRow, LedgerRow, PostingRow, ClaimNoteRow, AppealRow, TimelineRow)
    kinds = (
        *of_claims,
        AttachmentRow,
        AttachmentPieceRow,
        OpeningBalanceRow,
        OpeningVisitsRow,
        DisclosureRow,
        FileRow,
        MessageRow,
    )
    return {kind.__tablename__: len(scenario.rows(kind)) for kind in kinds}


def received(scenario) -> int:
    with scenario.deps.database.reading() as session:
        return len(session.exec(select(ReceivedMessageRow)).all())


def whole(database) -> list[str]:
    return [str(one) for one in verify(database, tables_of("claims"), anchors={})]


def test_an_open_claim_an_unpaid_balance_and_a_running_appeal_keep_everything(scenario, destroy) -> None:
    database = scenario.deps.database
    assert open_of(database, ORGANIZATION, PATIENT) == set()
    scenario.send(2)
    assert open_of(database, ORGANIZATION, PATIENT) == {Open.CLAIM}
    scenario.receive(remittance(paid_in_part(scenario.number(0))), "835")
    assert open_of(database, ORGANIZATION, PATIENT) == {Open.CLAIM, Open.PATIENT_SHARE}
    scenario.receive(remittance(denied(scenario.number(1), "50"), paid_on=date(2026, 3, 4)), "835")
    assert scenario.claim(1)["next_action"]["kind"] == "appeal"
    assert open_of(database, ORGANIZATION, PATIENT) == {Open.CLAIM, Open.PATIENT_SHARE}
    before = kept(scenario)
    with pytest.raises(Conflict) as refused:
        destroy(settled=False)
    assert (refused.value.problem_code, kept(scenario)) == ("claim_open", before)


def test_an_open_claim_is_kept_also_where_the_patients_shares_are_settled(scenario, destroy) -> None:
    scenario.send()
    before = kept(scenario)
    with pytest.raises(Conflict) as refused:
        destroy(settled=True)
    assert (refused.value.problem_code, kept(scenario)) == ("claim_open", before)


def test_a_voided_claim_is_over_and_a_patients_share_only_when_the_practice_says_so(scenario, destroy) -> None:
    scenario.make()
    scenario.api.post(f"/v1/claims/{scenario.claims[0]['id']}/void", {"actor": BILLER}).raise_for_status()
    assert open_of(scenario.deps.database, ORGANIZATION, PATIENT) == set()
    assert destroy(settled=False) == 1
    assert kept(scenario)["claims"] == 0


def test_what_is_known_of_a_patient_is_her_last_service_and_the_last_thing_that_was_done(scenario, clock) -> None:
    scenario.send()
    known = patient_claims(scenario.deps.database, ORGANIZATION, [PATIENT, "pat_nobody"])
    assert list(known) == [PATIENT]
    assert known[PATIENT].last_service_on == date.fromisoformat(scenario.claim()["date_of_service"])
    before = known[PATIENT].last_activity
    clock.advance(date(2026, 3, 20) - date(2026, 3, 2))
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    later = patient_claims(scenario.deps.database, ORGANIZATION, [PATIENT])[PATIENT].last_activity
    assert (before.date(), later.date()) == (date(2026, 3, 2), date(2026, 3, 20))


def test_everything_of_the_patient_goes_and_the_audit_chain_stays_whole(scenario, destroy) -> None:
    scenario.send()
    scenario.receive(accepted(scenario.number()))
    first, claim_id = denied(scenario.number(), "50"), scenario.claims[0]["id"]
    scenario.receive(remittance(first), "835")
    scenario.api.post(f"/v1/claims/{claim_id}/appeals", {"actor": BILLER}).raise_for_status()
    anew = (reversal_of(first), paid_in_part(scenario.number()))
    scenario.receive(remittance(*anew, trace="EFT0002", number=2), "835")
    scenario.api.post(f"/v1/claims/{claim_id}/notes", {"text": "Called.", "actor": BILLER}).raise_for_status()
    scenario.api.post("/v1/opening-balances", ANSWERED).raise_for_status()
    count = {**COUNT, "kind": "benefit", "coverage_id": COVERAGE}
    scenario.api.put(f"/v1/opening-visits/{COVERAGE}", count).raise_for_status()
    scenario.api.post(f"/v1/claims/{claim_id}/attachments", A_FILE).raise_for_status()
    assert all(kept(scenario).values())
    assert destroy() == 3
    assert not any(kept(scenario).values())
    assert received(scenario) == 0
    assert whole(scenario.deps.database) == []
    entries = [one for one in scenario.rows(AuditEntry) if one.action == "record.destroyed"]
    assert {(one.patient_id, one.actor["name"], one.purpose) for one in entries} == {
        (PATIENT, "Rosa Records", "retention")
    }
    assert all(one.reason == f"{RULE}; from 2036-01-01 on; disposal dsp_1" for one in entries)
    gone = {(table, row) for one in entries for table, row, mac in one.changes if mac is None}
    assert ("claims", claim_id) in gone
    assert scenario.api.get(f"/v1/claims/{claim_id}").status_code == 404


def test_a_row_that_is_put_back_behind_handbills_back_is_found(scenario, destroy) -> None:
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    [posting] = scenario.rows(PostingRow)
    destroy()
    table = PostingRow.__table__
    with scenario.deps.database.short_transaction(writes=True) as connection:
        connection.execute(table.insert().values(**posting.model_dump()))
    assert [one for one in whole(scenario.deps.database) if "inserted again" in one]


def test_what_two_patients_share_goes_with_the_last_of_them(scenario, destroy) -> None:
    two_patients(scenario)
    destroy(PATIENT)
    left = kept(scenario)
    assert (left["claims"], left["files"], left["messages"], received(scenario)) == (1, 1, 1, 1)
    assert whole(scenario.deps.database) == []
    destroy(OTHER_PATIENT)
    assert (not any(kept(scenario).values()), received(scenario)) == (True, 0)
    assert whole(scenario.deps.database) == []


def test_amounts_stay_as_sums_by_year_of_service(scenario, destroy) -> None:
    two_patients(scenario)
    database, money = scenario.deps.database, scenario.claim(0)["money"]
    assert destroyed_totals(database, ORGANIZATION) == []
    for count, patient_id in ((1, PATIENT), (2, OTHER_PATIENT)):
        destroy(patient_id)
        [(year, claims, sums)] = destroyed_totals(database, ORGANIZATION)
        assert (year, claims) == ("2026", count)
        assert (sums.charge_cents, sums.paid_cents, sums.written_off_cents, sums.patient_cents, sums.insurer_cents) == (
            count * money["charge_cents"],
            count * money["paid_cents"],
            count * money["written_off_cents"],
            count * money["patient_balance_cents"],
            count * money["insurer_balance_cents"],
        )


def test_a_patient_who_has_come_back_is_not_touched(scenario, destroy) -> None:
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    before, treated = kept(scenario), date.fromisoformat(scenario.claim()["date_of_service"])
    with pytest.raises(Conflict) as refused:
        destroy(last_service_on=treated - timedelta(days=1))
    assert (refused.value.problem_code, kept(scenario)) == ("patient_treated", before)


def test_a_message_that_waits_for_a_person_stays(scenario, destroy) -> None:
    scenario.send()
    scenario.receive(remittance(paid_in_part(scenario.number()), paid_in_part("K99999999999")), "835")
    quarantined = [one for one in scenario.messages() if one["state"] == "quarantined"]
    destroy()
    assert [one["id"] for one in scenario.messages()] == [one["id"] for one in quarantined]
