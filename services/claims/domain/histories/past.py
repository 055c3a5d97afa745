"""All that is looked at together: the rebuilt claims, what fits none of them, and the day of the report."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from services.claims.domain.histories.past_records import PaidClaim, PastRemittance
from services.claims.domain.histories.payer_terms import GivenTerms
from services.claims.domain.histories.rebuilt_claims import RebuiltClaim, next_claims
from services.claims.domain.rules.rule import Rule
from shared.codesets import CodeSets


@dataclass(frozen=True, slots=True)
class OwnBalance:
    """What the practice's own books say of one claim: what the patient was billed for it, and what was written off."""

    billed_to_patient_cents: int = 0
    written_off_cents: int = 0


@dataclass(frozen=True)
class Past:
    """A practice's past as of a day (its local date). `given_terms` are by payer identifier,
    `own_balances` by claim number."""

    claims: tuple[RebuiltClaim, ...]
    strays: tuple[PaidClaim, ...]
    remittances: tuple[PastRemittance, ...]
    as_of: date
    codes: CodeSets
    rules: tuple[Rule, ...]
    given_terms: Mapping[str, GivenTerms] = field(default_factory=dict)
    own_balances: Mapping[str, OwnBalance] = field(default_factory=dict)

    @cached_property
    def following(self) -> Mapping[str, RebuiltClaim]:
        """The claim to the next payer, by the id of the claim before it."""
        return next_claims(self.claims)

    def next_of(self, one: RebuiltClaim) -> RebuiltClaim | None:
        """The claim to the payer after this one."""
        return self.following.get(one.sent.claim.claim_id)

    @cached_property
    def by_patient(self) -> Mapping[str, tuple[RebuiltClaim, ...]]:
        """The claims of each patient."""
        found: dict[str, list[RebuiltClaim]] = defaultdict(list)
        for one in self.claims:
            found[one.sent.patient_key].append(one)
        return {key: tuple(claims) for key, claims in found.items()}
