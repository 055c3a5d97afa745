"""Section claims_check: what the rules cost. `POST /v1/claims/check` for a stored claim of six lines, whose patient has
twenty-four earlier claims, against the same route of the same service with an empty list of rules.

The service is the real one on SQLite; requests go through its whole ASGI stack, but for the token's signature, in this
process and without a network. Times are medians of the processor's time, the two kinds taken in turn, so that what
else runs on the machine does not count. `BENCH_CALLS` sets how many (200). The claim's four diagnoses are of every kind
that rules look at: one names no side, one is an injury, one an external cause.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from services.claims.api import ROUTERS
from services.claims.clients import Clearinghouse
from services.claims.flows import Dependencies
from services.claims.flows.code_sets.installed import InstalledCodeSets
from services.claims.flows.scrub.rule_set import RuleSet
from shared.clients import EligibilityClient, NotesClient
from shared.clocks import SetClock
from shared.codesets import bundled
from shared.contracts.common import EventPage
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.database import Database, LocalKeyring
from shared.database.migrating import migrate
from shared.ids import random_ids
from shared.logs import configure_logs
from shared.security import Claims
from shared.web.service import create_service
from shared.wire.trading_partner import TradingPartner, TradingPartners
from tests.services.claims import factories

CALLS = int(os.environ.get("BENCH_CALLS", "200"))
VISITS = 24
ORGANIZATION = "org_bench001"
MUST = 1.3
PROCEDURES = ("97124", "97110", "97112", "97530", "97116", "97035")
DIAGNOSES = ("M54.2", "M25.519", "S16.1XXA", "W18.30XA")
SCOPES = frozenset({"claims:read", "claims:write"})


class Notes(NotesClient):
    """Notes, as far as making claims needs them; a check of a stored claim asks nobody."""

    def __init__(self) -> None:
        """It has no address to ask."""

    def note(self, _organization_id: str, note_id: str) -> Note:
        place = int(note_id.removeprefix("note_"))
        day = f"2026-{1 + place // 28:02d}-{1 + place % 28:02d}"
        last = place == VISITS
        techniques = [
            {"procedure_code": code, "region": "neck", "minutes": 15} for code in PROCEDURES[: 6 if last else 2]
        ]
        return Note.model_validate(
            factories.a_note(
                note_id,
                date_of_service=day,
                started_at=f"{day}T07:30:00-08:00",
                ended_at=f"{day}T09:00:00-08:00",
                signed_at=f"{day}T17:40:00Z",
                assessment=f"Visit {place}: less tender than before",
                techniques=techniques,
                diagnoses=list(DIAGNOSES),
            )
        )

    def events(self, _organization_id: str, *, after: int, limit: int) -> EventPage:  # noqa: ARG002
        return EventPage(items=[], next=after)


class Eligibility(EligibilityClient):
    """The same for coverages."""

    def __init__(self) -> None:
        """It has no address to ask."""

    def coverage_bundle(self, _organization_id: str, coverage_id: str, _on: date) -> CoverageBundle:
        return CoverageBundle.model_validate(factories.a_coverage_bundle(coverage_id))


def token_claims(_token: str) -> Claims:
    return Claims(ORGANIZATION, "America/Los_Angeles", "cli_bench001", SCOPES, ("claims",), None)


def dependencies(database: Database) -> Dependencies:
    """What the service's flows run on here: the shipped rules and code sets, and no clearinghouse."""
    clock = SetClock(datetime(2026, 3, 2, 17, tzinfo=UTC))
    return Dependencies(
        database=database,
        clock=clock,
        wall_clock=clock,
        ids=random_ids,
        notes=Notes(),
        eligibility=Eligibility(),
        clearinghouse=cast(Clearinghouse, None),
        trading_partners=TradingPartners(
            TradingPartner(sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("x"))
        ),
        code_sets=InstalledCodeSets(bundled(), database),
        rule_set=RuleSet(),
    )


def service(deps: Dependencies) -> Any:
    return create_service(
        name="claims",
        summary="",
        database=deps.database,
        routers=ROUTERS,
        tags={},
        dependencies=[deps],
        verifier=token_claims,
    )


async def call(app: Any, method: str, path: str, body: Any) -> tuple[int, bytes]:
    """One request through the ASGI stack."""
    content, answer = json.dumps(body).encode(), []
    headers = {
        "authorization": "Bearer x",
        "content-type": "application/json",
        "idempotency-key": f"key-{os.urandom(8).hex()}",
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        answer.append(message)

    await app(scope, receive, send)
    return answer[0]["status"], b"".join(part.get("body", b"") for part in answer[1:])


async def made(app: Any, method: str, path: str, body: Any) -> Any:
    status, content = await call(app, method, path, body)
    if status >= 300:
        raise SystemExit(f"{method} {path} answered {status}: {content.decode()}")
    return json.loads(content)


async def set_up(app: Any) -> str:
    """A practice and its patient's claims; answers the id of the one with six lines."""
    fees = [{"procedure_code": code, "charge_cents": 4500} for code in PROCEDURES]
    await made(app, "PUT", "/v1/practice", factories.a_practice())
    await made(app, "PUT", f"/v1/therapists/{factories.THERAPIST}", factories.a_therapist())
    await made(app, "PUT", f"/v1/fee-schedules/{factories.FEES}", factories.a_fee_schedule(fees=fees))
    for place in range(VISITS + 1):
        body = {"note_id": f"note_{place:07d}", "coverage_id": factories.COVERAGE, "actor": factories.BILLER}
        claim = await made(app, "POST", "/v1/claims", body)
    if len(claim["lines"]) != 6:
        raise SystemExit("the claim has not six lines")
    return str(claim["id"])


async def measured(apps: dict[str, Any], claim_id: str) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in apps}
    for turn in range(CALLS + 5):
        for name, app in apps.items():
            start = time.process_time()
            await made(app, "POST", "/v1/claims/check", {"claim_id": claim_id})
            if turn >= 5:
                times[name].append(time.process_time() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    configure_logs("error", "bench")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/claims.sqlite", LocalKeyring(Path(folder) / "keyring.json"), "claims")
        migrate(database, "claims")
        deps = dependencies(database)
        apps = {"with": service(deps), "without": service(replace(deps, rule_set=RuleSet(rules=())))}
        claim_id = asyncio.run(set_up(apps["with"]))
        found = asyncio.run(measured(apps, claim_id))
        database.close()
    ratio = found["with"] / found["without"]
    print(f"check of a stored claim    {found['with'] * 1e3:6.2f} ms with all rules")
    print(f"                           {found['without'] * 1e3:6.2f} ms without any")
    print(f"with / without             {ratio:6.2f}    must be at most {MUST}: {'yes' if ratio <= MUST else 'NO'}")


if __name__ == "__main__":
    main()
