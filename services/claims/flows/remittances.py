"""835: money is posted, each claim payment once and for ever, one 835 transaction in one database transaction.

What a payment says is digested (payer, trace, claim, amounts, services); a payment that comes again, in the same
file or in a re-issued one, is the same digest and posts nothing.
"""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session

from services.claims.domain.ledger import Account
from services.claims.domain.lifecycle import Event
from services.claims.domain.remittance import BilledLine, Judge, Judged, PostedAdjustment, post
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.drafting import draft_of, profile_of
from services.claims.flows.facts import Snapshot
from services.claims.flows.findings import Applied
from services.claims.flows.standing import local_today, settle
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow, MessageRow, PostingRow
from shared import x12
from shared.codesets.adjustments import meaning
from shared.money import format_dollars

ACCOUNTS = {"patient": Account.PATIENT, "write_off": Account.WRITTEN_OFF}
FORWARDED = frozenset({"19", "20", "21", "23"})
URGENCY = (
    "mend_and_resubmit",
    "correct_claim",
    "appeal",
    "appeal_if_proof",
    "send_records",
    "verify_eligibility",
    "bill_other_payer",
    "find_first_claim",
    "check_credentialing",
    "review",
)


def apply_remittance(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    transaction: x12.ReadTransaction,
    now: datetime,
    applied: Applied,
) -> None:
    """Post every claim payment that fits a claim; what fits none is left open with its place and cents."""
    header = transaction.header
    if not isinstance(header, x12.Remittance):
        applied.leave_open(
            code="remittance_without_header",
            message="The remittance has no readable header.",
            pointer="/BPR",
            fix="Ask for it again.",
        )
        return
    for place, record in enumerate(transaction.records, 1):
        match record:
            case x12.ClaimPayment() as payment:
                _post_payment(session, deps, row, header, payment, now, applied)
            case x12.ProviderAdjustment(items=items):
                for item in items:
                    applied.note(
                        code="provider_adjustment",
                        message=f"{format_dollars(item.amount_cents)} belong to no claim ({item.reason}).",
                        pointer=f"/records/{place}/PLB",
                        fix="Book it in the practice's own accounts.",
                    )
            case _:
                pass


def _post_payment(
    session: Session,
    deps: Dependencies,
    row: MessageRow,
    header: x12.Remittance,
    payment: x12.ClaimPayment,
    now: datetime,
    applied: Applied,
) -> None:
    number = store.number(session, row.organization_id, payment.claim_number)
    claim = store.claim(session, row.organization_id, number.claim_id) if number else None
    digest = payment_digest(header, payment)
    if claim is None:
        applied.leave_open(
            code="claim_unknown",
            message=f"{format_dollars(payment.paid_cents)} were paid on a claim number that was never given here.",
            pointer="/CLP/1",
            fix="Look for the claim by member, date and charge, then release or set aside.",
        )
        return
    applied.claims += 1
    if store.was_posted(session, row.organization_id, digest):
        applied.note(
            code="payment_posted_before",
            message="The same payment was posted from an earlier message.",
            pointer="/CLP/1",
            fix="Nothing to do.",
        )
        return
    snapshot = Snapshot.load(claim.snapshot)
    posting = post(payment, payment.claim_number, _billed(claim), _judge(profile_of(snapshot).program))
    if posting.unmatched_services:
        applied.leave_open(
            code="service_unknown",
            message=f"Service {posting.unmatched_services[0]} of a claim payment fits no line of the claim.",
            pointer=f"/CLP/SVC/{posting.unmatched_services[0]}",
            fix="Compare the lines with the claim, then post it by hand.",
        )
        return
    session.add(
        PostingRow(organization_id=row.organization_id, id=digest, claim_id=claim.id, message_id=row.id, posted_at=now)
    )
    store.book(session, deps.ids, claim, posting.entries, posted_at=now, source_id=row.id)
    _remember(claim, payment, posting.adjustments, reversal=posting.reversal)
    claim.remitted_on = header.payment_date or local_today(claim, now)
    settle(session, deps.ids, claim, now, Event.REMITTED)


def payment_digest(header: x12.Remittance, payment: x12.ClaimPayment) -> str:
    """64 hex characters that are the same for the same payment, in whatever file it comes."""
    said = msgspec.json.encode((header.payer.name, header.trace, header.payment_date, payment))
    return hashlib.sha256(said).hexdigest()


def _billed(claim: ClaimRow) -> tuple[BilledLine, ...]:
    lines = draft_of(claim.coded).lines
    return tuple(BilledLine(number, line.procedure, line.charge_cents) for number, line in enumerate(lines, 1))


def _judge(program: str) -> Judge:
    def judge(group: str, reason: str, remarks: tuple[str, ...]) -> Judged:
        found = meaning(group, reason, remarks, program)
        return Judged(ACCOUNTS.get(found.who_owes, Account.INSURER), found.next_action, found.label)

    return judge


def _remember(
    claim: ClaimRow, payment: x12.ClaimPayment, adjustments: tuple[PostedAdjustment, ...], *, reversal: bool
) -> None:
    """What of the payment the next action and the reader need."""
    kept = dict(claim.remitted)
    earlier: list[dict[str, Any]] = kept.get("adjustments", [])
    open_ones = [one for one in adjustments if one.judged.account is Account.INSURER and one.amount_cents > 0]
    kept["adjustments"] = [*earlier, *(_adjustment(one) for one in adjustments)]
    kept["wanted"] = sorted({one.judged.next_action for one in open_ones}, key=_urgency)
    kept["payer_claim_number"] = payment.payer_claim_number or kept.get("payer_claim_number")
    kept["reversed_last"] = reversal
    kept["forwarded"] = payment.status in FORWARDED
    claim.remitted = kept


def _urgency(kind: str) -> int:
    return URGENCY.index(kind) if kind in URGENCY else len(URGENCY)


def _adjustment(one: PostedAdjustment) -> dict[str, Any]:
    meanings = {Account.PATIENT: "patient", Account.WRITTEN_OFF: "write_off"}
    return {
        "line_number": one.line_number or None,
        "group": one.group,
        "reason_code": one.reason,
        "remark_codes": list(one.remarks),
        "amount_cents": one.amount_cents,
        "label": one.judged.label,
        "meaning": meanings.get(one.judged.account, "insurer"),
    }
