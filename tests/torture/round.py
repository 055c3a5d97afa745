"""One round: an installation of its own, the sample practice's day, kills all the while, and what is wrong afterwards.

The client is the demo's EHR: it makes its ids and keys itself and sends a request again until it has an answer. What a
claim must come to is in the table that was worked out by hand, whoever was killed on the way.
"""

import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from services.cli.composition import SERVICES
from services.cli.demo.day import Day, VisitEnd, files
from services.cli.demo.ehr import DemoFailed
from services.cli.demo.installation import Installation, installation
from services.cli.demo.practice import load
from services.cli.serving import process_commands
from shared.database.engine import create_database_engine
from tests.journeys.table import by_hand, found
from tests.torture.killing import Ended, killing

SHORT_LEASES = {"HANDBILL_WORKER_LEASE_SECONDS": "2", "HANDBILL_RESEND_AFTER_SECONDS": "2"}
TRIES = 200
PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """`database_url` is a template with `{service}`; `kills` processes are ended at most, chosen by `seed`."""

    database_url: str
    seed: int
    kills: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round went: how many claims there were, which signals were sent, and one sentence for each fault."""

    claims: int
    signals: Counter[str]
    faults: list[str]
    seconds: float


class PatientDay(Day):
    """A day whose simulator may be gone for a moment. That time may go on twice, since it has no key, changes nothing:
    payers answer on their days."""

    def _advance(self, days: int) -> None:
        for _ in range(TRIES):
            try:
                return super()._advance(days)
            except httpx.HTTPError:
                time.sleep(PAUSE_SECONDS)
        raise TimeoutError("the simulator does not come back")


def play(folder: Path, plan: Plan) -> Outcome:
    """The whole round; the installation's folder stays."""
    started = time.monotonic()
    practice = load()
    environment = {**SHORT_LEASES, "HANDBILL_DATABASE_URL": plan.database_url}
    with installation(folder, practice, environment) as running, httpx.Client(timeout=30, trust_env=False) as http:
        running.ehr.get("claims", "/v1/claims")  # has a token, so that access may be gone
        simulator = running.settings.simulator_url
        day = PatientDay(running.ehr, practice, simulator, http)
        with killing(running, random.Random(plan.seed), plan.kills) as ended:
            try:
                ends = day.run(lambda _step, _done, _total: None)
            except DemoFailed as stuck:
                ends, ended.wrong = [], [*ended.wrong, f"the day did not end: {stuck}"]
        found_faults = [*_faults(running, ends, ended)] if ends else ended.wrong
    signals = Counter(number.name for _name, number in ended.signals)
    return Outcome(len(ends), signals, found_faults, time.monotonic() - started)


def _faults(running: Installation, ends: list[VisitEnd], ended: Ended) -> Iterator[str]:
    yield from ended.wrong
    yield from (one.sentence() for one in running.processes.ended())
    for end in ends:
        note_id = end.visit.note_id
        if found(end) != by_hand(note_id):
            yield f"{note_id} came to {found(end)} and not to {by_hand(note_id)}"
    yield from books(running, Counter(end.visit.note_id for end in ends for _ in end.claims))


def books(running: Installation, wanted: Counter[str]) -> Iterator[str]:
    """What is wrong with an installation, whoever worked with it: `wanted` are the notes that were billed."""
    yield from _paid_twice(running)
    yield from _lost_or_doubled(running, wanted)
    yield from _sent_twice(dict(files(running.ehr)))
    yield from _stuck_keys(running)
    yield from _audit_faults(running)


def _paid_twice(running: Installation) -> Iterator[str]:
    """Every payment is posted once; the sums are held by the table. What a payer takes back goes the other way."""
    for claim in running.ehr.pages("claims", "/v1/claims"):
        entries: list[dict[str, Any]] = running.ehr.pages("claims", f"/v1/claims/{claim['id']}/ledger")
        paid = [entry for entry in entries if (entry["reason"], entry["to_account"]) == ("payment", "paid")]
        payments = [entry["line_number"] for entry in paid]
        if len(payments) != len(set(payments)):
            yield f"{claim['note_id']} was paid twice: lines {payments}"


def _lost_or_doubled(running: Installation, wanted: Counter[str]) -> Iterator[str]:
    there = Counter(claim["note_id"] for claim in running.ehr.pages("claims", "/v1/claims"))
    if wanted != there:
        yield f"claims that are missing or there twice: {dict((wanted - there) + (there - wanted))}"
    for note_id in wanted:
        note = running.ehr.get("notes", f"/v1/notes/{note_id}")
        if note["version"] not in (1, 2):
            yield f"{note_id} was written more than once: version {note['version']}"
    for service in ("eligibility", "notes", "claims"):
        events = _events(running, service)
        if [event["sequence"] for event in events] != list(range(1, len(events) + 1)):
            yield f"the feed of {service} has gaps"


def _events(running: Installation, service: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        page = running.ehr.get(service, "/v1/events", after=len(found), limit=200)
        if not page["items"]:
            return found
        found += page["items"]


def _sent_twice(texts: dict[str, str]) -> Iterator[str]:
    """Each claim number in one file, each file answered once, and no control number that was seen before (025)."""
    sent = [content for name, content in texts.items() if ".837P." in name]
    numbers = Counter(number for content in sent for number in re.findall(r"~\s*CLM\*([^*]+)\*", content))
    yield from (f"claim {number} is in {count} files" for number, count in numbers.items() if count > 1)
    answers = [content for name, content in texts.items() if ".TA1." in name]
    if len(answers) != len(sent):
        yield f"{len(sent)} files were sent and {len(answers)} were answered"
    if any(re.search(r"~\s*TA1\*[^~]*\*025~", content) for content in answers):
        yield "a file was sent twice under one control number, and refused"


def _stuck_keys(running: Installation) -> Iterator[str]:
    for service in SERVICES:
        engine = create_database_engine(running.settings.database_url_of(service))
        with engine.connect() as connection:
            stuck = connection.execute(text("SELECT count(*) FROM idempotency_keys WHERE answer IS NULL")).scalar_one()
        engine.dispose()
        if stuck:
            yield f"{stuck} idempotency keys of {service} are reserved and have no answer"


def _audit_faults(running: Installation) -> Iterator[str]:
    """What `handbill audit verify` finds after every process was killed at once: every row and every entry of the trail
    is what a process has written, and the anchors know no more than is there."""
    for command in process_commands(running.settings):
        running.processes.kill(command.name)
    environment = {
        "HANDBILL_DATA_DIR": str(running.settings.data_dir),
        "HANDBILL_DATABASE_URL": running.settings.database_url,
    }
    command = [sys.executable, "-m", "services.cli.main", "audit", "verify"]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        yield f"handbill audit verify ended with status {done.returncode}: {done.stdout}{done.stderr}"
