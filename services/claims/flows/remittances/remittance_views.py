"""Remittances as callers read them."""

from collections.abc import Iterable, Mapping, Sequence

from services.claims.domain.remittances.forwarding import is_forwarded
from services.claims.domain.remittances.numbered_payments import NumberedPayment
from services.claims.domain.remittances.payment_states import PaymentState
from services.claims.domain.remittances.proofs import claim_difference, line_difference, payment_proof
from services.claims.flows.remittances.post_payment import FORECAST
from services.claims.flows.remittances.read_remittance import ReadRemittance
from services.claims.store.remittance_tables import RemittancePaymentRow, RemittanceRow
from services.claims.store.tables import PostingRow
from shared import x12
from shared.contracts.remittances import (
    PaymentResult,
    RemittanceAdjustment,
    RemittanceDetail,
    RemittanceLine,
    RemittancePayment,
    RemittanceProof,
    RemittanceProviderAdjustment,
    RemittanceSummary,
)

INTEREST, ALLOWED = "I", "B6"


def remittance_view(row: RemittanceRow) -> RemittanceSummary:
    """One remittance without its payments."""
    return RemittanceSummary(
        id=row.id,
        message_id=row.message_id,
        payer_name=row.payer_name,
        payer_identifier=row.payer_identifier,
        trace=row.trace,
        method=row.method,
        amount_cents=row.amount_cents,
        paid_on=row.paid_on,
        received_at=row.received_at,
        payments=row.payments,
        waiting=row.waiting,
        state=row.state,
    )


def detail_view(
    found: ReadRemittance, payments: Sequence[RemittancePayment], following: str | None
) -> RemittanceDetail:
    """A remittance with a page of its payments."""
    header, proof = found.header, payment_proof(found.header, found.payments, found.adjustments)
    summary = remittance_view(found.row).model_dump() | {"amount_cents": header.payment_cents}
    return RemittanceDetail(
        **summary,
        payee_name=header.payee.name,
        payee_npi=header.payee.npi or None,
        proof=RemittanceProof(
            amount_cents=proof.amount_cents,
            payments_cents=proof.payments_cents,
            provider_adjustments_cents=proof.provider_adjustments_cents,
            difference_cents=proof.difference_cents,
        ),
        provider_adjustments=[
            RemittanceProviderAdjustment(
                reason=item.reason,
                reference=item.reference or None,
                amount_cents=item.amount_cents,
                fiscal_period_end=one.fiscal_period_end,
            )
            for one in found.adjustments
            for item in one.items
        ],
        items=list(payments),
        next=following,
    )


def payment_view(
    one: NumberedPayment, waited: Mapping[str, RemittancePaymentRow], posted: Mapping[str, PostingRow]
) -> RemittancePayment:
    """One claim payment, and what it did."""
    payment, patient = one.payment, one.payment.patient
    name = f"{patient.first} {patient.name}".strip() if patient is not None else ""
    return RemittancePayment(
        number=one.number,
        claim_number=payment.claim_number,
        payer_claim_number=payment.payer_claim_number or None,
        status=payment.status,
        reversal=payment.is_reversal,
        forwarded=is_forwarded(payment),
        patient_name=name or None,
        member_id=(patient.id or None) if patient is not None else None,
        charge_cents=payment.charge_cents,
        paid_cents=payment.paid_cents,
        patient_responsibility_cents=payment.patient_responsibility_cents,
        interest_cents=_amount(payment.amounts, INTEREST),
        adjustments=_adjustments(payment.adjustments),
        lines=[_line(number, service) for number, service in enumerate(payment.services, 1)],
        difference_cents=claim_difference(payment),
        result=_result(payment, waited.get(one.digest), posted.get(one.digest)),
    )


def _result(payment: x12.ClaimPayment, waited: RemittancePaymentRow | None, posted: PostingRow | None) -> PaymentResult:
    if posted is not None:
        return PaymentResult(state=PaymentState.POSTED, claim_id=posted.claim_id)
    if waited is not None:
        since = waited.waits_since if waited.state == PaymentState.WAITING else None
        return PaymentResult(state=waited.state, claim_id=waited.claim_id, code=waited.code, waits_since=since)
    return PaymentResult(state="without_money", code="payment_forecast" if payment.status == FORECAST else None)


def _line(number: int, service: x12.ServicePayment) -> RemittanceLine:
    return RemittanceLine(
        number=number,
        procedure_code=service.procedure.code,
        modifiers=list(service.procedure.modifiers),
        billed_as=service.submitted.code if service.submitted is not None else None,
        units=str(service.quantity) if service.quantity is not None else None,
        date_of_service=service.service_date,
        control_number=service.control_number or None,
        charge_cents=service.charge_cents,
        paid_cents=service.paid_cents,
        allowed_cents=_amount(service.amounts, ALLOWED),
        adjustments=_adjustments(service.adjustments),
        remark_codes=[one.code for one in service.remarks],
        difference_cents=line_difference(service),
    )


def _adjustments(found: Iterable[x12.ClaimAdjustment]) -> list[RemittanceAdjustment]:
    return [
        RemittanceAdjustment(group=one.group, reason_code=one.reason, amount_cents=one.amount_cents) for one in found
    ]


def _amount(amounts: Iterable[x12.MonetaryAmount], qualifier: str) -> int | None:
    return next((one.amount_cents for one in amounts if one.qualifier == qualifier), None)
