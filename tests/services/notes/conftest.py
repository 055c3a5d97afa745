"""The notes service under test: the real app on both databases, and a note as an EHR sends it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from services.notes.app import build
from shared.clocks import SetClock
from shared.settings import Settings

THERAPIST = {"id": "user-maya", "name": "Maya Lindgren", "role": "therapist"}
LICENSE = {"kind": "LMT", "state": "WA", "number": "MA60417722", "effective_from": "2024-01-01", "effective_to": None}


def a_note(**changed: Any) -> dict[str, Any]:
    """A whole note of one hour on the test clock's morning."""
    return {
        "patient_id": "pat_canary01",
        "therapist_id": "the_maya0001",
        "started_at": "2026-03-02T07:30:00-08:00",
        "ended_at": "2026-03-02T08:30:00-08:00",
        "subjective": {"complaint": "Neck pain when driving", "pain": 6, "functional_limit": "Cannot turn her head"},
        "objective": {"palpation": "Tender upper trapezius"},
        "assessment": "Responds well",
        "plan": {"frequency": "weekly", "goals": [{"measure": "NDI", "target": "20", "due_on": "2026-05-01"}]},
        "techniques": [
            {"procedure_code": "97124", "region": "neck", "minutes": 30},
            {"procedure_code": "97140", "region": "shoulder", "minutes": 25},
        ],
        "diagnoses": ["M54.2", "M62.830"],
        "pain_after": 3,
        "actor": THERAPIST,
        **changed,
    }


def a_signature(**changed: Any) -> dict[str, Any]:
    return {"therapist_id": "the_maya0001", "license": LICENSE, "actor": THERAPIST, **changed}


class Api:
    """Calls as one API client makes them; every POST with a key of its own unless one is given."""

    def __init__(self, client: TestClient, bearer: Callable[..., dict[str, str]]) -> None:
        self.client = client
        self._bearer = bearer
        self._posts = 0

    def put(self, note_id: str, body: Any, *, if_match: str | None = None, **claims: Any) -> Any:
        headers = self._bearer(**claims) | ({"If-Match": if_match} if if_match else {})
        return self.client.put(f"/v1/notes/{note_id}", json=body, headers=headers)

    def get(self, path: str, **claims: Any) -> Any:
        return self.client.get(path, headers=self._bearer(**claims))

    def sign(self, note_id: str, body: Any = None, *, key: str | None = None, **claims: Any) -> Any:
        self._posts += 1
        headers = self._bearer(key=key or f"sign-{self._posts:04d}", **claims)
        return self.client.post(
            f"/v1/notes/{note_id}/sign", json=a_signature() if body is None else body, headers=headers
        )

    def events(self) -> list[dict[str, Any]]:
        return list(self.get("/v1/events").json()["items"])


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings("notes")


@pytest.fixture
def api(settings: Settings, clock: SetClock, bearer: Callable[..., dict[str, str]]) -> Iterator[Api]:
    with TestClient(build(settings, clock=clock), raise_server_exceptions=False) as client:
        yield Api(client, bearer)
