"""What a rule may read of an old claim, and what it may not, as no file holds it.

A rule that reads a fact which is not in the files has not judged the claim: reading the fact ends the rule, and which
fact it was is counted. So the report says of each rule on how many claims it was judged, without a second list of what
a rule needs. What a rule found before it asked for such a fact is found.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from services.claims.domain.histories.past_records import SentClaim
from services.claims.domain.rules.finding import Finding
from services.claims.domain.rules.rule import Rule
from services.claims.domain.scrubber_input import (
    CoverageInput,
    History,
    NoteInput,
    PastClaim,
    PatientInput,
    RenderingProviderInput,
)
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from shared.codesets import CodeSets
from shared.payer_profiles import PayerProfile


class FactNotInFiles(Exception):
    """A rule has asked for a fact that no file of the practice holds: `note.signed`, `coverage.authorizations`."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class FactsOfFiles:
    """Stands for a part of the scrubber's input of which only some facts are in the files."""

    def __init__(self, part: str, **facts: Any) -> None:
        self.__dict__.update(facts)
        self._part = part

    def __getattr__(self, name: str) -> Any:
        raise FactNotInFiles(f"{self._part}.{name}")


@dataclass(slots=True)
class Judgements:
    """Of each rule: on how many claims it was judged, and on how many it lacked which fact."""

    judged: Counter[str] = field(default_factory=Counter)
    lacking: dict[str, Counter[str]] = field(default_factory=dict)


def scrubber_input(sent: SentClaim, profile: PayerProfile, past: Sequence[PastClaim], codes: CodeSets) -> ScrubberInput:
    """One old claim on the day on which it was sent; `past` are the other claims of the patient that had been sent."""
    patient, provider = sent.patient, sent.provider
    before = [one.date_of_service for one in past]
    return ScrubberInput(
        claim=sent.claim,
        payer=profile,
        provider=cast(
            RenderingProviderInput,
            FactsOfFiles(
                "provider",
                npi=provider.npi,
                taxonomy=provider.taxonomy,
                first_name=provider.first_name,
                last_name=provider.last_name,
            ),
        ),
        billing=sent.billing,
        as_of=sent.sent_on,
        note=cast(NoteInput, FactsOfFiles("note")),
        coverage=cast(
            CoverageInput,
            FactsOfFiles(
                "coverage",
                member_id=sent.member_id,
                subscriber_kind=sent.subscriber_kind,
                other_payer_ids=tuple(one.payer.key for one in sent.other_plans),
            ),
        ),
        patient=cast(
            PatientInput,
            FactsOfFiles(
                "patient",
                birth_date=patient.birth_date,
                first_name=patient.first_name,
                last_name=patient.last_name,
                sex=patient.sex,
                has_address=patient.has_address,
                sent_addresses=patient.sent_addresses,
            ),
        ),
        codes=codes,
        history=cast(
            History,
            FactsOfFiles("history", claims=tuple(past), first_visit_on=min((*before, sent.claim.date_of_service))),
        ),
    )


def judge(context: ScrubberInput, rules: Iterable[Rule], judgements: Judgements) -> list[Finding]:
    """What the rules find on one old claim, with the facts that are in the files."""
    found: list[Finding] = []
    for one in rules:
        try:
            if not one.applies(context):
                continue
            # Each match is kept as it comes: a fact that is missing later takes nothing back.
            for hit in one.check(context):
                found.append(one.finding(hit, context.payer))  # noqa: PERF401
        except FactNotInFiles as missing:
            judgements.lacking.setdefault(one.code, Counter())[missing.fact] += 1
        else:
            judgements.judged[one.code] += 1
    return found
