"""What claims know of how long records are kept, and the destruction of a patient's claims.

Rules kept here: an open claim, an unpaid balance or a running appeal keeps everything of its patient. What a claim
shares with others (an 837P file, an 835 and its remittances) goes with the last of them. Amounts stay as sums by year
of service: the books of the practice must add up after the patients in them are gone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from services.claims.domain.ledger import Balances, Entry, balances
from services.claims.domain.next_action_kinds import PATIENT_IS_ASKED
from services.claims.store import claims as store
from services.claims.store import practice as practice_store
from services.claims.store import retention as rows_of
from services.claims.store.rows import Row
from services.claims.store.tables import ClaimRow, ReceivedMessageRow
from shared.contracts.retention import DESTROYED, PURPOSE, Destruction
from shared.database import Database
from shared.database.operator import Operator
from shared.errors import Conflict
from shared.tenancy import INSTALLATION, acting_for

ROWS_AT_ONCE = 100
CLAIMS_LOOKED_AT = 10_000
SETTLED = "none"


class Open(StrEnum):
    """What of a patient's claims is not over. Handbill does not know what a patient has paid: her share is open until
    the practice says that it is settled in its own books."""

    CLAIM = "open_claim"
    PATIENT_SHARE = "patient_share"


@dataclass(frozen=True, slots=True)
class PatientClaims:
    """A patient as her claims know her."""

    last_service_on: date
    last_activity: datetime


def patient_claims(database: Database, organization_id: str, patient_ids: Collection[str]) -> dict[str, PatientClaims]:
    """Of some patients; who has no claim is left out."""
    with database.reading() as session:
        found = rows_of.billed(session, organization_id, patient_ids)
    return {one: PatientClaims(known.last_service_on, known.last_activity) for one, known in found.items()}


def patients(database: Database, organization_id: str) -> set[str]:
    """Everyone who has a claim."""
    with database.reading() as session:
        return rows_of.patients(session, organization_id)


def practice_state(database: Database, organization_id: str) -> str | None:
    """The state in which the practice treats; None before it was put."""
    with database.reading() as session:
        row = practice_store.practice(session, organization_id)
        return row.body.address.state if row is not None else None


def destroyed_totals(database: Database, organization_id: str) -> list[tuple[str, int, Balances]]:
    """What was destroyed came to, by year of service: the year, how many claims, their amounts."""
    with database.reading() as session:
        return [
            (
                row.id,
                row.claims,
                Balances(row.charge_cents, row.paid_cents, row.written_off_cents, row.patient_cents, row.insurer_cents),
            )
            for row in rows_of.totals(session, organization_id)
        ]


def open_of(database: Database, organization_id: str, patient_id: str) -> set[Open]:
    """What of a patient's claims is not over."""
    with database.reading() as session:
        claims = rows_of.claims_of_patient(session, organization_id, patient_id, CLAIMS_LOOKED_AT)
        ledgers = store.entries(session, organization_id, [claim.id for claim in claims])
        return {found for claim in claims if (found := _open(claim, ledgers[claim.id])) is not None}


def destroy_claims(operator: Operator, destruction: Destruction, *, shares_settled: bool) -> int:
    """Destroy one claim of a patient with all that is of it alone or with the last of what it shares, or some of what
    is left of her disclosures and of what she had used before; answers how many rows went, 0 when nothing is left.
    Raises Conflict (`patient_treated`, `claim_open`)."""

    def write(session: Session) -> int:
        owner, patient_id = destruction.organization_id, destruction.patient_id
        known = rows_of.billed(session, owner, [patient_id]).get(patient_id)
        if known is not None and known.last_service_on > destruction.last_service_on:
            raise Conflict(
                f"{patient_id} has a newer claim",
                code="patient_treated",
                pointer="/patient_id",
                fix="Count anew who is due: handbill retention due.",
            )
        claims = rows_of.claims_of_patient(session, owner, patient_id, 1)
        gone: list[Row] = []
        if claims:
            gone = _destroy(session, claims[0], shares_settled=shares_settled)
        else:
            gone += rows_of.disclosures_of_patient(session, owner, patient_id, ROWS_AT_ONCE)
            gone += rows_of.opening_visits_of_patient(session, owner, patient_id, ROWS_AT_ONCE)
            _delete(session, gone)
        if gone:
            _audit(session, operator, destruction)
        received = rows_of.received_of_nobody(session, [row.id for row in gone])
        _delete(session, received)
        if received:
            operator.audit(session, at=operator.clock.now(), action=DESTROYED, subject_id=received[0].id)
        return len(gone)

    # The whole message that a part was cut from belongs to the installation.
    with acting_for(INSTALLATION):
        return operator.database.run(write)


def _destroy(session: Session, claim: ClaimRow, *, shares_settled: bool) -> list[Row]:
    owner = claim.organization_id
    entries = store.entries(session, owner, [claim.id])[claim.id]
    found = _open(claim, entries)
    if found is Open.CLAIM or (found is Open.PATIENT_SHARE and not shares_settled):
        raise Conflict(
            f"{claim.id} is not over", code="claim_open", pointer="/patient_id", fix="Settle the claim first."
        )
    _add_to_totals(session, claim, balances(entries))
    files = store.file_ids_of_claim(session, owner, claim.id)
    gone: list[Row] = [claim, *rows_of.rows_of_claim(session, owner, claim.id)]
    _delete(session, gone)
    shared = rows_of.files_without_claims(session, owner, files)
    _delete(session, shared)
    messages = rows_of.messages_about_nothing(session, owner, rows_of.message_ids_of([*gone, *shared]))
    remittances = rows_of.remittances_of_messages(session, owner, [message.id for message in messages])
    _delete(session, remittances)
    _delete(session, messages)
    return [*gone, *shared, *remittances, *messages]


def _open(claim: ClaimRow, entries: list[Entry]) -> Open | None:
    money = balances(entries)
    patients = claim.next_kind in PATIENT_IS_ASKED
    if not (patients or claim.next_kind == SETTLED) or (patients and money.insurer_cents):
        return Open.CLAIM
    return Open.PATIENT_SHARE if patients else None


def _add_to_totals(session: Session, claim: ClaimRow, money: Balances) -> None:
    row = rows_of.totals_of_year(session, claim.organization_id, claim.date_of_service.year)
    row.claims += 1
    # A visit that was billed to several payers is charged once, and what the patient paid is paid.
    row.charge_cents += money.own_charge_cents
    row.paid_cents += money.paid_cents + money.patient_paid_cents
    row.written_off_cents += money.written_off_cents
    row.patient_cents += money.patient_cents
    row.insurer_cents += money.insurer_cents
    session.add(row)


def _delete(session: Session, rows: Collection[Row | ReceivedMessageRow]) -> None:
    for row in rows:
        session.delete(row)
    session.flush()


def _audit(session: Session, operator: Operator, destruction: Destruction) -> None:
    operator.audit(
        session,
        at=operator.clock.now(),
        action=DESTROYED,
        subject_id=destruction.patient_id,
        organization_id=destruction.organization_id,
        patient_id=destruction.patient_id,
        purpose=PURPOSE,
        reason=destruction.certificate,
    )
