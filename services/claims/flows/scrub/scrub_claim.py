"""From a snapshot to a scrubbed claim: lines and units from the note, then every rule; for dry runs and claims alike.

Pure but for the rows of history that are handed in. What comes out is kept with the claim and is not worked out again
until the claim is refreshed, so that a claim always shows the findings it was judged by.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from services.claims.domain.lines import BuiltLines, FeeSchedule, build_lines
from services.claims.domain.rules import Finding, blocks, check
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.flows.scrub.build_scrubber_input import build_scrubber_input, note_input, payer_profile
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.flows.scrub.snapshot import BillerOptions, Snapshot
from services.claims.store.tables import ClaimRow
from shared.errors import Conflict, Fault
from shared.payer_profiles import PayerProfile, ProfileError


@dataclass(frozen=True, slots=True)
class ScrubbedClaim:
    """The claim, how its units came about, what the rules found, the profile they were asked under."""

    draft: ProfessionalClaim
    built: BuiltLines
    findings: tuple[Finding, ...]
    profile: PayerProfile

    @property
    def blocked(self) -> bool:
        return bool(blocks(list(self.findings)))

    def dump(self) -> dict[str, Any]:
        """JSON for the sealed column."""
        billed = sum(line.minutes or 0 for line in self.draft.lines)
        return {
            "draft": msgspec.to_builtins(self.draft),
            "units": {
                "method": self.built.method,
                "sentence": self.built.arithmetic,
                "unbilled_minutes": self.built.unbilled_minutes,
                "billed_minutes": billed,
            },
            "findings": [finding.as_dict() for finding in self.findings],
        }


def profile_of(snapshot: Snapshot) -> PayerProfile:
    """Raises Conflict when the payer names a rule profile that does not exist."""
    try:
        return payer_profile(snapshot.file.payer)
    except ProfileError as error:
        raise Conflict(
            "the payer's rule profile cannot be used",
            code="payer_profile_invalid",
            errors=[Fault("/payer/profile", "payer_profile_invalid", str(error), "Correct the payer in eligibility.")],
        ) from error


def scrub(
    snapshot: Snapshot,
    options: BillerOptions,
    *,
    claim_id: str,
    claim_number: str,
    as_of: date,
    history: Sequence[ClaimRow],
    edition: RuleSet,
    profile: PayerProfile | None = None,
) -> ScrubbedClaim:
    """Build a claim and ask every rule. `history` holds the patient's and the therapist's other claims; `profile` is
    the payer's own unless another is given."""
    profile = profile or profile_of(snapshot)
    note = note_input(snapshot.note, snapshot.practice.time_zone)
    built = build_lines(
        note,
        profile,
        FeeSchedule(dict(snapshot.fees_cents)),
        tie_order=options.tie_order,
        modifiers=options.modifiers,
        codes=edition.codes,
    )
    scrubber_input = build_scrubber_input(
        snapshot, options, note, built, profile, history,
        claim_id=claim_id, claim_number=claim_number, as_of=as_of, edition=edition,
    )  # fmt: skip
    return ScrubbedClaim(scrubber_input.claim, built, tuple(check(scrubber_input, edition.rules)), profile)
