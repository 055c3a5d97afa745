"""An installation made again from its backup, and what clients see of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import httpx

from services.cli.composition import SERVICES, SETTING_OF_URL, build_of, prepare
from services.cli.demo.day import Day
from services.cli.demo.ehr import Ehr
from services.cli.demo.practice import SamplePractice
from shared.settings import Settings

LISTS = {
    "notes": ("notes",),
    "eligibility": ("patients", "payers", "coverages", "authorizations", "referrals"),
    "claims": ("claims", "messages", "files"),
}
OF_A_CLAIM = ("ledger", "timeline")
CONTENT = ("messages", "files")
Seen = dict[str, Any]


def seen_by_clients(ehr: Ehr) -> Seen:
    """Everything that an organization can read, by path."""
    seen: Seen = {}
    for service, names in LISTS.items():
        for name in names:
            for item in ehr.pages(service, f"/v1/{name}"):
                path = f"/v1/{name}/{item['id']}"
                seen[path] = item
                if name == "claims":
                    seen |= {f"{path}/{part}": ehr.pages(service, f"{path}/{part}") for part in OF_A_CLAIM}
                if name in CONTENT:
                    seen[f"{path}/content"] = ehr.text(service, f"{path}/content")
                if name == "notes":
                    seen[path] = ehr.get(service, path)
        seen |= {f"{service} event {event['sequence']}": event for event in _events(ehr, service)}
        seen |= {f"{service} entry {entry['id']}": entry for entry in ehr.pages(service, "/v1/audit-entries")}
    return seen


def _events(ehr: Ehr, service: str) -> Iterator[Any]:
    after = 0
    while items := ehr.get(service, "/v1/events", after=after, limit=200)["items"]:
        yield from items
        after = items[-1]["sequence"]


@contextmanager
def writing(ehr: Ehr, practice: SamplePractice) -> Iterator[list[str]]:
    """Notes are written and signed, and claims made of them and submitted, in a thread; yields the ids of the notes."""
    visit = next(visit for visit in practice.visits if visit.signed)
    stop, written, broken = threading.Event(), list[str](), list[BaseException]()

    def write() -> None:
        try:
            for number in count(1):
                late = replace(visit, note_id=f"note_late_{number}")
                day = Day(ehr, replace(practice, visits=(late,)), "", http)
                day.write_notes(lambda *_: None)
                day.bill(lambda *_: None)
                written.append(late.note_id)
                if stop.is_set():
                    return
        except BaseException as error:
            broken.append(error)

    thread = threading.Thread(target=write)
    with httpx.Client() as http:
        thread.start()
        try:
            yield written
        finally:
            stop.set()
            thread.join()
    assert broken == []


@contextmanager
def serving(settings: Settings, client: Any, free_url: Callable[[], str], run_app: Callable[..., str]) -> Iterator[Ehr]:
    """Every service of an installation that is there, and its client."""
    urls = {service: free_url() for service in SERVICES}
    more = {SETTING_OF_URL[service]: url for service, url in urls.items()}
    own = settings.model_copy(update={**more, "clock_url": f"{urls['clearinghouse']}/simulator/clock"})
    prepare(own)
    for service in ("clearinghouse", "access", "notes", "eligibility", "claims"):
        run_app(build_of(service)(own), at=urls[service])
    with httpx.Client(timeout=30, trust_env=False) as http:
        yield Ehr(urls, client.id, client.secret, http)
