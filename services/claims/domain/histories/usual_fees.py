"""What a payer usually allows for a unit of a procedure, by its own remittances, where nobody has given its fees.

Usual is what it allowed for at least three of five lines of one calendar year, of five lines or more. Nothing is usual
under a profile that reduces further procedures of a day, since there an honest amount differs from line to line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from services.claims.domain.expected import PayerFees
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.next_payer import answer_of
from services.claims.domain.underpayment import allowed_cents

LEAST_LINES = 5
SHARE_NUMERATOR, SHARE_DENOMINATOR = 3, 5

Usual = Mapping[tuple[str, int], PayerFees]


def usual_fees(claims: Iterable[RebuiltClaim]) -> Usual:
    """Fees by payer and year of service."""
    seen: dict[tuple[str, int], dict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for one in claims:
        answer = answer_of(one.responses)
        if answer is None or one.terms.profile.reduction or one.claim.prior_payments:
            continue
        lines = one.claim.numbered_lines
        key = one.sent.payer.key, one.claim.date_of_service.year
        for answered in answer.lines:
            line = lines.get(answered.line_number)
            allowed = allowed_cents(answered)
            if line is not None and line.units > 0 and allowed > 0 and allowed % line.units == 0:
                seen[key][line.procedure_code][allowed // line.units] += 1
    return {key: PayerFees(unit_cents=_usual(by_code)) for key, by_code in seen.items()}


def _usual(by_code: Mapping[str, Counter[int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, amounts in by_code.items():
        (cents, times), lines = amounts.most_common(1)[0], amounts.total()
        if lines >= LEAST_LINES and times * SHARE_DENOMINATOR >= lines * SHARE_NUMERATOR:
            found[code] = cents
    return found


def without_given(usual: PayerFees, given: PayerFees) -> PayerFees:
    """The usual fees of procedures for which the practice has given none."""
    return PayerFees(
        unit_cents={code: cents for code, cents in usual.unit_cents.items() if code not in given.unit_cents}
    )
