"""Putting a note: create, replace, repeat, and what is refused."""

import pytest

from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.notes.conftest import THERAPIST, Api, a_note

ID = "note_0001"


def test_a_new_note_is_a_draft_at_version_1(api: Api) -> None:
    answer = api.put(ID, a_note(actor=THERAPIST))
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    note = answer.json()
    assert (note["id"], note["status"], note["version"]) == (ID, "draft", 1)
    assert note["date_of_service"] == "2026-03-02"
    assert note["started_at"] == "2026-03-02T07:30:00-08:00"
    assert note["subjective"]["complaint"] == "Neck pain when driving"
    assert api.get(f"/v1/notes/{ID}").json() == note


def test_members_left_out_are_the_same_content_as_members_given_empty(api: Api) -> None:
    api.put(ID, a_note())
    assert api.put(ID, a_note(response="")).json()["version"] == 1


def test_other_content_is_the_next_version(api: Api) -> None:
    first = api.put(ID, a_note()).json()
    second = api.put(ID, a_note(assessment="Better"), if_match='"1"')
    assert second.status_code == 200
    assert second.headers["ETag"] == '"2"'
    assert second.json()["content_hash"] != first["content_hash"]
    assert [event["data"]["version"] for event in api.events()] == [1, 2]


def test_if_match_of_an_older_version_is_412_and_changes_nothing(api: Api) -> None:
    api.put(ID, a_note())
    api.put(ID, a_note(assessment="Better"))
    refused = api.put(ID, a_note(assessment="Worse"), if_match='"1"')
    assert refused.status_code == 412
    assert refused.json()["code"] == "version_changed"
    assert api.get(f"/v1/notes/{ID}").json()["assessment"] == "Better"


def test_if_match_on_a_note_that_is_not_there_is_412(api: Api) -> None:
    assert api.put(ID, a_note(), if_match="*").status_code == 412


def test_one_id_in_two_organizations_is_two_notes(api: Api) -> None:
    api.put(ID, a_note())
    other = api.put(ID, a_note(assessment="Another practice"), organization_id=OTHER_ORGANIZATION)
    assert other.status_code == 201
    assert api.get(f"/v1/notes/{ID}").json()["assessment"] == "Responds well"


def test_a_foreign_organizations_note_is_404(api: Api) -> None:
    api.put(ID, a_note())
    answer = api.get(f"/v1/notes/{ID}", organization_id=OTHER_ORGANIZATION)
    assert (answer.status_code, answer.json()["code"]) == (404, "note_not_found")
    signing = api.sign(ID, organization_id=OTHER_ORGANIZATION)
    assert (signing.status_code, signing.json()["code"]) == (404, "note_not_found")


def test_an_unknown_note_is_404(api: Api) -> None:
    assert api.get("/v1/notes/note_none1").status_code == 404


DAYS = [
    ("2026-03-01T23:30:00-08:00", "2026-03-01T23:59:00-08:00", "2026-03-01"),
    ("2026-03-02T07:30:00Z", "2026-03-02T07:59:00Z", "2026-03-01"),
    ("2026-03-02T08:00:00Z", "2026-03-02T08:29:00Z", "2026-03-02"),
    ("2026-03-02T02:30:00-05:00", "2026-03-02T02:59:00-05:00", "2026-03-01"),
    # Seattle, 2025-11-02: 01:30 comes twice, and the hour before midnight is UTC's next day.
    ("2025-11-02T01:30:00-07:00", "2025-11-02T01:15:00-08:00", "2025-11-02"),
    ("2025-11-02T06:45:00Z", "2025-11-02T07:45:00Z", "2025-11-01"),
    ("2025-11-03T07:30:00Z", "2025-11-03T08:30:00Z", "2025-11-02"),
    # 2025-03-09: 02:00 to 03:00 is not there; 23:30 the evening before is UTC-8, that evening UTC-7.
    ("2025-03-09T07:30:00Z", "2025-03-09T08:30:00Z", "2025-03-08"),
    ("2025-03-10T06:30:00Z", "2025-03-10T07:30:00Z", "2025-03-09"),
]


