"""Only the note's own therapist signs it, with a license that was in force on the day; others are refused, by name."""

import pytest

from shared.contracts.common import License
from shared.roles import Role, scopes_of
from shared.security.caller import Person
from tests.services.notes.conftest import LICENSE, THERAPIST, Api, a_note, a_signature

ID = "note_0001"
DAY = "2026-03-02"
MAYA = Person("user-maya", "Maya Lindgren", (Role.THERAPIST,), "the_maya0001", (License.model_validate(LICENSE),))
pytestmark = pytest.mark.safeguard("164.312(d)", "164.312(a)(2)(i)", "API5")


def licensed(**changed) -> License:
    return License.model_validate({**LICENSE, **changed})


def as_person(person: Person = MAYA, **changed):
    fields = {name: getattr(person, name) for name in person.__slots__} | changed
    one = Person(**fields)
    return {"person": one, "scopes": sorted(scopes_of(one.roles)), "client_id": "cli_ehr"}


def sign(api: Api, who, **changed):
    body = {name: value for name, value in {"therapist_id": "the_maya0001", **changed}.items() if value is not None}
    return api.sign(ID, body, **who)


def is_draft(api: Api) -> bool:
    return api.get(f"/v1/notes/{ID}").json()["status"] == "draft"


@pytest.mark.parametrize("role", ["biller", "front_desk", "auditor", "integration", "owner", "Therapist", "therapist "])
def test_an_actor_of_another_role_is_refused_whoever_vouches_for_him(api: Api, role: str) -> None:
    api.put(ID, a_note())
    answer = api.sign(ID, a_signature(actor={**THERAPIST, "role": role}))
    if role == "therapist ":
        assert answer.status_code == 200, "blanks around a word are taken off everywhere"
        return
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")
    assert answer.json()["errors"] == [
        {
            "pointer": "/body/actor/role",
            "code": "role_not_permitted",
            "message": "This role may not do that.",
            "fix": "Let a person with the role therapist do it.",
        }
    ]
    assert is_draft(api)


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (None, "license_missing"),
        ({**LICENSE, "effective_from": "2026-03-03"}, "license_not_in_force"),
        ({**LICENSE, "effective_to": "2026-03-01"}, "license_not_in_force"),
    ],
)
def test_a_vouched_therapist_signs_with_a_license_of_the_day_of_service(api: Api, shown, code) -> None:
    api.put(ID, a_note())
    body = {name: value for name, value in a_signature(license=shown).items() if value is not None}
    answer = api.sign(ID, body)
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert "/v1/users/{user_id}" in answer.json()["detail"]
    assert is_draft(api)


def test_the_first_and_the_last_day_of_a_license_are_its_own_and_it_stays_with_the_signature(api: Api) -> None:
    api.put(ID, a_note())
    one_day = {**LICENSE, "effective_from": DAY, "effective_to": DAY}
    assert api.sign(ID, a_signature(license=one_day)).json()["signed_by"]["license"] == one_day


def test_a_person_signs_with_her_own_token_and_need_not_name_herself(api: Api) -> None:
    api.put(ID, {name: value for name, value in a_note().items() if name != "actor"}, **as_person())
    answer = sign(api, as_person())
    assert answer.status_code == 200, answer.text
    assert answer.json()["signed_by"] == {"therapist_id": "the_maya0001", **THERAPIST, "license": LICENSE}
    entries = api.get("/v1/audit-entries?client_id=cli_ehr").json()["items"]
    assert [(one["action"], one["actor"]) for one in entries] == [("put_note", THERAPIST), ("sign_note", THERAPIST)]


def test_without_a_persons_token_the_actor_is_named(api: Api) -> None:
    body = {name: value for name, value in a_note().items() if name != "actor"}
    answer = api.put(ID, body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/body/actor")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"licenses": ()}, "license_missing"),
        ({"licenses": (licensed(effective_to="2026-03-01"),)}, "license_not_in_force"),
        ({"licenses": (licensed(effective_from="2026-03-03"),)}, "license_not_in_force"),
        ({"therapist_id": None}, "not_this_therapist"),
        ({"therapist_id": "the_other001"}, "not_this_therapist"),
        ({"roles": (Role.BILLER,)}, "scope_missing"),
        ({"roles": (Role.AUDITOR,)}, "scope_missing"),
        ({"roles": (Role.FRONT_DESK,)}, "scope_missing"),
        ({"roles": (Role.INTEGRATION,)}, "role_not_permitted"),
        ({"roles": (Role.INTEGRATION, Role.BILLER)}, "role_not_permitted"),
    ],
)
def test_a_person_who_may_not_sign_does_not(api: Api, changed, code) -> None:
    api.put(ID, a_note())
    answer = sign(api, as_person(**changed))
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert is_draft(api)


