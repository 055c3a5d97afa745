"""A balance that was open when the practice moved in, as a claim that was sent elsewhere: its ledger, and what of it
cannot be.

It is a claim and no second kind of receivable, so that follow-up, remittances, payments, write-offs, statements, ageing
and retention are those of every claim. It was never ours to send: no rule has judged it, and nobody corrects, voids or
bills it on from here.

Worked: charged 180.00, paid 112.45, written off 42.55, the patient paid 10.00 and owes 15.00 (PR-3). 180.00 enter the
insurer's account; 112.45 go on to `paid`, 42.55 to `written_off`, 25.00 to the patient and 10.00 of them to what she
has paid. The insurer owes nothing.

Worked: charged 180.00 and not answered yet, the patient paid 10.00 at the visit. All 180.00 stay the insurer's, and the
10.00 are her credit until the payer says what is hers.

What a payer left open names its adjustment, and what a patient owes its reason under PR, as the explanation of benefits
has them. Both are judged as those of an 835 are (`adjustment_meaning`), so that no contractual amount, and nothing of
accepted workers' compensation or of care that the VA authorized, comes to a patient by this door.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.claims.domain.adjustment_decisions import PATIENT, WRITE_OFF
from services.claims.domain.adjustment_meaning import AdjustmentMeaning, adjustment_meaning
from services.claims.domain.ledger import Account, Entry, move
from services.claims.domain.payer_responses import OPEN, AdjustmentResponse, PaymentResponse
from services.claims.domain.scrubber_input import ProfessionalServiceLine
from shared.errors import Fault
from shared.money import format_dollars

OPENING = "opening_balance"
"""The reason of its ledger entries beside the charge."""
PATIENTS = "PR"
COPAY = "3"
NOT_OPEN = {PATIENT: "are the patient's", WRITE_OFF: "are written off"}


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One line: its charge, and the accounts that it is on. `insurer_cents` may be denied and undecided."""

    line: ProfessionalServiceLine
    paid_cents: int = 0
    patient_paid_cents: int = 0
    written_off_cents: int = 0
    patient_cents: int = 0
    insurer_cents: int = 0
    patient_reason: str = ""
    open_group: str = ""
    open_reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether only a payer's answer can have brought this about."""
        return any((self.paid_cents, self.written_off_cents, self.patient_cents))

    def credit_cents(self, *, remitted: bool) -> int:
        """What the patient has paid though nothing is hers yet: no payer has answered, or one left the line open and
        named no share of hers."""
        decided = remitted and (not self.insurer_cents or bool(self.patient_reason))
        return 0 if decided else self.patient_paid_cents

    @property
    def left_open_cents(self) -> int:
        """What a payer that has answered left open: the insurer owes it, less what the patient has paid ahead."""
        return self.insurer_cents and self.insurer_cents + self.credit_cents(remitted=True)

    @property
    def parts_cents(self) -> int:
        """The sum of all accounts."""
        return (
            self.paid_cents + self.patient_paid_cents + self.written_off_cents + self.patient_cents + self.insurer_cents
        )


@dataclass(frozen=True, slots=True)
class OpeningClaim:
    """A claim that was sent elsewhere. `remitted_on` is None where no payer has answered by `as_of`."""

    date_of_service: date
    submitted_on: date
    remitted_on: date | None
    as_of: date
    lines: tuple[OpeningLine, ...]
    payer_claim_number: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """How an adjustment of this claim is judged: by its program, and whether the patient has signed a notice."""

    program: str
    notice_on_file: bool

    def meaning(self, group: str, reason: str) -> AdjustmentMeaning:
        """What an adjustment means on this claim."""
        return adjustment_meaning(group, reason, (), self.program, notice_on_file=self.notice_on_file)


def opening_faults(claim: OpeningClaim, judge: Judge, today: date) -> list[Fault]:
    """Why the balance cannot be entered, in the order of its members; empty where it can."""
    faults = [*_dates(claim, today)]
    for place, line in enumerate(claim.lines):
        faults += [fault.under(f"/lines/{place}") for fault in _line_faults(line, claim, judge)]
    return faults


def _dates(claim: OpeningClaim, today: date) -> Iterator[Fault]:
    ordered = (
        ("/as_of", claim.as_of, today, "today"),
        ("/submitted_on", claim.submitted_on, claim.as_of, "`as_of`"),
        ("/date_of_service", claim.date_of_service, claim.submitted_on, "`submitted_on`"),
        ("/remitted_on", claim.remitted_on, claim.as_of, "`as_of`"),
    )
    for pointer, day, latest, name in ordered:
        if day is not None and day > latest:
            yield Fault(pointer, "dates_out_of_order", f"{day} is after {name}, {latest}.", "Correct the dates.")


