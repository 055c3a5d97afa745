"""What `handbill retention` does: which patients' records are over, and their destruction in every service.

Each service decides of its own rows; this puts them together. A patient is due when the last period is over that holds
for her, no hold binds her, and nothing of her claims is open. Her records go from claims first, then from notes, then
from eligibility, which has the holds and the lease: whoever is killed in between leaves an unfinished disposal there,
and the next run begins with it.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from services.claims.flows import retention as claims
from services.cli.errors import CommandFailed
from services.cli.operating import operator, organization_zone
from services.eligibility.flows import disposal, retention
from services.eligibility.flows.retention import KnownPatient
from services.notes import flows as notes
from shared.codesets.retention import RecordFacts, Retention, retention_schedule
from shared.contracts.retention import CERTIFIED, DESTROYED, Destruction
from shared.database.audit_entries import AuditFilter, audit_page
from shared.database.operations import AuditEntry, forget_answers
from shared.database.operator import Operator
from shared.dates import local_date
from shared.errors import Conflict
from shared.settings import Settings
from shared.tenancy import acting_for
from shared.web.idempotency import KEEP

PATIENTS_AT_ONCE = 200
ENTRIES_AT_ONCE = 500
ANSWERS = 1_000_000
HELD, UNDATED, PERIOD = "legal_hold", "no_date", "period"
OVER = ("patient_treated", "claim_open")
"""Why a disposal that had begun is given up for good: the record is in use again."""
LOST = "disposal_lost"
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a patient's records stand: `kept_by` says what keeps them, and is empty where they are due."""

    patient_id: str
    retention: Retention | None
    last_service_on: date | None
    kept_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """The services that hold records of patients, each with its operator, of one organization on one day."""

    organization_id: str
    today: date
    eligibility: Operator
    notes: Operator
    claims: Operator

    @property
    def services(self) -> dict[str, Operator]:
        """In the order in which records leave them."""
        return {"claims": self.claims, "notes": self.notes, "eligibility": self.eligibility}


@contextmanager
def archive(settings: Settings, organization_id: str, by: str | None, today: date | None = None) -> Iterator[Archive]:
    """Raises CommandFailed where there is no such organization, SchemaUnfit where a newer Handbill has added to a
    database: records that this one does not know of would be left behind. `today` is its
    local day, where it is not given."""
    zone = organization_zone(settings, organization_id)
    with ExitStack() as stack:
        opened = {
            service: stack.enter_context(operator(settings, by, service, exact=True))
            for service in ("eligibility", "notes", "claims")
        }
        day = today or local_date(opened["claims"].clock.now(), zone)
        yield Archive(organization_id, day, **opened)


def standings(of: Archive, *, shares_settled: bool = False) -> Iterator[Standing]:
    """Every patient that eligibility knows, by id."""
    after: str | None = None
    while True:
        with acting_for(of.organization_id):
            known = retention.known_patients(of.eligibility.database, of.organization_id, after, PATIENTS_AT_ONCE)
            if not known:
                return
            ids = [one.id for one in known]
            treated = notes.last_services(of.notes.database, of.organization_id, ids)
            billed = claims.patient_claims(of.claims.database, of.organization_id, ids)
            state = claims.practice_state(of.claims.database, of.organization_id)
            found = [_standing(of, one, treated, billed, state, shares_settled) for one in known]
        yield from found
        after = ids[-1]


def unknown_patients(of: Archive) -> int:
    """How many have notes or claims and no record in eligibility: their birth date is not known, so nothing of them is
    ever due."""
    everyone = notes.patients(of.notes.database, of.organization_id) | claims.patients(
        of.claims.database, of.organization_id
    )
    return len(everyone) - sum(standing.patient_id in everyone for standing in standings(of))


def dispose(of: Archive, due: list[Standing], say: Say, *, shares_settled: bool = False) -> int:
    """Destroy the records of those who are due, after what an earlier run has left; answers how many patients are
    gone."""
    _forget_answers(of)
    begun = disposal.unfinished(of.eligibility, of.organization_id)
    wanted = [
        *begun,
        *(_destruction(of, one) for one in due if one.patient_id not in {old.patient_id for old in begun}),
    ]
    return sum(_dispose(of, one, say, shares_settled) for one in wanted)


def certificate(of: Archive, patient_id: str) -> Iterator[str]:
    """A line for every row of a patient that was destroyed, from the audit trails: when, by whom, which, which rule."""
    for service, person in of.services.items():
        for entry in _entries(person, of.organization_id, patient_id):
            who = entry.actor["name"] if entry.actor else entry.client_id
            for table, row, mac in entry.changes:
                if mac is None:
                    yield f"{entry.wall_at:%Y-%m-%d %H:%M:%S} UTC  {service}  {table} {row}  by {who}  {entry.reason}"


