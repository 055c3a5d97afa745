"""What notes give a patient of herself: all her notes whole, drafts too, and nobody else's."""

import json

import pytest

from services.notes.store import NoteRow
from shared.database.organization_rows import members_of
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION
from tests.services.notes.conftest import a_note, a_signature

KEEPER = {"id": "user-noor", "name": "Noor Haddad", "role": "privacy_official"}
PATIENT = a_note()["patient_id"]


def page(api, patient_id=PATIENT, scopes=("records:export",), owner=ORGANIZATION, **changed):
    body = {"reason": "Her letter of March 2", "actor": KEEPER, **changed}
    headers = api._bearer(scopes=list(scopes), organization_id=owner)
    return api.client.post(f"/v1/patients/{patient_id}/export", json=body, headers=headers)


@pytest.mark.safeguard("164.524")
def test_a_patients_notes_are_there_as_they_are_kept_and_no_other_patients(api, settings) -> None:
    api.put("note_signed", a_note()).raise_for_status()
    api.sign("note_signed").raise_for_status()
    api.put("note_draft", a_note(assessment="Not yet ready")).raise_for_status()
    api.put("note_other", a_note(patient_id="pat_another", assessment="OTHERPATIENT")).raise_for_status()
    items = page(api).raise_for_status().json()["items"]
    assert [(one["kind"], one["record"]["id"]) for one in items] == [("notes", "note_draft"), ("notes", "note_signed")]
    with api.client.app.state.database.reading() as session:
        rows = [session.get(NoteRow, (ORGANIZATION, one)) for one in ("note_draft", "note_signed")]
        assert [one["record"] for one in items] == [json.loads(json.dumps(members_of(row))) for row in rows]
    assert items[1]["record"]["signed_by"]["license"] == a_signature()["license"]
    assert items[0]["record"]["content"]["subjective"]["complaint"] == "Neck pain when driving"
    assert "OTHERPATIENT" not in json.dumps(items)


@pytest.mark.safeguard("164.312(a)(1)", "API1", "API5")
def test_another_organizations_patient_is_not_found_and_reading_notes_is_not_enough(api) -> None:
    api.put("note_signed", a_note()).raise_for_status()
    assert page(api, owner=OTHER_ORGANIZATION).json()["code"] == "patient_not_found"
    assert page(api, scopes=("notes:read", "notes:write", "internal")).json()["code"] == "scope_missing"
    assert page(api, actor={**KEEPER, "role": "therapist"}).json()["code"] == "role_not_permitted"