def test_a_role_of_the_body_gives_a_person_nothing(api: Api) -> None:
    api.put(ID, a_note())
    answer = sign(api, as_person(roles=(Role.INTEGRATION,)), actor=THERAPIST)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")


def test_a_person_with_several_roles_acts_in_the_one_that_may(api: Api) -> None:
    api.put(ID, a_note())
    answer = sign(api, as_person(roles=(Role.BILLER, Role.THERAPIST)), actor={**THERAPIST, "role": "biller"})
    assert answer.json()["signed_by"]["role"] == "therapist"


def test_a_persons_token_is_of_no_other_actor(api: Api) -> None:
    api.put(ID, a_note())
    other = {"id": "user-ben", "name": "Ben Ruiz", "role": "therapist"}
    answer = sign(api, as_person(), actor=other)
    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_the_bearer")
    assert is_draft(api)
    [entry] = [one for one in api.get("/v1/audit-entries").json()["items"] if one["action"] == "sign_note"]
    assert (entry["outcome"], entry["actor"]["id"]) == ("refused", "user-maya")


def test_a_persons_license_is_the_one_on_file(api: Api) -> None:
    api.put(ID, a_note())
    answer = sign(api, as_person(licenses=()), license=LICENSE)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "license_on_file")
    assert is_draft(api)


def test_an_organization_may_want_the_therapists_own_token_for_a_signature(api: Api) -> None:
    api.put(ID, a_note(), persons_decide=True)
    answer = api.sign(ID, a_signature(), persons_decide=True)
    assert (answer.status_code, answer.json()["code"]) == (403, "person_required")
    assert is_draft(api)
    assert sign(api, as_person() | {"persons_decide": True}).status_code == 200


def test_two_persons_of_one_client_have_keys_of_their_own(api: Api) -> None:
    api.put(ID, a_note())
    body = {"therapist_id": "the_maya0001"}
    assert api.sign(ID, body, key="one-key-of-two", **as_person()).status_code == 200
    ben = as_person(user_id="user-ben", name="Ben Ruiz", therapist_id="the_maya0001")
    answer = api.sign(ID, body, key="one-key-of-two", **ben)
    assert (answer.status_code, answer.json()["code"]) == (409, "note_signed")


@pytest.mark.safeguard("164.312(a)(2)(ii)")
def test_emergency_access_reads_and_writes_nothing_and_its_reason_stands_at_each_request(api: Api) -> None:
    api.put(ID, a_note())
    desk = Person(
        "user-perry", "Perry Moss", (Role.FRONT_DESK,), emergency="The therapist is ill, a patient is in pain"
    )
    who = {"person": desk, "scopes": ["notes:read"], "client_id": "cli_desk"}
    assert api.get(f"/v1/notes/{ID}", **who).status_code == 200
    assert api.get("/v1/notes?patient_id=pat_canary01", **who).status_code == 200
    assert [api.get("/v1/events", **who).status_code for _ in range(2)] == [200, 200]
    assert sign(api, who).json()["code"] == "scope_missing"
    # Not even with a scope that such a token never has, in the role that may.
    therapist = Person(**{name: getattr(MAYA, name) for name in MAYA.__slots__} | {"emergency": desk.emergency})
    assert sign(api, {**who, "person": therapist, "scopes": ["notes:write"]}).json()["code"] == "role_not_permitted"
    entries = api.get("/v1/audit-entries?client_id=cli_desk").json()["items"]
    assert [one["action"] for one in entries] == [
        "get_note",
        "list_notes",
        "list_events",
        "list_events",
        "sign_note",
        "sign_note",
    ]
    assert {(one["purpose"], one["reason"]) for one in entries} == {("break_glass", desk.emergency)}
    assert {one["actor"]["id"] for one in entries} == {"user-perry", "user-maya"}
