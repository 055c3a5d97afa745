"""The practice's day: hand over what the EHR holds, bill it, let time pass, work on what payers answered, let time pass
again, and collect what became of every visit."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from services.cli.demo.ehr import LIMITS, DemoFailed, Ehr
from services.cli.demo.practice import ROUTES, SamplePractice, Thing, Visit
from shared.clocks import Monotonic
from shared.outgoing import exchange

JUMPS_DAYS = (1, 3, 7, 10, 10, 10)
QUIET_SECONDS = 0.5
POLL_SECONDS = 0.2
STANDSTILL_SECONDS = 120.0
"""So long nothing may happen at all. What goes on, however slowly, is waited for: the machine may have other work."""
SETTLED = ("adjudicated", "rejected", "voided")
Progress = Callable[[str, int, int], None]
"""(what is being done, how much of it is done, how much there is)."""


@dataclass(frozen=True, slots=True)
class VisitEnd:
    """What became of one visit: its claims as the API tells them, the first payer's first, and whether that payer was
    asked for benefits."""

    visit: Visit
    claims: tuple[Thing, ...]
    check_status: str

    @property
    def claim(self) -> Thing:
        """The claim to the last payer, which says how the visit stands."""
        return self.claims[-1]

    @property
    def money(self) -> dict[str, int]:
        """The visit's charge once, and where it is, over all of its claims."""
        sums = {name: sum(one["money"][name] for one in self.claims) for name in self.claim["money"]}
        return {**sums, "charge_cents": sums["charge_cents"] - sums["other_payers_cents"], "other_payers_cents": 0}


