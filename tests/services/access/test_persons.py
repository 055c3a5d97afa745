"""A person comes in through an API client: vouched for by the EHR's key, or signed in at an OIDC issuer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from services.access import store
from services.access.domain.grants import PERSON_SECONDS
from services.access.flows.issuers import add_issuer, digest_of, remove_issuer
from shared.roles import Role, scopes_of
from shared.security.tokens import verify
from shared.tenancy import acting_for
from tests.services.access.people import AUDIENCE, EXCHANGE, ID_TOKEN, JWT, LICENSE, Issuer, a_user, jwk, numbers

OWN_KEY = ec.generate_private_key(ec.SECP384R1())
pytestmark = pytest.mark.safeguard("164.312(d)", "API2")
BOTH = pytest.mark.parametrize("algorithm", ["RS256", "ES256"], indirect=True)
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)


@pytest.fixture
def algorithm(request) -> str:
    return getattr(request, "param", "ES256")


@pytest.fixture
def issuer(algorithm, run_app) -> Issuer:
    made = Issuer(algorithm)
    made.url = run_app(made.app)
    return made


@pytest.fixture
def ehr(access, deps, issuer):
    """An API client with a key, a user on file, and an issuer that the operator has set up for the organization."""
    keys = {"keys": [jwk(OWN_KEY, "key-1")]}
    body = {"name": "ehr", "scopes": [*sorted(access_scopes())], "jwks": keys}
    made = access.http.post(access.url + "/v1/clients", json=body, headers=access.headers(key="the-ehr-client")).json()
    add_issuer(deps, access.organization.id, issuer.url, AUDIENCE)
    put_user(access, identities=[{"issuer": issuer.url, "subject": "maya-at-the-issuer"}])

    def sign(subject: str, *, key=OWN_KEY, **changes) -> str:
        now = int(datetime.now(UTC).timestamp())
        whole = {
            "iss": made["id"],
            "sub": subject,
            "aud": access.settings.access_url + "/oauth/token",
            "exp": now + 300,
            "jti": f"jti-{next(numbers)}",
        }
        payload = {name: value for name, value in {**whole, **changes}.items() if value is not None}
        return jwt.encode(payload, key, algorithm="ES384", headers={"kid": "key-1"})

    return SimpleNamespace(id=made["id"], sign=sign)


def access_scopes() -> frozenset[str]:
    return scopes_of(Role)


def put_user(access, user_id: str = "usr_maya", **changed):
    url = f"{access.url}/v1/users/{user_id}"
    return access.http.put(url, json=a_user(**changed), headers=access.headers()).raise_for_status()


def exchange(access, ehr, token: str, kind: str = ID_TOKEN, **form: str):
    fields = {
        "grant_type": EXCHANGE,
        "subject_token": token,
        "subject_token_type": kind,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": ehr.sign(ehr.id),
        **form,
    }
    return access.http.post(access.url + "/oauth/token", data=fields)


def claims_of(access, answer):
    token = answer.raise_for_status().json()["access_token"]
    key = access.deps.signer.find(jwt.get_unverified_header(token)["kid"])
    return verify(token, key=key, issuer="handbill", audience="notes")


def refused(answer) -> bool:
    return (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@BOTH
def test_a_person_signs_in_at_the_issuer_and_her_token_is_hers(access, ehr, issuer) -> None:
    answer = exchange(access, ehr, issuer.id_token("maya-at-the-issuer"))
    body = answer.json()
    assert (answer.status_code, body["expires_in"]) == (200, PERSON_SECONDS)
    assert body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    claims = claims_of(access, answer)
    assert (claims.organization_id, claims.client_id) == (access.organization.id, ehr.id)
    person = claims.person
    assert (person.user_id, person.name, person.roles) == ("usr_maya", "Maya Lindgren", (Role.THERAPIST,))
    assert (person.therapist_id, [one.number for one in person.licenses]) == ("thr_maya", [LICENSE["number"]])
    assert claims.scopes == scopes_of([Role.THERAPIST])
    members = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (members["sub"], members["act"]) == ("usr_maya", {"sub": ehr.id})


def test_the_ehr_vouches_for_its_own_user_with_its_registered_key(access, ehr) -> None:
    claims = claims_of(access, exchange(access, ehr, ehr.sign("usr_maya"), JWT))
    assert (claims.person.user_id, claims.client_id) == ("usr_maya", ehr.id)


@ONE_DATABASE
def test_a_client_without_a_key_vouches_for_nobody(access, ehr) -> None:
    form = {"grant_type": EXCHANGE, "subject_token": ehr.sign("usr_maya"), "subject_token_type": JWT}
    assert refused(access.ask(**form))


@ONE_DATABASE
def test_a_vouching_is_no_login_and_a_login_vouches_for_nobody(access, ehr) -> None:
    put_user(access, ehr.id)
    assert refused(exchange(access, ehr, ehr.sign(ehr.id), JWT))
    login = exchange(access, ehr, ehr.sign("usr_maya"), JWT, client_assertion=ehr.sign("usr_maya"))
    assert (login.status_code, login.json()["error"]) == (401, "invalid_client")


OTHER_RSA, OTHER_EC = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048),
    ec.generate_private_key(ec.SECP256R1()),
)
NOW = int(datetime.now(UTC).timestamp())
WRONG = {
    "signed by another key under the same id": {"key": "another"},
    "of a key id that the issuer has not": {"kid": "unknown"},
    "of another issuer": {"iss": "https://login.example.com"},
    "for another audience": {"aud": "another-application"},
    "for several audiences and no party": {"aud": [AUDIENCE, "another"]},
    "for a party of another name": {"aud": [AUDIENCE, "another"], "azp": "another"},
    "of one audience and another party": {"azp": "another"},
    "without an audience": {"aud": None},
    "without a subject": {"sub": None},
    "without an end": {"exp": None},
    "without a beginning": {"iat": None},
    "of somebody whom nobody knows": {"sub": "nobody-at-the-issuer"},
    "with an empty subject": {"sub": ""},
}


@ONE_DATABASE
@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_an_id_token_that_does_not_hold_is_refused(access, ehr, issuer, algorithm, change) -> None:
    changed = dict(change)
    if changed.get("key") == "another":
        changed["key"] = OTHER_RSA if algorithm == "RS256" else OTHER_EC
    subject = changed.pop("sub", "maya-at-the-issuer")
    token = issuer.id_token("maya-at-the-issuer", **{**changed, "sub": subject})
    assert refused(exchange(access, ehr, token))


@ONE_DATABASE
def test_an_id_token_is_taken_for_five_minutes_and_not_beyond_its_end(access, ehr, issuer) -> None:
    now = datetime.now(UTC)
    old = int((now - timedelta(minutes=5, seconds=30)).timestamp())
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer", iat=old)))
    ended = int((now - timedelta(seconds=30)).timestamp())
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer", iat=ended - 60, exp=ended)))
    young = int((now - timedelta(minutes=4)).timestamp())
    assert exchange(access, ehr, issuer.id_token("maya-at-the-issuer", iat=young)).status_code == 200


@BOTH
@ONE_DATABASE
def test_an_algorithm_is_the_keys_and_never_the_tokens(access, ehr, issuer, algorithm) -> None:
    now = int(datetime.now(UTC).timestamp())
    payload = {"iss": issuer.url, "sub": "maya-at-the-issuer", "aud": AUDIENCE, "iat": now, "exp": now + 60}
    kid, private = next(iter(issuer.keys.items()))
    others = [jwt.encode(payload, None, algorithm="none", headers={"kid": kid})]
    others.append(jwt.encode(payload, "a secret of thirty-two bytes or so", algorithm="HS256", headers={"kid": kid}))
    if algorithm == "RS256":
        others += [jwt.encode(payload, private, algorithm=one, headers={"kid": kid}) for one in ("RS384", "PS256")]
    for token in others:
        assert refused(exchange(access, ehr, token))
    assert exchange(access, ehr, jwt.encode(payload, private, algorithm=algorithm, headers={"kid": kid})).is_success


@ONE_DATABASE
@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"])
@pytest.mark.parametrize("kind", [ID_TOKEN, JWT])
def test_what_is_no_token_is_refused(access, ehr, token, kind) -> None:
    assert refused(exchange(access, ehr, token, kind))


@pytest.mark.parametrize("kind", [ID_TOKEN, JWT])
def test_a_subject_token_is_used_once_also_by_many_at_once(access, ehr, issuer, kind) -> None:
    token = issuer.id_token("maya-at-the-issuer") if kind == ID_TOKEN else ehr.sign("usr_maya")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: exchange(access, ehr, token, kind), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7
    assert refused(exchange(access, ehr, token, kind))


@ONE_DATABASE
def test_a_used_id_token_is_no_other_one_with_its_signature_written_in_another_way(access, ehr, issuer) -> None:
    token = issuer.id_token("maya-at-the-issuer")
    assert exchange(access, ehr, token).status_code == 200
    assert refused(exchange(access, ehr, token + "="))


@ONE_DATABASE
def test_an_issuer_rotates_its_keys_and_its_old_key_holds_no_longer(access, ehr, issuer) -> None:
    assert exchange(access, ehr, issuer.id_token("maya-at-the-issuer")).status_code == 200
    old_kid, old_key = next(iter(issuer.keys.items()))
    issuer.rotate()
    access.monotonic.advance(6)
    assert exchange(access, ehr, issuer.id_token("maya-at-the-issuer")).status_code == 200
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer", key=old_key, kid=old_kid)))


@ONE_DATABASE
def test_a_key_that_an_issuer_takes_back_holds_no_longer_a_minute_later(access, ehr, issuer) -> None:
    assert exchange(access, ehr, issuer.id_token("maya-at-the-issuer")).status_code == 200
    kid, leaked = next(iter(issuer.keys.items()))
    issuer.keys = {}
    access.monotonic.advance(46)
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer", key=leaked, kid=kid)))


@ONE_DATABASE
def test_made_up_key_ids_do_not_become_requests_at_the_issuer(access, ehr, issuer) -> None:
    asked = issuer.asked
    for number in range(12):
        assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer", kid=f"made-up-{number}")))
    assert issuer.asked <= asked + 2


@ONE_DATABASE
def test_an_issuer_that_does_not_answer_is_unavailable_and_not_a_wrong_token(
    access, ehr, deps, issuer, free_url
) -> None:
    _set_keys(deps, access, issuer, free_url() + "/keys")
    answer = exchange(access, ehr, issuer.id_token("maya-at-the-issuer"))
    assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
    assert answer.headers["retry-after"] == "5"


def _set_keys(deps, access, issuer, url: str) -> None:
    def write(session) -> None:
        row = store.issuer(session, access.organization.id, digest_of(issuer.url))
        row.jwks_uri = url
        session.add(row)

    with acting_for(access.organization.id):
        deps.database.run(write)


def test_an_issuer_of_one_organization_lets_nobody_into_another(access, deps, ehr, issuer) -> None:
    _, other = access.another()
    form = {
        "grant_type": EXCHANGE,
        "subject_token": issuer.id_token("maya-at-the-issuer"),
        "subject_token_type": ID_TOKEN,
    }
    assert refused(access.ask(other, **form))
    remove_issuer(deps, access.organization.id, issuer.url)
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer")))


@pytest.mark.safeguard("164.312(a)(2)(iii)")
def test_a_persons_token_lives_for_fifteen_minutes_whatever_the_settings_say(access, ehr) -> None:
    token = exchange(access, ehr, ehr.sign("usr_maya"), JWT).json()["access_token"]
    members = jwt.decode(token, options={"verify_signature": False})
    assert members["exp"] - members["iat"] == 900
    headers = {"Authorization": f"Bearer {token}"}
    assert access.http.get(access.url + "/v1/organization", headers=headers).status_code == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=15, seconds=11), tick=True):
        late = access.http.get(access.url + "/v1/organization", headers=headers)
    assert (late.status_code, late.json()["code"]) == (401, "token_expired")


@ONE_DATABASE
def test_a_person_gets_no_more_than_her_roles_nor_than_her_client(access, ehr) -> None:
    put_user(access, "usr_audra", roles=["auditor"])
    claims = claims_of(access, exchange(access, ehr, ehr.sign("usr_audra"), JWT))
    assert claims.scopes == {"notes:read", "eligibility:read", "claims:read", "audit:read"}
    more = exchange(access, ehr, ehr.sign("usr_audra"), JWT, scope="claims:write")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    fewer = claims_of(access, exchange(access, ehr, ehr.sign("usr_audra"), JWT, scope="audit:read"))
    assert fewer.scopes == {"audit:read"}
    keys = {"keys": [jwk(OWN_KEY, "key-1")]}
    body = {"name": "small", "scopes": ["notes:read"], "jwks": keys}
    small = access.http.post(access.url + "/v1/clients", json=body, headers=access.headers(key="a-small-client")).json()
    sign = lambda subject: ehr.sign(subject, iss=small["id"])  # noqa: E731
    less = claims_of(access, exchange(access, SimpleNamespace(id=small["id"], sign=sign), sign("usr_audra"), JWT))
    assert less.scopes == {"notes:read"}


@ONE_DATABASE
def test_no_role_administers_access(access, ehr) -> None:
    put_user(access, "usr_all", roles=[role.value for role in Role])
    token = exchange(access, ehr, ehr.sign("usr_all"), JWT).json()["access_token"]
    for method, path in (("POST", "/v1/clients"), ("PUT", "/v1/users/usr_all"), ("PUT", "/v1/organization/decisions")):
        answer = access.http.request(
            method, access.url + path, json={}, headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k" * 9}
        )
        assert answer.status_code in (403, 422), answer.text
        assert answer.json()["code"] == "scope_missing"


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["biller"]}, {"licenses": []}], ids=str)
def test_what_is_taken_from_a_person_ends_her_tokens_in_access_at_once(access, ehr, change) -> None:
    token = exchange(access, ehr, ehr.sign("usr_maya"), JWT).json()["access_token"]
    ask = lambda: access.http.get(access.url + "/v1/organization", headers={"Authorization": f"Bearer {token}"})  # noqa: E731
    assert ask().status_code == 200
    put_user(access, **change)
    assert (ask().status_code, ask().json()["code"]) == (401, "token_revoked")


def test_a_person_who_left_gets_no_token_and_who_comes_back_does(access, ehr, issuer) -> None:
    put_user(access, active=False, identities=[{"issuer": issuer.url, "subject": "maya-at-the-issuer"}])
    assert refused(exchange(access, ehr, issuer.id_token("maya-at-the-issuer")))
    assert refused(exchange(access, ehr, ehr.sign("usr_maya"), JWT))
    put_user(access, identities=[{"issuer": issuer.url, "subject": "maya-at-the-issuer"}])
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=2), tick=True):
        token = exchange(access, ehr, ehr.sign("usr_maya"), JWT).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert access.http.get(access.url + "/v1/organization", headers=headers).status_code == 200


def test_a_revoked_client_takes_the_tokens_of_its_persons_with_it(access, ehr) -> None:
    token = exchange(access, ehr, ehr.sign("usr_maya"), JWT).json()["access_token"]
    access.http.delete(f"{access.url}/v1/clients/{ehr.id}", headers=access.headers()).raise_for_status()
    answer = access.http.get(access.url + "/v1/organization", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")


@ONE_DATABASE
def test_the_forms_that_are_none_are_refused_before_anybody_is_looked_at(access, ehr) -> None:
    for form in (
        {"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"},
        {"requested_token_type": ID_TOKEN},
        {"audience": "another"},
        {"organization_id": "org_another"},
        {"emergency_reason": "too short"},
        {"emergency_reason": "two lines\nof a reason that is long enough"},
        {"emergency_reason": "x" * 301},
    ):
        assert refused(exchange(access, ehr, ehr.sign("usr_maya"), JWT, **form)), form


@ONE_DATABASE
def test_handbills_own_services_speak_for_no_person(access, ehr) -> None:
    form = {"grant_type": EXCHANGE, "subject_token": ehr.sign("usr_maya"), "subject_token_type": JWT}
    answer = access.ask(access.service("claims"), **form)
    assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")


@pytest.mark.safeguard("164.312(b)")
def test_whoever_comes_in_is_named_in_the_trail(access, ehr) -> None:
    exchange(access, ehr, ehr.sign("usr_maya"), JWT)
    exchange(access, ehr, "x.y.z", JWT)
    items = access.http.get(access.url + "/v1/audit-entries?limit=200", headers=access.headers()).json()["items"]
    entries = [one for one in items if one["action"] == "create_token" and one["client_id"] == ehr.id]
    assert [(one["outcome"], one["actor"] and one["actor"]["id"]) for one in entries] == [
        ("done", "usr_maya"),
        ("refused", None),
    ]


EMERGENCY = "The therapist is ill and a patient calls in pain"


@pytest.mark.safeguard("164.312(a)(2)(ii)")
def test_a_person_without_the_role_reads_in_an_emergency_and_it_is_written_down(access, ehr) -> None:
    put_user(access, "usr_perry", roles=["front_desk"], name="Perry Moss")
    answer = exchange(access, ehr, ehr.sign("usr_perry"), JWT, emergency_reason=EMERGENCY)
    claims = claims_of(access, answer)
    assert claims.scopes == {"notes:read", "eligibility:read", "claims:read"}
    assert (claims.person.user_id, claims.person.emergency) == ("usr_perry", EMERGENCY)
    assert answer.json()["expires_in"] == 900
    page = access.http.get(access.url + "/v1/emergency-accesses", headers=access.headers()).json()
    [one] = page["items"]
    assert (one["user_id"], one["client_id"], one["reason"]) == ("usr_perry", ehr.id, EMERGENCY)
    lasts = datetime.fromisoformat(one["expires_at"]) - datetime.fromisoformat(one["at"])
    assert lasts == timedelta(minutes=15)
    events = access.http.get(access.url + "/v1/events?limit=200", headers=access.headers()).json()["items"]
    [event] = [event for event in events if event["type"] == "emergency_access.taken"]
    assert (event["subject_id"], event["data"]) == (one["id"], {"user_id": "usr_perry"})
    items = access.http.get(access.url + "/v1/audit-entries?limit=200", headers=access.headers()).json()["items"]
    [entry] = [item for item in items if item["purpose"] == "break_glass"]
    assert (entry["action"], entry["reason"], entry["actor"]["id"]) == ("create_token", EMERGENCY, "usr_perry")


@ONE_DATABASE
@pytest.mark.safeguard("164.312(a)(2)(ii)")
def test_emergency_access_is_no_way_to_write_nor_for_whoever_works_with_no_patients(access, ehr) -> None:
    put_user(access, "usr_audra", roles=["auditor"])
    put_user(access, "usr_robot", roles=["integration"])
    for user in ("usr_audra", "usr_robot"):
        answer = exchange(access, ehr, ehr.sign(user), JWT, emergency_reason=EMERGENCY)
        assert (answer.status_code, answer.json()["error"]) == (400, "unauthorized_client")
    more = exchange(access, ehr, ehr.sign("usr_maya"), JWT, emergency_reason=EMERGENCY, scope="notes:write")
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")
    token = ehr.sign("usr_maya")
    assert exchange(access, ehr, token, JWT, emergency_reason=EMERGENCY).status_code == 200
    assert refused(exchange(access, ehr, token, JWT, emergency_reason=EMERGENCY))
    page = access.http.get(access.url + "/v1/emergency-accesses", headers=access.headers()).json()
    assert [one["user_id"] for one in page["items"]] == ["usr_maya"], "what was refused is no access"


def test_an_organization_says_that_persons_decide_and_every_new_token_says_so(access) -> None:
    url, headers = access.url + "/v1/organization/decisions", access.headers()
    assert access.http.get(access.url + "/v1/organization", headers=headers).json()["decisions_by"] == "clients"
    assert members_of(access)["persons_decide"] is False
    answer = access.http.put(url, json={"by": "persons"}, headers=headers)
    assert (answer.status_code, answer.json()["decisions_by"]) == (200, "persons")
    assert access.http.put(url, json={"by": "persons"}, headers=headers).status_code == 200
    assert members_of(access)["persons_decide"] is True
    _, other = access.another()
    assert members_of(access, other)["persons_decide"] is False
    events = access.http.get(access.url + "/v1/events?limit=200", headers=headers).json()["items"]
    assert [one["data"] for one in events if one["type"] == "organization.decisions_put"] == [{"by": "persons"}]
    access.http.put(url, json={"by": "clients"}, headers=headers)
    assert members_of(access)["persons_decide"] is False


def members_of(access, client=None):
    claims = jwt.decode(access.ask(client).json()["access_token"], options={"verify_signature": False})
    return {"persons_decide": claims.get("persons_decide", False)}
