"""The claims of a practice's past: the submissions of each, what was answered, and its ledger to the cent.

Submissions are one claim where a later one replaces or voids an earlier one (frequency 7 or 8), or was sent as new
after the earlier one had been rejected or denied. Sent again without that it is a claim of its own, a duplicate.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.claims.domain.acknowledgement import answered, event_of
from services.claims.domain.histories.matched_answers import Answers, Matched
from services.claims.domain.histories.past_records import PaidClaim, SentClaim
from services.claims.domain.histories.payer_terms import PayerTerms
from services.claims.domain.ledger import (
    Balances,
    Entry,
    balances,
    balances_by_line,
    charge,
    paid_at_visit,
    spread,
    without_charge,
)
from services.claims.domain.lifecycle import CLAIM_LIFECYCLE, ClaimEvent, ClaimState, Outcome
from services.claims.domain.next_action_progress import NO_PROGRESS, Progress
from services.claims.domain.next_payer import (
    FIRST_PAYER,
    answer_of,
    answered_by_earlier_payers,
    follow_share,
    pass_on,
    take_over,
)
from services.claims.domain.payer_responses import PayerResponses
from services.claims.domain.remittance import Posting, outcome_of, post
from services.claims.domain.remittances.payment_response import classifier, payment_response
from services.claims.domain.remittances.proofs import payment_difference
from services.claims.domain.scrubber_input import PriorLineInput, PriorPaymentInput, ProfessionalClaim
from services.claims.domain.sending import Frequency

SECOND_PAYER = "S"
RESENT = frozenset({Frequency.REPLACEMENT.value, Frequency.VOID.value})
REFUSED_BY = "clearinghouse"
TermsOf = Callable[[SentClaim], PayerTerms]


@dataclass(frozen=True, slots=True)
class RebuiltClaim:
    """One claim: its submissions in the order in which they were sent, and what is known of it by the files."""

    submissions: tuple[SentClaim, ...]
    terms: PayerTerms
    responses: PayerResponses
    entries: tuple[Entry, ...]
    state: ClaimState
    progress: Progress
    unmatched: tuple[tuple[PaidClaim, int], ...] = ()
    """Payments that were not posted, as a service of theirs (by position) is on no line of the claim."""
    postings: tuple[PaidClaim, ...] = ()
    """Payments that were posted, in the order in which they were."""
    forwarded: bool = False
    """No file has it: the payer before has sent it on."""

    @property
    def is_out_of_balance(self) -> bool:
        """Whether a payment of it does not add up, so that cents of it are nobody's."""
        return any(payment_difference(paid.payment) for paid in self.postings)

    @property
    def sent(self) -> SentClaim:
        """The newest submission."""
        return self.submissions[-1]

    @property
    def claim(self) -> ProfessionalClaim:
        """As it was sent last; a decision that it replaces is known by the payments."""
        earlier = [one.paid_on for one in self.responses.payments if one.submission < len(self.submissions)]
        return replace(self.sent.claim, decided_on=max(earlier, default=None))

    @property
    def money(self) -> Balances:
        """The sums of its ledger."""
        return balances(self.entries)

    @property
    def outcome(self) -> Outcome:
        """What the payer has decided, by the money."""
        return outcome_of(
            self.money,
            adjudicated=self.state is ClaimState.ADJUDICATED,
            all_reversed=self.responses.reversed,
        )


def rebuild_claims(sent: Iterable[SentClaim], matched: Matched, terms_of: TermsOf) -> list[RebuiltClaim]:
    """All claims, first payers' before later ones', in the order in which they were first sent."""
    found: list[RebuiltClaim] = []
    for chain in _chains(_once(sent), matched, terms_of):
        rebuilt = _rebuilt(chain, matched, terms_of(chain[-1]))
        found.append(rebuilt)
        later = [paid for one in chain for paid in matched.of(one).forwarded]
        if later or (rebuilt.responses.forwarded and rebuilt.sent.other_plans):
            found.append(_forwarded(rebuilt, later, terms_of))
    return _with_shares_passed_on(found)


def _once(sent: Iterable[SentClaim]) -> list[SentClaim]:
    """Each submission once, oldest first: a file that was sent again has the same ones."""
    by_id: dict[str, SentClaim] = {}
    for one in sorted(sent, key=lambda one: (one.sent_on, one.place.file, one.place.offset)):
        by_id.setdefault(one.claim.claim_id, one)
    return list(by_id.values())


def _chains(sent: Sequence[SentClaim], matched: Matched, terms_of: TermsOf) -> list[list[SentClaim]]:
    chains: list[list[SentClaim]] = []
    of_visit: dict[tuple[str, str, date, str], list[list[SentClaim]]] = defaultdict(list)
    for one in sent:
        visit = (one.patient_key, one.payer.key, one.claim.date_of_service, one.claim.sequence)
        earlier = _continued(one, of_visit[visit], matched, terms_of)
        if earlier is not None:
            earlier.append(one)
            continue
        chains.append([one])
        of_visit[visit].append(chains[-1])
    return chains


