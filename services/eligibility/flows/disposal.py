"""Destroying the records of a patient whose time is over: eligibility says whether it may, and destroys its part last.

Rules kept here: nothing is destroyed while a hold binds the patient, whatever anyone asks. Whoever destroys has a
lease, which is given, renewed and ended in this database, where the holds are; a hold that is placed meanwhile keeps it
from being renewed, and is answered when it has ended (`flows.legal_holds`). A process that was killed leaves the
disposal unfinished, and the next one goes on with it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from services.eligibility import store
from services.eligibility.store import (
    AuthorizationRow,
    CheckRow,
    CoverageRow,
    DisposalRow,
    InquiryRow,
    OfCoverage,
    PatientRow,
    ReferralRow,
)
from shared.contracts.retention import CERTIFIED, DESTROYED, PURPOSE, Destruction
from shared.database.operator import Operator
from shared.errors import Conflict
from shared.tenancy import acting_for

T = TypeVar("T")
LEASE = timedelta(seconds=60)
MARGIN = timedelta(seconds=30)
"""A piece is begun only while this much of the lease is left: longer than a write waits for others."""
ROWS_AT_ONCE = 100
OF_COVERAGE: tuple[type[OfCoverage], ...] = (InquiryRow, CheckRow, AuthorizationRow, ReferralRow)


def unfinished(operator: Operator, organization_id: str) -> list[Destruction]:
    """What was begun and is not over, to be gone on with."""
    with operator.database.reading() as session:
        rows = store.unfinished_disposals(session, organization_id)
        return [_destruction(row, row.last_service_on) for row in rows if row.last_service_on is not None]


def begin(operator: Operator, wanted: Destruction) -> Destruction:
    """Take the lease, on a disposal that is unfinished or on a new one. Raises Conflict (`on_legal_hold`,
    `disposal_under_way`)."""
    now = operator.clock.now()

    def write(session: Session) -> Destruction:
        _refuse_hold(session, wanted)
        rows = store.unfinished_disposals(session, wanted.organization_id, wanted.patient_id)
        row = rows[0] if rows else _new(wanted, operator)
        if row.active_until is not None and row.active_until > now:
            raise Conflict(
                f"another process is destroying {wanted.patient_id}",
                code="disposal_under_way",
                pointer="/patient_id",
                fix="Wait until it has ended.",
            )
        row.active_until = now + LEASE
        session.add(row)
        session.flush()
        _audit(session, operator, wanted, "disposal.begun")
        return _destruction(row, wanted.last_service_on)

    return _run(operator, wanted, write)


def keep(operator: Operator, destruction: Destruction) -> None:
    """Renew the lease where less than MARGIN of it is left. Raises Conflict (`on_legal_hold`, `disposal_lost`)."""
    now = operator.clock.now()
    with operator.database.reading() as session:
        row = _leased(session, destruction)
        if row.active_until is not None and row.active_until - now > MARGIN:
            _refuse_hold(session, destruction)
            return

    def write(session: Session) -> None:
        _refuse_hold(session, destruction)
        row = _leased(session, destruction)
        if row.active_until is None or row.active_until < now:
            # Somebody else may be at it by now, or a hold may have been answered.
            raise Conflict(
                "the destruction took too long; run it again",
                code="disposal_lost",
                pointer="/patient_id",
                fix="Run it again; it goes on where it was left.",
            )
        row.active_until = now + LEASE
        session.add(row)
        session.flush()
        _audit(session, operator, destruction, "disposal.renewed")

    _run(operator, destruction, write)


def stop(operator: Operator, destruction: Destruction, why: str, *, for_good: bool) -> None:
    """End the lease: with `for_good` the disposal too, else it is gone on with another time."""
    now = operator.clock.now()

    def write(session: Session) -> None:
        row = _leased(session, destruction)
        row.active_until = None
        if for_good:
            row.finished_at, row.last_service_on = now, None
        session.add(row)
        session.flush()
        _audit(session, operator, destruction, "disposal.stopped", why)

    _run(operator, destruction, write)


def destroy_records(operator: Operator, destruction: Destruction) -> int:
    """Destroy at most `ROWS_AT_ONCE` of what hangs on the patient's coverages, or a coverage; answers how many rows
    went, 0 when only the patient is left. Raises Conflict (`on_legal_hold`)."""

    def write(session: Session) -> int:
        _refuse_hold(session, destruction)
        for coverage in store.coverages_of(session, destruction.organization_id, [destruction.patient_id]):
            rows: list[Any] = _hanging(session, coverage) or [coverage]
            for row in rows:
                session.delete(row)
            session.flush()
            _audit(session, operator, destruction, DESTROYED)
            return len(rows)
        return 0

    return _run(operator, destruction, write)


def finish(operator: Operator, destruction: Destruction, certificate: str) -> None:
    """Destroy the patient's own row, last of all, and certify what was destroyed. Raises Conflict (`on_legal_hold`)."""
    now = operator.clock.now()

    def write(session: Session) -> None:
        _refuse_hold(session, destruction)
        row = _leased(session, destruction)
        patient = store.find(session, PatientRow, destruction.organization_id, destruction.patient_id)
        if patient is not None:
            session.delete(patient)
        row.active_until, row.finished_at, row.last_service_on = None, now, None
        session.add(row)
        session.flush()
        _audit(session, operator, destruction, CERTIFIED, certificate)

    _run(operator, destruction, write)


