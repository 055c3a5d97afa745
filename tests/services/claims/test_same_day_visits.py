"""One claim from several notes: all visits of a patient's day on one claim, where her payer wants that.

The morning is 97124 for 45 minutes and 97110 for 15, by Ingrid; the afternoon 97124 for 20 minutes. By the CMS method
the day is 80 minutes, five units: 65 minutes of massage are four whole quarters and a rest of 5.
"""

import pytest

from services.claims.store.visit_tables import ClaimVisitRow
from tests.harness.validators import pyx12_findings, x12sdk_reads
from tests.services.claims.factories import (
    BILLER,
    COVERAGE,
    NOTE,
    THERAPIST,
    a_coverage,
    a_coverage_bundle,
    a_note,
    a_payer,
    a_therapist,
)
from tests.services.claims.fake_clearinghouse import cas, claim_payment, remittance, service
from tests.services.claims.test_split_claims import act, codes, sent

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)

AFTERNOON, EVENING = "note_afternoon", "note_evening"
BRUNO = "thr_bruno001"
BRUNOS_NPI = "1679576722"
BRUNOS_NAME = {"first": "Bruno", "last": "Hale"}
COMBINED = {"same_day_visits": "combined"}


def a_later_note(note_id=AFTERNOON, hour=15, **changed):
    """Another signed note of the same day."""
    therapist = changed.get("therapist_id", THERAPIST)
    return a_note(
        note_id,
        **{
            "started_at": f"2026-03-02T{hour}:00:00-08:00",
            "ended_at": f"2026-03-02T{hour}:30:00-08:00",
            "techniques": [{"procedure_code": "97124", "region": "low back", "minutes": 20}],
            "diagnoses": ["M54.59"],
            "assessment": "The low back has eased",
            "signed_at": "2026-03-03T01:00:00Z",
            "signed_by": {"therapist_id": therapist, "id": "user-x", "name": "Ingrid Solberg", "role": "therapist"},
            **changed,
        },
    )


@pytest.fixture
def day(scenario, neighbours):
    """A morning and an afternoon of one patient, whose payer wants one claim for a day."""
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=a_payer(**COMBINED))
    neighbours.notes[NOTE] = a_note()
    neighbours.notes[AFTERNOON] = a_later_note()
    return scenario


def make(scenario, *others, note=NOTE, **more):
    made = scenario.api.create(note, same_day_note_ids=list(others), **more)
    assert made.status_code == 201, made.text
    scenario.claims.append(made.json())
    return made.json()


def lines(claim):
    keys = ("procedure_code", "units", "minutes", "charge_cents", "diagnosis_pointers", "therapist_id", "note_ids")
    return [tuple(line[key] for key in keys) for line in claim["lines"]]


def refusal(answer):
    assert answer.status_code in {409, 422}, answer.text
    return answer.status_code, answer.json()["code"], [one["pointer"] for one in answer.json()["errors"]]


def refresh(scenario, place=0, **body):
    return act(scenario, scenario.claims[place]["id"], "refresh", **body)


def tasks(scenario):
    return [one["subject_id"] for one in scenario.api.get("/v1/worklist?kind=create_claim").json()["items"]]


def test_two_visits_of_one_therapist_are_pooled_and_each_procedure_is_one_line(day, tmp_path):
    body = {"note_id": NOTE, "coverage_id": COVERAGE, "same_day_note_ids": [AFTERNOON]}
    checked = day.api.post("/v1/claims/check", body).json()
    claim = make(day, AFTERNOON)
    assert claim["state"] == checked["state"] == "ready"
    assert (claim["note_id"], claim["same_day_note_ids"]) == (NOTE, [AFTERNOON])
    assert claim["diagnoses"] == ["M54.2", "G44.86", "M54.59"]
    assert lines(claim) == [
        ("97124", 4, 65, 18_000, [1, 2, 3], THERAPIST, [NOTE, AFTERNOON]),
        ("97110", 1, 15, 4_700, [1, 2], THERAPIST, [NOTE]),
    ]
    assert [line["units"] for line in checked["lines"]] == [4, 1]
    assert not {"duplicate_claim", "pool_across_claims", "note_copied", "sessions_overlap"} & {*codes(claim)}
    assert day.api.submit(claim["id"]).status_code == 202
    day.run()
    assert sent(day, ("CLM", "NM1*82", "SV1", "DTP*472")) == [
        f"CLM*{day.number()}*227***11:B:1*Y*A*Y*Y",
        "NM1*82*1*SOLBERG*INGRID****XX*1398520472",
        "SV1*HC:97124*180*UN*4***1:2:3",
        "DTP*472*D8*20260302",
        "SV1*HC:97110*47*UN*1***1:2",
        "DTP*472*D8*20260302",
    ]
    file = day.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)