def _line_faults(line: OpeningLine, claim: OpeningClaim, judge: Judge) -> Iterator[Fault]:
    total, parts = line.line.charge_cents, line.parts_cents
    if total != parts:
        text = f"{format_dollars(total)} were charged, and {format_dollars(parts)} are accounted for."
        fix = "Paid, paid by the patient, written off, and what both owe are the charge, to the cent."
        yield Fault("/charge_cents", "opening_out_of_balance", text, fix)
    if claim.remitted_on is None:
        if line.answered:
            text = "Something was paid, written off or left to the patient, and no payer has answered."
            yield Fault("/paid_cents", "answer_undated", text, "Say when the payer answered (`remitted_on`).")
        return
    if line.patient_cents:
        yield from _patients_share(line, judge)
    elif line.patient_paid_cents and not line.credit_cents(remitted=True):
        yield from _patients_payment(line, judge)
    if line.insurer_cents:
        yield from _open_amount(line, judge)


def _patients_share(line: OpeningLine, judge: Judge) -> Iterator[Fault]:
    pointer, owed = "/patient_reason_code", format_dollars(line.patient_cents)
    if not line.patient_reason:
        text = f"{owed} are said to be the patient's, without the payer's reason."
        fix = "Take the reason under group PR from the explanation of benefits; without one it is not hers."
        yield Fault(pointer, "patient_reason_missing", text, fix)
        return
    meaning = judge.meaning(PATIENTS, line.patient_reason)
    if meaning.who_owes != PATIENT:
        text = f"PR-{line.patient_reason} of this claim does not make {owed} the patient's."
        yield Fault(pointer, "not_the_patients", text, f"Enter it as what the insurer left open. {meaning.fix}")


def _patients_payment(line: OpeningLine, judge: Judge) -> Iterator[Fault]:
    """What she has paid of a decided line was her share, a copay unless a reason is given."""
    meaning = judge.meaning(PATIENTS, line.patient_reason or COPAY)
    if meaning.who_owes != PATIENT:
        text = f"She has paid {format_dollars(line.patient_paid_cents)}, and no share of this claim can be hers."
        fix = f"Pay it back, and enter the amount as what the insurer left open. {meaning.fix}"
        yield Fault("/patient_paid_cents", "not_the_patients", text, fix)


def _open_amount(line: OpeningLine, judge: Judge) -> Iterator[Fault]:
    left = format_dollars(line.insurer_cents)
    if not (line.open_group and line.open_reason):
        text = f"The payer has answered and left {left} open, without a reason."
        fix = "Take group and reason of its adjustment from the explanation of benefits."
        yield Fault("/open_reason_code", "open_reason_missing", text, fix)
        return
    meaning = judge.meaning(line.open_group, line.open_reason)
    if meaning.who_owes in NOT_OPEN:
        text = f"{line.open_group}-{line.open_reason} leaves nothing open: {left} {NOT_OPEN[meaning.who_owes]}."
        fix = "Enter it as `patient_cents` or `written_off_cents`."
        yield Fault("/open_reason_code", "open_reason_differs", text, fix)


def opening_entries(claim: OpeningClaim) -> tuple[Entry, ...]:
    """What has become of the charge of each line, which is booked to the insurer already."""
    entries: list[Entry] = []
    for number, line in enumerate(claim.lines, 1):
        share = line.patient_cents + line.patient_paid_cents - line.credit_cents(remitted=claim.remitted_on is not None)
        entries += move(number, Account.INSURER, Account.PAID, line.paid_cents, OPENING)
        entries += move(number, Account.INSURER, Account.WRITTEN_OFF, line.written_off_cents, OPENING)
        entries += move(number, Account.INSURER, Account.PATIENT, share, OPENING)
        entries += move(number, Account.PATIENT, Account.PATIENT_PAID, line.patient_paid_cents, OPENING)
    return tuple(entries)


def opening_answer(claim: OpeningClaim, judge: Judge, opening_id: str) -> PaymentResponse | None:
    """What payers have answered until `as_of`, as the one payment that a later reversal would take back; None where
    none has. Written-off amounts name no adjustment: their reasons are not asked for."""
    if claim.remitted_on is None:
        return None
    return PaymentResponse(
        paid_on=claim.remitted_on,
        digest=hashlib.sha256(f"{OPENING}|{opening_id}".encode()).hexdigest(),
        charge_cents=sum(line.line.charge_cents for line in claim.lines),
        paid_cents=sum(line.paid_cents for line in claim.lines),
        payer_claim_number=claim.payer_claim_number,
        adjustments=tuple(_adjustments(claim.lines, judge)),
        paid_by_line=tuple((number, line.paid_cents) for number, line in enumerate(claim.lines, 1)),
    )


def _adjustments(lines: Sequence[OpeningLine], judge: Judge) -> Iterator[AdjustmentResponse]:
    for number, line in enumerate(lines, 1):
        found = (
            (PATIENTS, line.patient_reason, line.patient_cents),
            (line.open_group, line.open_reason, line.left_open_cents),
        )
        for group, reason, cents in found:
            if cents:
                meaning = judge.meaning(group, reason)
                yield AdjustmentResponse(
                    line_number=number,
                    group=group,
                    reason_code=reason,
                    remark_codes=(),
                    amount_cents=cents,
                    label=meaning.label,
                    meaning=PATIENT if meaning.who_owes == PATIENT else OPEN,
                    next_action=meaning.next_action,
                )
