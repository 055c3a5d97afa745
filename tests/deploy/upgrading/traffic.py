"""What clients do all the while: they write, read, sign and list notes, and count what was not as it should be."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import httpx

THREADS = 2
PAUSE_SECONDS = 0.1
LICENSE = {"kind": "LMT", "state": "WA", "number": "MA60418852", "effective_from": "2024-01-01"}
ACTOR = {"id": "user-maya", "name": "Maya Lindgren", "role": "therapist"}
NOTE = {
    "patient_id": "pat_1",
    "therapist_id": "the_1",
    "started_at": "2026-03-02T07:30:00-08:00",
    "ended_at": "2026-03-02T08:30:00-08:00",
    "subjective": {"complaint": "Neck pain when driving", "pain": 6, "functional_limit": "Cannot turn her head"},
    "objective": {"palpation": "Tender upper trapezius"},
    "assessment": "Responds well",
    "plan": {"frequency": "weekly", "goals": [{"measure": "NDI", "target": "20", "due_on": "2026-05-01"}]},
    "techniques": [{"procedure_code": "97124", "region": "neck", "minutes": 55}],
    "diagnoses": ["M54.2"],
    "pain_after": 3,
    "actor": ACTOR,
}
Send = Callable[..., httpx.Response]


class Traffic:
    """Requests go in turn to the addresses of `serving`, as a proxy in front sends them."""

    def __init__(self, serving: list[str], token: str) -> None:
        self.serving = serving
        self.done: Counter[str] = Counter()
        self.failed: list[str] = []
        self._token = token
        self._numbers, self._turns = count(1), count()
        self._stop = threading.Event()

    @contextmanager
    def flowing(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._flow) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _flow(self) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        with httpx.Client(timeout=30, trust_env=False, headers=headers) as http:

            def send(method: str, path: str, expected: int, **more: Any) -> httpx.Response | None:
                url = self.serving[next(self._turns) % len(self.serving)]
                try:
                    answer = http.request(method, url + path, **more)
                except httpx.HTTPError as error:
                    self.failed.append(f"{method} {path} at {url}: {error!r}")
                    return None
                if answer.status_code != expected:
                    self.failed.append(f"{method} {path} at {url}: {answer.status_code} {answer.text[:300]}")
                self.done[f"{method} {url}"] += 1
                return answer

            while not self._stop.wait(PAUSE_SECONDS):
                self._visit(f"note_{next(self._numbers)}", send)

    def _visit(self, note_id: str, send: Callable[..., httpx.Response | None]) -> None:
        """A note from its first words to its signature; each step may meet another version than the one before."""
        path = f"/v1/notes/{note_id}"
        first = send("PUT", path, 201, json=NOTE)
        if first is None or "ETag" not in first.headers:
            return
        send("PUT", path, 200, json=NOTE | {"pain_after": 2}, headers={"If-Match": first.headers["ETag"]})
        send("GET", path, 200)
        body = {"therapist_id": "the_1", "license": LICENSE, "actor": ACTOR}
        send("POST", f"{path}/sign", 200, json=body, headers={"Idempotency-Key": f"sign-{note_id}"})
        send("GET", path, 200)
        send("GET", "/v1/notes", 200, params={"limit": 20})
