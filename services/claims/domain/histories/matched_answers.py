"""Which submission each payment, status and refusal of the files is about.

By claim number (also one that was cut to 17 characters on its way). Practices that number patients and not claims send
one number many times: of several submissions under a number the one counts whose day and charge the payment names, and
of those the newest that had been sent by then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.histories.past_records import FileRefusal, PaidClaim, SentClaim, StatusAnswer
from services.claims.domain.next_payer import FIRST_PAYER
from services.claims.domain.remittances.forwarding import AS_LATER_PAYER
from services.claims.domain.remittances.suggestions import service_dates
from shared.wire.envelope import interchange_of_group

CUT_LENGTH = 17
"""To so many characters payers cut claim numbers."""


@dataclass(slots=True)
class Answers:
    """All that was answered to one submission; `forwarded` are a later payer's payments under the same number."""

    payments: list[PaidClaim] = field(default_factory=list)
    forwarded: list[PaidClaim] = field(default_factory=list)
    statuses: list[StatusAnswer] = field(default_factory=list)
    refusals: list[FileRefusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Matched:
    """Answers by the claim id of the submission, and the payments that fit none."""

    answers: Mapping[str, Answers]
    strays: tuple[PaidClaim, ...]

    def of(self, sent: SentClaim) -> Answers:
        """The answers to one submission."""
        return self.answers.get(sent.claim.claim_id) or Answers()


def match_answers(
    sent: Sequence[SentClaim],
    payments: Iterable[PaidClaim],
    statuses: Iterable[StatusAnswer],
    refusals: Iterable[FileRefusal],
) -> Matched:
    """Each answer with the submission that it is about; what fits none is a stray."""
    by_number, by_file, by_group = _index(sent)
    answers: dict[str, Answers] = defaultdict(Answers)
    strays: list[PaidClaim] = []
    for paid in payments:
        found = _named(by_number, paid.payment.claim_number)
        one = _best(found, paid.remittance.header.payment_date, _fits(paid))
        if one is None:
            strays.append(paid)
        elif _is_of_later_payer(paid, one):
            answers[one.claim.claim_id].forwarded.append(paid)
        else:
            answers[one.claim.claim_id].payments.append(paid)
    for status in statuses:
        one = _best(_named(by_number, status.claim_number), status.on, lambda _: 0)
        if one is not None:
            answers[one.claim.claim_id].statuses.append(status)
    for refusal in refusals:
        # A group carries its interchange's number in files of ours; other systems number groups by themselves.
        whole = by_file.get(refusal.interchange or interchange_of_group(refusal.group), ())
        for one in whole if refusal.interchange else by_group.get(refusal.group, whole):
            answers[one.claim.claim_id].refusals.append(refusal)
    return Matched(dict(answers), tuple(strays))


def _index(
    sent: Sequence[SentClaim],
) -> tuple[Mapping[str, list[SentClaim]], Mapping[str, list[SentClaim]], Mapping[str, list[SentClaim]]]:
    by_number: dict[str, list[SentClaim]] = defaultdict(list)
    by_file: dict[str, list[SentClaim]] = defaultdict(list)
    by_group: dict[str, list[SentClaim]] = defaultdict(list)
    for one in sent:
        for number in dict.fromkeys((one.number, one.number[:CUT_LENGTH])):
            by_number[number].append(one)
        by_file[one.interchange].append(one)
        by_group[one.group].append(one)
    return by_number, by_file, by_group


def _named(by_number: Mapping[str, list[SentClaim]], number: str) -> Sequence[SentClaim]:
    return by_number.get(number) or by_number.get(number[:CUT_LENGTH]) or ()


def _best(found: Sequence[SentClaim], on: date, fits: Callable[[SentClaim], int]) -> SentClaim | None:
    """The one that fits best, of equals the newest that had been sent by that day, else the oldest."""
    if not found:
        return None
    return max(found, key=lambda one: (fits(one), one.sent_on <= on, _days_before(one.sent_on, on)))


def _days_before(sent_on: date, on: date) -> int:
    """Larger for the day nearest to the answer."""
    return -abs((on - sent_on).days)


def _fits(paid: PaidClaim) -> Callable[[SentClaim], int]:
    payment, days = paid.payment, set(service_dates(paid.payment))
    later = payment.status in AS_LATER_PAYER

    def score(one: SentClaim) -> int:
        same_day, same_charge = (
            not days or bool(days & {*one.days}),
            abs(payment.charge_cents) == one.claim.charge_cents,
        )
        same_place = later == (one.claim.sequence != FIRST_PAYER)
        named = paid.remittance.payer.key in (one.payer.identifier, one.payer.name)
        return 8 * same_day + 4 * same_charge + 2 * named + same_place

    return score


def _is_of_later_payer(paid: PaidClaim, one: SentClaim) -> bool:
    """A payment as secondary or tertiary under the number of a claim to a first payer: that one has forwarded it."""
    return paid.payment.status in AS_LATER_PAYER and one.claim.sequence == FIRST_PAYER
