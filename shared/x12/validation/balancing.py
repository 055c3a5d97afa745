"""Balancing, SNIP type 3: amounts that must add up, to the cent.

Sources: the balancing rules of 005010X221A1 (lines, claims and payment of the 835) and of 005010X222A1 (lines of the
837P, and what other payers did with them).
"""

from collections.abc import Iterator

from shared.x12.model.records.acknowledgement import Acknowledgement
from shared.x12.model.records.claim import Claim837P
from shared.x12.model.records.parts import ClaimAdjustment
from shared.x12.model.records.remittance import ClaimPayment
from shared.x12.validation.check import CheckContext, CheckFailure


def lines_add_up(claim: Claim837P, _context: CheckContext) -> Iterator[CheckFailure]:
    """The charges of the lines are the charge of the claim."""
    gap = sum(line.charge_cents for line in claim.lines) - claim.charge_cents
    if gap and claim.lines:
        yield CheckFailure("line_sum", "CLM", element=2, gap=gap)


def other_payers_balance(claim: Claim837P, _context: CheckContext) -> Iterator[CheckFailure]:
    """What another payer paid and adjusted on a line is the line's charge."""
    nth = 0
    for line in claim.lines:
        for adjudication in line.adjudications:
            gap = line.charge_cents - adjudication.paid_cents - adjusted(adjudication.adjustments)
            if gap:
                yield CheckFailure("other_payer_balance", "SVD", nth, 2, gap=gap, loop="2430")
            nth += 1


def other_payers_paid(claim: Claim837P, context: CheckContext) -> Iterator[CheckFailure]:
    """What another payer paid on the lines less what it adjusted on the claim is what it paid on the claim (AMT*D)."""
    if not claim.other_payers:
        return
    known = {other.payer.id for other in claim.other_payers if other.payer is not None}
    # A line that does not balance, or that names nobody, is reported already.
    if any(one.payer_id not in known for line in claim.lines for one in line.adjudications):
        return
    if next(other_payers_balance(claim, context), None) is not None:
        return
    nth = 0
    for other in claim.other_payers:
        paid, payer = other.paid_cents, other.payer.id if other.payer is not None else ""
        if paid is None:
            continue
        lines = [one.paid_cents for line in claim.lines for one in line.adjudications if one.payer_id == payer]
        gap = sum(lines) - adjusted(other.adjustments) - paid
        # Two of the same name cannot be told apart.
        twice = sum(one.payer is not None and one.payer.id == payer for one in claim.other_payers) > 1
        if lines and gap and not twice:
            yield CheckFailure("other_payer_paid", "AMT*D", nth, 2, gap=gap, loop="2320")
        nth += 1


def patient_share(payment: ClaimPayment, _context: CheckContext) -> Iterator[CheckFailure]:
    """CLP05 is the sum of the adjustments of the group PR. Reversals are excepted (RFI 2548 of X12): they do not come
    here."""
    share = payment.patient_responsibility_cents
    if share is None:
        return
    for adjustment in payment.adjustments:
        if adjustment.group == "PR":
            share -= adjustment.amount_cents
    for service in payment.services:
        for adjustment in service.adjustments:
            if adjustment.group == "PR":
                share -= adjustment.amount_cents
    if share:
        yield CheckFailure("patient_share", "CLP", element=5, gap=share)


def payment_balances(payment: ClaimPayment, _context: CheckContext) -> Iterator[CheckFailure]:
    """Charge less adjustments is what was paid, on each line and on the claim.

    A claim that balances is asked further whether its lines have its charge: one that does not would only be reported
    twice for the same cents.
    """
    total = adjusted(payment.adjustments)
    charges = 0
    for index, service in enumerate(payment.services):
        # A plain loop: this runs for every line of every remittance, and a call for each is a tenth of the time.
        charge, line = service.charge_cents, 0
        for adjustment in service.adjustments:
            line += adjustment.amount_cents
        if charge != line + service.paid_cents:
            gap = charge - line - service.paid_cents
            yield CheckFailure("line_balance", "SVC", index, 3, gap=gap, loop="2110")
        total += line
        charges += charge
    gap = payment.charge_cents - total - payment.paid_cents
    if gap:
        yield CheckFailure("claim_balance", "CLP", element=4, gap=gap)
    elif charges != payment.charge_cents and payment.services:
        yield CheckFailure("lines_charge_sum", "CLP", element=3, gap=charges - payment.charge_cents)


def remittance_gap(payment_cents: int, paid_cents: int, provider_adjustment_cents: int) -> int:
    """What the payment (BPR02) lacks, in cents: it is the sum of CLP04 less the sum of PLB."""
    return paid_cents - provider_adjustment_cents - payment_cents


def acknowledgement_counts(record: Acknowledgement, _context: CheckContext) -> Iterator[CheckFailure]:
    """AK9 counts the answers above it; of a group that is rejected as a whole nothing was accepted."""
    accepted = sum(answer.result in ("A", "E") for answer in record.transactions)
    if record.result == "A" and any(answer.result not in ("A", "E") for answer in record.transactions):
        yield CheckFailure("acknowledgement_result", "AK9", element=1)
        return
    # A group that is rejected for its envelope counts nothing as accepted, whatever its transactions are.
    rejected = record.result == "R" and record.accepted == 0
    wrong = record.accepted != accepted and not rejected
    if record.transactions and wrong and record.received == len(record.transactions):
        yield CheckFailure("acknowledgement_counts", "AK9", element=4)
    if record.received > record.included:
        yield CheckFailure("acknowledgement_counts", "AK9", element=3)


def adjusted(adjustments: tuple[ClaimAdjustment, ...]) -> int:
    """The sum of adjustments in cents."""
    total = 0
    for adjustment in adjustments:
        total += adjustment.amount_cents
    return total
