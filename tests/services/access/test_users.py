"""Users of an organization: what is kept of them, who may change them, and that a change ends their tokens."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from services.access import store
from services.access.flows.users import MAX_USERS
from shared.contracts.access import SCOPES
from shared.security.revocations import person_key, read_revocations
from shared.tenancy import acting_for
from tests.services.access.people import LICENSE, a_user

USER = "/v1/users/usr_maya"
ISSUER = "https://login.example.com"
IDENTITY = {"issuer": ISSUER, "subject": "248289761001"}
pytestmark = pytest.mark.safeguard("164.312(a)(2)(i)", "API5")


def put(access, body, path: str = USER, client=None, **headers: str):
    return access.http.put(access.url + path, json=body, headers=access.headers(client) | headers)


def get(access, path: str, client=None):
    return access.http.get(access.url + path, headers=access.headers(client))


def client_with(access, *scopes: str):
    headers = access.headers(key=f"a-client-with-{len(scopes)}-{hash(scopes)}")
    made = access.http.post(access.url + "/v1/clients", json={"name": "x", "scopes": list(scopes)}, headers=headers)
    return type("Shown", (), made.json())


def test_a_user_is_read_as_she_was_put_with_a_version_and_an_event(access) -> None:
    made = put(access, a_user(identities=[IDENTITY]))
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert made.json() | {"created_at": ""} == {
        "id": "usr_maya",
        "version": 1,
        "name": "Maya Lindgren",
        "roles": ["therapist"],
        "therapist_id": "thr_maya",
        "licenses": [LICENSE],
        "identities": [IDENTITY],
        "active": True,
        "created_at": "",
    }
    again = put(access, a_user(identities=[IDENTITY]))
    assert (again.status_code, again.json()) == (200, made.json())
    changed = put(access, a_user(roles=["therapist", "biller"]))
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert get(access, USER).json() == changed.json()
    put(access, a_user(roles=["front_desk"]), "/v1/users/usr_ben")
    first = get(access, "/v1/users?limit=1").json()
    assert [one["id"] for one in first["items"]] == ["usr_ben"]
    rest = get(access, f"/v1/users?limit=1&after={first['next']}").json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == (["usr_maya"], None)
    events = get(access, "/v1/events?limit=200").json()["items"]
    assert [(one["subject_id"], one["data"]) for one in events if one["type"] == "user.put"] == [
        ("usr_maya", {"version": 1}),
        ("usr_maya", {"version": 2}),
        ("usr_ben", {"version": 1}),
    ]


def test_a_user_is_not_written_over_a_version_that_was_not_read(access) -> None:
    put(access, a_user())
    answer = put(access, a_user(active=False), **{"If-Match": '"7"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "version_changed")
    assert get(access, USER).json()["active"] is True


def test_a_role_that_is_none_of_the_six_is_malformed(access) -> None:
    for roles in (["owner"], [], ["therapist"] * 7):
        answer = put(access, a_user(roles=roles))
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
        assert answer.json()["errors"][0]["pointer"].startswith("/body/roles")
    assert get(access, USER).json()["code"] == "user_not_found"


@pytest.mark.safeguard("164.312(a)(1)", "API1")
def test_users_of_another_organization_are_not_there(access) -> None:
    put(access, a_user(identities=[IDENTITY]))
    _, other = access.another()
    assert get(access, USER, other).status_code == 404
    assert get(access, "/v1/users", other).json()["items"] == []
    # The same id and the same identity are another user there.
    assert put(access, a_user(name="Another", identities=[IDENTITY]), client=other).status_code == 201
    assert get(access, USER).json()["name"] == "Maya Lindgren"


def test_nobody_gives_a_role_that_may_more_than_his_token(access) -> None:
    desk = client_with(access, "users:write", "users:read", "eligibility:read", "eligibility:write", "claims:read")
    assert put(access, a_user(roles=["front_desk"]), client=desk).status_code == 201
    for roles in (["biller"], ["front_desk", "therapist"], ["auditor"]):
        refused = put(access, a_user(roles=roles), client=desk)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_held")
    put(access, a_user(roles=["biller"]))
    for body in (a_user(roles=["front_desk"]), a_user(roles=["front_desk"], active=False)):
        refused = put(access, body, client=desk)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_not_held")
    assert get(access, USER).json()["roles"] == ["biller"]


@pytest.mark.parametrize(("method", "path", "scope"), [("PUT", USER, "users:write"), ("GET", USER, "users:read")])
def test_users_are_administered_with_scopes_of_their_own(access, method, path, scope) -> None:
    put(access, a_user())
    without = client_with(access, *(one for one in SCOPES if one != scope))
    answer = access.http.request(method, access.url + path, json=a_user(), headers=access.headers(without))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_an_identity_is_one_persons(access) -> None:
    put(access, a_user(identities=[IDENTITY]))
    taken = put(access, a_user(identities=[IDENTITY]), "/v1/users/usr_ben")
    assert (taken.status_code, taken.json()["code"]) == (409, "identity_taken")
    assert taken.json()["errors"][0]["pointer"] == "/body/identities/0"
    assert get(access, "/v1/users/usr_ben").status_code == 404
    put(access, a_user())
    assert put(access, a_user(identities=[IDENTITY]), "/v1/users/usr_ben").status_code == 201


@pytest.mark.safeguard("164.312(a)(2)(iv)")
def test_name_license_and_identity_are_sealed(access) -> None:
    put(access, a_user(name="Canary Person", identities=[{"issuer": ISSUER, "subject": "canary-248289761001"}]))
    rows = []
    with access.deps.database.engine.connect() as connection:
        for table in ("users", "identities", "events", "audit_entries"):
            rows += [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))]
    stored = repr(rows)
    for canary in ("Canary", "MA60417722", "248289761001", ISSUER):
        assert canary not in stored


def test_whatever_changes_of_a_user_is_on_the_list_of_revocations_by_a_digest(access) -> None:
    put(access, a_user())

    def persons() -> dict[str, int]:
        text_ = access.http.get(access.url + "/.well-known/revocations.jwt").text
        assert "usr_maya" not in text_
        return dict(read_revocations(text_, keys=access.deps.signer, issuer="handbill").persons)

    assert persons() == {}
    put(access, a_user())
    assert persons() == {}, "nothing has changed"
    before = int(datetime.now(UTC).timestamp())
    put(access, a_user(active=False))
    key = person_key(access.organization.id, "usr_maya")
    assert list(persons()) == [key]
    assert before <= persons()[key] <= datetime.now(UTC).timestamp()


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_an_organization_has_a_most_of_users(access, deps) -> None:
    put(access, a_user())
    own, now = access.organization.id, datetime.now(UTC)

    def write(session) -> None:
        for number in range(MAX_USERS - 1):
            row = store.UserRow(
                organization_id=own, id=f"usr_{number}", version=1, active=False, content=a_user(), created_at=now
            )
            session.add(row)

    with acting_for(own):
        deps.database.run(write)
    refused = put(access, a_user(), "/v1/users/usr_ben")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_users")
    assert put(access, a_user(active=False)).status_code == 200
