"""A note and a coverage become a claim, whatever its findings; what cannot be made leaves nothing behind."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace
from sqlmodel import select

from services.claims.document.model import hash_of
from services.claims.store.tables import ClaimNumberRow, ClaimRow, LedgerRow
from shared.database.operations import IdempotencyKey
from tests.services.claims.conftest import SET_UP_EVENTS
from tests.services.claims.factories import (
    BILLER,
    COVERAGE,
    NOTE,
    THERAPIST,
    a_coverage_bundle,
    a_draft,
    a_note,
    a_payer,
    a_practice,
)

sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


def count(deps, model):
    with deps.database.reading() as session:
        return len(session.exec(select(model)).all())


def test_a_signed_note_under_a_coverage_in_force_becomes_a_ready_claim(office):
    made = office.create()
    claim = made.json()
    assert (made.status_code, claim["state"], claim["outcome"], claim["version"]) == (201, "ready", "none", 1)
    lines = [(one["procedure_code"], one["units"], one["charge_cents"], one["minutes"]) for one in claim["lines"]]
    assert lines == [("97124", 3, 13_500, 45), ("97110", 1, 4_700, 15)]
    assert claim["units"]["method"] == "cms"
    assert claim["money"]["charge_cents"] == claim["money"]["insurer_balance_cents"] == 18_200
    assert (claim["next_action"]["kind"], claim["next_action"]["owner"]) == ("submit", "biller")
    assert [finding["severity"] for finding in claim["findings"] if finding["severity"] == "block"] == []


def test_the_claim_number_is_random_and_short_enough_for_every_payer(office, neighbours):
    numbers = {office.create(note_id).json()["claim_number"] for note_id in neighbours.hold(3)}
    assert len(numbers) == 3
    assert all(len(number) <= 14 and number.isalnum() for number in numbers)


def test_an_unsigned_note_becomes_a_blocked_claim_that_says_so(office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    claim = office.create().json()
    assert claim["state"] == "blocked"
    assert "note_unsigned" in [one["code"] for one in claim["findings"] if one["severity"] == "block"]
    assert claim["next_action"]["kind"] == "sign_note"
    assert claim["next_action"]["operation"] == {
        "service": "notes",
        "operation_id": "sign_note",
        "method": "POST",
        "path": f"/v1/notes/{claim['note_id']}/sign",
        "body": {"therapist_id": THERAPIST},
        "needs": ["actor"],
    }


def test_the_charge_of_a_blocked_claim_is_in_the_books(office, neighbours):
    neighbours.notes[NOTE] = a_draft()
    assert office.create().json()["money"]["insurer_balance_cents"] == 18_200


def test_the_claim_keeps_what_it_was_made_from(office, neighbours, deps):
    claim = office.create().json()
    neighbours.notes[NOTE] = a_note(diagnoses=["M54.6"])
    office.put("/v1/practice", a_practice(name="Renamed Bodywork"))
    assert office.claim(claim["id"]) == claim
    with deps.database.reading() as session:
        row = session.exec(select(ClaimRow)).one()
    source = row.document.source
    assert source.note.diagnoses == ["M54.2", "G44.86"]
    assert source.practice.name == "Salal Street Bodywork PLLC"
    assert source.profile.timely_filing_days == 180
    assert row.document.source_hash == hash_of(source)
    assert hash_of(replace(source, fees_cents={"97124": 4400})) != row.document.source_hash


def test_a_caller_may_choose_the_claims_id(office):
    assert office.create(id="clm_of_callers").json()["id"] == "clm_of_callers"
    taken = office.create("note_0000002", id="clm_of_callers")
    assert taken.status_code == 404


@pytest.mark.parametrize(
    ("note_id", "coverage_id", "missing"), [("note_unknown", COVERAGE, "note"), (NOTE, "cov_unknown", "coverage")]
)
def test_an_unknown_note_or_coverage_is_404(office, note_id, coverage_id, missing):
    answer = office.create(note_id, coverage_id)
    assert (answer.status_code, answer.json()["code"]) == (404, f"{missing}_not_found")


def test_a_practice_without_its_own_data_is_told_everything_that_is_missing(api):
    answer = api.create()
    assert (answer.status_code, answer.json()["code"]) == (409, "practice_incomplete")
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["/practice", "/therapist", "/fees"]


def test_a_note_of_a_therapist_who_was_never_put_is_409(office, neighbours):
    neighbours.notes[NOTE] = a_note(therapist_id="thr_unknown1")
    answer = office.create()
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/therapist"]


def test_the_coverage_of_another_patient_is_409(office, neighbours):
    neighbours.notes[NOTE] = a_note(patient_id="pat_another1")
    assert office.create().json()["code"] == "patient_differs"


def test_a_payer_whose_rule_profile_does_not_exist_is_409(office, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(profile="moon_health"))
    answer = office.create()
    assert (answer.status_code, answer.json()["code"]) == (409, "payer_profile_invalid")


@pytest.mark.parametrize("down", ["notes", "eligibility"])
def test_a_neighbour_that_is_down_is_named_and_the_key_is_free_again(office, neighbours, deps, down):
    neighbours.down = {down}
    answer = office.create(key="one-key-for-both")
    assert (answer.status_code, answer.json()["code"]) == (503, f"{down}_unavailable")
    assert answer.headers["Retry-After"]
    assert [count(deps, model) for model in (ClaimRow, ClaimNumberRow, LedgerRow, IdempotencyKey)] == [0] * 4
    assert [event["type"] for event in office.events()] == SET_UP_EVENTS
    neighbours.down = set()
    assert office.create(key="one-key-for-both").status_code == 201


def test_a_note_and_a_coverage_have_one_claim(office):
    first = office.create().json()
    second = office.create()
    assert (second.status_code, second.json()["code"]) == (409, "claim_exists")
    assert first["id"] in second.json()["errors"][0]["message"]


@pytest.mark.safeguard("API6")
def test_two_requests_at_once_make_one_claim(office, deps):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda key: office.create(key=key).status_code, ["at-once-1", "at-once-2"]))
    assert sorted(answers) == [201, 409]
    assert count(deps, ClaimRow) == 1


def test_the_same_key_gets_the_same_answer_byte_for_byte(office, clock, deps):
    first = office.create(key="the-same-key")
    office.submit(first.json()["id"])
    again = office.create(key="the-same-key")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(deps, ClaimRow) == 1


def test_the_same_key_with_another_body_is_refused(office):
    office.create(key="the-same-key")
    other = office.create("note_0000002", key="the-same-key")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_a_post_without_a_key_is_400(client, bearer):
    for path in ("/v1/claims", "/v1/claims/clm_00000001/submit", "/v1/messages/msg_00000001/release"):
        answer = client.post(path, json={}, headers=bearer())
        assert (answer.status_code, answer.json()["code"]) in (
            (400, "idempotency_key_missing"),
            (422, "malformed"),
        )
    body = {"note_id": NOTE, "coverage_id": COVERAGE, "actor": BILLER}
    assert client.post("/v1/claims", json=body, headers=bearer()).status_code == 400


@sqlite_only
def test_a_malformed_claim_is_422_with_its_pointer(office):
    for change, pointer in (
        ({"note_id": "not an id"}, "/body/note_id"),
        ({"coverage_id": None}, "/body/coverage_id"),
        ({"tie_order": ["971"]}, "/body/tie_order/0"),
        ({"modifiers": {"97124": ["GPX"]}}, "/body/modifiers/97124/0"),
        ({"notes_id": NOTE}, "/body/notes_id"),
    ):
        answer = office.create(**{"note_id": NOTE, "coverage_id": COVERAGE} | change)
        assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


def test_a_dry_run_says_what_the_claim_would_say_and_keeps_nothing(office, deps):
    draft = office.post("/v1/claims/check", {"note_id": NOTE, "coverage_id": COVERAGE}).json()
    assert count(deps, ClaimRow) == 0
    assert [event["type"] for event in office.events()] == SET_UP_EVENTS
    claim = office.create().json()
    for member in ("state", "diagnoses", "units", "findings"):
        assert draft[member] == claim[member]
    assert draft["charge_cents"] == claim["money"]["charge_cents"]


def test_the_biller_may_add_modifiers_and_settle_ties(office, neighbours):
    halves = [{"procedure_code": code, "region": "neck", "minutes": 8} for code in ("97124", "97110")]
    neighbours.notes[NOTE] = a_note(techniques=[*halves, {"procedure_code": "97112", "region": "back", "minutes": 8}])
    claim = office.create(tie_order=["97112", "97110"], modifiers={"97112": ["GP"]}).json()
    assert [line["procedure_code"] for line in claim["lines"]] == ["97110", "97112"]
    assert [line["modifiers"] for line in claim["lines"]] == [[], ["GP"]]
    for given, modifiers in (({}, ["GP"]), ({"modifiers": {"97112": ["59"]}}, ["59"]), ({"modifiers": {}}, [])):
        answer = office.post(f"/v1/claims/{claim['id']}/refresh", given)
        assert [line["modifiers"] for line in answer.json()["lines"]] == [[], modifiers]


def test_creation_is_audited_and_in_the_feed_without_a_word_about_the_patient(office, deps):
    claim = office.create().json()
    *set_up, created = office.events()
    assert [event["type"] for event in set_up] == SET_UP_EVENTS
    assert (created["type"], created["subject_id"], created["sequence"]) == ("claim.ready", claim["id"], 4)
    assert set(created["data"]) == {"state", "by", "outcome", "next_action"}
    assert BILLER["name"] not in str(created)
    assert THERAPIST not in str(created)


@sqlite_only
@pytest.mark.safeguard("164.312(a)(2)(i)")
def test_what_a_person_decides_about_a_claim_names_the_person(client, bearer):
    for path, body in (
        ("/v1/claims", {"note_id": NOTE, "coverage_id": COVERAGE}),
        *((f"/v1/claims/clm_00000001/{act}", {}) for act in ("submit", "refresh", "void")),
    ):
        answer = client.post(path, json=body, headers=bearer(key="key-00000001"))
        pointers = [error["pointer"] for error in answer.json()["errors"]]
        assert (path, answer.status_code, pointers) == (path, 422, ["/body/actor"])
