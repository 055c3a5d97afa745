"""Conditional requests on a versioned resource, and its ETag on every answer that carries it."""

from tests.services.notes.conftest import Api, a_note

ID = "note_0001"


def test_every_answer_that_carries_a_note_carries_its_etag(api: Api) -> None:
    assert api.put(ID, a_note()).headers["etag"] == '"1"'
    signed = api.sign(ID, key="sign-the-note")
    assert (signed.json()["version"], signed.headers["etag"]) == (2, '"2"')
    replayed = api.sign(ID, key="sign-the-note")
    assert (replayed.headers["idempotency-replayed"], replayed.headers["etag"]) == ("true", '"2"')
    assert replayed.content == signed.content
    assert api.get(f"/v1/notes/{ID}").headers["etag"] == '"2"'


def test_a_read_of_a_known_version_is_304_without_a_body(api: Api) -> None:
    api.put(ID, a_note())
    whole = api.get(f"/v1/notes/{ID}")
    for tag in ('"1"', 'W/"1"', "*", '"7", "1"'):
        headers = api._bearer() | {"If-None-Match": tag}
        answer = api.client.get(f"/v1/notes/{ID}", headers=headers)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
    changed = api.client.get(f"/v1/notes/{ID}", headers=api._bearer() | {"If-None-Match": '"2"'})
    assert (changed.status_code, changed.json()) == (200, whole.json())
    missing = api.client.get("/v1/notes/note_0002", headers=api._bearer() | {"If-None-Match": "*"})
    assert missing.status_code == 404


def test_a_put_that_may_only_create_does_not_write_over_what_is_there(api: Api) -> None:
    only_new = {"If-None-Match": "*"}
    made = api.client.put(f"/v1/notes/{ID}", json=a_note(), headers=api._bearer() | only_new)
    assert made.status_code == 201
    refused = api.client.put(f"/v1/notes/{ID}", json=a_note(assessment="Worse"), headers=api._bearer() | only_new)
    assert (refused.status_code, refused.json()["code"]) == (412, "already_exists")
    assert (refused.json()["current_version"], refused.headers["etag"]) == (1, '"1"')
    assert api.get(f"/v1/notes/{ID}").json() == made.json()