class Standstill:
    """Tells work that goes on from work that does not: `saw` is told again and again how things are."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._last: object = None
        self._since = monotonic()

    def saw(self, now: object) -> float:
        """For how many seconds things have been so."""
        if now != self._last:
            self._last, self._since = now, self._monotonic()
        return self._monotonic() - self._since


class Day:
    """One practice's day against running services."""

    def __init__(
        self,
        ehr: Ehr,
        practice: SamplePractice,
        simulator_url: str,
        http: httpx.Client,
        *,
        monotonic: Monotonic = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ehr = ehr
        self._practice = practice
        self._simulator = simulator_url
        self._http = http
        self._monotonic = monotonic
        self._sleep = sleep
        self._biller = {"id": "usr_biller", "name": practice.practice["contact_name"], "role": "biller"}

    def run(self, progress: Progress) -> list[VisitEnd]:
        """The whole day, from set-up to the last remittance."""
        self.hand_over(progress)
        self.write_notes(progress)
        checks = self.verify(progress)
        return self.finish(self.bill(progress), checks, progress)

    def finish(self, claims: dict[str, str], checks: dict[str, str], progress: Progress) -> list[VisitEnd]:
        """From the first claims (by note) to the last remittance; `checks` are those of the coverages."""
        self.wait_for_payers(claims, progress)
        later = self.work_on_answers(claims, progress)
        self.wait_for_payers({**claims, **later}, progress)
        return [self._end(visit, claims, later, checks[visit.coverage_id]) for visit in self._practice.visits]

    def _end(self, visit: Visit, claims: dict[str, str], later: dict[str, str], check_status: str) -> VisitEnd:
        ids = [claims[visit.note_id], *(later[one] for one in (_after(visit.note_id),) if one in later)]
        return VisitEnd(visit, tuple(self._ehr.get("claims", f"/v1/claims/{one}") for one in ids), check_status)

    def hand_over(self, progress: Progress) -> None:
        """Practice, therapists, fees, patients, payers, coverages, authorizations, referrals."""
        everything = [(kind, thing) for kind in ROUTES for thing in self._practice.things[kind]]
        self._ehr.put("claims", "/v1/practice", self._practice.practice)
        for done, (kind, thing) in enumerate(everything, 1):
            service, route = ROUTES[kind]
            body = {name: value for name, value in thing.items() if name != "id"}
            self._ehr.put(service, f"{route}/{thing['id']}", body)
            progress("hand over what the EHR holds", done, len(everything))

    def write_notes(self, progress: Progress) -> None:
        """Every note, signed by its therapist where she did sign."""
        for done, visit in enumerate(self._practice.visits, 1):
            self._ehr.put("notes", f"/v1/notes/{visit.note_id}", visit.note)
            if visit.signed:
                body = self._practice.signature(visit)
                self._ehr.post("notes", f"/v1/notes/{visit.note_id}/sign", body, f"sign-{visit.note_id}")
            progress("write and sign notes", done, len(self._practice.visits))

    def verify(self, progress: Progress) -> dict[str, str]:
        """Ask each coverage's payer for benefits; answers the status of each check by coverage."""
        billing = self._practice.practice
        coverages = sorted({visit.coverage_id for visit in self._practice.visits})
        statuses: dict[str, str] = {}
        for done, coverage_id in enumerate(coverages, 1):
            body = {
                "coverage_id": coverage_id,
                "provider_npi": billing["npi"],
                "provider_name": billing["name"],
                "actor": self._biller,
            }
            check = self._ehr.post("eligibility", "/v1/eligibility-checks", body, f"check-{coverage_id}")
            statuses[coverage_id] = check["status"]
            progress("verify coverage (270/271)", done, len(coverages))
        return statuses

    def bill(self, progress: Progress) -> dict[str, str]:
        """A claim for every visit, submitted where no rule blocks it; answers claim ids by note."""
        claims: dict[str, str] = {}
        for done, visit in enumerate(self._practice.visits, 1):
            body = {"note_id": visit.note_id, "coverage_id": visit.coverage_id, "actor": self._biller}
            claim = self._ehr.post("claims", "/v1/claims", body, f"claim-{visit.note_id}")
            claims[visit.note_id] = claim["id"]
            if claim["state"] == "ready":
                route = f"/v1/claims/{claim['id']}/submit"
                self._ehr.post("claims", route, {"actor": self._biller}, f"submit-{visit.note_id}")
            progress("make and submit claims", done, len(self._practice.visits))
        return claims

    def work_on_answers(self, claims: dict[str, str], progress: Progress) -> dict[str, str]:
        """What the biller does about some answers; answers the claims to next payers that were made of it."""
        later: dict[str, str] = {}
        for done, answered in enumerate(self._practice.answered, 1):
            claim_id = claims[answered.note_id]
            for act in answered.acts:
                if "put" in act:
                    self._ehr.put("eligibility", act["put"], act["body"])
                    continue
                body = {**act.get("body", {}), "actor": self._biller}
                path = f"/v1/claims/{claim_id}/{act['post']}"
                made = self._ehr.post("claims", path, body, f"{act['post']}-{claim_id}")
                if made["id"] != claim_id:
                    claim_id = later[_after(answered.note_id)] = made["id"]
            progress("work on what payers answered", done, len(self._practice.answered))
        return later

    def wait_for_payers(self, claims: dict[str, str], progress: Progress) -> None:
        """Let the simulator's clock go on until every submitted claim is paid, denied or rejected."""
        for jump in (0, *JUMPS_DAYS):
            if jump:
                self._advance(jump)
            if self._all_settled(self._until_quiet(claims), progress):
                return
        # Time has gone far enough; a slow worker may still have to catch up.
        standstill = Standstill(self._monotonic)
        quiet = self._until_quiet(claims)
        while standstill.saw(self._done(quiet)) < STANDSTILL_SECONDS:
            if self._all_settled(quiet, progress):
                return
            quiet = self._until_quiet(claims)
        raise DemoFailed(f"some claims are still open after {sum(JUMPS_DAYS)} days")

    def _all_settled(self, claims: list[Thing], progress: Progress) -> bool:
        submitted = [claim for claim in claims if claim["state"] != "blocked"]
        settled = [claim for claim in submitted if claim["state"] in SETTLED]
        progress("let payers answer", len(settled), len(submitted))
        return len(settled) == len(submitted)

    def _until_quiet(self, claims: dict[str, str]) -> list[Thing]:
        """The claims once nothing has happened for a while."""
        standstill = Standstill(self._monotonic)
        while True:
            now = self._ehr.pages("claims", "/v1/claims")
            still_seconds = standstill.saw(self._done(now))
            waiting = any(claim["next_action"]["kind"] in ("send", "await_acknowledgement") for claim in now)
            if not waiting and len(now) == len(claims) and still_seconds > QUIET_SECONDS:
                return now
            if still_seconds > STANDSTILL_SECONDS:
                raise DemoFailed("the claims do not come to rest; is the worker running?")
            self._sleep(POLL_SECONDS)

    def _done(self, claims: list[Thing]) -> object:
        """What changes with each step of the work: of a claim, or of a file or message that is on its way to one."""
        files, messages = (
            [(one["id"], one["state"]) for one in self._ehr.pages("claims", f"/v1/{name}")]
            for name in ("files", "messages")
        )
        return [claim["version"] for claim in claims], files, messages

    def _advance(self, days: int) -> None:
        url = f"{self._simulator}/simulator/clock/advance"
        exchange(self._http, "POST", url, LIMITS, json={"days": days}).raise_for_status()


def _after(note_id: str) -> str:
    """Under which key the claim to the next payer of a note is kept."""
    return f"{note_id}, next payer"


def files(ehr: Ehr) -> Iterator[tuple[str, str]]:
    """(file name, X12) of everything that went out and came in."""
    for one in ehr.pages("claims", "/v1/files"):
        yield f"{one['interchange_control_number']}.837P.x12", ehr.text("claims", f"/v1/files/{one['id']}/content")
    for one in ehr.pages("claims", "/v1/messages"):
        yield f"{one['id']}.{one['kind']}.x12", ehr.text("claims", f"/v1/messages/{one['id']}/content")
