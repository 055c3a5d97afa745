"""Runs the checks of SNIP types 3 to 5 over the records of one transaction, and keeps its sums.

The lists below say which checks a kind of record has. Their order is that in which a biller reads the record, and so
that of the findings.
"""

from typing import Any

from shared.x12.model.records.acknowledgement import Acknowledgement
from shared.x12.model.records.claim import Claim837P, Submission
from shared.x12.model.records.parts import Part
from shared.x12.model.records.remittance import REVERSAL, ClaimPayment, ProviderAdjustment, Remittance
from shared.x12.splitting.segment_positions import SegmentPosition, SegmentTracker
from shared.x12.validation import balancing, code_sets, situational
from shared.x12.validation.check import Check, CheckContext, CheckFailure
from shared.x12.validation.finding_log import FindingLog
from shared.x12.validation.totals import Totals

CLAIM_CHECKS: tuple[Check[Claim837P], ...] = (
    situational.claim_number_repeated,
    situational.patient_or_subscriber,
    situational.born_before_service,
    balancing.lines_add_up,
    situational.charges_and_units,
    situational.accident_details,
    situational.original_reference,
    code_sets.diagnoses,
    situational.first_diagnosis,
    situational.payer_ranks,
    balancing.other_payers_balance,
    balancing.other_payers_paid,
    situational.adjudicating_payers,
    situational.paperwork_numbers,
    code_sets.places_of_service,
    situational.line_numbers_and_pointers,
    situational.service_before_file,
)
# A remittance has so many payments that one call less for each is felt: a check that cannot fail is not called.
REVERSAL_CHECKS: tuple[Check[ClaimPayment], ...] = (
    balancing.payment_balances,
    situational.payment_dates,
    situational.reversal_is_negative,
)
PAYMENT_CHECKS: tuple[Check[ClaimPayment], ...] = (
    balancing.payment_balances,
    balancing.patient_share,
    situational.payment_dates,
)
PAYMENT_CODE_SET_CHECKS: tuple[Check[ClaimPayment], ...] = (code_sets.reasons_and_remarks,)
ACKNOWLEDGEMENT_CHECKS: tuple[Check[Acknowledgement], ...] = (balancing.acknowledgement_counts,)


class TransactionChecks:
    """The checks and sums of one transaction."""

    def __init__(self, context: CheckContext, element_separator: bytes) -> None:
        self.context, self.separator = context, element_separator
        asked = PAYMENT_CODE_SET_CHECKS if context.codes is not None else ()
        self.payment_checks, self.reversal_checks = PAYMENT_CHECKS + asked, REVERSAL_CHECKS + asked
        self.payment_cents: int | None = None
        self.payment_position: SegmentPosition | None = None
        self.charge_cents = self.paid_cents = self.provider_adjustment_cents = 0

    def header(self, record: Part, tracker: SegmentTracker, log: FindingLog) -> None:
        """Check the header, and remember what later checks need of it."""
        if isinstance(record, Submission):
            self.context.created = record.created
        elif isinstance(record, Remittance):
            self.payment_cents = record.payment_cents if record.credit_debit != "D" else -record.payment_cents
            self.context.noticed = record.payment_date
            # The balance is only known when the transaction ends, and the header is out of reach by then.
            self.payment_position = tracker.find(b"BPR" + self.separator)
            if record.payment_cents < 0:
                self.report(CheckFailure("payment_negative", "BPR", element=2), tracker, log, "HEADER")
            account = missing_account(record)
            if account:
                self.report(CheckFailure("bank_account", "BPR", element=account), tracker, log, "HEADER")
            if record.method == "NON" and record.payment_cents:
                self.report(CheckFailure("payment_method", "BPR", element=2), tracker, log, "HEADER")

    def record(self, record: Part, tracker: SegmentTracker, log: FindingLog, loop: str) -> None:
        """Add a record to the sums, and log what its checks find."""
        checks: tuple[Check[Any], ...] = ()
        if isinstance(record, ClaimPayment):
            self.charge_cents += record.charge_cents
            self.paid_cents += record.paid_cents
            checks = self.payment_checks if record.status != REVERSAL else self.reversal_checks
        elif isinstance(record, Claim837P):
            self.charge_cents += record.charge_cents
            checks = CLAIM_CHECKS
        elif isinstance(record, ProviderAdjustment):
            self.provider_adjustment_cents += sum(item.amount_cents for item in record.items)
        elif isinstance(record, Acknowledgement):
            checks = ACKNOWLEDGEMENT_CHECKS
        for check in checks:
            for failure in check(record, self.context):
                self.report(failure, tracker, log, loop)

    def close(self, log: FindingLog) -> None:
        """Log the balance of the whole remittance, which is only known at its end."""
        if self.payment_cents is None or self.payment_position is None:
            return
        gap = balancing.remittance_gap(self.payment_cents, self.paid_cents, self.provider_adjustment_cents)
        if gap:
            log.add(
                "remittance_balance",
                self.payment_position,
                loop="HEADER",
                segment="BPR",
                element=2,
                words={"count": str(abs(gap))},
            )

    def totals(self, records: int, segments: int) -> Totals:
        """The sums of the transaction."""
        return Totals(
            records=records,
            segments=segments,
            charge_cents=self.charge_cents,
            paid_cents=self.paid_cents,
            provider_adjustment_cents=self.provider_adjustment_cents,
            payment_cents=self.payment_cents,
        )

    def report(self, failure: CheckFailure, tracker: SegmentTracker, log: FindingLog, loop: str) -> None:
        """Log a failure at its segment, or at the first of the record when that is not there."""
        head, _, code = failure.segment.partition("*")
        wanted = self.separator.join((head.encode(), code.encode(), b"") if code else (head.encode(), b""))
        position = tracker.find(wanted, failure.nth)
        if position is None:
            position = tracker.nth_of_record(0) if tracker.record_length() else tracker.current()
            head = position.segment.partition(self.separator)[0].decode("latin-1")
        parts = position.segment.split(self.separator)
        value = parts[failure.element] if 0 < failure.element < len(parts) else b""
        log.add(
            failure.code,
            position,
            loop=failure.loop or loop,
            segment=head,
            element=failure.element,
            component=failure.component,
            words={"count": str(abs(failure.gap))},
            value=value,
        )


def missing_account(record: Remittance) -> int:
    """The first element of the side of a payment from bank to bank that lacks its bank or account; else 0."""
    if record.method not in ("ACH", "BOP", "FWT"):
        return 0
    for number, account in ((6, record.sender), (12, record.receiver)):
        if account is None or not (account.bank and account.account):
            return number
    return 0
