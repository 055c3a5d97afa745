"""How well claims go through: taken at once, decided at once, denied and for what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.claims.domain.reports.history import ClaimHistory, DeniedAmount, Step
from services.claims.domain.reports.report import (
    OF_PAYERS,
    WHOLE,
    Column,
    Figures,
    Key,
    Measure,
    Question,
    ReportDefinition,
    by_claim,
    gathered,
    grouped_by_claim,
    quotient,
)

BY_REASON = "reason"


def _answered(claims: Iterable[ClaimHistory], question: Question) -> list[ClaimHistory]:
    """Claims first submitted in the period whose first submission was accepted, rejected or decided."""
    return [one for one in claims if question.within(one.submitted_on) and len(one.first_submission) > 1]


def _is_clean(claim: ClaimHistory) -> bool:
    return all(one.step is not Step.REJECTED for one in claim.first_submission)


def _clean_claims(claims: Sequence[ClaimHistory], _question: Question, _key: Key) -> Figures:
    clean = sum(_is_clean(one) for one in claims)
    return {
        "answered_claims": len(claims),
        "clean_claims": clean,
        "rejected_claims": len(claims) - clean,
        "clean_claim_rate_basis_points": quotient(clean, len(claims)),
    }


CLEAN_CLAIMS: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="clean-claims",
    title="Clean-claim rate",
    definition="Of the claims first submitted in the period that were answered, those that neither clearinghouse nor "
    "payer rejected as they were first sent.",
    period="the claim was first submitted",
    columns=(
        Column("answered_claims", Measure.COUNT, "Claims whose first submission was accepted, rejected or decided."),
        Column("clean_claims", Measure.COUNT, "Of these, those that were not rejected before they were sent again."),
        Column("rejected_claims", Measure.COUNT, "Of these, those that were."),
        Column(
            "clean_claim_rate_basis_points",
            Measure.BASIS_POINTS,
            "Clean claims divided by answered claims.",
            numerator="clean_claims",
            denominator="answered_claims",
        ),
    ),
    groups=OF_PAYERS,
    rank="answered_claims",
    drawn=("clean_claim_rate_basis_points",),
    items=_answered,
    grouped=grouped_by_claim,
    figures=_clean_claims,
)


def _first_decided(claims: Iterable[ClaimHistory], question: Question) -> list[ClaimHistory]:
    return [one for one in claims if one.first_decision is not None and question.within(one.first_decision.on)]


def _at_first_pass(claim: ClaimHistory) -> bool:
    """Decided as it was first sent, with nothing denied."""
    first = claim.first_decision
    if first is None or first.decision is None or first.decision.denials:
        return False
    return first in claim.first_submission and _is_clean(claim)


def _first_pass(claims: Sequence[ClaimHistory], _question: Question, _key: Key) -> Figures:
    passed = sum(_at_first_pass(one) for one in claims)
    return {
        "decided_claims": len(claims),
        "first_pass_claims": passed,
        "first_pass_rate_basis_points": quotient(passed, len(claims)),
    }


FIRST_PASS: ReportDefinition[ClaimHistory] = ReportDefinition(
    name="first-pass",
    title="First-pass rate",
    definition="Of the claims that their payer decided first in the period, those that it decided as they were first "
    "sent, without a rejection and with nothing denied.",
    period="the payer's first decision was posted",
    columns=(
        Column("decided_claims", Measure.COUNT, "Claims whose first decision was posted in the period."),
        Column("first_pass_claims", Measure.COUNT, "Of these, those sent once, not rejected, and with nothing denied."),
        Column(
            "first_pass_rate_basis_points",
            Measure.BASIS_POINTS,
            "First-pass claims divided by decided claims.",
            numerator="first_pass_claims",
            denominator="decided_claims",
        ),
    ),
    groups=OF_PAYERS,
    rank="decided_claims",
    drawn=("first_pass_rate_basis_points",),
    items=_first_decided,
    grouped=grouped_by_claim,
    figures=_first_pass,
)


@dataclass(frozen=True, slots=True)
class DecidedClaim:
    """A claim with what its payer denied in the period."""

    claim: ClaimHistory
    denials: tuple[DeniedAmount, ...]

    def denied(self, reason: str | None) -> int | None:
        """The cents that were denied, for one reason or any; None where nothing was."""
        found = [one.amount_cents for one in self.denials if reason in (None, one.reason)]
        return sum(found) if found else None


def _decided(claims: Iterable[ClaimHistory], question: Question) -> list[DecidedClaim]:
    found = []
    for claim in claims:
        decisions = [
            one.decision
            for one in claim.happenings
            if one.decision is not None and not one.decision.reversal and question.within(one.on)
        ]
        if decisions:
            found.append(DecidedClaim(claim, tuple(denial for one in decisions for denial in one.denials)))
    return found


def _by_payer_and_reason(items: Sequence[DecidedClaim], question: Question) -> Mapping[Key, Sequence[DecidedClaim]]:
    """Claims by their group; by reason, all of a payer's claims under each of its reasons, to be divided by."""
    if question.by != BY_REASON:
        return gathered((by_claim(one.claim, question.by), one) for one in items)
    by_payer = gathered((by_claim(one.claim, "payer"), one) for one in items)
    return {
        (*payer, reason): claims
        for payer, claims in by_payer.items()
        for reason in sorted({denial.reason for one in claims for denial in one.denials})
    }


def _denials(claims: Sequence[DecidedClaim], question: Question, key: Key) -> Figures:
    reason = key[-1] if question.by == BY_REASON and key != WHOLE else None
    denied = [cents for one in claims if (cents := one.denied(reason)) is not None]
    return {
        "decided_claims": len(claims),
        "denied_claims": len(denied),
        "denied_cents": sum(denied),
        "denial_rate_basis_points": quotient(len(denied), len(claims)),
    }


DENIALS: ReportDefinition[DecidedClaim] = ReportDefinition(
    name="denials",
    title="Denial rate",
    definition="Of the claims that their payer decided in the period, those of which it denied an amount, whole or in "
    "part: one that stays with the payer until somebody acts. What a contract writes off is no denial.",
    period="a decision of the payer was posted",
    columns=(
        Column(
            "decided_claims", Measure.COUNT, "Claims of which a decision was posted in the period, reversals aside."
        ),
        Column("denied_claims", Measure.COUNT, "Of these, those of which an amount was denied (for the reason)."),
        Column("denied_cents", Measure.CENTS, "The amounts that were denied (for the reason)."),
        Column(
            "denial_rate_basis_points",
            Measure.BASIS_POINTS,
            "Denied claims divided by decided claims.",
            numerator="denied_claims",
            denominator="decided_claims",
        ),
    ),
    groups={**OF_PAYERS, BY_REASON: ("payer_id", "reason")},
    rank="denied_cents",
    drawn=("denied_cents",),
    items=_decided,
    grouped=_by_payer_and_reason,
    figures=_denials,
)
