"""TransactionChecks across segments: money that must add up, pointers that must point, claims that must not repeat.

A proof is a small function in an ordered list for a kind of record. It runs on the typed record, and only when it fails
is the trail of segments searched for the position to name. `TransactionChecks` also keeps the sums of a transaction.
"""

# TransactionChecks share one signature, so some need nothing of the transaction.
# ruff: noqa: ARG001

import datetime
import re
from collections.abc import Callable, Iterable, Iterator

from shared.x12.model.records import (
    Acknowledgement,
    Adjustment,
    Claim,
    ClaimPayment,
    ProviderAdjustment,
    Remittance,
    ServiceLine,
    ServicePayment,
    Submission,
)
from shared.x12.model.records.parts import Part
from shared.x12.reading.events import Totals
from shared.x12.reading.options import ReadOptions
from shared.x12.splitting.segment_positions import SegmentPosition, SegmentTracker
from shared.x12.validation.finding_log import FindingLog

ICD_10 = re.compile(r"[A-TV-Z]\d[0-9A-Z][0-9A-Z]{0,4}")


class CheckFailure:
    """A proof that failed: its code, where to look (segment id, which of them), element, component, cents apart."""

    __slots__ = ("code", "component", "element", "gap", "loop", "nth", "segment", "value")

    def __init__(
        self, code: str, segment: str, nth: int = 0, element: int = 0, component: int = 0, gap: int = 0, loop: str = ""
    ) -> None:
        self.code, self.segment, self.nth = code, segment, nth
        self.element, self.component, self.gap, self.loop = element, component, gap, loop


class TransactionChecks:
    """The proofs and sums of one transaction."""

    def __init__(self, options: ReadOptions, element_separator: bytes, seen_claims: set[int]) -> None:
        self.options, self.separator = options, element_separator
        self.seen_claims = seen_claims
        self.created: datetime.date | None = None
        self.noticed: datetime.date | None = None
        self.payment_cents: int | None = None
        self.payment_position: SegmentPosition | None = None
        self.charge_cents = self.paid_cents = self.provider_adjustment_cents = 0

    def header(self, record: Part, tracker: SegmentTracker, log: FindingLog) -> None:
        """Remember what later proofs need from the header."""
        if isinstance(record, Submission):
            self.created = record.created
        elif isinstance(record, Remittance):
            self.payment_cents = record.payment_cents if record.credit_debit != "D" else -record.payment_cents
            self.noticed = record.payment_date
            self.payment_position = tracker.find(b"BPR" + self.separator)
            if record.payment_cents < 0:
                self.report(CheckFailure("payment_negative", "BPR", element=2), tracker, log, "HEADER")
            if record.method == "NON" and record.payment_cents:
                self.report(CheckFailure("payment_method", "BPR", element=2), tracker, log, "HEADER")

    def record(self, record: Part, tracker: SegmentTracker, log: FindingLog, loop: str) -> None:
        """Run the proofs of a record."""
        failures: Iterable[CheckFailure]
        if isinstance(record, ClaimPayment):
            self.charge_cents += record.charge_cents
            self.paid_cents += record.paid_cents
            failures = remittance_failures(record, self)
        elif isinstance(record, Claim):
            self.charge_cents += record.charge_cents
            failures = claim_failures(record, self)
        elif isinstance(record, ProviderAdjustment):
            self.provider_adjustment_cents += sum(item.amount_cents for item in record.items)
            return
        elif isinstance(record, Acknowledgement):
            failures = acknowledgement_failures(record)
        else:
            return
        for failure in failures:
            self.report(failure, tracker, log, loop)

    def close(self, log: FindingLog) -> None:
        """The proof over the whole remittance."""
        if self.payment_cents is None or self.payment_position is None:
            return
        gap = self.paid_cents - self.provider_adjustment_cents - self.payment_cents
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
        """Write down a failed proof at its segment (or at the first of the record, when that is not there)."""
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