def test_a_line_of_another_therapist_names_her_and_both_are_judged(day, neighbours, tmp_path):
    assert day.api.put(f"/v1/therapists/{BRUNO}", a_therapist(npi=BRUNOS_NPI, name=BRUNOS_NAME)).status_code == 201
    neighbours.notes[AFTERNOON] = a_later_note(therapist_id=BRUNO)
    claim = make(day, AFTERNOON)
    assert [(row[0], row[1], row[5], row[6]) for row in lines(claim)] == [
        ("97124", 3, THERAPIST, [NOTE]),
        ("97110", 1, THERAPIST, [NOTE]),
        ("97124", 1, BRUNO, [AFTERNOON]),
    ]
    assert claim["state"] == "ready"
    assert day.api.submit(claim["id"]).status_code == 202
    day.run()
    assert sent(day, ("NM1*82", "PRV*PE", "SV1")) == [
        "NM1*82*1*SOLBERG*INGRID****XX*1398520472",
        "PRV*PE*PXC*225700000X",
        "SV1*HC:97124*135*UN*3***1:2",
        "SV1*HC:97110*47*UN*1***1:2",
        "SV1*HC:97124*45*UN*1***3",
        f"NM1*82*1*HALE*BRUNO****XX*{BRUNOS_NPI}",
        "PRV*PE*PXC*225700000X",
    ]
    file = day.clearinghouse.taken[-1]
    assert (pyx12_findings(file), x12sdk_reads(file.encode(), tmp_path)) == ("", 1)


def test_what_is_wrong_with_the_second_visit_is_found_and_points_to_it(day, neighbours):
    late = {"npi": BRUNOS_NPI, "name": BRUNOS_NAME, "license_expires_on": "2026-02-01"}
    assert day.api.put(f"/v1/therapists/{BRUNO}", a_therapist(**late)).status_code == 201
    morning = a_note()
    words = {name: morning[name] for name in ("subjective", "objective", "assessment", "response")}
    at_once = {"started_at": "2026-03-02T08:00:00-08:00", "ended_at": "2026-03-02T08:30:00-08:00"}
    neighbours.notes[AFTERNOON] = a_later_note(therapist_id=BRUNO, **at_once, **words)
    claim = make(day, AFTERNOON)
    found = {(one["code"], one["pointer"]) for one in claim["findings"]}
    assert claim["state"] == "blocked"
    assert {
        ("license_not_in_force", "/providers/1/license_expires_on"),
        ("patient_with_two_therapists", "/note/start"),
        ("patient_with_two_therapists", "/notes/1/start"),
        ("note_copied", "/notes/1/text_digest"),
    } <= found
    assert not {("license_not_in_force", "/provider/license_expires_on"), ("note_copied", "/note/text_digest")} & found


def test_what_is_wrong_with_a_therapist_is_said_once_however_many_visits_are_hers(day):
    late = a_therapist(license_expires_on="2026-02-01")
    assert day.api.put(f"/v1/therapists/{THERAPIST}", late).status_code == 200
    claim = make(day, AFTERNOON)
    pointers = [one["pointer"] for one in claim["findings"] if one["code"] == "license_not_in_force"]
    assert pointers == ["/provider/license_expires_on"]


def test_lines_of_two_therapists_are_moved_whole_since_units_do_not_say_whose_they_are(day, neighbours):
    second = "cov_second01"
    neighbours.files[second] = a_coverage_bundle(second, payer=a_payer(**COMBINED))
    assert day.api.put(f"/v1/therapists/{BRUNO}", a_therapist(npi=BRUNOS_NPI, name=BRUNOS_NAME)).status_code == 201
    neighbours.notes[AFTERNOON] = a_later_note(therapist_id=BRUNO)
    claim = make(day, AFTERNOON)
    to_second = {"coverage_id": second, "reason": "Her neck was hurt in the accident."}
    one_unit = [{"procedure_code": "97124", "units": 1}]
    refused = act(day, claim["id"], "move-lines", lines=one_unit, **to_second)
    assert refusal(refused) == (409, "units_of_several_therapists", ["/body/lines/0"])
    moved = act(day, claim["id"], "move-lines", lines=[{"procedure_code": "97124"}], **to_second)
    assert moved.status_code == 201, moved.text
    assert [(row[0], row[1], row[5]) for row in lines(moved.json())] == [("97124", 3, THERAPIST), ("97124", 1, BRUNO)]
    assert [row[:2] for row in lines(day.claim())] == [("97110", 1)]