def _continued(
    one: SentClaim, chains: Sequence[list[SentClaim]], matched: Matched, terms_of: TermsOf
) -> list[SentClaim] | None:
    """The claim of which this is the next submission, None where it is a claim of its own."""
    alike = [chain for chain in chains if one.claim.procedure_codes() & chain[-1].claim.procedure_codes()]
    if one.claim.frequency in RESENT:
        named = [chain for chain in alike or chains if one.claim.payer_claim_number in _payer_numbers(chain, matched)]
        return next(reversed(named or alike or list(chains)), None)
    failed = (chain for chain in reversed(alike) if _came_to_nothing(chain, one.sent_on, matched, terms_of))
    return next(failed, None)


def _payer_numbers(chain: Sequence[SentClaim], matched: Matched) -> set[str]:
    answers = [matched.of(one) for one in chain]
    of_payments = {paid.payment.payer_claim_number for each in answers for paid in each.payments}
    return (of_payments | {status.payer_claim_number for each in answers for status in each.statuses}) - {""}


def _came_to_nothing(chain: Sequence[SentClaim], by: date, matched: Matched, terms_of: TermsOf) -> bool:
    """Whether the claim had been rejected, or denied as a whole, by the day on which it was sent again."""
    answers = matched.of(chain[-1])
    known = Answers(
        payments=[one for one in answers.payments if one.remittance.header.payment_date <= by],
        statuses=[one for one in answers.statuses if one.on <= by],
        refusals=answers.refusals,
    )
    until_then = Matched({chain[-1].claim.claim_id: known}, ())
    before = _rebuilt([chain[-1]], until_then, terms_of(chain[-1]))
    rejected = before.state in (ClaimState.REJECTED_BY_CLEARINGHOUSE, ClaimState.REJECTED_BY_PAYER)
    return rejected or before.outcome in (Outcome.DENIED, Outcome.REVERSED)


def _rebuilt(chain: Sequence[SentClaim], matched: Matched, terms: PayerTerms) -> RebuiltClaim:
    ledger = _Ledger(terms)
    for place, one in enumerate(chain, 1):
        ledger.send(one, matched.of(one), place)
    newest = matched.of(chain[-1])
    state, responses, progress = _state(newest, ledger.responses, decided=len(chain) in ledger.decided)
    entries = ledger.entries
    if chain[-1].claim.frequency == Frequency.VOID and responses.taken_back:
        state = ClaimState.VOIDED
        entries = [*entries, *without_charge(balances_by_line(entries))]
    return RebuiltClaim(
        tuple(chain),
        terms,
        responses,
        tuple(entries),
        state,
        progress,
        tuple(ledger.unmatched),
        tuple(ledger.posted),
    )


class _Ledger:
    """The entries of one claim while its submissions and their payments are booked."""

    def __init__(self, terms: PayerTerms) -> None:
        self.entries: list[Entry] = []
        self.responses = PayerResponses()
        self.unmatched: list[tuple[PaidClaim, int]] = []
        self.posted: list[PaidClaim] = []
        self.decided: set[int] = set()
        self._classify = classifier(terms.profile.program, notice_on_file=False)

    def send(self, sent: SentClaim, answers: Answers, place: int) -> None:
        """A submission, and every payment that is for it."""
        claim = sent.claim
        charges = {number: line.charge_cents for number, line in claim.numbered_lines.items()}
        if claim.frequency != Frequency.VOID:
            booked = {number: money.charge_cents for number, money in balances_by_line(self.entries).items()}
            self.entries += charge(charges, booked)
            self.entries += paid_at_visit(spread(claim.patient_paid_cents, charges), self.entries)
            before = {number: money.other_payers_cents for number, money in balances_by_line(self.entries).items()}
            self.entries += take_over(answered_by_earlier_payers(claim), before)
        for paid in sorted(answers.payments, key=lambda one: (one.remittance.header.payment_date, one.one.digest)):
            self._post(sent, paid, place)

    def _post(self, sent: SentClaim, paid: PaidClaim, place: int) -> None:
        if any(one.digest == paid.one.digest for one in self.responses.payments):
            return
        posting = self._posting(sent, paid)
        if posting.unmatched_services:
            self.unmatched.append((paid, posting.unmatched_services[0]))
            return
        self.entries += posting.entries
        self.posted.append(paid)
        self.decided.add(place)
        header = paid.remittance.header
        self.responses = self.responses.with_payment(payment_response(header.payment_date, paid.one, posting, place))

    def _posting(self, sent: SentClaim, paid: PaidClaim) -> Posting:
        services = enumerate(paid.payment.services, 1)
        by_control = {
            position: line for position, one in services if (line := sent.line_controls.get(one.control_number))
        }
        lines, answered_before = sent.claim.billed_lines, answered_by_earlier_payers(sent.claim)
        return post(paid.payment, sent.number, lines, self._classify, by_control, answered_before)