def test_the_date_of_service_is_the_practices_day_of_the_start_also_when_the_clocks_change(api: Api) -> None:
    for started_at, ended_at, day in DAYS:
        answer = api.put(ID, a_note(started_at=started_at, ended_at=ended_at, techniques=[]))
        assert answer.json()["date_of_service"] == day, started_at


def test_the_zone_of_the_first_put_stays_the_notes(api: Api) -> None:
    evening = {"started_at": "2026-03-01T23:30:00-08:00", "ended_at": "2026-03-02T00:30:00-08:00"}
    api.put(ID, a_note(**evening))
    moved = api.put(ID, a_note(**evening, assessment="Better"), time_zone="America/New_York")
    assert moved.json()["date_of_service"] == "2026-03-01"


def test_techniques_with_more_minutes_than_the_session_are_refused(api: Api) -> None:
    answer = api.put(ID, a_note(ended_at="2026-03-02T08:24:00-08:00"))
    assert answer.status_code == 409
    assert answer.json()["code"] == "minutes_exceed_session"
    assert answer.json()["errors"][0]["pointer"] == "/body/techniques"
    assert api.get(f"/v1/notes/{ID}").status_code == 404


def test_a_session_more_than_a_day_ahead_is_refused(api: Api) -> None:
    ahead = {"started_at": "2026-03-03T09:00:01-08:00", "ended_at": "2026-03-03T10:00:01-08:00"}
    answer = api.put(ID, a_note(**ahead))
    assert (answer.status_code, answer.json()["code"]) == (409, "session_in_future")
    by_a_day = {"started_at": "2026-03-03T09:00:00-08:00", "ended_at": "2026-03-03T10:00:00-08:00"}
    assert api.put(ID, a_note(**by_a_day)).status_code == 201


def test_a_technique_before_or_after_the_session_is_refused_and_one_within_it_kept_as_written(api: Api) -> None:
    """The session is from 7:30 to 8:30."""
    for changed, member in (
        ({"start_minute": 41}, "start_minute"),
        ({"started_at": "2026-03-02T07:29:59-08:00"}, "started_at"),
        ({"started_at": "9999-12-31T23:59:59-12:00"}, "started_at"),
    ):
        answer = api.put(ID, a_note(techniques=[TECHNIQUE | changed]))
        assert (answer.status_code, answer.json()["code"]) == (409, "technique_outside_session")
        assert answer.json()["errors"][0]["pointer"] == f"/body/techniques/0/{member}"
    kept = {"start_minute": 40, "started_at": "2026-03-02T08:10:30-08:00", "side": "left", "region": "the left KNEE"}
    (technique,) = api.put(ID, a_note(techniques=[TECHNIQUE | kept])).json()["techniques"]
    assert {name: technique[name] for name in kept} == kept


def test_a_diagnosis_in_lower_case_or_without_its_dot_is_kept_as_it_is_written(api: Api) -> None:
    done = {"procedure_code": "97124", "region": "neck", "minutes": 15, "diagnoses": ["s39012a"]}
    kept = api.put(ID, a_note(diagnoses=["m542", " s39.012a "], techniques=[done])).json()
    assert (kept["diagnoses"], kept["techniques"][0]["diagnoses"]) == (["M54.2", "S39.012A"], ["S39.012A"])


