"""Signing: whose signature it takes, what it needs, and that nothing changes after."""

from datetime import timedelta

import pytest

from services.notes.domain.content import content_hash
from shared.clocks import SetClock
from shared.contracts.notes import NotePut
from tests.services.notes.conftest import LICENSE, THERAPIST, Api, a_note, a_signature

ID = "note_0001"


def test_a_signature_keeps_who_when_and_what(api: Api, clock: SetClock) -> None:
    draft = api.put(ID, a_note()).json()
    answer = api.sign(ID, a_signature(content_hash=draft["content_hash"]))
    assert answer.status_code == 200
    note = answer.json()
    assert (note["status"], note["version"]) == ("signed", 2)
    assert note["signed_by"] == {"therapist_id": "the_maya0001", **THERAPIST, "license": LICENSE}
    assert note["signed_at"] == "2026-03-02T17:00:00Z"
    assert note["content_hash"] == draft["content_hash"]
    assert api.get(f"/v1/notes/{ID}").json() == note
    assert [event["type"] for event in api.events()] == ["note.put", "note.signed"]


def test_the_content_hash_is_what_a_caller_finds_by_the_documented_rule(api: Api) -> None:
    note = api.put(ID, a_note(actor=THERAPIST)).json()
    content = NotePut.model_validate(a_note()).model_dump(mode="json", exclude={"actor"})
    assert note["content_hash"] == content_hash(ID, content)


@pytest.mark.safeguard("164.312(c)(1)")
def test_a_changed_note_after_signing_is_409_note_signed(api: Api) -> None:
    api.put(ID, a_note())
    signed = api.sign(ID).json()
    for if_match in (None, '"2"'):
        answer = api.put(ID, a_note(assessment="Better"), if_match=if_match)
        assert (answer.status_code, answer.json()["code"]) == (409, "note_signed")
    assert api.get(f"/v1/notes/{ID}").json() == signed


def test_an_identical_put_after_signing_answers_the_signed_note(api: Api) -> None:
    api.put(ID, a_note())
    signed = api.sign(ID).json()
    again = api.put(ID, a_note(actor=THERAPIST))
    assert again.status_code == 200
    assert again.json() == signed


def test_a_signer_who_is_not_the_notes_therapist_is_refused(api: Api) -> None:
    api.put(ID, a_note())
    answer = api.sign(ID, a_signature(therapist_id="the_other001"))
    assert (answer.status_code, answer.json()["code"]) == (409, "signer_not_the_therapist")
    assert answer.json()["errors"][0]["pointer"] == "/body/therapist_id"
    assert api.get(f"/v1/notes/{ID}").json()["status"] == "draft"


def test_a_signature_for_other_content_than_the_notes_is_refused(api: Api) -> None:
    read = api.put(ID, a_note()).json()["content_hash"]
    api.put(ID, a_note(assessment="Changed meanwhile"))
    answer = api.sign(ID, a_signature(content_hash=read))
    assert (answer.status_code, answer.json()["code"]) == (409, "content_changed")


def test_signing_again_with_another_key_answers_the_same_note(api: Api, clock: SetClock) -> None:
    api.put(ID, a_note())
    first = api.sign(ID)
    clock.advance(timedelta(hours=1))
    second = api.sign(ID)
    assert second.content == first.content
    assert len(api.events()) == 2


def test_another_person_cannot_sign_what_is_signed(api: Api) -> None:
    api.put(ID, a_note())
    api.sign(ID)
    answer = api.sign(ID, a_signature(actor={"id": "user-ben", "name": "Ben Ruiz", "role": "therapist"}))
    assert (answer.status_code, answer.json()["code"]) == (409, "note_signed")


def test_the_same_key_gets_the_same_answer_byte_for_byte(api: Api) -> None:
    api.put(ID, a_note())
    first = api.sign(ID, key="a-key-of-my-own")
    again = api.sign(ID, key="a-key-of-my-own")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_with_another_body_is_422(api: Api) -> None:
    api.put(ID, a_note())
    api.sign(ID, key="a-key-of-my-own")
    answer = api.sign(ID, a_signature(content_hash="0" * 64), key="a-key-of-my-own")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_refused_signature_leaves_its_key_free(api: Api) -> None:
    assert api.sign(ID, key="a-key-of-my-own").status_code == 404
    api.put(ID, a_note())
    assert api.sign(ID, key="a-key-of-my-own").status_code == 200


def test_a_signature_needs_a_key_and_an_actor(api: Api, bearer) -> None:
    api.put(ID, a_note())
    keyless = api.client.post(f"/v1/notes/{ID}/sign", json=a_signature(), headers=bearer())
    assert (keyless.status_code, keyless.json()["code"]) == (400, "idempotency_key_missing")
    nameless = api.sign(ID, {"therapist_id": "the_maya0001"})
    assert nameless.status_code == 422
    assert nameless.json()["errors"][0]["pointer"] == "/body/actor"


def test_a_note_without_technique_or_complaint_cannot_be_signed(api: Api) -> None:
    api.put(ID, a_note(techniques=[], subjective={"complaint": " "}))
    answer = api.sign(ID)
    assert (answer.status_code, answer.json()["code"]) == (409, "note_not_ready")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/subjective/complaint", "/techniques"]