def _state(
    answers: Answers, responses: PayerResponses, *, decided: bool
) -> tuple[ClaimState, PayerResponses, Progress]:
    """The state of the newest submission, by all that was answered to it; `decided` says that a payment was posted."""
    state, progress = ClaimState.SUBMITTED, NO_PROGRESS
    for refusal in answers.refusals:
        state = CLAIM_LIFECYCLE.step(state, ClaimEvent.REFUSED_BY_CLEARINGHOUSE)
        responses = responses.with_rejection(REFUSED_BY, refusal.sentence)
    for status in sorted(answers.statuses, key=lambda one: one.on):
        event = event_of(status.verdicts)
        if event is not None and CLAIM_LIFECYCLE.allows(state, event):
            state = CLAIM_LIFECYCLE.step(state, event)
        responses = answered(responses, status.verdicts, status.payer_claim_number, status.on)
        progress = progress.with_status(status.told) if status.told else progress
    if decided:
        state = CLAIM_LIFECYCLE.step(state, ClaimEvent.REMITTED)
    return state, responses, progress


def _forwarded(earlier: RebuiltClaim, later: list[PaidClaim], terms_of: TermsOf) -> RebuiltClaim:
    """The claim that the first payer has sent on: the same lines to the next payer, with what the first has done."""
    sent = earlier.sent
    payers = [one.payer for one in sent.other_plans] or [paid.remittance.payer for paid in later]
    payer = payers[0]
    claim_id = f"{sent.claim.claim_id}-next"
    claim = replace(
        sent.claim,
        claim_id=claim_id,
        payer_id=payer.key,
        sequence=SECOND_PAYER,
        frequency=Frequency.ORIGINAL,
        payer_claim_number="",
        patient_paid_cents=0,
        prior_payments=_as_prior_payment(earlier),
    )
    sent_on = earlier.responses.remitted_on or sent.sent_on
    onwards = replace(sent, sent_on=sent_on, claim=claim, payer=payer, other_plans=())
    matched = Matched({claim_id: Answers(payments=later)}, ())
    return replace(_rebuilt([onwards], matched, terms_of(onwards)), forwarded=True)


def _as_prior_payment(earlier: RebuiltClaim) -> tuple[PriorPaymentInput, ...]:
    answer = answer_of(earlier.responses)
    if answer is None:
        return ()
    lines = tuple(PriorLineInput(one.line_number, one.paid_cents, one.adjustments) for one in answer.lines)
    payer = earlier.sent.payer
    prior = PriorPaymentInput(payer.key, answer.paid_cents, answer.adjustments, answer.remitted_on, lines=lines)
    return (*earlier.claim.prior_payments, prior)


def _with_shares_passed_on(claims: Sequence[RebuiltClaim]) -> list[RebuiltClaim]:
    """On a claim that has a next payer's claim, the patient's share goes to that one, with what she has paid of it."""
    following = next_claims(claims)
    moved: dict[str, tuple[Entry, ...]] = defaultdict(tuple)
    for one in claims:
        later = following.get(one.sent.claim.claim_id)
        if later is None:
            continue
        passed = _passed_on(one, later)
        moved[one.sent.claim.claim_id] += pass_on(passed)
        if not later.claim.patient_paid_cents:
            moved[later.sent.claim.claim_id] += follow_share(passed)
    return [replace(one, entries=(*one.entries, *moved[one.sent.claim.claim_id])) for one in claims]


def _passed_on(one: RebuiltClaim, later: RebuiltClaim) -> Mapping[int, Balances]:
    """The share that the next payer was told, which may be another than the patient's share of today."""
    lines, answered_for = balances_by_line(one.entries), answered_by_earlier_payers(later.claim)
    if not answered_for:
        return lines
    told = {number: line.charge_cents - answered_for[number] for number, line in later.claim.numbered_lines.items()}
    return {
        number: Balances(
            patient_cents=told[number] - money.patient_paid_cents, patient_paid_cents=money.patient_paid_cents
        )
        for number, money in lines.items()
        if number in told
    }


def next_claims(claims: Sequence[RebuiltClaim]) -> Mapping[str, RebuiltClaim]:
    """The claim to the next payer of the same visit, by the id of the claim before it."""
    visits: dict[tuple[str, date], list[RebuiltClaim]] = defaultdict(list)
    for one in claims:
        visits[one.sent.patient_key, one.sent.claim.date_of_service].append(one)
    found: dict[str, RebuiltClaim] = {}
    for one in claims:
        sequence, procedures = one.sent.claim.sequence, one.sent.claim.procedure_codes()
        for other in visits[one.sent.patient_key, one.sent.claim.date_of_service]:
            later = other.sent.claim.sequence == {FIRST_PAYER: SECOND_PAYER, SECOND_PAYER: "T"}.get(sequence)
            if later and procedures & other.sent.claim.procedure_codes():
                found.setdefault(one.sent.claim.claim_id, other)
    return found
