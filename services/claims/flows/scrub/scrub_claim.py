"""From a snapshot to a coded claim: lines and units from the note, then every rule; the same for dry runs and claims.

Pure but for the rows of history that are handed in. What comes out is kept with the claim and is not worked out again
until the claim is refreshed, so that a claim always shows the findings it was judged by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from services.claims.domain.coding import ClaimDraft, History, PastClaim, PastLine, ServiceLine
from services.claims.domain.lifecycle import State
from services.claims.domain.lines import BuiltLines, FeeSchedule, build_lines
from services.claims.domain.rules import Finding, ScrubberInput, blocks, check
from services.claims.flows.scrub.build_scrubber_input import (
    RELATED_CAUSES,
    SEQUENCES,
    Snapshot,
    authorization_on,
    billing_provider,
    coverage_input,
    note_input,
    payer_profile,
    referral_on,
    rendering_provider,
)
from services.claims.flows.scrub.past_visit import Visit
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.store.tables import ClaimRow
from shared.errors import Conflict, Fault
from shared.payer_profiles import PayerProfile, ProfileError


@dataclass(frozen=True, slots=True)
class BillerOptions:
    """What the biller asked for beside the note: who wins ties, which modifiers to add."""

    tie_order: tuple[str, ...] = ()
    modifiers: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        return {"tie_order": list(self.tie_order), "modifiers": {k: list(v) for k, v in self.modifiers.items()}}

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "BillerOptions":
        return cls(tuple(kept["tie_order"]), kept["modifiers"])


@dataclass(frozen=True, slots=True)
class ScrubbedClaim:
    """A coded claim: the draft, how its units came about, what the rules say, the profile they were asked under."""

    draft: ClaimDraft
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


def draft_of(kept: dict[str, Any]) -> ClaimDraft:
    """The draft of a kept coded claim."""
    return msgspec.convert(kept["draft"], ClaimDraft)


def profile_of(snapshot: Snapshot) -> PayerProfile:
    """Raises Conflict when the payer names a rule profile that does not exist."""
    try:
        return payer_profile(snapshot.file.payer)
    except ProfileError as error:
        raise Conflict(
            "the payer's rule profile cannot be used",
            code="payer_profile_invalid",
            errors=[Fault("/payer/profile", "payer_profile_invalid", str(error), "Mend the payer in eligibility.")],
        ) from error


def code(
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
    """Code a claim and ask every rule. `history` holds the patient's and the therapist's other claims; `profile` is
    the payer's own unless another is given."""
    profile = profile or profile_of(snapshot)
    note, fees, codes = (
        note_input(snapshot.note, snapshot.practice.time_zone),
        FeeSchedule(dict(snapshot.fees_cents)),
        edition.codes,
    )
    built = build_lines(note, profile, fees, tie_order=options.tie_order, modifiers=options.modifiers, codes=codes)
    draft = _draft(
        snapshot, profile, built.lines, claim_id=claim_id, claim_number=claim_number, tie_order=options.tie_order
    )
    mine = [row for row in history if row.patient_id == snapshot.file.patient.id]
    context = ScrubberInput(
        claim=draft,
        payer=profile,
        provider=rendering_provider(snapshot.therapist, snapshot.practice),
        billing=billing_provider(snapshot.practice),
        as_of=as_of,
        note=note,
        coverage=coverage_input(snapshot.file, profile, _visits_used(mine, snapshot.note.date_of_service)),
        history=_history(history, snapshot.file.patient.id),
        codes=codes,
    )
    return ScrubbedClaim(draft, built, tuple(check(context, edition.rules)), profile)


def _draft(
    snapshot: Snapshot,
    profile: PayerProfile,
    lines: tuple[ServiceLine, ...],
    *,
    claim_id: str,
    claim_number: str,
    tie_order: tuple[str, ...],
) -> ClaimDraft:
    file, note = snapshot.file, snapshot.note
    day, accident = note.date_of_service, file.coverage.accident
    authorization, referral = authorization_on(file, day), referral_on(file, day)
    return ClaimDraft(
        claim_id=claim_id,
        patient_id=note.patient_id,
        therapist_id=note.therapist_id,
        payer_id=file.payer.id,
        date_of_service=day,
        lines=lines,
        diagnoses=tuple(note.diagnoses),
        place_of_service=snapshot.practice.place_of_service,
        claim_number=claim_number,
        filing_indicator=profile.filing_indicator,
        unit_method=profile.unit_method,
        related_causes=(RELATED_CAUSES[accident.cause],) if accident else (),
        accident_date=accident.occurred_on if accident else None,
        accident_state=(accident.state or "") if accident else "",
        insurer_claim_number=file.coverage.claim_number or "",
        authorization_number=authorization.number if authorization else "",
        referral_number=(referral.number or "") if referral else "",
        referring_npi=referral.referring_npi if referral else "",
        sequence=SEQUENCES.get(file.coverage.rank, "P"),
        fee_cents=tuple(sorted((line.procedure, snapshot.fees_cents.get(line.procedure, 0)) for line in lines)),
        tie_order=tie_order,
    )


def _visits_used(rows: Sequence[ClaimRow], day: date) -> dict[str, int]:
    """Earlier visits by the authorization that they were billed under."""
    used: dict[str, set[date]] = {}
    for row in rows:
        if row.authorization_id and row.date_of_service < day and row.state != State.VOIDED:
            used.setdefault(row.authorization_id, set()).add(row.date_of_service)
    return {authorization_id: len(days) for authorization_id, days in used.items()}


def _history(rows: Sequence[ClaimRow], patient_id: str) -> History:
    visits = {row.id: Visit.load(row.coded["visit"]) for row in rows}
    hers = [row for row in rows if row.patient_id == patient_id]
    newest_first = [visits[row.id] for row in sorted(hers, key=lambda row: row.date_of_service, reverse=True)]
    return History(
        claims=tuple(_past_claim(row, visits[row.id].session.start) for row in hers),
        sessions=tuple(visits[row.id].session for row in rows),
        note_digests=tuple(visit.digest for visit in newest_first),
        pain_scores=tuple(visit.pain for visit in newest_first if visit.pain is not None),
        first_visit_on=min((row.date_of_service for row in hers), default=None),
    )


def _past_claim(row: ClaimRow, start: datetime) -> PastClaim:
    draft = draft_of(row.coded)
    rejected = row.state.startswith("rejected")
    voided = row.state == State.VOIDED
    return PastClaim(
        claim_id=row.id,
        payer_id=row.payer_id,
        therapist_id=row.therapist_id,
        date_of_service=row.date_of_service,
        lines=tuple(PastLine(line.procedure, line.units, line.modifiers, line.minutes) for line in draft.lines),
        outcome="voided" if voided else "rejected" if rejected else _past_outcome(row.outcome),
        coverage_id=row.coverage_id,
        start=start,
        claim_number=row.claim_number,
    )


def _past_outcome(outcome: str) -> str:
    return {"partly_paid": "paid", "zero_paid": "paid", "reversed": "none"}.get(outcome, outcome)
