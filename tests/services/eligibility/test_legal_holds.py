"""Legal holds through the API: placed once, corrected, released for good, and for whoever has their own scope alone."""

from datetime import timedelta

import pytest

from tests.harness.tokens import OTHER_ORGANIZATION
from tests.services.eligibility.conftest import KEEPER, PATIENT, a_patient

HOLD = "legal-holds/hold_0001"
SCOPE = {"scopes": ["records:hold"]}


def a_hold(**changed):
    body = {
        "patient_id": PATIENT,
        "reason": "A letter of counsel, CANARYMATTER",
        "since": "2026-02-27",
        "actor": KEEPER,
    }
    return body | changed


def release(api, path=HOLD, **claims):
    body = {"reason": "The matter was settled", "actor": KEEPER}
    return api.client.post(f"/v1/{path}/release", json=body, headers=api.bearer(key=f"release-{path}", **claims))


@pytest.fixture
def held(api):
    api.put(f"patients/{PATIENT}", a_patient()).raise_for_status()
    assert api.put(HOLD, a_hold(), **SCOPE).status_code == 201
    return api


@pytest.mark.safeguard("164.310(d)(2)(i)")
def test_a_hold_says_whom_it_binds_why_since_when_and_who_placed_and_released_it(held, clock) -> None:
    placed = held.get(HOLD).json()
    assert placed == {
        "id": "hold_0001",
        "version": 1,
        "patient_id": PATIENT,
        "reason": "A letter of counsel, CANARYMATTER",
        "since": "2026-02-27",
        "placed_by": KEEPER,
        "released_at": None,
        "released_by": None,
        "release_reason": None,
    }
    clock.advance(timedelta(days=30))
    released = release(held)
    assert (released.status_code, released.json()) == (
        200,
        placed
        | {
            "version": 2,
            "released_at": "2026-04-01T17:00:00Z",
            "released_by": KEEPER,
            "release_reason": "The matter was settled",
        },
    )
    assert held.get(HOLD).json() == released.json()
    kinds = [(one["type"], one["data"]) for one in held.get("events").json()["items"]]
    assert kinds[1:] == [("legal_hold.put", {"version": 1}), ("legal_hold.released", {"version": 2})]


def test_a_released_hold_never_changes_and_is_not_released_twice(held) -> None:
    release(held).raise_for_status()
    again = held.client.post(
        f"/v1/{HOLD}/release", json={"reason": "Again", "actor": KEEPER}, headers=held.bearer(key="another-key")
    )
    for refused in (again, held.put(HOLD, a_hold(reason="Another matter"))):
        assert (refused.status_code, refused.json()["code"]) == (409, "hold_released")


def test_a_hold_binds_a_patient_who_is_there_and_never_another_one(held) -> None:
    unknown = held.put("legal-holds/hold_0002", a_hold(patient_id="pat_mistyped"))
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (404, "/body/patient_id")
    assert held.get("legal-holds/hold_0002").status_code == 404
    moved = held.put(HOLD, a_hold(patient_id=None))
    assert (moved.status_code, moved.json()["code"]) == (409, "owner_is_fixed")


def test_holds_are_listed_by_patient_and_page_with_those_of_the_organization_alone(held) -> None:
    held.put("legal-holds/hold_0000", a_hold(patient_id=None)).raise_for_status()
    release(held).raise_for_status()
    page = held.get("legal-holds?limit=1").json()
    assert [one["id"] for one in page["items"]] == ["hold_0000"]
    rest = held.get(f"legal-holds?limit=1&after={page['next']}").json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (["hold_0001"], None)
    assert [one["id"] for one in held.get(f"legal-holds?patient_id={PATIENT}").json()["items"]] == ["hold_0001"]
    assert held.get("legal-holds", organization_id=OTHER_ORGANIZATION).json()["items"] == []


def test_holds_have_their_own_scope_and_their_reasons_are_sealed(held, settings) -> None:
    others = {"scopes": ["eligibility:read", "eligibility:write", "audit:read", "internal"]}
    asked = (held.get(HOLD, **others), held.get("legal-holds", **others), held.put(HOLD, a_hold(), **others))
    for refused in (*asked, release(held, **others)):
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    for file in settings.data_dir.rglob("*"):
        assert not file.is_file() or b"CANARYMATTER" not in file.read_bytes()


@pytest.mark.safeguard("164.312(a)(1)", "API5")
@pytest.mark.parametrize("role", ["therapist", "biller", "front_desk", "auditor", "integration", "owner"])
def test_only_the_privacy_official_places_and_releases_a_hold(held, role) -> None:
    who = {**KEEPER, "role": role}
    refused = held.put(HOLD, a_hold(actor=who, reason="Another matter"), **SCOPE)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")
    body = {"reason": "It is over", "actor": who}
    refused = held.client.post(f"/v1/{HOLD}/release", json=body, headers=held.bearer(key="not-hers", **SCOPE))
    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_permitted")
    assert held.get(HOLD).json()["released_at"] is None


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1_001])
def test_a_hold_needs_a_reason_of_bounded_length(held, reason) -> None:
    assert held.put("legal-holds/hold_0003", a_hold(reason=reason)).status_code == 422
