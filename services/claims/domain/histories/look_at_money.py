"""Money of a claim that is not as it should be though its payer has decided it: underpaid, paid twice, or booked
wrongly by the practice itself."""

from collections.abc import Iterator
from datetime import date

from services.claims.domain.expected import PayerFees, allowed_by_line
from services.claims.domain.histories.finding_kinds import FindingKind as K
from services.claims.domain.histories.findings import APPEAL, HistoryFinding, dispute_windows, of_claim
from services.claims.domain.histories.look_at_rules import JudgedClaims
from services.claims.domain.histories.past import Past
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.histories.situations import situation_of
from services.claims.domain.histories.usual_fees import Usual, usual_fees, without_given
from services.claims.domain.next_action import Situation
from services.claims.domain.next_payer import FIRST_PAYER, answer_of
from services.claims.domain.underpayment import underpaid_lines
from shared.money import format_dollars


def look_at_allowed(past: Past) -> Iterator[HistoryFinding]:
    """Lines that were allowed less than the given fees say, or less than the payer usually allows."""
    usual = usual_fees(past.claims)
    for one in past.claims:
        if answer_of(one.responses) is None or one.is_out_of_balance:
            continue
        s = situation_of(one, past.as_of, past.next_of(one))
        yield from _short(past, one, s, one.terms.fees, K.UNDERPAID)
        own = _usual_of(usual, one)
        yield from _short(past, one, s, without_given(own, one.terms.fees), K.ALLOWED_BELOW_USUAL)


def _usual_of(usual: Usual, one: RebuiltClaim) -> PayerFees:
    return usual.get((one.sent.payer.key, one.claim.date_of_service.year), PayerFees())


def _short(past: Past, one: RebuiltClaim, s: Situation, fees: PayerFees, kind: K) -> Iterator[HistoryFinding]:
    claim, responses = one.claim, one.responses
    allowed, reductions, _ = allowed_by_line(claim, one.terms.profile, fees, past.codes)
    lines = underpaid_lines(claim, responses, answer_of(responses), allowed, reductions, fees)
    if not lines:
        return
    codes = claim.numbered_lines
    said = [
        f"{codes[line.line_number].procedure_code}: {format_dollars(line.allowed_cents)} of "
        f"{format_dollars(line.expected_cents)}"
        for line in lines
    ]
    message = f"Allowed {'; '.join(said)}."
    cents = sum(line.short_cents for line in lines)
    windows = [one for one in dispute_windows(s, one) if one.kind == APPEAL]
    yield of_claim(one, kind, cents, message, windows=windows, rule=lines[0].rule)


def look_at_duplicates(past: Past, judged: JudgedClaims) -> Iterator[HistoryFinding]:
    """Claims for a service that another claim has billed already, and what was paid on both."""
    for one in past.claims:
        if not judged.is_duplicate(one):
            continue
        first = next((other for other in past.by_patient[one.sent.patient_key] if _is_first_of(other, one)), None)
        named = f" on claim {first.sent.number}" if first else ""
        message = f"The services of {one.claim.date_of_service} had been billed{named}."
        yield of_claim(one, K.DUPLICATE_SENT, one.claim.charge_cents, message, rule="duplicate_claim")
        if first is not None and one.money.paid_cents > 0 and first.money.paid_cents > 0:
            cents = min(one.money.paid_cents, first.money.paid_cents)
            message = f"The payer has paid claim {first.sent.number} and this one for the services of one visit."
            yield of_claim(one, K.PAID_TWICE, cents, message)


def _is_first_of(other: RebuiltClaim, one: RebuiltClaim) -> bool:
    same = (_visit(other) == _visit(one)) and other is not one
    return same and bool(other.claim.procedure_codes() & one.claim.procedure_codes())


def _visit(one: RebuiltClaim) -> tuple[str, date, str]:
    return one.sent.payer.key, one.claim.date_of_service, one.claim.sequence


def look_at_own_balances(past: Past) -> Iterator[HistoryFinding]:
    """What the practice's books have on the patient's account, or have written off, beyond what the payers decided."""
    for one in past.claims:
        own = past.own_balances.get(one.sent.number)
        if own is None or one.claim.sequence != FIRST_PAYER or answer_of(one.responses) is None:
            continue
        following = past.next_of(one)
        whole = [one.money, following.money] if following is not None else [one.money]
        share, off = sum(money.patient_share_cents for money in whole), sum(money.written_off_cents for money in whole)
        billed, written_off = own.billed_to_patient_cents - share, own.written_off_cents - off
        if billed > 0:
            asked = format_dollars(own.billed_to_patient_cents)
            message = f"The payers left {format_dollars(share)} to the patient; she was billed {asked}."
            yield of_claim(one, K.BILLED_TO_PATIENT_WRONGLY, billed, message)
        if written_off > 0:
            message = (
                f"{format_dollars(off)} is to be written off; the books have {format_dollars(own.written_off_cents)}."
            )
            yield of_claim(one, K.WRITTEN_OFF_WRONGLY, written_off, message)