def test_the_lines_of_a_day_may_be_on_several_claims_of_its_notes(day):
    first = make(day, AFTERNOON, lines=[{"procedure_code": "97110"}])
    rest = make(day, AFTERNOON)
    assert [[row[:2] for row in lines(one)] for one in (first, rest)] == [[("97110", 1)], [("97124", 4)]]


ONE_NOTE = {"same_day_note_ids": [AFTERNOON]}
BAD = [
    pytest.param({"patient_id": "pat_other001"}, "patient_differs", id="another patient"),
    pytest.param({"date_of_service": "2026-03-03"}, "day_differs", id="another day"),
    pytest.param({"place": {"place_of_service": "12"}}, "place_differs", id="another place"),
    pytest.param({"therapist_id": BRUNO}, "discipline_differs", id="another discipline"),
    pytest.param({"status": "draft", "signed_at": None, "signed_by": None}, "note_unsigned", id="not signed"),
]


@pytest.mark.parametrize(("changed", "code"), BAD)
def test_visits_that_cannot_be_on_one_claim_are_refused(day, neighbours, changed, code):
    assert day.api.put(f"/v1/therapists/{BRUNO}", a_therapist(taxonomy="225100000X")).status_code == 201
    neighbours.notes[AFTERNOON] = a_later_note(**changed)
    expected = (409, code, ["/body/same_day_note_ids/0"])
    assert refusal(day.api.create(NOTE, **ONE_NOTE)) == expected
    make(day)
    assert refusal(refresh(day, **ONE_NOTE)) == expected
    assert day.rows(ClaimVisitRow) == []


