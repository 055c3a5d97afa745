"""Only a token that is ours, whole, in time and for this service is believed."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine

from shared.contracts.common import License
from shared.errors import Unauthorized
from shared.roles import Role
from shared.security import verify
from shared.security.caller import Person
from shared.security.tokens import REQUIRED, key_id_of
from tests.harness.tokens import ISSUER, KEY_ID, ORGANIZATION, Signer


def payload(**changes) -> dict:
    now = int(datetime.now(UTC).timestamp())
    whole = {
        "iss": ISSUER,
        "aud": ["notes"],
        "sub": "cli_1",
        "org": ORGANIZATION,
        "zone": "UTC",
        "scope": "notes:read",
        "iat": now,
        "exp": now + 60,
        "jti": "tok_1",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def signed(keys, **changes) -> str:
    return jwt.encode(payload(**changes), keys.private, algorithm="EdDSA", headers={"kid": KEY_ID})


def code_of(keys, token: str, audience: str = "notes") -> str:
    with pytest.raises(Unauthorized) as refused:
        verify(token, key=keys.private.public_key(), issuer=ISSUER, audience=audience)
    assert token not in str(refused.value)
    return refused.value.problem_code


def believed(keys, token: str):
    return verify(token, key=keys.private.public_key(), issuer=ISSUER, audience="notes")


def test_what_was_signed_is_what_is_verified(keys) -> None:
    token = keys.token(scopes=["a:read", "b:write"], audience=("notes", "claims"), acting_service="claims")
    claims = believed(keys, token)
    assert (claims.client_id, claims.person, claims.persons_decide) == ("cli_test0001", None, False)
    assert (claims.organization_id, claims.time_zone) == (ORGANIZATION, "America/Los_Angeles")
    assert (claims.scopes, claims.audience) == ({"a:read", "b:write"}, ("notes", "claims"))
    assert claims.acting_service == "claims"
    assert key_id_of(token) == KEY_ID


@pytest.mark.parametrize("persons_decide", [False, True])
def test_a_persons_token_names_her_and_the_client_that_she_came_in_through(keys, persons_decide) -> None:
    licensed = License(kind="LMT", state="WA", number="MA 1", effective_from="2020-01-01")
    person = Person("usr_1", "Thea Therapist", (Role.THERAPIST, Role.BILLER), "thr_1", (licensed,), "she fell")
    token = keys.token(person=person, persons_decide=persons_decide, audience="notes")
    claims = believed(keys, token)
    assert (claims.client_id, claims.person, claims.acting_service) == ("cli_test0001", person, None)
    assert (claims.audience, claims.persons_decide) == (("notes",), persons_decide)
    raw = jwt.decode(token, options={"verify_signature": False})
    assert (raw["sub"], raw["act"], raw["name"]) == ("usr_1", {"sub": "cli_test0001"}, "Thea Therapist")


@pytest.mark.safeguard("164.312(a)(2)(iii)", "API2")
def test_an_expired_token_is_told_so_after_ten_seconds_of_leeway(keys) -> None:
    """For clocks that differ."""
    now = datetime(2026, 3, 2, 17, tzinfo=UTC)
    token = keys.token(issued_at=now, lifetime=timedelta(seconds=60))
    with time_machine.travel(now + timedelta(seconds=69), tick=False):
        assert believed(keys, token)
    with time_machine.travel(now + timedelta(seconds=70), tick=False):
        assert code_of(keys, token) == "token_expired"


@pytest.mark.parametrize("jump", [timedelta(days=4_000), timedelta(days=-1)], ids=["2037", "a day behind"])
def test_no_token_of_a_clock_that_was_wrong_holds_when_it_is_right_and_every_other_ends(keys, jump) -> None:
    now = datetime(2026, 3, 2, 17, tzinfo=UTC)
    with time_machine.travel(now, tick=False) as traveller:
        before = keys.token(issued_at=datetime.now(UTC), lifetime=timedelta(minutes=15))
        traveller.shift(jump)
        meanwhile = keys.token(issued_at=datetime.now(UTC), lifetime=timedelta(minutes=15))
        assert believed(keys, meanwhile)
        traveller.shift(-jump)
        assert code_of(keys, meanwhile) in {"token_invalid", "token_expired"}
        assert believed(keys, before)
        traveller.shift(timedelta(minutes=15, seconds=10))
        assert code_of(keys, before) == "token_expired"


def test_a_token_for_another_service_is_told_so(keys) -> None:
    assert code_of(keys, keys.token(audience="claims")) == "token_audience"


@pytest.mark.safeguard("API2")
@pytest.mark.parametrize("claim", REQUIRED)
def test_a_token_without_a_named_claim_is_refused(keys, claim) -> None:
    assert code_of(keys, signed(keys, **{claim: None})) in {"token_invalid", "token_audience"}


@pytest.mark.parametrize("changes", [{"iss": "mallory"}, {"iat": 2**40}, {"nbf": 2**40}, {"exp": "soon"}])
def test_a_token_of_another_issuer_or_time_is_refused(keys, changes) -> None:
    assert code_of(keys, signed(keys, **changes)) == "token_invalid"


def test_an_unsigned_token_is_refused(keys) -> None:
    assert code_of(keys, jwt.encode(payload(), None, algorithm="none")) == "token_invalid"


def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused(keys) -> None:
    secret = keys.private.public_key().public_bytes_raw()
    assert code_of(keys, jwt.encode(payload(), secret, algorithm="HS256")) == "token_invalid"


def test_a_token_of_another_key_or_with_changed_claims_is_refused(keys) -> None:
    assert code_of(keys, Signer().token()) == "token_invalid"
    head, _, signature = keys.token(scopes=["notes:read"]).split(".")
    _, body, _ = keys.token(scopes=["notes:write"]).split(".")
    assert code_of(keys, f"{head}.{body}.{signature}") == "token_invalid"


@pytest.mark.parametrize("audience", ["notes", ["notes", "claims"]])
def test_an_audience_may_be_one_name_or_many(keys, audience) -> None:
    claims = believed(keys, signed(keys, aud=audience))
    assert claims.audience == (("notes",) if audience == "notes" else ("notes", "claims"))


def test_what_is_no_token_has_no_key_id() -> None:
    no_kid = jwt.encode({}, "s" * 32, algorithm="HS256")
    odd_kid = urlsafe_b64encode(b'{"alg":"EdDSA","kid":7}').rstrip(b"=").decode() + ".e30.AA"
    for text in ("", "x", "a.b.c", "..", no_kid, odd_kid, "é.é.é", "9" * 10_000):
        with pytest.raises(Unauthorized) as refused:
            key_id_of(text)
        assert refused.value.problem_code == "token_malformed"
