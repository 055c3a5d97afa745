"""Every route that writes says what a role has to be allowed, and its OpenAPI operation who may; from the one table."""

import json
from pathlib import Path

import pytest

from shared.contracts.access import SCOPES as CLIENT_SCOPES
from shared.roles import EMERGENCY, MAY, MEANINGS, PATIENT_DATA, READS, SCOPES, Permission, Role, may, scopes_of
from shared.web.routes import ROLES

OPENAPI = Path(__file__).parents[2] / "deploy" / "openapi"
PAGE = OPENAPI.parents[1] / "docs" / "operating.md"
WRITING = ("put", "post", "delete", "patch")
ASKING = {"replay_rules", "check_claim", "search_coverages"}
"""These change nothing: a POST keeps what is asked out of the address."""
BY_SCOPE_ALONE = {
    "create_client": "access:admin",
    "put_client_keys": "access:admin",
    "revoke_client": "access:admin",
    "put_decisions": "access:admin",
    "put_user": "users:write",
    "import_code_set_edition": "codes:import",
    "withdraw_code_set_edition": "codes:import",
}
"""What no role may: API clients administer access, and the operator imports code sets."""
pytestmark = pytest.mark.safeguard("164.312(a)(1)", "API5")


def operations():
    for service in ("access", "eligibility", "notes", "claims"):
        document = json.loads((OPENAPI / f"{service}.json").read_text())
        for methods in document["paths"].values():
            for method, operation in methods.items():
                if method in WRITING and operation["security"]:
                    yield operation


def test_every_operation_that_writes_names_the_roles_that_may() -> None:
    found = {one["operationId"]: one.get(ROLES) for one in operations()}
    assert {name for name, roles in found.items() if roles is None} == ASKING | set(BY_SCOPE_ALONE)
    assert found["sign_note"] == ["therapist"]
    assert found["override_finding"] == found["release_message"] == found["void_claim"] == ["biller"]
    assert found["create_claim"] == ["biller", "integration"]
    assert found["export_patient_records"] == found["put_legal_hold"] == ["privacy_official"]
    assert all(roles for roles in found.values() if roles is not None), "somebody may do each"


def test_no_role_has_a_scope_by_which_access_is_administered() -> None:
    assert not scopes_of(Role) & {*BY_SCOPE_ALONE.values(), "users:read", "internal"}
    assert scopes_of(Role) < set(CLIENT_SCOPES)


def test_every_permission_has_a_meaning_a_scope_and_somebody_who_may() -> None:
    assert set(MEANINGS) == set(SCOPES) == set(Permission)
    assert set(MAY) == set(READS) == set(Role)
    assert frozenset().union(*MAY.values()) == set(Permission)


def test_an_auditor_may_nothing_and_reads_all() -> None:
    assert not MAY[Role.AUDITOR]
    assert scopes_of([Role.AUDITOR]) == PATIENT_DATA | {"audit:read"}


def test_who_gives_records_away_and_keeps_evidence_neither_writes_nor_bills_nor_audits() -> None:
    keeping = {Permission.EXPORT_RECORDS, Permission.HOLD_RECORDS}
    assert [role for role in Role if MAY[role] & keeping] == [Role.PRIVACY_OFFICIAL]
    assert MAY[Role.PRIVACY_OFFICIAL] == keeping
    assert scopes_of([Role.PRIVACY_OFFICIAL]) == PATIENT_DATA | {"audit:read", "records:export", "records:hold"}


def test_only_a_therapist_signs_and_only_a_biller_decides_about_money() -> None:
    assert [role for role in Role if may(role, Permission.SIGN_NOTES)] == [Role.THERAPIST]
    for permission in (
        Permission.OVERRIDE_FINDINGS,
        Permission.RELEASE_MESSAGES,
        Permission.VOID_CLAIMS,
        Permission.ENTER_MONEY,
    ):
        assert [role for role in Role if may(role, permission)] == [Role.BILLER]
    assert not may("owner", Permission.SIGN_NOTES)


def test_emergency_access_opens_reading_alone_and_to_whoever_works_with_patients() -> None:
    assert all(scope.endswith(":read") for scope in PATIENT_DATA)
    assert {Role.AUDITOR, Role.INTEGRATION, Role.PRIVACY_OFFICIAL} == set(Role) - EMERGENCY


def test_the_page_on_operating_shows_the_table_as_it_is() -> None:
    shown = [row.split("|")[1:-1] for row in PAGE.read_text().splitlines() if row.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in shown]
    start = next(place for place, row in enumerate(cells) if row[0] == "may")
    assert cells[start][1:] == [f"`{role}`" for role in Role]
    table = {row[0]: row[1:] for row in cells[start + 2 :] if len(row) == len(Role) + 1}
    wanted = {f"`{scope}`": [scope in READS[role] for role in Role] for scope in sorted(scopes_read())}
    wanted |= {MEANINGS[one]: [one in MAY[role] for role in Role] for one in Permission}
    assert table == {name: ["yes" if has else "" for has in row] for name, row in wanted.items()}


def scopes_read() -> set[str]:
    return {scope for scopes in READS.values() for scope in scopes}
