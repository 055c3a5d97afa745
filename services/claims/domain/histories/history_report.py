"""The report of a practice's past: files, claims with their money, findings, and how far the rules could judge.

The same files give the same report, whatever order they are read in. A cent may stand under several kinds of findings
(a denied claim that a rule would have stopped), so kinds are not added up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.claims.domain.histories.finding_kinds import FindingKind
from services.claims.domain.histories.findings import HistoryFinding
from services.claims.domain.histories.look_at_claims import look_at_claim
from services.claims.domain.histories.look_at_money import (
    look_at_allowed,
    look_at_duplicates,
    look_at_own_balances,
)
from services.claims.domain.histories.look_at_remittances import look_at_remittances, look_at_strays
from services.claims.domain.histories.look_at_rules import (
    judge_claims,
    look_at_broken_rules,
    rules_judged,
)
from services.claims.domain.histories.matched_answers import match_answers
from services.claims.domain.histories.own_files import own_files
from services.claims.domain.histories.past import OwnBalance, Past
from services.claims.domain.histories.past_records import PaidClaim, PastFile, PastRemittance, SentClaim
from services.claims.domain.histories.payer_terms import GivenTerms, PayerTerms, payer_terms
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim, rebuild_claims
from services.claims.domain.histories.situations import situation_of
from services.claims.domain.ledger import Balances
from services.claims.domain.next_action import NextAction
from services.claims.domain.rules import RULES
from services.claims.domain.rules.rule import Rule
from services.claims.domain.worked_action import next_action
from shared.codesets import CodeSets

KIND_ORDER = {kind: place for place, kind in enumerate(FindingKind)}


@dataclass(frozen=True, slots=True)
class HistoryQuestion:
    """What a report is made with. `as_of` is the practice's local date; `npis` are its own, where it names them."""

    as_of: date
    codes: CodeSets
    rules: tuple[Rule, ...] = RULES
    npis: tuple[str, ...] = ()
    terms: Mapping[str, GivenTerms] = field(default_factory=dict)
    own_balances: Mapping[str, OwnBalance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastClaimReport:
    """One claim of the past with its money, and what a claim of today in its place would be asked."""

    rebuilt: RebuiltClaim
    money: Balances
    next_action: NextAction


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """All of it. `rules` has of each rule on how many claims it was judged and which fact it lacked most; `profiles`
    the profile of each payer, and whether the practice has named it."""

    as_of: date
    files: tuple[PastFile, ...]
    claims: tuple[PastClaimReport, ...]
    findings: tuple[HistoryFinding, ...]
    rules: Mapping[str, tuple[int, str]]
    several_days: int
    profiles: Mapping[str, tuple[str, str, bool]]

    def totals(self) -> Mapping[FindingKind, tuple[int, int, int]]:
        """Of each kind that was found: how many, their cents, and the cents for which something can still be done."""
        found: dict[FindingKind, tuple[int, int, int]] = {}
        for one in self.findings:
            count, cents, still = found.get(one.kind, (0, 0, 0))
            found[one.kind] = count + 1, cents + one.cents, still + (one.cents if one.is_open else 0)
        return dict(sorted(found.items(), key=lambda each: KIND_ORDER[each[0]]))


def history_report(files: Iterable[PastFile], asked: HistoryQuestion) -> HistoryReport:
    """What the files say of the practice's past."""
    own = own_files(files, asked.npis)
    sent = [one for file in own for one in file.claims]
    remittances, payments = _remittances(own)
    statuses = [one for file in own for one in file.answers]
    matched = match_answers(sent, payments, statuses, [one for file in own for one in file.refusals])
    terms = _Terms(asked.terms)
    past = Past(
        claims=tuple(rebuild_claims(sent, matched, terms.of)),
        strays=matched.strays,
        remittances=tuple(remittances),
        as_of=asked.as_of,
        codes=asked.codes,
        rules=asked.rules,
        given_terms=asked.terms,
        own_balances=asked.own_balances,
    )
    findings, rules, several_days = _findings(past, payments)
    return HistoryReport(
        as_of=asked.as_of,
        files=tuple(own),
        claims=tuple(_reported(past, one) for one in past.claims),
        findings=tuple(sorted(findings, key=_order)),
        rules=rules,
        several_days=several_days,
        profiles=dict(sorted(terms.seen.items())),
    )


class _Terms:
    """The terms of each payer, and which were seen."""

    def __init__(self, given: Mapping[str, GivenTerms]) -> None:
        self._given = given
        self.seen: dict[str, tuple[str, str, bool]] = {}

    def of(self, sent: SentClaim) -> PayerTerms:
        found = payer_terms(sent.payer, sent, self._given)
        self.seen[sent.payer.key] = sent.payer.name, found.profile.profile, found.named
        return found


def _remittances(files: Sequence[PastFile]) -> tuple[list[PastRemittance], list[PaidClaim]]:
    """Each remittance once, also where it was issued again under other control numbers, with its payments."""
    once: dict[str, PastRemittance] = {}
    for one in (one for file in files for one in file.remittances):
        once.setdefault(one.digest, one)
    all_payments = (paid for file in files for paid in file.payments)
    payments = [paid for paid in all_payments if once[paid.remittance.digest] is paid.remittance]
    return list(once.values()), payments


def _findings(
    past: Past, payments: Sequence[PaidClaim]
) -> tuple[list[HistoryFinding], Mapping[str, tuple[int, str]], int]:
    judged = judge_claims(past)
    found = [finding for one in past.claims for finding in look_at_claim(past, one, judged)]
    found += look_at_allowed(past)
    found += look_at_duplicates(past, judged)
    found += look_at_own_balances(past)
    found += look_at_remittances(past, payments)
    found += look_at_strays(past)
    found += look_at_broken_rules(past, judged)
    return found, rules_judged(judged.judgements), judged.several_days


def _reported(past: Past, one: RebuiltClaim) -> PastClaimReport:
    return PastClaimReport(one, one.money, next_action(situation_of(one, past.as_of, past.next_of(one))))


def _order(one: HistoryFinding) -> tuple[int, int, date, str, str, str]:
    """By kind, the largest amount first."""
    day = one.date_of_service or date.min
    return KIND_ORDER[one.kind], -one.cents, day, one.claim_number, one.rule, one.message


def kinds_of_files(files: Iterable[PastFile]) -> Mapping[str, int]:
    """How many transactions of each kind there are."""
    found: Counter[str] = Counter()
    for file in files:
        found.update(file.kinds)
    return dict(sorted(found.items()))
