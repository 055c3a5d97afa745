"""What the worker does by itself leaves entries in the audit trail, and what leaves the practice is accounted for."""

from datetime import timedelta

import pytest

from shared.database.operations import AuditEntry
from shared.paging import Cursor
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.claims.factories import COVERAGE, PATIENT, a_coverage_bundle, a_payer
from tests.services.claims.fake_clearinghouse import accepted, paid_in_part, remittance


def work(scenario) -> list[tuple[str, str, str | None]]:
    """(action, subject, patient) of what Handbill did by itself, in order."""
    entries = sorted(scenario.rows(AuditEntry), key=lambda entry: entry.sequence)
    return [
        (one.action, one.subject_id, one.patient_id)
        for one in entries
        if one.client_id == "handbill" and one.action != "system"
    ]


def disclosures(scenario, patient_id: str = PATIENT, **claims) -> list[dict[str, str]]:
    answer = scenario.api.get(f"/v1/patients/{patient_id}/disclosures", **claims)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.mark.safeguard("164.312(b)")
def test_files_sent_messages_received_and_payments_posted_leave_entries_with_their_patients(scenario) -> None:
    scenario.send()
    claim_id, file_id = scenario.claims[0]["id"], scenario.files()[0]["id"]
    assert work(scenario) == [
        ("file_formed", file_id, None),
        ("file_sent", file_id, None),
        ("claim_sent", claim_id, PATIENT),
    ]
    before = len(work(scenario))
    paid = scenario.receive(remittance(paid_in_part(scenario.number())), "835")
    assert work(scenario)[before:] == [
        ("message_received", paid["id"], None),
        ("payment_posted", claim_id, PATIENT),
        ("message_applied", paid["id"], None),
    ]
    sealed = next(one for one in scenario.rows(AuditEntry) if one.action == "claim_sent")
    assert sealed.reason is not None and scenario.number() in sealed.reason
    assert (sealed.purpose, sealed.actor, sealed.outcome) == ("payment", None, "done")


@pytest.mark.safeguard("164.312(b)", "164.528")
def test_a_patient_is_told_when_to_whom_what_and_why_her_claim_went(scenario) -> None:
    scenario.submit()
    assert disclosures(scenario) == []
    scenario.run()
    file_id = scenario.files()[0]["id"]
    [one] = disclosures(scenario)
    number = scenario.number()
    assert one | {"id": "", "disclosed_at": ""} == {
        "id": "",
        "disclosed_at": "",
        "recipient": a_payer()["name"],
        "through": "clearinghouse",
        "description": f"Health care claim {number}, sent through the clearinghouse: name, birth date, address, "
        "member id, diagnoses, dates and kinds of treatment, charges.",
        "purpose": "payment",
        "claim_id": scenario.claims[0]["id"],
        "file_id": file_id,
    }
    assert one["disclosed_at"].startswith("2026-03-02T17:00:00")
    scenario.receive(accepted(scenario.number()))
    assert disclosures(scenario) == [one]


@pytest.mark.safeguard("164.312(b)", "164.528")
def test_a_claim_that_is_printed_counts_as_disclosed_from_its_submission_on(scenario) -> None:
    scenario.neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(claim_route="paper"))
    scenario.make()
    assert disclosures(scenario) == []
    scenario.submit()
    [one] = disclosures(scenario)
    assert one["disclosed_at"].startswith("2026-03-02T17:00:00")
    assert (one["recipient"], one["through"], one["file_id"]) == (a_payer()["name"], None, None)
    assert f"claim {scenario.number()}, printed and mailed: name, " in one["description"]
    scenario.run()
    assert disclosures(scenario) == [one]


def test_disclosures_come_page_by_page_and_another_lists_cursor_is_refused(scenario) -> None:
    scenario.send(3)
    every, path = disclosures(scenario), f"/v1/patients/{PATIENT}/disclosures?limit=2"
    first = scenario.api.get(path).json()
    second = scenario.api.get(f"{path}&after={first['next']}").json()
    assert (first["items"] + second["items"], len(every), second["next"]) == (every, 3, None)
    for cursor in (Cursor.write("dis_1"), Cursor.write("no moment", "dis_1"), Cursor.write("9999-12-31T23:59-24", "x")):
        refused = scenario.api.get(f"{path}&after={cursor}")
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "cursor_invalid")


def test_a_file_that_never_left_is_no_disclosure_and_one_that_is_found_there_is(scenario) -> None:
    scenario.clearinghouse.orders += ["refuse", "lose_reply"]
    scenario.submit()
    for _ in range(2):
        scenario.run()
        assert disclosures(scenario) == []
    scenario.run()
    assert len(disclosures(scenario)) == 1


def test_disclosures_of_more_than_six_years_ago_of_others_and_of_other_organizations_are_not_listed(scenario) -> None:
    scenario.send()
    assert disclosures(scenario, "pat_of_nobody") == []
    assert disclosures(scenario, organization_id=OTHER_ORGANIZATION) == []
    scenario.clock.advance(timedelta(days=6 * 365))
    assert len(disclosures(scenario)) == 1
    scenario.clock.advance(timedelta(days=3))
    assert disclosures(scenario) == []


@pytest.mark.safeguard("164.312(b)", "API5")
def test_the_trail_and_the_accounting_are_for_who_has_their_own_scope(scenario) -> None:
    for path in ("/v1/audit-entries", f"/v1/patients/{PATIENT}/disclosures"):
        for scopes in (["claims:read", "claims:write"], ["internal"], ["access:admin"]):
            answer = scenario.api.get(path, scopes=scopes)
            assert (path, answer.status_code, answer.json()["code"]) == (path, 403, "scope_missing")
        assert scenario.api.get(path, scopes=["audit:read"]).status_code == 200
