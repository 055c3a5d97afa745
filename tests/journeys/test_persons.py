"""Persons of a practice sign in at an OIDC issuer and work through all services, each with a token of her own."""

import time
from types import SimpleNamespace

import pytest

from services.access.app import connect
from services.access.flows.issuers import add_issuer
from services.cli.demo.practice import load
from shared.settings import Settings
from tests.journeys.whole import whole
from tests.services.access.people import AUDIENCE, EXCHANGE, ID_TOKEN, LICENSE, Issuer, numbers

WITHIN_SECONDS = 60
EMERGENCY = "The therapist is ill and the patient calls in pain"
STAFF = {
    "usr_ingrid": {"name": "Ingrid Solberg", "roles": ["therapist"], "licenses": [LICENSE]},
    "usr_expired": {
        "name": "Ingrid Before",
        "roles": ["therapist"],
        "licenses": [{**LICENSE, "effective_to": "2024-12-31"}],
    },
    "usr_birgit": {"name": "Birgit Aas", "roles": ["biller"]},
    "usr_perry": {"name": "Perry Moss", "roles": ["front_desk"]},
    "usr_audra": {"name": "Audra Lind", "roles": ["auditor"]},
}


@pytest.fixture
def practice(tmp_path, make_database_url, free_url, run_app):
    """Everything up, the practice's records handed over, an issuer set up, and its staff on file."""
    issuer = Issuer()
    issuer.url = run_app(issuer.app)
    with whole(tmp_path, load(), make_database_url, free_url, run_app) as running:
        settings = Settings(
            data_dir=tmp_path, database_url=make_database_url("access"), access_url=running.urls["access"]
        )
        deps = connect(settings)
        running.day.hand_over(lambda *_: None)
        add_issuer(deps, running.ehr.get("access", "/v1/organization")["id"], issuer.url, AUDIENCE)
        deps.issuer_keys.close()
        deps.database.close()
        visit = next(one for one in load().visits if one.signed)
        for user_id, user in STAFF.items():
            put_user(running, issuer, user_id, visit, **user)
        yield SimpleNamespace(running=running, issuer=issuer, visit=visit)


def put_user(running, issuer, user_id: str, visit, **user) -> None:
    therapist = {"therapist_id": visit.note["therapist_id"]} if "therapist" in user["roles"] else {}
    identity = {"issuer": issuer.url, "subject": f"sub-{user_id}"}
    running.ehr.put("access", f"/v1/users/{user_id}", {**user, **therapist, "identities": [identity]})


class Person:
    """One of the staff, signed in."""

    def __init__(self, practice, http, user_id: str, **form: str) -> None:
        self._urls, self._http, self.user_id = practice.running.urls, http, user_id
        client = practice.running.client
        fields = {
            "grant_type": EXCHANGE,
            "subject_token": practice.issuer.id_token(f"sub-{user_id}"),
            "subject_token_type": ID_TOKEN,
            **form,
        }
        answer = http.post(self._urls["access"] + "/oauth/token", data=fields, auth=(client.id, client.secret))
        self._token = answer.raise_for_status().json()["access_token"]

    def ask(self, method: str, service: str, path: str, body=None):
        headers = {"Authorization": f"Bearer {self._token}"}
        if method == "POST":
            headers["Idempotency-Key"] = f"of-a-person-{next(numbers):06}"
        return self._http.request(method, self._urls[service] + path, json=body, headers=headers)

    def does(self, method: str, service: str, path: str, body=None):
        answer = self.ask(method, service, path, body)
        assert answer.is_success, f"{self.user_id} {method} {path}: {answer.text}"
        return answer.json()

    def refused(self, method: str, service: str, path: str, body=None) -> str:
        answer = self.ask(method, service, path, body)
        assert answer.status_code in (401, 403), f"{self.user_id} {method} {path}: {answer.text}"
        return answer.json()["code"]


@pytest.mark.safeguard("164.312(a)(1)", "164.312(a)(2)(i)", "164.312(a)(2)(ii)", "164.312(d)", "API5")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_a_practices_staff_work_each_in_her_own_role_from_note_to_claim(practice, http) -> None:
    running, visit = practice.running, practice.visit
    running.ehr.put("access", "/v1/organization/decisions", {"by": "persons"})
    ingrid, expired, birgit, perry, audra = (Person(practice, http, user_id) for user_id in STAFF)
    note = {name: value for name, value in visit.note.items() if name != "actor"}
    at, sign = f"/v1/notes/{visit.note_id}", {"therapist_id": note["therapist_id"]}

    ingrid.does("PUT", "notes", at, note)
    assert expired.refused("POST", "notes", at + "/sign", sign) == "license_not_in_force"
    assert perry.refused("GET", "notes", at) == "scope_missing"
    assert [one.refused("POST", "notes", at + "/sign", sign) for one in (birgit, perry, audra)] == ["scope_missing"] * 3
    signed = ingrid.does("POST", "notes", at + "/sign", sign)
    assert (signed["signed_by"]["id"], signed["signed_by"]["license"]) == ("usr_ingrid", LICENSE)

    wanted = {"note_id": visit.note_id, "coverage_id": visit.coverage_id}
    assert perry.refused("POST", "claims", "/v1/claims", wanted) == "scope_missing"
    assert ingrid.refused("POST", "claims", "/v1/claims", wanted) == "scope_missing"
    claim = birgit.does("POST", "claims", "/v1/claims", wanted)
    here = f"/v1/claims/{claim['id']}"
    assert audra.does("GET", "claims", here)["id"] == claim["id"]
    override = {"rule_code": "note_unsigned", "reason": "Nothing that anybody may override, long enough."}
    for one in (perry, audra, ingrid):
        assert one.refused("POST", "claims", here + "/void", {}) == "scope_missing"
        assert one.refused("POST", "claims", here + "/overrides", override) == "scope_missing"
    # A biller may; that there is no such finding is another answer.
    assert birgit.ask("POST", "claims", here + "/overrides", override).status_code == 409
    birgit.does("POST", "claims", here + "/void", {})

    in_need = Person(practice, http, "usr_perry", emergency_reason=EMERGENCY)
    assert in_need.does("GET", "notes", at)["id"] == visit.note_id
    assert in_need.refused("PUT", "notes", at, note) == "scope_missing"
    trail = audra.does("GET", "notes", "/v1/audit-entries?limit=200")["items"]
    broken = [one for one in trail if one["purpose"] == "break_glass"]
    assert [(one["action"], one["actor"]["id"], one["reason"]) for one in broken] == [
        ("get_note", "usr_perry", EMERGENCY),
        ("put_note", "usr_perry", EMERGENCY),
    ]
    taken = audra.does("GET", "access", "/v1/emergency-accesses")["items"]
    assert [(one["user_id"], one["reason"]) for one in taken] == [("usr_perry", EMERGENCY)]
    _leaves(practice, birgit, here)


def _leaves(practice, birgit: Person, here: str) -> None:
    """She is put as not active: refused by access at once, by the other services within a minute."""
    put_user(practice.running, practice.issuer, "usr_birgit", practice.visit, **STAFF["usr_birgit"], active=False)
    assert birgit.refused("GET", "access", "/v1/organization") == "token_revoked"
    began = time.monotonic()
    while birgit.ask("GET", "claims", here).status_code == 200:
        assert time.monotonic() - began < WITHIN_SECONDS
        time.sleep(0.5)
    assert birgit.refused("GET", "claims", here) == "token_revoked"
