"""Remittances as callers read them: lists, one whole, and which claim a payment may be for."""

from collections.abc import Sequence
from datetime import timedelta

from services.claims.domain.remittances.payment_states import RemittanceState
from services.claims.domain.remittances.suggestions import (
    DAYS_APART,
    Candidate,
    Suggestion,
    service_dates,
    suggest,
)
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.cursors import last_id
from services.claims.flows.remittances.read_remittance import ReadRemittance, read_remittance
from services.claims.flows.remittances.remittance_views import detail_view, payment_view, remittance_view
from services.claims.store import claims as claim_store
from services.claims.store import remittances as store
from services.claims.store.claims_of_remittances import claims_of_days
from services.claims.store.remittance_tables import PAYER_FIELD, TRACE_FIELD
from services.claims.store.tables import ClaimRow
from shared import x12
from shared.audit import about_patient
from shared.contracts.remittances import (
    PaymentSuggestion,
    PaymentSuggestions,
    RemittanceDetail,
    RemittancePage,
    RemittancePayment,
)
from shared.paging import Cursor
from shared.security.caller import Caller

CANDIDATES = 200
"""Claims that are compared: of each day on which the visit may have been, else the newest of all."""


def list_remittances(
    deps: Dependencies,
    caller: Caller,
    *,
    state: RemittanceState | None,
    payer: str | None,
    trace: str | None,
    after: str | None,
    limit: int,
) -> RemittancePage:
    """Remittances in the order of their coming."""
    last, owner = last_id(after), caller.organization_id
    vault = deps.database.vault
    of_payer = None if payer is None else vault.blind(owner, PAYER_FIELD, payer)
    of_trace = None if trace is None else vault.blind(owner, TRACE_FIELD, trace)
    with deps.database.reading() as session:
        rows = store.remittances_page(
            session, owner, state=state, payer_blind=of_payer, trace_blind=of_trace, after=last, limit=limit
        )
        following = Cursor.write(rows[limit - 1].id) if len(rows) > limit else None
        return RemittancePage(items=[remittance_view(row) for row in rows[:limit]], next=following)


def get_remittance(
    deps: Dependencies, caller: Caller, remittance_id: str, *, after: str | None, limit: int
) -> RemittanceDetail:
    """One remittance with the claim payments after a cursor. Raises NotFound."""
    key = Cursor.read(after, (int,))
    first = max(0, int(key[0])) if key else 0
    found = read_remittance(deps.database, caller.organization_id, remittance_id)
    page = found.payments[first : first + limit]
    payments = payment_views(deps, found, [one.number for one in page])
    following = Cursor.write(first + limit) if len(found.payments) > first + limit else None
    return detail_view(found, payments, following)


def payment_views(deps: Dependencies, found: ReadRemittance, numbers: list[int]) -> list[RemittancePayment]:
    """Some payments of a remittance as they are now."""
    payments = [found.payment(number) for number in numbers]
    digests, owner = [one.digest for one in payments], found.row.organization_id
    with deps.database.reading() as session:
        waited = store.payments_by_digest(session, owner, digests)
        posted = store.postings_by_digest(session, owner, digests)
        claim_ids = {row.claim_id for row in waited.values()} | {row.claim_id for row in posted.values()}
        for patient_id in claim_store.patients_of_claims(session, owner, {one for one in claim_ids if one is not None}):
            about_patient(patient_id)
        return [payment_view(one, waited, posted) for one in payments]


def suggest_claims(deps: Dependencies, caller: Caller, remittance_id: str, number: int) -> PaymentSuggestions:
    """The claims that a payment may be for, the likeliest first. Raises NotFound."""
    payment = read_remittance(deps.database, caller.organization_id, remittance_id).payment(number).payment
    owner, days = caller.organization_id, service_dates(payment)
    near = {day + timedelta(days=apart) for day in days for apart in range(-DAYS_APART, DAYS_APART + 1)}
    with deps.database.reading() as session:
        found, rows = _suggested(payment, claims_of_days(session, owner, sorted(near), CANDIDATES))
        if not found:
            # A payer may have the day wrong as well.
            found, rows = _suggested(payment, claim_store.newest_claims(session, owner, limit=CANDIDATES))
        named = {one.claim_id for one in found}
        for row in rows:
            if row.id in named:
                about_patient(row.patient_id)
    return PaymentSuggestions(
        items=[PaymentSuggestion(claim_id=one.claim_id, score=one.score, reasons=list(one.reasons)) for one in found]
    )


def _suggested(payment: x12.ClaimPayment, rows: Sequence[ClaimRow]) -> tuple[list[Suggestion], Sequence[ClaimRow]]:
    return suggest(payment, [_candidate(row) for row in rows]), rows


def _candidate(row: ClaimRow) -> Candidate:
    bundle = row.document.source.coverage_bundle
    return Candidate(
        claim_id=row.id,
        member_id=bundle.coverage.member_id,
        patient_name=f"{bundle.patient.name.first} {bundle.patient.name.last}",
        date_of_service=row.date_of_service,
        charge_cents=row.document.claim.charge_cents,
    )
