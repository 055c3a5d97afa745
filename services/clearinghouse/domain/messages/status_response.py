"""A payer's 277 to a 276: where it has the claim, from the claim's state and what was decided, or that it has none.

Categories and status codes are those of X12's lists 507 and 508. A payer knows a claim from the day on which it has
accepted it: before that it says that the claim was received, and nothing of one that was turned back.
"""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from services.clearinghouse.domain.lifecycle import State
from services.clearinghouse.domain.outcomes import ClaimOutcome
from services.clearinghouse.domain.scenarios import STATUS_ANSWERS, Scenario
from shared import x12

WRONG_PAYER = ("E0", "116")
NOT_FOUND = ("A4", "35")
OTHER_MEMBER = ("D0", "33")
RECEIVED = ("A1", "20")
IN_WORK = ("P1", "20")
PAID, DENIED, WITHOUT_PAYMENT, REVISED = ("F1", "65"), ("F2", "585"), ("F4", "104"), ("F3", "101")


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that the payer was sent, as far as a status tells of it. `decided_on` is None before it is decided."""

    state: State
    member_id: str
    charge_cents: int
    payer_number: str
    outcome: ClaimOutcome | None = None
    decided_on: date | None = None
    scenarios: frozenset[str] = frozenset()


def status_of(
    inquiry: x12.StatusInquiry, claim: KnownClaim | None, asked: tuple[Scenario, ...], today: date
) -> x12.ClaimStatus:
    """The answer to one question; `asked` are the scenarios of the question itself."""
    wanted = {one.name for one in asked} | (claim.scenarios if claim else frozenset())
    told = next((pair for name, pair in STATUS_ANSWERS.items() if name in wanted), None)
    return response(inquiry, told or _answer(inquiry, claim), claim, today)


def response(
    inquiry: x12.StatusInquiry, told: tuple[str, str], claim: KnownClaim | None, today: date
) -> x12.ClaimStatus:
    """The record, with category and status code as told."""
    category, code = told
    shown = claim if category[0] in "APRF" and told != NOT_FOUND else None
    final = category.startswith("F") and shown is not None and shown.outcome is not None
    status = x12.Status(
        codes=(x12.StatusCode(category=category, code=code),),
        effective=shown.decided_on if final and shown else today,
        charge_cents=shown.charge_cents if shown else None,
        paid_cents=shown.outcome.paid_cents if final and shown and shown.outcome else None,
    )
    references = tuple(one for one in inquiry.references if one.qualifier == "EJ")
    if shown is not None and told != RECEIVED:
        references = (x12.Reference(qualifier="1K", value=shown.payer_number), *references)
    return x12.ClaimStatus(
        source=_level(inquiry.source),
        receiver=_level(inquiry.receiver),
        provider=_level(inquiry.provider),
        subscriber=_undated(inquiry.subscriber),
        dependent=None if inquiry.dependent is None else _undated(inquiry.dependent),
        trace=x12.Trace(type="2", value=inquiry.trace.value if inquiry.trace else ""),
        statuses=(status,),
        references=references,
        dates=inquiry.dates,
    )


def _answer(inquiry: x12.StatusInquiry, claim: KnownClaim | None) -> tuple[str, str]:
    if claim is None or claim.state is State.REJECTED:
        return NOT_FOUND
    if claim.member_id != inquiry.subscriber.id:
        return OTHER_MEMBER
    if claim.state is State.REVERSED:
        return REVISED
    if claim.outcome is None:
        return IN_WORK if claim.state is State.ACCEPTED else RECEIVED
    if claim.outcome.paid_cents > 0:
        return PAID
    return DENIED if all(line.denied for line in claim.outcome.lines) else WITHOUT_PAYMENT


def _level(level: x12.LevelStatus) -> x12.LevelStatus:
    return x12.LevelStatus(level=level.level, party=level.party)


def _undated(party: x12.Party) -> x12.Party:
    """A 277 names the patient without birth date and sex."""
    return replace(party, birth_date=None, gender="")
