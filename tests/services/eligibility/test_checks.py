"""Asking a payer: real 270s out, real 271s in, over HTTP."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from services.eligibility.domain import next_step
from services.eligibility.store import InquiryRow
from shared import x12
from shared.clocks import SetClock
from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.eligibility.conftest import COVERAGE, PATIENT, PAYER, Api, a_check, a_coverage, a_patient, a_payer
from tests.services.eligibility.fake_clearinghouse import FakeClearinghouse, write_ta1


def row(information: str, *types: str, **elements: object) -> x12.BenefitInformation:
    return x12.BenefitInformation(information=information, service_types=types, **elements)  # type: ignore[arg-type]


COVERED = [row("1", "30", plan="GOLD PPO"), row("1", "BE", authorization="N", in_network="Y")]


def inquiries(api: Api) -> list[InquiryRow]:
    with api.client.app.state.database.reading() as session:
        return sorted(session.exec(select(InquiryRow)).all(), key=lambda inquiry: inquiry.control_number)


def test_an_answer_becomes_a_benefit_for_massage(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [[*COVERED, row("B", "BE", time_period="27", amount_cents=2500, in_network="Y")]]
    answer = api.check()
    assert answer.status_code == 201
    check = answer.json()
    assert (check["status"], check["coverage_id"], check["service_date"]) == ("answered", COVERAGE, "2026-03-02")
    assert check["checked_at"] == "2026-03-02T17:00:00Z"
    benefit = check["benefit"]
    assert (benefit["active"], benefit["massage"], benefit["service_type"]) == ("active", "covered", "BE")
    assert (benefit["copay_cents"], benefit["authorization"], benefit["plan_name"]) == (
        2500,
        "not_required",
        "GOLD PPO",
    )
    assert (check["rejections"], check["next_step"]) == ([], None)
    assert api.get(f"eligibility-checks/{check['id']}").json() == check
    assert api.get(f"eligibility-checks?coverage_id={COVERAGE}").json()["items"] == [check]


def test_the_question_is_a_270_with_everything_the_payer_needs(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    check = api.check(a_check(service_date="2026-03-05")).json()
    (inquiry,) = clearinghouse.inquiries
    assert clearinghouse.headers[0]["content-type"] == "application/edi-x12"
    assert (inquiry.source.party.id, inquiry.receiver.party.npi) == ("CASCM", "1234567893")
    party = inquiry.subscriber.party
    assert (party.name, party.first, party.id) == ("CANARSIE-MULLER", "ZOE", "CANARY-204417")
    assert (party.birth_date, party.gender) == (date(1984, 7, 19), "F")
    assert x12.DatePeriod(qualifier="291", start=date(2026, 3, 5)) in inquiry.subscriber.dates
    assert [trace.value for trace in inquiry.subscriber.traces] == [f"{check['id']}-1"]
    assert inquiry.dependent is None
    assert clearinghouse.service_types == [("BE",)]


def test_a_dependent_is_asked_for_under_the_subscriber(api: Api, clearinghouse: FakeClearinghouse) -> None:
    holder = {"name": {"first": "Marta", "last": "Zielinski"}, "birth_date": "1976-08-21", "sex": "female"}
    api.covered(relationship="spouse", subscriber=holder)
    clearinghouse.script = [COVERED]
    assert api.check().json()["status"] == "answered"
    (inquiry,) = clearinghouse.inquiries
    assert (inquiry.subscriber.party.first, inquiry.subscriber.party.id) == ("MARTA", "CANARY-204417")
    assert inquiry.dependent is not None
    assert (inquiry.dependent.party.first, inquiry.dependent.relationship) == ("ZOE", "01")


def test_under_an_employers_coverage_the_patient_is_asked_for_herself(
    api: Api, clearinghouse: FakeClearinghouse
) -> None:
    api.covered(relationship="employee", subscriber={"organization_name": "Harborline Cold Storage"})
    clearinghouse.script = [COVERED]
    api.check()
    assert clearinghouse.inquiries[0].subscriber.party.first == "ZOE"


def test_massage_then_physical_therapy_and_no_more_than_needed(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [[row("1", "30")], [row("1", "AE", authorization="N")]]
    check = api.check().json()
    assert clearinghouse.service_types == [("BE",), ("PT", "AE")]
    assert check["benefit"]["service_type"] == "AE"
    stored = inquiries(api)
    assert [i.service_types for i in stored] == ["BE", "PT,AE"]
    assert [i.control_number for i in stored] == [500_000_001, 500_000_002]
    assert [i.id for i in stored] == [f"{check['id']}-1", f"{check['id']}-2"]


def test_every_270_and_271_is_kept_as_it_was(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    api.check()
    (stored,) = inquiries(api)
    assert stored.request_x12.encode("latin-1") == clearinghouse.asked[0]
    assert stored.response_x12 is not None
    assert x12.read_all(stored.response_x12.encode("latin-1")).ok
    assert stored.state == "answered"


def test_active_under_30_leaves_massage_unknown_and_says_to_call(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [[row("1", "30")]]
    check = api.check().json()
    assert (check["benefit"]["active"], check["benefit"]["massage"]) == ("active", "unknown")
    assert "whether massage therapy is covered" in check["next_step"]


def test_a_rejection_says_what_to_mend_and_keeps_every_aaa(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [["75", "71"]]
    check = api.check().json()
    assert (check["status"], check["benefit"]) == ("rejected", None)
    assert [(r["reject_code"], r["follow_up_code"], r["loop"]) for r in check["rejections"]] == [
        ("75", "C", "2100C"),
        ("71", "C", "2100C"),
    ]
    assert check["next_step"] == check["rejections"][-1]["fix"]
    assert len(clearinghouse.asked) == 1


def test_a_payer_without_a_route_is_not_asked(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    api.put(f"payers/{PAYER}", a_payer(eligibility_route="none"))
    check = api.check().json()
    assert (check["status"], check["next_step"]) == ("not_available", next_step.NOT_AVAILABLE)
    assert clearinghouse.asked == []


def test_a_ta1_in_place_of_a_271_is_a_rejection(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [write_ta1()]
    check = api.check().json()
    assert (check["status"], check["rejections"], check["next_step"]) == ("rejected", [], next_step.REFUSED)


def test_a_clearinghouse_that_is_down_is_503_and_leaves_nothing_half_done(
    settings, clock: SetClock, bearer, api: Api, clearinghouse: FakeClearinghouse
) -> None:
    api.covered()
    clearinghouse.script = [503, COVERED]
    answer = api.check(key="a-key-of-my-own")
    assert (answer.status_code, answer.json()["code"]) == (503, "clearinghouse_unavailable")
    assert answer.headers["Retry-After"] == "17"
    assert api.get("eligibility-checks").json()["items"] == []
    assert api.check(key="a-key-of-my-own").status_code == 201


@pytest.mark.parametrize("failure", [500, "cut", b"<html>not X12</html>", b""])
def test_after_an_unclear_answer_the_same_is_not_asked_again_within_90_seconds(
    api: Api, clearinghouse: FakeClearinghouse, failure: object
) -> None:
    api.covered()
    clearinghouse.script = [failure, COVERED]
    first = api.check(key="a-key-of-my-own")
    assert (first.status_code, first.headers["Retry-After"]) == (503, "90")
    again = api.check(key="a-key-of-my-own")
    assert (again.status_code, again.json()["code"]) == (409, "resend_too_soon")
    assert 1 <= int(again.headers["Retry-After"]) <= 90
    assert len(clearinghouse.asked) == 1
    assert api.check(a_check(service_date="2026-03-09")).status_code == 201
    assert api.get("eligibility-checks").json()["items"][0]["service_date"] == "2026-03-09"


def test_an_answer_for_somebody_else_is_not_taken(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    api.check()
    (stored,) = inquiries(api)
    assert stored.response_x12 is not None
    clearinghouse.script = [stored.response_x12.encode("latin-1")]
    assert api.check().status_code == 503


def test_the_same_key_gets_the_same_answer_and_asks_once(
    api: Api, clearinghouse: FakeClearinghouse, clock: SetClock
) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    first = api.check(key="a-key-of-my-own")
    clock.advance(timedelta(days=1))
    again = api.check(key="a-key-of-my-own")
    assert (again.status_code, again.content) == (201, first.content)
    assert len(clearinghouse.asked) == 1
    reused = api.check(a_check(service_date="2026-03-09"), key="a-key-of-my-own")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")


def test_a_check_needs_a_key_a_coverage_and_a_form(api: Api, bearer) -> None:
    keyless = api.client.post("/v1/eligibility-checks", json=a_check(), headers=bearer())
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_missing")
    unknown = api.check()
    assert (unknown.status_code, unknown.json()["code"]) == (404, "coverage_not_found")
    malformed = api.check(a_check(provider_npi="123"))
    assert (malformed.status_code, malformed.json()["errors"][0]["pointer"]) == (422, "/body/provider_npi")


def test_foreign_coverages_and_checks_are_404(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    check = api.check().json()
    assert api.check(organization_id=OTHER_ORGANIZATION).status_code == 404
    assert api.get(f"eligibility-checks/{check['id']}", organization_id=OTHER_ORGANIZATION).status_code == 404
    assert api.get("eligibility-checks", organization_id=OTHER_ORGANIZATION).json()["items"] == []


def test_checks_are_listed_in_order_and_paged(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    clearinghouse.script = [COVERED]
    made = [api.check().json()["id"] for _ in range(3)]
    first = api.get("eligibility-checks?limit=2").json()
    second = api.get(f"eligibility-checks?limit=2&after={first['next']}").json()
    assert [c["id"] for c in first["items"] + second["items"]] == made


def test_a_name_that_x12_cannot_carry_is_a_problem_not_a_crash(api: Api, clearinghouse: FakeClearinghouse) -> None:
    api.covered()
    api.put(f"patients/{PATIENT}", a_patient(name={"first": "花", "last": "🙂"}))
    clearinghouse.script = [COVERED]
    answer = api.check()
    assert (answer.status_code, answer.json()["code"]) == (409, "question_unwritable")
    assert api.put(f"coverages/{COVERAGE}", a_coverage()).status_code == 200


def test_an_authorization_that_is_on_file_for_the_day_is_nobodys_next_step(
    api: Api, clearinghouse: FakeClearinghouse
) -> None:
    api.covered()
    rows = [x12.BenefitInformation(information="1", service_types=("BE",), authorization="Y")]
    clearinghouse.script = [rows]
    assert "Get an authorization" in api.check().json()["next_step"]
    days = {"effective_from": "2026-03-02", "effective_to": "2026-03-02"}
    api.put("authorizations/auth_0001", {"coverage_id": COVERAGE, "number": "A1", **days})
    assert api.check().json()["next_step"] is None
    assert "Get an authorization" in api.check(a_check(service_date="2026-03-03")).json()["next_step"]