def claim_failures(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """All proofs of an 837P claim, in the order in which a biller reads the claim."""
    for proof in CLAIM_PROOFS:
        yield from proof(claim, checks)


def claim_repeated(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """The same CLM01 twice in a file; kept as 64-bit digests."""
    digest = hash(claim.claim_number)
    if digest in checks.seen_claims:
        yield CheckFailure("repeated_claim", "CLM", element=1)
    checks.seen_claims.add(digest)


def claim_patient(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """Who the patient is: the subscriber (with address and birth date) or a patient level, never both or neither."""
    is_patient = claim.subscriber.relationship == "18"
    if claim.patient is None and not is_patient:
        yield CheckFailure("patient_missing", "CLM")
    if claim.patient is not None and is_patient:
        yield CheckFailure("patient_twice", "CLM")
    party = claim.subscriber.party
    if claim.patient is None and is_patient and not (party.line1 and party.city and party.birth_date and party.gender):
        yield CheckFailure("subscriber_address", "CLM")


def claim_amounts(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """The lines add up to the claim; no charge is negative; every line has units."""
    gap = sum(line.charge_cents for line in claim.lines) - claim.charge_cents
    if gap and claim.lines:
        yield CheckFailure("line_sum", "CLM", element=2, gap=gap)
    if claim.charge_cents < 0:
        yield CheckFailure("negative_amount", "CLM", element=2)
    for index, line in enumerate(claim.lines):
        if line.charge_cents < 0:
            yield CheckFailure("negative_amount", "SV1", index, 2, loop="2400")
        if line.quantity <= 0:
            yield CheckFailure("zero_units", "SV1", index, 4, loop="2400")


def claim_lines(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """Lines are numbered from 1, and point to diagnoses that are there."""
    known = len(claim.diagnoses)
    for index, line in enumerate(claim.lines):
        if line.number != index + 1:
            yield CheckFailure("line_number", "LX", index, 1, loop="2400")
        for component, pointer in enumerate(line.pointers, 1):
            if not 1 <= pointer <= known:
                yield CheckFailure("pointer", "SV1", index, 7, component, loop="2400")


def claim_diagnoses(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """Diagnoses have the form of ICD-10-CM, are in force on the date of service, and begin with no external cause."""
    codes = checks.options.codes
    on = first_service(claim) if codes is not None else None
    for index, diagnosis in enumerate(claim.diagnoses):
        if diagnosis.qualifier not in ("ABK", "ABF"):
            continue
        if not ICD_10.fullmatch(diagnosis.code):
            yield CheckFailure("diagnosis_form", "HI", 0, index + 1, 2)
        elif codes is not None and codes.diagnosis(diagnosis.code, on) is False:
            yield CheckFailure("diagnosis_unknown", "HI", 0, index + 1, 2)
    first = claim.diagnoses[0] if claim.diagnoses else None
    if first is not None and first.qualifier == "ABK" and first.code[:1] in ("V", "W", "X", "Y"):
        yield CheckFailure("first_diagnosis", "HI", 0, 1, 2)


def claim_accident(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """An automobile or other accident has its date, an automobile accident its state; it is not after the service."""
    causes = claim.related_causes
    accident = claim.accident_date
    if ("AA" in causes or "OA" in causes) and accident is None:
        yield CheckFailure("accident_date", "CLM", element=11)
    if "AA" in causes and not claim.accident_state and not claim.accident_country:
        yield CheckFailure("accident_state", "CLM", element=11, component=4)
    on = first_service(claim) if accident is not None else None
    if accident is not None and on is not None and accident > on:
        yield CheckFailure("accident_after_service", "DTP*439", element=3)


def claim_dates(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """No service after the file was made."""
    for index, line in enumerate(claim.lines):
        on = line.service_date
        if on is not None and checks.created is not None and on > checks.created:
            yield CheckFailure("service_after_file", "DTP*472", index, 3, loop="2400")


def claim_correction(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """A replacement or a void names the claim that it replaces."""
    if claim.frequency in ("7", "8") and not claim.reference("F8"):
        yield CheckFailure("original_number", "CLM", element=5, component=3)


def claim_other_payers(claim: Claim, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """Each payer has its own position, and what another payer did with a line adds up to the line's charge."""
    ranks = [claim.subscriber.responsibility, *(other.responsibility for other in claim.other_payers)]
    for index, rank in enumerate(ranks[1:]):
        if rank != "U" and rank in ranks[: index + 1]:
            yield CheckFailure("responsibility_repeated", "SBR", index, 1, loop="2320")
    nth = 0
    for line in claim.lines:
        for adjudication in line.adjudications:
            gap = line.charge_cents - adjudication.paid_cents - adjusted(adjudication.adjustments)
            if gap:
                yield CheckFailure("other_payer_balance", "SVD", nth, 2, gap=gap, loop="2430")
            nth += 1


CLAIM_PROOFS: tuple[Callable[[Claim, TransactionChecks], Iterator[CheckFailure]], ...] = (
    claim_repeated,
    claim_patient,
    claim_amounts,
    claim_accident,
    claim_correction,
    claim_diagnoses,
    claim_other_payers,
    claim_lines,
    claim_dates,
)


def first_service(claim: Claim) -> datetime.date | None:
    """The first day of service."""
    days = [line.service_date for line in claim.lines if line.service_date is not None]
    return min(days) if days else None


def adjusted(adjustments: tuple[Adjustment, ...]) -> int:
    """The sum of adjustments in cents."""
    total = 0
    for adjustment in adjustments:
        total += adjustment.amount_cents
    return total


def remittance_failures(claim: ClaimPayment, checks: TransactionChecks) -> list[CheckFailure]:
    """Line and claim balance of a claim payment, then its codes where the caller has lists."""
    found: list[CheckFailure] = []
    total = adjusted(claim.adjustments)
    charges = 0
    for index, service in enumerate(claim.services):
        charge, line = service.charge_cents, 0
        for adjustment in service.adjustments:
            line += adjustment.amount_cents
        if charge != line + service.paid_cents:
            gap = charge - line - service.paid_cents
            found.append(CheckFailure("line_balance", "SVC", index, 3, gap=gap, loop="2110"))
        total += line
        charges += charge
    gap = claim.charge_cents - total - claim.paid_cents
    if gap:
        found.append(CheckFailure("claim_balance", "CLP", element=4, gap=gap))
    elif charges != claim.charge_cents and claim.services:
        found.append(CheckFailure("lines_charge_sum", "CLP", element=3, gap=charges - claim.charge_cents))
    if checks.options.codes is not None:
        found.extend(code_failures(claim, checks))
    return found


def code_failures(claim: ClaimPayment, checks: TransactionChecks) -> Iterator[CheckFailure]:
    """Reason and remark codes that are not known on the date of the notice."""
    codes, on = checks.options.codes, checks.noticed
    assert codes is not None
    sources: list[ClaimPayment | ServicePayment] = [claim, *claim.services]
    nth = 0
    for source in sources:
        for group in groups_of(source.adjustments):
            for index, adjustment in enumerate(group):
                if codes.adjustment_reason(adjustment.reason, on) is False:
                    yield CheckFailure("reason_unknown", "CAS", nth, 2 + 3 * index)
            nth += 1
    nth = 0
    for service in claim.services:
        for remark in service.remarks:
            if remark.qualifier == "HE" and codes.remark(remark.code, on) is False:
                yield CheckFailure("remark_unknown", "LQ", nth, 2, loop="2110")
            nth += 1
    for kept in claim.others:
        numbers = {"MOA": range(3, 8), "MIA": (5, 20, 21, 22, 23)}.get(kept.id, ())
        for number in numbers:
            code = kept.elements[number - 1] if number <= len(kept.elements) else ""
            if code and codes.remark(code, on) is False:
                yield CheckFailure("remark_unknown", kept.id, 0, number)


def groups_of(adjustments: tuple[Adjustment, ...]) -> Iterator[list[Adjustment]]:
    """Adjustments as they stand in CAS segments: neighbours of one group, at most six."""
    current: list[Adjustment] = []
    for adjustment in adjustments:
        if current and (current[-1].group != adjustment.group or len(current) == 6):
            yield current
            current = []
        current.append(adjustment)
    if current:
        yield current


def acknowledgement_failures(record: Acknowledgement) -> Iterator[CheckFailure]:
    """AK9 counts what stands above it; nothing of a group that is refused as a whole was accepted."""
    accepted = sum(answer.result in ("A", "E") for answer in record.transactions)
    refused = record.result == "R" and record.accepted == 0
    wrong = record.accepted != accepted and not refused
    if record.transactions and wrong and record.received == len(record.transactions):
        yield CheckFailure("acknowledgement_counts", "AK9", element=4)
    if record.received > record.included:
        yield CheckFailure("acknowledgement_counts", "AK9", element=3)


__all__ = ["CheckFailure", "ServiceLine", "TransactionChecks"]
