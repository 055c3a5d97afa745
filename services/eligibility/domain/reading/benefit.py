"""The massage benefit of one or several answers, put together from the readings beside this file."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from services.eligibility.domain.massage_benefit import (
    ACTIVE,
    ASK_THE_PAYER,
    CONTRADICTION,
    LIMIT_IN_TEXT,
    NETWORK_DECIDES,
    OTHER_PAYER,
    OUT_OF_RANGE,
    UNKNOWN,
    MassageBenefit,
)
from services.eligibility.domain.reading.amounts import (
    COINSURANCE,
    DEDUCTIBLE,
    FAMILY,
    INDIVIDUAL,
    OUT_OF_POCKET,
    amount,
    basis_points_of,
    cents_of,
    coinsurance,
    copay,
)
from services.eligibility.domain.reading.coverage import (
    authorization_state,
    massage_state,
    network_side,
    plan_dates,
    plan_state,
)
from services.eligibility.domain.reading.rows import (
    ACTIVE_CODES,
    ASK_CODE,
    MASSAGE,
    OTHER_PAYER_CODE,
    PLAN,
    THERAPY,
    answering_service_type,
    of_type,
    on_side,
)
from services.eligibility.domain.reading.visits import visits
from shared.dates import DateRange
from shared.x12 import BenefitInformation, BenefitResponse

MAX_MESSAGES = 50
MAX_MESSAGE_LENGTH = 264
"""MSG01 of the guide."""
SPEAKS_OF_A_LIMIT = re.compile(r"\b(visits?|limit\w*|maximum|max|combined|treatments?|sessions?)\b", re.IGNORECASE)


def read_benefit(answers: Sequence[BenefitResponse], service_date: date, network: str) -> MassageBenefit:
    """What the answers to one check say of massage on a day, for a practice that is `in`, `out` of or of `unknown`
    network."""
    rows = on_side((row for answer in answers for row in answer.benefits), network)
    chosen = answering_service_type(rows)
    readings = _readings(rows, chosen)
    found = {name: value for name, (value, _) in readings.items()}
    first, last = _dates(answers, rows)
    outside = found["active"] == ACTIVE and not DateRange(first, last).holds(service_date)
    # Active in a plan that does not reach the day says nothing of that day, and not even that there is no coverage
    # then.
    if outside:
        found["active"] = UNKNOWN
    messages = _messages(rows)
    doubts = _doubts(rows, chosen, contradicts=outside or any(differ for _, differ in readings.values()))
    # Many payers write the limit into MSG alone. It is shown and not parsed: a wrong number would be worse than none.
    if found["visits"].limit is None and _limit_in(messages):
        doubts |= {LIMIT_IN_TEXT}
    return MassageBenefit(
        **found,
        service_type=chosen,
        effective_from=first,
        effective_to=last,
        network=network_side(rows, chosen),
        plan_name=_plan_name(rows, chosen),
        messages=messages,
        doubts=doubts,
    )


def _readings(rows: Sequence[BenefitInformation], chosen: str | None) -> dict[str, tuple[Any, bool]]:
    """Each fact by its name, with whether the rows contradict one another on it."""
    return {
        "active": plan_state(rows, chosen),
        "massage": massage_state(rows, chosen),
        "authorization": authorization_state(rows, chosen),
        "copay_cents": copay(rows, chosen),
        "coinsurance_basis_points": coinsurance(rows, chosen),
        "deductible_individual": amount(rows, chosen, DEDUCTIBLE, INDIVIDUAL),
        "deductible_family": amount(rows, chosen, DEDUCTIBLE, FAMILY),
        "out_of_pocket_individual": amount(rows, chosen, OUT_OF_POCKET, INDIVIDUAL),
        "out_of_pocket_family": amount(rows, chosen, OUT_OF_POCKET, FAMILY),
        "visits": visits(rows, chosen),
    }


def _dates(answers: Sequence[BenefitResponse], rows: Sequence[BenefitInformation]) -> tuple[date | None, date | None]:
    for answer in answers:
        found = plan_dates(answer.patient, rows)
        if any(found):
            return found
    return None, None


def _speaks_of_massage(row: BenefitInformation) -> bool:
    return not row.service_types or bool({MASSAGE, *THERAPY, PLAN} & set(row.service_types))


def _messages(rows: Sequence[BenefitInformation]) -> tuple[str, ...]:
    texts = (text.strip()[:MAX_MESSAGE_LENGTH] for row in rows if _speaks_of_massage(row) for text in row.messages)
    return tuple(dict.fromkeys(filter(None, texts)))[:MAX_MESSAGES]


def _limit_in(messages: Sequence[str]) -> bool:
    return any(SPEAKS_OF_A_LIMIT.search(text) for text in messages)


def _plan_name(rows: Sequence[BenefitInformation], chosen: str | None) -> str | None:
    named = [*of_type(rows, PLAN), *of_type(rows, chosen or PLAN)]
    names = (row.plan.strip() for row in named if row.information in ACTIVE_CODES)
    return next(filter(None, names), None)


def _doubts(rows: Sequence[BenefitInformation], chosen: str | None, *, contradicts: bool) -> frozenset[str]:
    read = of_type(rows, chosen or PLAN)
    looked_at = [row for row in rows if _speaks_of_massage(row)]
    # Rows for both sides of the network differ by design. To know the practice's side settles it, and no call to the
    # payer is needed.
    both_sides = {"Y", "N"} <= {row.in_network for row in looked_at}
    found = {
        CONTRADICTION: contradicts and not both_sides,
        NETWORK_DECIDES: contradicts and both_sides,
        ASK_THE_PAYER: any(row.information == ASK_CODE for row in read),
        OTHER_PAYER: any(row.information == OTHER_PAYER_CODE for row in rows),
        OUT_OF_RANGE: any(_out_of_range(row) for row in looked_at),
    }
    return frozenset(doubt for doubt, holds in found.items() if holds)


def _out_of_range(row: BenefitInformation) -> bool:
    amount_is_off = row.amount_cents is not None and cents_of(row) is None
    share_is_off = row.information == COINSURANCE and row.percent is not None and basis_points_of(row) is None
    return amount_is_off or share_is_off