def test_a_payer_that_wants_a_claim_for_each_visit_is_not_sent_one_for_both(day, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle()
    expected = (409, "visits_not_combined", ["/body/same_day_note_ids"])
    assert refusal(day.api.create(NOTE, **ONE_NOTE)) == expected
    body = {"note_id": NOTE, "coverage_id": COVERAGE, **ONE_NOTE}
    assert refusal(day.api.post("/v1/claims/check", body)) == expected
    assert refusal(day.api.create(NOTE, same_day_note_ids=[NOTE])) == (
        422,
        "malformed",
        ["/body/same_day_note_ids/0"],
    )


def test_a_visit_is_on_one_claim_and_a_key_makes_one_claim(day):
    first = day.api.create(NOTE, **ONE_NOTE, key="one-day-1")
    again = day.api.create(NOTE, **ONE_NOTE, key="one-day-1")
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert refusal(day.api.create(AFTERNOON))[:2] == (409, "claim_exists")
    assert refusal(day.api.create(AFTERNOON, lines=[{"procedure_code": "97124"}]))[:2] == (409, "note_billed")
    for note in (NOTE, AFTERNOON):
        assert [one["id"] for one in day.api.get(f"/v1/claims?note_id={note}").json()["items"]] == [again.json()["id"]]
    assert act(day, first.json()["id"], "void").status_code == 200
    assert make(day, note=AFTERNOON)["same_day_note_ids"] == []
    assert refusal(day.api.create(NOTE, **ONE_NOTE))[:2] == (409, "note_billed")


def test_a_later_visit_joins_the_claim_of_its_day_until_it_is_sent_and_may_leave_it(day, neighbours):
    neighbours.tell("note.signed", AFTERNOON)
    day.run()
    make(day)
    assert tasks(day) == [AFTERNOON]
    second = day.api.create(AFTERNOON)
    assert refusal(second) == (409, "same_day_claim", ["/note_id"])
    assert second.json()["errors"][0]["fix"] == "Name the note in `same_day_note_ids` of that claim's `refresh`."
    assert refresh(day, **ONE_NOTE).status_code == 200
    assert [(row[0], row[1]) for row in lines(day.claim())] == [("97124", 4), ("97110", 1)]
    assert (tasks(day), day.money()) == ([], (0, 0, 0, 22_700))
    # Read again as it is, it keeps both.
    neighbours.notes[AFTERNOON] = a_later_note(response="She turns without pain")
    assert refresh(day).json()["same_day_note_ids"] == [AFTERNOON]
    assert refresh(day, same_day_note_ids=[]).json()["same_day_note_ids"] == []
    assert (tasks(day), day.money(), day.rows(ClaimVisitRow)) == ([AFTERNOON], (0, 0, 0, 18_200), [])
    assert refresh(day, **ONE_NOTE).status_code == 200
    assert day.api.submit(day.claims[0]["id"]).status_code == 202
    assert refusal(refresh(day, same_day_note_ids=[]))[:2] == (409, "claim_already_submitted")


def test_a_visit_joins_a_claim_that_was_paid_as_its_replacement_and_leaves_with_its_withdrawal(day, neighbours):
    make(day)
    assert day.api.submit(day.claims[0]["id"]).status_code == 202
    day.run()
    number = day.number()
    rows = [service(number, 1, "97124", 13_500, 13_500), service(number, 2, "97110", 4_700, 4_700)]
    paid = claim_payment(number, *rows)
    day.receive(remittance(paid), "835")
    assert day.api.create(AFTERNOON).json()["errors"][0]["fix"].endswith("that claim's `correct`.")
    correct = {"reason": "The afternoon was not billed.", **ONE_NOTE}
    assert act(day, day.claims[0]["id"], "correct", **correct).status_code == 200
    assert len(day.rows(ClaimVisitRow)) == 1
    assert act(day, day.claims[0]["id"], "withdraw-correction", reason="She was not there.").status_code == 200
    assert (day.rows(ClaimVisitRow), tasks(day), day.claim()["same_day_note_ids"]) == ([], [AFTERNOON], [])
    assert act(day, day.claims[0]["id"], "correct", **correct).status_code == 200
    assert day.api.submit(day.claims[0]["id"]).status_code == 202
    day.run()
    assert sent(day, ("CLM", "REF*F8", "SV1")) == [
        f"CLM*{day.number()}*227***11:B:7*Y*A*Y*Y",
        *sent(day, "REF*F8"),
        "SV1*HC:97124*180*UN*4***1:2:3",
        "SV1*HC:97110*47*UN*1***1:2",
    ]


def test_a_day_is_one_visit_of_an_authorization_and_all_its_units(day, neighbours):
    number = {"id": "auth_day", "version": 1, "coverage_id": COVERAGE, "number": "DAY1", "visits": 1, "units": 5}
    number |= {"effective_from": "2026-01-01", "effective_to": "2026-12-31"}
    payer = a_payer(**COMBINED, authorization="required")
    neighbours.files[COVERAGE] = a_coverage_bundle(payer=payer, authorizations=[number])
    claim = make(day, AFTERNOON)
    assert claim["state"] == "ready", claim["findings"]
    account = day.api.get("/v1/authorizations/auth_day/account").json()
    assert (account["visits_used"], account["units_used"], account["units_left"]) == (1, 5, 0)


def test_the_next_payer_is_billed_the_same_visits(day, neighbours):
    second = a_coverage("cov_second01", payer_id="pay_second01", rank=2, member_id="SEC77")
    plan = {"coverage": second, "payer": a_payer(id="pay_second01", name="Second Health", payer_identifier="SECND")}
    first = a_coverage_bundle(payer=a_payer(**COMBINED), other_coverages=[plan])
    neighbours.files[COVERAGE] = first
    own = {"coverage": first["coverage"], "payer": first["payer"]}
    neighbours.files["cov_second01"] = a_coverage_bundle(
        "cov_second01", coverage=second, payer=plan["payer"], other_coverages=[own]
    )
    make(day, AFTERNOON)
    assert day.api.submit(day.claims[0]["id"]).status_code == 202
    day.run()
    number = day.number()
    rows = [
        service(number, 1, "97124", 18_000, 15_000, cas("PR", "2", 3_000)),
        service(number, 2, "97110", 4_700, 4_000, cas("PR", "2", 700)),
    ]
    day.receive(remittance(claim_payment(number, *rows)), "835")
    billed = day.api.post(f"/v1/claims/{day.claims[0]['id']}/bill-secondary", {"actor": BILLER})
    assert billed.status_code == 201, billed.text
    assert billed.json()["same_day_note_ids"] == [AFTERNOON]
    assert [(row[0], row[1], row[6]) for row in lines(billed.json())] == [
        ("97124", 4, [NOTE, AFTERNOON]),
        ("97110", 1, [NOTE]),
    ]
