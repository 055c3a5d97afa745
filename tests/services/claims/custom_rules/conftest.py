"""A practice that writes its own rules."""

from typing import Any

import pytest

from tests.services.claims.conftest import Api
from tests.services.claims.factories import BILLER

CODE = "custom_four_units"
LONG_MASSAGE = {"fact": "line.units", "operator": "at_least", "value": 3}


def a_rule(**changed: Any) -> dict[str, Any]:
    """A rule of lines with three units or more, which the usual claim of these tests has in its first line."""
    return {
        "title": "Three units or more",
        "message": "The owner looks at every long session before it is billed.",
        "fix": "Ask the owner, and let the claim go with her answer.",
        "source": "The practice's own policy of 2026-01-05",
        "severity": "hold",
        "applies_to": "line",
        "condition": LONG_MASSAGE,
        "actor": BILLER,
        **changed,
    }


class Rulebook:
    """The practice's own rules over the API."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def put(self, code: str = CODE, *, if_match: str | None = None, claims: Any = None, **changed: Any) -> Any:
        return self.api.put(f"/v1/custom-rules/{code}", a_rule(**changed), if_match=if_match, **(claims or {}))

    def act(self, verb: str, code: str = CODE, *, key: str | None = None, claims: Any = None, **body: Any) -> Any:
        path = f"/v1/custom-rules/{code}/{verb}"
        return self.api.post(path, {"actor": BILLER, **body}, key=key, **(claims or {}))

    def replay(self, code: str = CODE, revision: int = 1, **body: Any) -> Any:
        answer = self.act("replay", code, revision=revision, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def activate(self, code: str = CODE, revision: int = 1, **body: Any) -> Any:
        """Replayed and put into force."""
        self.replay(code, revision)
        answer = self.act("activate", code, revision=revision, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def in_force(self, code: str = CODE, **changed: Any) -> Any:
        """A rule, written and in force at once."""
        answer = self.put(code, **changed)
        assert answer.status_code in (200, 201), answer.text
        return self.activate(code, answer.json()["latest"]["revision"])

    def get(self, code: str = CODE, **claims: Any) -> Any:
        return self.api.get(f"/v1/custom-rules/{code}", **claims).json()


@pytest.fixture
def rulebook(office: Api) -> Rulebook:
    return Rulebook(office)
