"""What does not add up in the remittances, and money that belongs to no claim.

The proofs are those of every remittance; what stays on the accounts of a payer is what its provider adjustments (PLB)
leave there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from services.claims.domain.histories.finding_kinds import KIND_TEXTS
from services.claims.domain.histories.finding_kinds import FindingKind as K
from services.claims.domain.histories.findings import HistoryFinding, of_claim
from services.claims.domain.histories.past import Past
from services.claims.domain.histories.past_records import PaidClaim, PastRemittance
from services.claims.domain.remittances.proofs import payment_difference
from services.claims.domain.remittances.provider_ledger import ProviderAccount, provider_entries
from services.claims.domain.remittances.suggestions import service_dates
from services.claims.domain.wire_code import wire_code
from shared import x12
from shared.money import format_dollars


def look_at_remittances(past: Past, payments: Iterable[PaidClaim]) -> Iterator[HistoryFinding]:
    """The proofs of each remittance and claim payment, and the balances that payers carry and take."""
    of_remittance: dict[str, list[PaidClaim]] = defaultdict(list)
    for paid in payments:
        of_remittance[paid.remittance.digest].append(paid)
        yield from _payment_proof(paid)
    for one in past.remittances:
        if one.whole and one.proof.difference_cents:
            off = one.proof.difference_cents
            told = f"{_more_or_less(off)} claims and provider adjustments come to."
            message = f"It pays {format_dollars(one.proof.amount_cents)}, {told}"
            yield _of_remittance(one, K.REMITTANCE_OUT_OF_BALANCE, off, message)
    yield from _provider_accounts(past, of_remittance)


def _payment_proof(paid: PaidClaim) -> Iterator[HistoryFinding]:
    payment = paid.payment
    off = payment_difference(payment)
    if off:
        message = f"It pays {format_dollars(payment.paid_cents)}, {_more_or_less(off)} it adds up to."
        yield _of_payment(paid, K.PAYMENT_OUT_OF_BALANCE, off, message)


def _more_or_less(cents: int) -> str:
    return f"{format_dollars(abs(cents))} {'more' if cents > 0 else 'less'} than"


def _provider_accounts(past: Past, payments: dict[str, list[PaidClaim]]) -> Iterator[HistoryFinding]:
    """Take-backs (WO, 72) one by one; forward balances (FB) only where they do not come to zero by payer."""
    carried: dict[str, int] = defaultdict(int)
    last: dict[str, PastRemittance] = {}
    for one in past.remittances:
        of_claims = [paid.payment for paid in payments[one.digest]]
        for entry in provider_entries(one.proof, of_claims, one.adjustments):
            accounts = {entry.source: -entry.amount_cents, entry.target: entry.amount_cents}
            if ProviderAccount.FORWARD_BALANCE in accounts:
                carried[one.payer.key] += accounts[ProviderAccount.FORWARD_BALANCE]
                last[one.payer.key] = one
            if accounts.get(ProviderAccount.TAKE_BACKS, 0) > 0 and not _was_reversed(entry.claim_number, of_claims):
                reason = f"The payer kept {format_dollars(entry.amount_cents)} (PLB {entry.reason})."
                yield _of_remittance(one, K.TAKEN_BESIDE_CLAIMS, entry.amount_cents, reason)
    for key, cents in carried.items():
        if cents:
            message = f"{format_dollars(abs(cents))} of this payer's PLB FB has no counterpart."
            yield _of_remittance(last[key], K.FORWARD_BALANCE_OPEN, abs(cents), message)


def _was_reversed(claim_number: str, payments: Iterable[x12.ClaimPayment]) -> bool:
    """Whether the same remittance reverses the claim that a take-back names: then the claim's ledger has it."""
    return any(one.is_reversal and one.claim_number == claim_number for one in payments)


def look_at_strays(past: Past) -> Iterator[HistoryFinding]:
    """Payments that fit no claim, and payments of which a service is on no line."""
    for paid in past.strays:
        message = f"{format_dollars(paid.payment.paid_cents)} is for a claim that is in no 837P of these files."
        yield _of_payment(paid, K.PAYMENT_WITHOUT_CLAIM, paid.payment.paid_cents, message)
    for one in past.claims:
        for paid, position in one.unmatched:
            message = f"Service {position} of a payment of {paid.remittance.header.payment_date} is on no line."
            yield of_claim(one, K.SERVICE_WITHOUT_LINE, paid.payment.paid_cents, message, place=paid.place)


def _of_payment(paid: PaidClaim, kind: K, cents: int, message: str) -> HistoryFinding:
    payment, patient = paid.payment, paid.payment.patient
    name = f"{patient.first} {patient.name}".strip() if patient is not None else ""
    days = service_dates(payment)
    return HistoryFinding(
        kind=kind,
        claim_number=payment.claim_number,
        cents=cents,
        message=message,
        fix=KIND_TEXTS[kind].fix,
        place=paid.place,
        payer=paid.remittance.payer.name,
        date_of_service=days[0] if days else None,
        patient_name=name,
    )


def _of_remittance(one: PastRemittance, kind: K, cents: int, message: str) -> HistoryFinding:
    trace = one.header.trace.value
    told = f"{message} Remittance {trace if trace.isalnum() else wire_code(trace)} of {one.header.payment_date}."
    return HistoryFinding(kind, "", cents, told, KIND_TEXTS[kind].fix, one.place, one.payer.name)
