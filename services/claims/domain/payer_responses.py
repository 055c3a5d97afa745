"""The answers of clearinghouse and payer about one claim, stored so that the order of messages does not matter.

Payments are those of all its submissions, each with the submission that it is about; acceptances and rejections are
those of the present one.

Messages come in any order and more than once. So the answers are a set, sorted by day of payment, and everything
is derived from the whole set: a reversal cancels the payment whose amounts it carries with the
opposite sign, whether it arrived before or after it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

CLEARINGHOUSE, PAYER = "clearinghouse", "payer"
URGENCY = (
    "fix_and_resubmit",
    "correct_claim",
    "appeal",
    "appeal_if_proof",
    "send_records",
    "verify_eligibility",
    "bill_other_payer",
    "find_original_claim",
    "check_credentialing",
    "review",
)
UNPROCESSABLE = "MA130"
OPEN = "insurer"
NOTHING = "none"
"""The action of an adjustment that only informs."""


@dataclass(frozen=True, slots=True)
class AdjustmentResponse:
    """One adjustment as a payer made it, with its meaning. `meaning` is `insurer` where the amount stays open;
    `line_number` is None where no line could be named."""

    line_number: int | None
    group: str
    reason_code: str
    remark_codes: tuple[str, ...]
    amount_cents: int
    label: str
    meaning: str
    next_action: str


@dataclass(frozen=True, slots=True)
class PaymentResponse:
    """One claim payment of an 835. Amounts of a reversal are negative. `submission` is the place of the submission that
    it is about; `covers` are the lines that it decides, empty where it decides the whole claim."""

    paid_on: date
    digest: str
    charge_cents: int
    paid_cents: int
    reversal: bool = False
    forwarded: bool = False
    payer_claim_number: str = ""
    adjustments: tuple[AdjustmentResponse, ...] = ()
    paid_by_line: tuple[tuple[int, int], ...] = ()
    """(line number, cents) of each line that the payer answered; empty if it answered the claim as a whole."""
    submission: int = 1
    covers: tuple[int, ...] = ()

    def decides(self, line_number: int | None) -> bool:
        """Whether it decides this line."""
        return not self.covers or line_number in self.covers


def _amounts(one: PaymentResponse, sign: int) -> tuple[object, ...]:
    return sign * one.charge_cents, sign * one.paid_cents


def _changes(one: PaymentResponse, sign: int) -> tuple[object, ...]:
    made = ((a.line_number or 0, a.group, a.reason_code, sign * a.amount_cents) for a in one.adjustments)
    return *_amounts(one, sign), tuple(sorted(made))


LIKENESSES: tuple[Callable[[PaymentResponse, int], tuple[object, ...]], ...] = (
    lambda one, sign: (one.submission, one.payer_claim_number, *_changes(one, sign)),
    lambda one, sign: (one.submission, *_changes(one, sign)),
    lambda one, sign: (one.submission, *_amounts(one, sign)),
    _changes,
    _amounts,
)
"""In what a reversal (with its amounts the other way round) agrees with the payment that it cancels, the most first."""


@dataclass(frozen=True, slots=True)
class PayerResponses:
    """The answers about one claim. Days and sentences are stored by sender, `clearinghouse` or `payer`."""

    payments: tuple[PaymentResponse, ...] = ()
    accepted_on_by: tuple[tuple[str, date], ...] = ()
    rejections_by: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()

    def with_payment(self, payment: PaymentResponse) -> "PayerResponses":
        """With one more payment. The same payment a second time changes nothing."""
        return replace(self, payments=tuple(sorted({*self.payments, payment}, key=_order)))

    def without_payment(self, digest: str) -> "PayerResponses":
        """As if this payment had never come."""
        return replace(self, payments=tuple(one for one in self.payments if one.digest != digest))

    def with_acceptance(self, by: str, day: date) -> "PayerResponses":
        """The first acceptance counts: it proves timely filing."""
        days = dict(self.accepted_on_by)
        days[by] = min(day, days.get(by, day))
        return replace(self, accepted_on_by=tuple(sorted(days.items())))

    def accepted_by(self, today: date) -> "PayerResponses":
        """No acceptance is of a day to come: one that is was dated by a clock that was wrong, and is of today."""
        return replace(self, accepted_on_by=tuple((by, min(day, today)) for by, day in self.accepted_on_by))

    def with_rejection(self, by: str, sentence: str) -> "PayerResponses":
        """With one more rejection by `clearinghouse` or `payer`. The same one a second time changes nothing."""
        return replace(self, rejections_by=tuple(sorted({*self.rejections_by, (by, sentence)})))

    def with_number(self, payer_claim_number: str) -> "PayerResponses":
        """With the payer's claim control number of an acknowledgement; an empty one is left out."""
        return replace(self, numbers=tuple(sorted({*self.numbers, payer_claim_number} - {""})))

    def of_next_submission(self) -> "PayerResponses":
        """What is left when the claim gets a new number: the payments. Nobody has accepted or rejected that one yet."""
        return PayerResponses(payments=self.payments)

    def with_payments_of(self, other: "PayerResponses") -> "PayerResponses":
        """The acceptances and rejections of this submission, with the payments that are known by now."""
        return replace(self, payments=other.payments)

    @property
    def accepted_on(self) -> date | None:
        """The day the payer accepted the claim, else the clearinghouse."""
        days = dict(self.accepted_on_by)
        return days.get(PAYER) or days.get(CLEARINGHOUSE)

    @property
    def remitted_on(self) -> date | None:
        """The latest day of payment, None before the first remittance."""
        return max((one.paid_on for one in self.payments), default=None)

    @property
    def payer_claim_number(self) -> str | None:
        """The number of the newest payment, else of an acknowledgement."""
        numbers = [one.payer_claim_number for one in self.payments if one.payer_claim_number] or list(self.numbers)
        return numbers[-1] if numbers else None

    @property
    def adjustments(self) -> tuple[AdjustmentResponse, ...]:
        """The adjustments of all payments in order of payment, those of reversed ones included."""
        return tuple(one for payment in self.payments for one in payment.adjustments)

    @property
    def wanted(self) -> tuple[str, ...]:
        """What the adjustments that are still open require, the most urgent first; some are for information only."""
        # Amounts are added up since a reversal repeats the adjustments with the opposite sign: what it cancels requires
        # nothing any more.
        left: Counter[tuple[int | None, str, str, str]] = Counter()
        for payment in self.payments:
            for one in payment.adjustments:
                if one.meaning == OPEN and not self._superseded(payment, one):
                    left[one.line_number, one.group, one.reason_code, one.next_action] += one.amount_cents
        return tuple(sorted({action for (*_, action), cents in left.items() if cents > 0} - {NOTHING}, key=_urgency))

    @property
    def open_adjustments(self) -> tuple[AdjustmentResponse, ...]:
        """The adjustments in force whose amounts stay with the insurer, in order of payment."""
        return tuple(
            one
            for payment in self.payments_in_force
            for one in payment.adjustments
            if one.meaning == OPEN and one.amount_cents > 0 and not self._superseded(payment, one)
        )

    def _superseded(self, payment: PaymentResponse, adjustment: AdjustmentResponse) -> bool:
        """Whether a later submission of the claim has decided the adjusted line anew."""
        return any(
            later.submission > payment.submission and later.decides(adjustment.line_number)
            for later in self.payments_in_force
        )

    @property
    def unprocessable(self) -> bool:
        """Whether the payer has answered that it could not process the claim (MA130) and has paid nothing: then it has
        decided nothing."""
        standing = self.payments_in_force
        return bool(standing) and all(
            not payment.paid_cents and any(UNPROCESSABLE in one.remark_codes for one in payment.adjustments)
            for payment in standing
        )

    @property
    def number_in_force(self) -> str | None:
        """The payer's number of what it has: that of the newest decision that stands, else of an acceptance."""
        numbers = [one.payer_claim_number for one in self.payments_in_force if one.payer_claim_number]
        return next(reversed(numbers or self.numbers), None)

    @property
    def taken_back(self) -> bool:
        """Whether the payer has taken back everything that it decided, and nothing that is not here yet."""
        return bool(self.payments) and not self.payments_in_force and not self.reversals_alone

    @property
    def reversals_alone(self) -> int:
        """How many reversals there are whose payment is not here."""
        reversals = sum(one.reversal for one in self.payments)
        return 2 * reversals + len(self.payments_in_force) - len(self.payments)

    @property
    def payments_in_force(self) -> tuple[PaymentResponse, ...]:
        """The payments that no reversal cancels."""
        # A reversal does not name the payment that it cancels, so it cancels the one that it is most like: of its own
        # submission and then of any, as some payers reverse an earlier decision under the newest number.
        left = {place: one for place, one in enumerate(self.payments) if not one.reversal}
        reversals = {place: one for place, one in enumerate(self.payments) if one.reversal}
        for likeness in LIKENESSES:
            for place, reversal in list(reversals.items()):
                alike = [at for at, one in left.items() if likeness(one, 1) == likeness(reversal, -1)]
                if alike:
                    del left[max((at for at in alike if at < place), default=alike[0])], reversals[place]
        return tuple(left.values())

    @property
    def reversed(self) -> bool:
        """Every payment was reversed and none has followed."""
        return bool(self.payments) and not self.payments_in_force

    @property
    def forwarded(self) -> bool:
        """The payer forwarded the claim to the next payer (crossover)."""
        return any(one.forwarded for one in self.payments_in_force)

    def rejection(self, by: str) -> str:
        """Why it was rejected: one sentence for each reason, empty where it was not."""
        return " ".join(_of(self.rejections_by, by))


def _of(pairs: Iterable[tuple[str, str]], by: str) -> list[str]:
    return [sentence for caller, sentence in pairs if caller == by]


def _order(payment: PaymentResponse) -> tuple[date, bool, str]:
    """By day; on one day a reversal comes before the payment that replaces what it cancels."""
    # The digest makes the order total, so that every order of arrival gives the same tuple.
    return payment.paid_on, not payment.reversal, payment.digest


def _urgency(kind: str) -> tuple[int, str]:
    return (URGENCY.index(kind) if kind in URGENCY else len(URGENCY)), kind
