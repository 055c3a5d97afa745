"""What the rules would have said of each claim on the day on which it was sent.

What blocks is reported; what warns is reported where the claim was then rejected or denied. A claim that its payer had
rejected or denied before is judged as it was sent first, since that is what a check would have kept back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.claims.domain.histories.facts_in_files import Judgements, judge, scrubber_input
from services.claims.domain.histories.finding_kinds import FindingKind as K
from services.claims.domain.histories.findings import HistoryFinding, of_claim
from services.claims.domain.histories.past import Past
from services.claims.domain.histories.past_records import SentClaim
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim
from services.claims.domain.histories.situations import situation_of
from services.claims.domain.lifecycle import REJECTED
from services.claims.domain.rules import editions, history
from services.claims.domain.rules.finding import Finding, Severity
from services.claims.domain.scrubber_input import PastClaim, PastLine, past_outcome

DUPLICATE_RULE = "duplicate_claim"
BESIDE_OTHERS = frozenset(one.code for one in history.RULES)
"""Rules that compare a claim with others of its patient."""
OF_CODE_SETS = frozenset(one.code for one in editions.RULES)
"""Rules that tell of the code sets at hand, and of no claim."""


@dataclass(slots=True)
class JudgedClaims:
    """What was found on each claim, by its id, and how far the rules could judge. `several_days` counts claims of more
    than one day, which no rule has judged."""

    findings: dict[str, list[Finding]] = field(default_factory=dict)
    judgements: Judgements = field(default_factory=Judgements)
    several_days: int = 0

    def is_duplicate(self, one: RebuiltClaim) -> bool:
        """Whether the rules call it a duplicate of another claim."""
        return any(found.code == DUPLICATE_RULE for found in self.findings.get(one.sent.claim.claim_id, ()))

    def broken(self, one: RebuiltClaim) -> Iterable[Finding]:
        """What would have been stopped, duplicates left out: they are a finding of their own."""
        failed = one.state in REJECTED or one.money.insurer_cents > 0
        told = {Severity.BLOCK, Severity.WARN} if failed else {Severity.BLOCK}
        found = self.findings.get(one.sent.claim.claim_id, ())
        # What else is wrong beside the first claim goes away with the duplicate.
        explained = OF_CODE_SETS | (BESIDE_OTHERS if self.is_duplicate(one) else frozenset())
        return [one for one in found if one.severity in told and one.code not in explained]


def judge_claims(past: Past) -> JudgedClaims:
    """Every claim of one day that a file has, by every rule."""
    judged = JudgedClaims()
    for claims in past.by_patient.values():
        counted = {one.sent.claim.claim_id: _past_claim(one) for one in claims}
        for one in claims:
            first = one.submissions[0]
            if one.forwarded:
                continue
            if len(first.days) > 1:
                judged.several_days += 1
                continue
            before = [counted[other.sent.claim.claim_id] for other in claims if _counts(other, one, first)]
            context = scrubber_input(first, one.terms.profile, before, past.codes)
            judged.findings[one.sent.claim.claim_id] = judge(context, past.rules, judged.judgements)
    return judged


def _counts(other: RebuiltClaim, one: RebuiltClaim, first: SentClaim) -> bool:
    """Whether the other claim had been sent before, and is no claim for the same visit to another payer."""
    earlier = other.submissions[0]
    if other is one or (earlier.sent_on, earlier.place.file, earlier.place.offset) > (
        first.sent_on,
        first.place.file,
        first.place.offset,
    ):
        return False
    same_visit = earlier.claim.date_of_service == first.claim.date_of_service
    return not (same_visit and earlier.claim.sequence != first.claim.sequence)


def _past_claim(one: RebuiltClaim) -> PastClaim:
    claim = one.sent.claim
    return PastClaim(
        claim_id=claim.claim_id,
        payer_id=claim.payer_id,
        therapist_id=claim.therapist_id,
        date_of_service=claim.date_of_service,
        lines=tuple(PastLine(line.procedure_code, line.units) for line in claim.lines),
        outcome=past_outcome(one.state, one.outcome),
        taxonomy=claim.taxonomy,
        insurer_claim_number=claim.insurer_claim_number,
        made_before=True,
    )


def rules_judged(judged: Judgements) -> Mapping[str, tuple[int, str]]:
    """Of each rule that was asked: on how many claims it was judged, and the fact that it lacked most, if any."""
    codes = sorted({*judged.judged, *judged.lacking})
    lacked = {code: facts.most_common(1)[0][0] for code, facts in judged.lacking.items()}
    return {code: (judged.judged[code], lacked.get(code, "")) for code in codes}


def look_at_broken_rules(past: Past, judged: JudgedClaims) -> Iterator[HistoryFinding]:
    """What the rules would have stopped, with what was not paid of the claim since."""
    for one in past.claims:
        for broken in judged.broken(one):
            s = situation_of(one, past.as_of, None)
            unpaid = s.money.own_charge_cents if s.rejection else max(0, s.money.insurer_cents)
            cents = unpaid if s.rejection or one.responses.payments else 0
            yield of_claim(one, K.RULE_WOULD_HAVE_CAUGHT, cents, broken.message, rule=broken.code)