def _hanging(session: Session, coverage: CoverageRow) -> list[OfCoverage]:
    found: list[OfCoverage] = []
    for kind in OF_COVERAGE:
        left = ROWS_AT_ONCE - len(found)
        found += store.rows_of_coverage(session, kind, coverage.organization_id, coverage.id, left)
    return found


def _new(wanted: Destruction, operator: Operator) -> DisposalRow:
    return DisposalRow(
        organization_id=wanted.organization_id,
        id=operator.ids("dsp"),
        patient_id=wanted.patient_id,
        rule=wanted.rule,
        destroyable_from=wanted.destroyable_from,
        last_service_on=wanted.last_service_on,
        started_at=operator.clock.now(),
    )


def _refuse_hold(session: Session, destruction: Destruction) -> None:
    holds = store.holds_in_force(session, destruction.organization_id, destruction.patient_id)
    if holds:
        raise Conflict(
            f"{destruction.patient_id} is on legal hold ({holds[0].id})",
            code="on_legal_hold",
            pointer="/patient_id",
            fix="Release the hold first, if it may be released.",
        )


def _leased(session: Session, destruction: Destruction) -> DisposalRow:
    rows = store.unfinished_disposals(session, destruction.organization_id, destruction.patient_id)
    if not rows or rows[0].id != destruction.disposal_id:
        raise Conflict(
            "the destruction is over, or another one",
            code="disposal_lost",
            pointer="/patient_id",
            fix="Run it again; it goes on where it was left.",
        )
    return rows[0]


def _audit(session: Session, operator: Operator, about: Destruction, action: str, what: str = "") -> None:
    operator.audit(
        session,
        at=operator.clock.now(),
        action=action,
        subject_id=about.patient_id,
        organization_id=about.organization_id,
        patient_id=about.patient_id,
        purpose=PURPOSE,
        reason=f"{about.certificate}: {what}" if what else about.certificate,
    )


def _run(operator: Operator, destruction: Destruction, write: Callable[[Session], T]) -> T:
    with acting_for(destruction.organization_id):
        return operator.database.run(write)


def _destruction(row: DisposalRow, last_service_on: date) -> Destruction:
    return Destruction(
        disposal_id=row.id,
        organization_id=row.organization_id,
        patient_id=row.patient_id,
        rule=row.rule,
        destroyable_from=row.destroyable_from,
        last_service_on=last_service_on,
    )
