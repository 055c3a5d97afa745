"""Every service that takes tokens lets a person in no longer within a minute of what was taken from her."""

from datetime import UTC, datetime, timedelta

import pytest

from services.cli.composition import build_of
from shared.roles import Role
from shared.security.caller import Person
from shared.security.revocations import person_key
from tests.harness.tokens import ORGANIZATION, OTHER_ORGANIZATION

MAYA = Person("usr_maya", "Maya Lindgren", (Role.THERAPIST,))


@pytest.fixture
def taken(keys):
    """The moment at which she lost something."""
    key = person_key(ORGANIZATION, MAYA.user_id)
    keys.persons[key] = datetime.now(UTC)
    yield keys.persons[key]
    del keys.persons[key]


@pytest.mark.safeguard("164.312(a)(1)", "164.312(a)(2)(i)", "API2")
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("service", ["eligibility", "notes", "claims"])
def test_tokens_of_before_are_refused_and_those_since_hold(
    service, make_settings, run_app, http, bearer, taken
) -> None:
    url = run_app(build_of(service)(make_settings(service)))

    def ask(seconds_later: int, **claims):
        issued_at = taken + timedelta(seconds=seconds_later)
        return http.get(url + "/v1/events", headers=bearer(person=MAYA, issued_at=issued_at, **claims))

    for seconds_later in (0, -1, -300):
        answer = ask(seconds_later)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked"), seconds_later
    assert ask(1).status_code == 200
    # The client's own token, and the person of the same id in another organization, are others.
    assert http.get(url + "/v1/events", headers=bearer()).status_code == 200
    assert ask(-1, organization_id=OTHER_ORGANIZATION).status_code == 200
