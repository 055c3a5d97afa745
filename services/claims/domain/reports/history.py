"""A claim as ledger and timeline had it by the end of a day, and what happened to it until then.

Days are local days of the practice, those on which an entry was booked, whatever day a payer or a person has put on
what it is about: what was said of a day yesterday is said of it for ever. Amounts are whole cents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.claims.domain.hand_entries import WRITTEN_OFF_BY_CHOICE
from services.claims.domain.ledger import Balances, Entry, balances
from services.claims.domain.payer_decision import DecidedLine

UNKNOWN_PROGRAM = "unknown"
"""Of a claim whose timeline does not say it: it was made before the timeline kept it."""


class Step(StrEnum):
    """What happens to a claim, as far as numbers are made of it."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class DeniedAmount:
    """An amount that a payer denied."""

    group: str
    reason_code: str
    amount_cents: int

    @property
    def reason(self) -> str:
        """Group and reason, as `CO-197`."""
        return f"{self.group}-{self.reason_code}"


@dataclass(frozen=True, slots=True)
class PostedDecision:
    """What a posted payment denied, and what all answers in force said of each line by then."""

    reversal: bool = False
    denials: tuple[DeniedAmount, ...] = ()
    lines: tuple[DecidedLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a claim was about."""

    payer_id: str
    program: str
    date_of_service: date


@dataclass(frozen=True, slots=True)
class Happening:
    """One step of a claim, on a day; a decision has what it said."""

    step: Step
    on: date
    decision: PostedDecision | None = None


@dataclass(frozen=True, slots=True)
class ClaimMoney:
    """The balances of a claim, and how much of what was written off was the payer's to write off, by contract."""

    balances: Balances
    contractual_cents: int

    @property
    def receivable_cents(self) -> int:
        """What insurer and patient owe; below zero where they are owed."""
        return self.balances.insurer_cents + self.balances.patient_cents

    @property
    def collected_cents(self) -> int:
        """What insurer and patient have paid, without what was given back."""
        return self.balances.paid_cents + self.balances.patient_paid_cents


@dataclass(frozen=True, slots=True)
class ClaimHistory:
    """One claim; `happenings` are in the order in which they were booked, `first_paid_on` is the day of the payer's
    first payment."""

    claim_id: str
    patient_id: str
    facts: ClaimFacts
    money: ClaimMoney
    happenings: tuple[Happening, ...]
    first_paid_on: date | None = None

    def days_of(self, step: Step) -> tuple[date, ...]:
        """The days of a step, the first first."""
        return tuple(one.on for one in self.happenings if one.step is step)

    @property
    def submitted_on(self) -> date | None:
        """The day on which it was first submitted, by the practice or by the payer before."""
        return next(iter(self.days_of(Step.SUBMITTED)), None)

    @property
    def first_submission(self) -> tuple[Happening, ...]:
        """What happened from its first submission up to the second."""
        places = [place for place, one in enumerate(self.happenings) if one.step is Step.SUBMITTED]
        if not places:
            return ()
        return self.happenings[places[0] : places[1] if len(places) > 1 else None]

    @property
    def first_decision(self) -> Happening | None:
        """The payer's first decision that is no reversal."""
        decisions = (one for one in self.happenings if one.decision is not None and not one.decision.reversal)
        return next(decisions, None)

    @property
    def last_decision(self) -> Happening | None:
        """The payer's newest decision: its lines are what all answers in force say."""
        decisions = (one for one in reversed(self.happenings) if one.decision is not None)
        return next(decisions, None)


def money_of(entries: Iterable[Entry]) -> ClaimMoney:
    """The balances of a claim's entries; entries may be sums of several with one reason."""
    booked = tuple(entries)
    by_choice = balances(one for one in booked if one.reason in WRITTEN_OFF_BY_CHOICE)
    whole = balances(booked)
    return ClaimMoney(whole, whole.written_off_cents - by_choice.written_off_cents)


def own_charge_cents(claims: Iterable[ClaimHistory]) -> int:
    """The charges that claims answer for: a visit that several payers are billed for is in it once."""
    return sum(one.money.balances.own_charge_cents for one in claims)
