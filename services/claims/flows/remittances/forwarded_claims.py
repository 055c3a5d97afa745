"""Claims that a payer forwards to the next one itself (crossover): no file of ours has them, and their remittance names
our claim number of the claim to the payer before.

So the next payer's claim is made when the forwarding is posted, as one that is submitted already, and a later payment
under that number that is the next payer's is posted on it.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import ClaimSource
from services.claims.domain.next_payer import FIRST_PAYER
from services.claims.domain.remittances.forwarding import AS_LATER_PAYER, RANKS
from services.claims.domain.timeline import TimelineKind
from services.claims.flows.claim.add_claim import add_sent_claim
from services.claims.flows.claim.bill_secondary import options_after
from services.claims.flows.claim.next_coverage import next_coverage
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import record_claim_answer
from services.claims.flows.scrub.resolve_profile import resolve_profile
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow, MessageRow
from shared import x12
from shared.contracts.eligibility import CoverageBundle, OtherCoverage, Payer
from shared.errors import Conflict


def claim_that_is_paid(
    session: Session, claim: ClaimRow, header: x12.Remittance, payment: x12.ClaimPayment
) -> ClaimRow:
    """The claim that a payment is for: the one whose number it names, or the claim that its payer forwarded under the
    same number, if the payment is the next payer's."""
    following = claim
    while (next_id := following.document.chain.next_claim_id) is not None:
        later = store.claim(session, claim.organization_id, next_id)
        if later is None or not later.document.chain.sent_by_earlier_payer:
            break
        following = later
        if _names(header.payer, later) or payment.status in AS_LATER_PAYER:
            return later
    return claim


def is_of_unknown_payer(claim: ClaimRow, payment: x12.ClaimPayment) -> bool:
    """Whether a payment under the claim's number is of a payer after it, to which the claim was forwarded and that no
    claim is made to."""
    document = claim.document
    rank = document.source.coverage_bundle.coverage.rank
    alone = document.responses.forwarded and document.chain.next_claim_id is None
    return alone and RANKS.get(payment.status, 0) > rank


def comes_before_forwarding(claim: ClaimRow, header: x12.Remittance, payment: x12.ClaimPayment) -> bool:
    """Whether the payment is the next payer's, of a claim that its payer is not yet known to have forwarded."""
    following, source = next_coverage(claim.document.source), claim.document.source
    if following is None or claim.document.chain.next_claim_id is not None:
        return False
    named = _known(header.payer)
    if named & _names_of(source.coverage_bundle.payer):
        return False
    first = claim.document.claim.sequence == FIRST_PAYER
    return bool(named & _names_of(following.payer)) or (first and payment.status in AS_LATER_PAYER)


def _known(payer: x12.Party) -> set[str]:
    return {payer.id, payer.name.upper()} - {""}


def _names_of(payer: Payer) -> set[str]:
    return {payer.payer_identifier, payer.name.upper()}


def _names(payer: x12.Party, claim: ClaimRow) -> bool:
    """Whether the remittance is from the claim's payer and not from the one before, by name or number."""
    ours = claim.document.source.coverage_bundle.payer
    earlier = {one.payer_id for one in claim.document.options.prior_payments}
    before = [one.payer for one in claim.document.source.coverage_bundle.other_coverages if one.payer.id in earlier]
    known, others = _known(payer), set().union(*map(_names_of, before))
    return bool(known & _names_of(ours)) and not known & others


def add_forwarded_claim(
    session: Session, deps: Dependencies, earlier: ClaimRow, now: datetime, *, message_id: str
) -> None:
    """The next payer's claim, where a coverage of the patient says who that is; nothing otherwise."""
    following = next_coverage(earlier.document.source)
    if following is None or earlier.document.chain.next_claim_id is not None:
        return
    try:
        source = _source_of(earlier.document.source, following)
        options = options_after(earlier)
    except Conflict:
        # Its payer cannot be billed as it is recorded, or the answer cannot be put on a claim: a person does it.
        return
    row = add_sent_claim(session, deps, earlier, source, options, now)
    message = session.get_one(MessageRow, (row.organization_id, message_id))
    summary = f"The payer has forwarded the claim; claim {row.id} waits for the next payer's answer."
    record_claim_answer(session, deps.ids, message, earlier, TimelineKind.CLAIM_FORWARDED, summary, at=now)
    record_claim_answer(session, deps.ids, message, row, TimelineKind.CLAIM_CREATED, FORWARDED_SUMMARY, at=now)


FORWARDED_SUMMARY = "Made because the payer before has forwarded the claim to this payer."


def _source_of(before: ClaimSource, following: OtherCoverage) -> ClaimSource:
    """The source of the claim before, seen from the next coverage."""
    bundle = before.coverage_bundle
    others = [one for one in bundle.other_coverages if one.coverage.id != following.coverage.id]
    own = OtherCoverage(coverage=bundle.coverage, payer=bundle.payer)
    seen = CoverageBundle(
        coverage=following.coverage,
        patient=bundle.patient,
        payer=following.payer,
        authorizations=[],
        referrals=[],
        other_coverages=[own, *others],
    )
    return replace(before, coverage_bundle=seen, profile=resolve_profile(following.payer, following.coverage))