def _standing(
    of: Archive,
    known: KnownPatient,
    treated: dict[str, date],
    billed: dict[str, claims.PatientClaims],
    state: str | None,
    shares_settled: bool,
) -> Standing:
    bill = billed.get(known.id)
    services = [day for day in (treated.get(known.id), bill.last_service_on if bill else None) if day is not None]
    moments = [known.last_check, bill.last_activity if bill else None]
    acts = [moment.date() for moment in moments if moment is not None]
    if not services and not acts:
        # Of one who was never treated nothing else tells how old her record is.
        acts = [known.last_entry.date()] if known.last_entry else []
    if not services and not acts:
        return Standing(known.id, None, None, (UNDATED,))
    last = max(services or acts)
    facts = RecordFacts(
        birth_date=known.birth_date,
        last_service_on=last,
        last_activity_on=max([last, *acts]),
        states=frozenset(one for one in (known.state, state) if one),
        programs=known.programs,
    )
    kept = retention_schedule().of(facts)
    if of.today < kept.destroyable_from:
        return Standing(known.id, kept, last, (PERIOD,))
    still = claims.open_of(of.claims.database, of.organization_id, known.id)
    if shares_settled:
        still.discard(claims.Open.PATIENT_SHARE)
    reasons = (*([HELD] if known.on_hold else []), *sorted(still))
    return Standing(known.id, kept, last, reasons)


def _destruction(of: Archive, standing: Standing) -> Destruction:
    kept, last = standing.retention, standing.last_service_on
    assert kept is not None and last is not None, "only what is due is destroyed"
    return Destruction(
        disposal_id="",
        organization_id=of.organization_id,
        patient_id=standing.patient_id,
        rule=f"{kept.period.name}: {kept.period.source}",
        destroyable_from=kept.destroyable_from,
        last_service_on=last,
    )


def _dispose(of: Archive, wanted: Destruction, say: Say, shares_settled: bool) -> bool:
    """One patient; False where something keeps her."""
    try:
        destruction = disposal.begin(of.eligibility, wanted)
    except Conflict as kept:
        say(f"{wanted.patient_id}  kept: {kept.detail}")
        return False
    pieces: tuple[Callable[[], int], ...] = (
        lambda: claims.destroy_claims(of.claims, destruction, shares_settled=shares_settled),
        lambda: notes.destroy_notes(of.notes, destruction),
        lambda: disposal.destroy_records(of.eligibility, destruction),
    )
    try:
        for piece in pieces:
            gone = 1
            while gone:
                disposal.keep(of.eligibility, destruction)
                gone = piece()
        summary = _summary(of, destruction)
        disposal.finish(of.eligibility, destruction, summary)
    except Conflict as kept:
        # Who has lost the lease has nothing to end: another process may have it.
        if kept.problem_code != LOST:
            disposal.stop(of.eligibility, destruction, kept.detail, for_good=kept.problem_code in OVER)
        say(f"{wanted.patient_id}  stopped: {kept.detail}")
        return False
    say(f"{wanted.patient_id}  destroyed: {summary}")
    return True


def _summary(of: Archive, destruction: Destruction) -> str:
    """How many rows of which table went, from the audit trails, so that what a killed run destroyed counts too."""
    counts: dict[str, int] = {}
    for person in of.services.values():
        for entry in _entries(person, of.organization_id, destruction.patient_id):
            if entry.reason == destruction.certificate:
                for table, _row, mac in entry.changes:
                    if mac is None and table is not None:
                        counts[table] = counts.get(table, 0) + 1
    return ", ".join(f"{count} of {table}" for table, count in sorted(counts.items())) or "nothing but the patient"


def _entries(person: Operator, organization_id: str, patient_id: str) -> Iterator[AuditEntry]:
    wanted, after = AuditFilter(patient_id=patient_id), 0
    while True:
        with person.database.reading() as session:
            page = audit_page(session, organization_id, wanted, after=after, count=ENTRIES_AT_ONCE)
        yield from (entry for entry in page if entry.action in (DESTROYED, CERTIFIED))
        if len(page) < ENTRIES_AT_ONCE:
            return
        after = page[-1].sequence


def _forget_answers(of: Archive) -> None:
    """Answers that were kept for repeats hold what was answered; those that are old enough to be forgotten go now."""
    for person in of.services.values():
        before = person.clock.now() - KEEP

        def forget(session: Session, before: datetime = before) -> None:
            forget_answers(session, of.organization_id, before, ANSWERS)

        person.database.run(forget)


def refuse_wrong_count(expected: int, due: int) -> None:
    """Raises CommandFailed unless as many are due as the person has seen."""
    if expected != due:
        raise CommandFailed(f"{due} patients are due and not {expected}; look again: handbill retention due")
