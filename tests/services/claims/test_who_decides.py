"""Who decides about claims and money: the roles of the one table, vouched for or with a person's own token."""

import pytest

from shared.roles import Role, scopes_of
from shared.security.caller import Person
from tests.services.claims.factories import BILLER, COVERAGE, a_coverage_bundle, a_practice

NOT_COVERED = {"active": "active", "massage": "not_covered", "service_type": "BE", "authorization": "not_required"}
REASON = "Called the payer on 2 March: they pay massage under this plan, reference 4471."
OVERRIDE = {"rule_code": "massage_not_covered", "reason": REASON}
NOT_BILLERS = ["therapist", "front_desk", "auditor", "integration", "supervisor"]
pytestmark = pytest.mark.safeguard("164.312(a)(1)", "164.312(a)(2)(i)", "API5")


def as_person(*roles: Role, **changed):
    person = Person("usr_birgit", "Birgit Aas", roles, **changed)
    return {"person": person, "scopes": sorted(scopes_of(roles)), "client_id": "cli_ehr"}


@pytest.fixture
def blocked(office, neighbours):
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=NOT_COVERED)
    return office.create().json()


def override(office, claim, **more):
    body = OVERRIDE | ({"actor": more.pop("actor")} if "actor" in more else {})
    return office.post(f"/v1/claims/{claim['id']}/overrides", body, **more)


@pytest.mark.parametrize("role", NOT_BILLERS)
def test_only_a_biller_overrides_whoever_vouches(office, blocked, role) -> None:
    answer = override(office, blocked, actor={**BILLER, "role": role})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")
    assert office.claim(blocked["id"]) == blocked
    entries = office.get(f"/v1/audit-entries?subject_id={blocked['id']}").json()["items"]
    assert [(one["outcome"], one["actor"]["role"]) for one in entries if one["action"] == "override_finding"] == [
        ("refused", role)
    ]


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.FRONT_DESK, Role.AUDITOR, Role.INTEGRATION])
def test_a_person_of_another_role_does_not_override(office, blocked, role) -> None:
    answer = override(office, blocked, **as_person(role))
    assert answer.status_code == 403
    assert answer.json()["code"] in ("scope_missing", "role_not_permitted")
    # Nor where her token had the scope.
    answer = override(office, blocked, **as_person(role) | {"scopes": ["claims:write"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")
    assert office.claim(blocked["id"]) == blocked


def test_a_biller_overrides_with_her_own_token_and_is_named_as_who_did(office, blocked) -> None:
    answer = override(office, blocked, **as_person(Role.BILLER))
    assert answer.status_code == 201, answer.text
    [one] = answer.json()["overrides"]
    assert one["actor"] == {"id": "usr_birgit", "name": "Birgit Aas", "role": "biller"}


def test_an_organization_may_want_persons_for_its_decisions_and_for_those_alone(office, blocked) -> None:
    refused = override(office, blocked, actor=BILLER, persons_decide=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "person_required")
    void = office.post(f"/v1/claims/{blocked['id']}/void", {"actor": BILLER}, persons_decide=True)
    assert (void.status_code, void.json()["code"]) == (403, "person_required")
    refreshed = office.post(f"/v1/claims/{blocked['id']}/refresh", {"actor": BILLER}, persons_decide=True)
    assert refreshed.status_code == 200
    assert override(office, blocked, persons_decide=True, **as_person(Role.BILLER)).status_code == 201


@pytest.mark.parametrize("act", ["release", "retry"])
@pytest.mark.parametrize("role", NOT_BILLERS)
def test_only_a_biller_releases_what_posts_money(office, act, role) -> None:
    reason = {"reason": "The bank confirms the sum."} if act == "release" else {}
    body = {"actor": {**BILLER, "role": role}, **reason}
    answer = office.post(f"/v1/messages/msg_00000001/{act}", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")
    assert office.post(f"/v1/messages/msg_00000001/{act}", body | {"actor": BILLER}).status_code == 404


@pytest.mark.parametrize("role", ["therapist", "front_desk", "auditor"])
def test_who_sets_up_billing_is_a_biller_or_the_ehr_itself(office, role) -> None:
    answer = office.put("/v1/practice", a_practice(contact_name="Another", actor={**BILLER, "role": role}))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")
    # Where nobody is named it is the client that acts, by its scope.
    assert office.put("/v1/practice", a_practice(contact_name="Another")).status_code == 200


def test_an_auditor_reads_and_changes_nothing(office, blocked) -> None:
    who = as_person(Role.AUDITOR)
    assert office.get(f"/v1/claims/{blocked['id']}", **who).status_code == 200
    assert office.get("/v1/audit-entries", **who).status_code == 200
    for path, body in (
        (f"/v1/claims/{blocked['id']}/submit", {}),
        (f"/v1/claims/{blocked['id']}/refresh", {}),
        (f"/v1/claims/{blocked['id']}/void", {}),
        (f"/v1/claims/{blocked['id']}/overrides", OVERRIDE),
    ):
        answer = office.post(path, {name: value for name, value in body.items() if name != "actor"}, **who)
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), path
    assert office.claim(blocked["id"]) == blocked