TECHNIQUE = {"procedure_code": "97124", "region": "neck", "minutes": 20}
MALFORMED = [
    ({"ended_at": "2026-03-02T07:30:00-08:00"}, "/body/ended_at"),
    ({"ended_at": "2026-03-02T15:30:01-08:00"}, "/body/ended_at"),
    ({"ended_at": "2026-03-02T08:30:00"}, "/body/ended_at"),
    ({"started_at": "yesterday"}, "/body/started_at"),
    ({"started_at": "0001-01-01T00:00:00+14:00"}, "/body/started_at"),
    ({"started_at": "0001-01-01T00:00:00+14:00", "ended_at": "0001-01-01T01:00:00+14:00"}, "/body/started_at"),
    ({"ended_at": "9999-12-31T23:59:59-12:00"}, "/body/ended_at"),
    ({"diagnoses": ["M54.2", "M542"]}, "/body/diagnoses/1"),
    ({"diagnoses": ["back pain"]}, "/body/diagnoses/0"),
    ({"diagnoses": [f"M{n}.1" for n in range(10, 23)]}, "/body/diagnoses"),
    ({"techniques": [{"procedure_code": "97124", "region": "neck", "minutes": True}]}, "/body/techniques/0/minutes"),
    ({"techniques": [{"procedure_code": "97124", "region": "neck", "minutes": -1}]}, "/body/techniques/0/minutes"),
    ({"techniques": [TECHNIQUE | {"side": "middle"}]}, "/body/techniques/0/side"),
    ({"techniques": [TECHNIQUE | {"started_at": "2026-03-02T08:00:00"}]}, "/body/techniques/0/started_at"),
    ({"techniques": [TECHNIQUE | {"region": "left knee", "side": "right"}]}, "/body/techniques/0/side"),
    (
        {"techniques": [TECHNIQUE | {"start_minute": 5, "started_at": "9999-12-31T23:59:59-12:00"}]},
        "/body/techniques/0/started_at",
    ),
    ({"subjective": {"complaint": "x" * 10_001}}, "/body/subjective/complaint"),
    ({"subjective": {"complaint": "x", "pain": 11}}, "/body/subjective/pain"),
    ({"patient_id": "pat/../x"}, "/body/patient_id"),
    ({"plann": {}}, "/body/plann"),
    ({"actor": {"id": "u1", "name": "", "role": "therapist"}}, "/body/actor/name"),
]


def test_a_malformed_note_is_422_with_a_pointer(api: Api) -> None:
    for changed, pointer in MALFORMED:
        answer = api.put(ID, a_note(**changed))
        assert answer.status_code == 422, changed
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"][0]["pointer"] == pointer, changed
    assert api.get(f"/v1/notes/{ID}").status_code == 404


def test_a_session_at_the_end_of_the_calendar_is_refused_not_a_crash(api: Api) -> None:
    last = {"started_at": "9999-12-31T23:00:00-12:00", "ended_at": "9999-12-31T23:59:59-12:00"}
    assert api.put(ID, a_note(**last, techniques=[])).status_code == 409


def test_a_refused_value_is_not_repeated_in_the_problem(api: Api) -> None:
    answer = api.put(ID, a_note(patient_id="Canary McSecret"))
    assert "Canary" not in answer.text


def test_text_that_is_no_unicode_is_refused_not_a_crash(api: Api, bearer) -> None:
    body = b'{"patient_id":"pat_canary01","subjective":{"complaint":"\\ud800"}}'
    headers = bearer() | {"Content-Type": "application/json"}
    assert api.client.put(f"/v1/notes/{ID}", content=body, headers=headers).status_code == 422


@pytest.mark.parametrize("note_id", ["x" * 65, "name%20of%20a%20person"])
def test_an_id_of_another_form_is_422(api: Api, note_id: str) -> None:
    assert api.put(note_id, a_note()).status_code == 422


def test_without_a_token_it_is_401_and_without_the_scope_403(api: Api) -> None:
    assert api.client.put(f"/v1/notes/{ID}", json=a_note()).status_code == 401
    assert api.put(ID, a_note(), scopes=["notes:read"]).status_code == 403
    assert api.get(f"/v1/notes/{ID}", scopes=["notes:write"]).status_code == 403


def test_a_token_for_another_service_is_401(api: Api) -> None:
    assert api.put(ID, a_note(), audience="claims").status_code == 401


@pytest.mark.safeguard("164.312(a)(2)(i)")
def test_a_note_whose_author_is_not_named_is_refused(api: Api) -> None:
    body = {name: value for name, value in a_note().items() if name != "actor"}
    answer = api.put("note_0001", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/actor")
