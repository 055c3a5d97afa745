"""The answers of clearinghouse and payer about one claim, stored so that the order of messages does not matter.

Messages come in any order and more than once. So the answers are a set, sorted by day of payment, and everything
is derived from the whole set: a reversal cancels the payment whose amounts it carries with the
opposite sign, whether it arrived before or after it.
"""

from collections import Counter
from collections.abc import Iterable
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
    """One claim payment of an 835. Amounts of a reversal are negative."""

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


@dataclass(frozen=True, slots=True)
class PayerResponses:
    """The answers about one claim number. Days and sentences are stored by sender, `clearinghouse` or `payer`."""

    payments: tuple[PaymentResponse, ...] = ()
    accepted_on_by: tuple[tuple[str, date], ...] = ()
    rejections_by: tuple[tuple[str, str], ...] = ()
    numbers: tuple[str, ...] = ()

    def with_payment(self, payment: PaymentResponse) -> "PayerResponses":
        """With one more payment. The same payment a second time changes nothing."""
        return replace(self, payments=tuple(sorted({*self.payments, payment}, key=_order)))

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
        for one in self.adjustments:
            if one.meaning == OPEN:
                left[one.line_number, one.group, one.reason_code, one.next_action] += one.amount_cents
        return tuple(sorted({action for (*_, action), cents in left.items() if cents > 0} - {NOTHING}, key=_urgency))

    @property
    def payments_in_force(self) -> tuple[PaymentResponse, ...]:
        """The payments that no reversal cancels."""
        # By amounts, since a reversal does not name the payment that it cancels.
        undone = Counter((-one.charge_cents, -one.paid_cents) for one in self.payments if one.reversal)
        found = []
        for one in self.payments:
            amounts = (one.charge_cents, one.paid_cents)
            if one.reversal:
                continue
            if undone[amounts]:
                undone[amounts] -= 1
                continue
            found.append(one)
        return tuple(found)

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
