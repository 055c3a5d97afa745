"""The claims of one visit that bill its lines between them, where one claim cannot bill all.

A claim that carries one authorization number and whose lines are under several is split as it is made, and as it is
built again: what is under the first number stays, and each other number gets a claim of its own. The claims are known
by what they bill (`domain/visit_lines.py`); one that is voided gives its lines back to the one that bills the
rest, when that is built again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import BillerOptions, ClaimSource, ScrubbedClaim, new_document
from services.claims.domain.rules.authorization import authorizations_split
from services.claims.domain.rules.authorized_lines import claims_by_number, may_be_split, of_several_therapists
from services.claims.domain.scrubber_input import ProfessionalClaim
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.visit_lines import Shares, shares_of, together
from services.claims.flows.audit import audit
from services.claims.flows.claim.add_claim import add_claim
from services.claims.flows.claim.build_claim import scrub_source
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.record_timeline import record_scrubbed
from services.claims.store.tables import ClaimRow
from services.claims.store.visits import first_claims_of_note
from shared.contracts.claims import LineShare
from shared.contracts.common import Actor
from shared.errors import Conflict, Fault
from shared.security.caller import Caller


def of_visit(session: Session, organization_id: str, note_id: str, options: BillerOptions) -> BillerOptions:
    """The options of a claim with what the visit's other claims name as theirs, where it bills the rest. A claim to a
    next payer bills what the one before did."""
    if options.here or options.earlier_lines:
        return options
    first = first_claims_of_note(session, organization_id, note_id)
    return replace(options, elsewhere=together(one.document.options.here for one in first))


def shares_named(lines: Iterable[LineShare]) -> dict[str, int | None]:
    """The units by procedure that a caller names."""
    return together({one.procedure_code: one.units} for one in lines)


def refuse_billed(
    session: Session, deps: Dependencies, caller: Caller, source: ClaimSource, options: BillerOptions
) -> None:
    """Raises Conflict where units that a claim is to bill are billed already by another first payer's claim of the
    visit."""
    if not options.here:
        return
    whole = scrub_source(session, deps, caller, source, replace(options, here={}), "clm_dry_run", "DRYRUN")
    refuse_units_of_several(whole.claim, options.here)
    total = shares_of(whole.claim.lines)
    left = dict(total)
    for one in first_claims_of_note(session, caller.organization_id, source.note.id):
        for code, units in shares_of(one.document.claim.lines).items():
            left[code] = left.get(code, 0) - units
    faults = [
        Fault(
            f"/body/lines/{place}",
            "line_billed",
            f"Another claim of the visit bills {code}, and {max(left.get(code, 0), 0)} of its units are left.",
            "Take them off that claim (`move-lines`), or void it.",
        )
        for place, (code, units) in enumerate(options.here.items())
        if left.get(code, 0) < (units or total.get(code, 1))
    ]
    if faults:
        raise Conflict("a line is billed once", code="line_billed", errors=faults)


def refuse_units_of_several(claim: ProfessionalClaim, here: Shares) -> None:
    """Raises Conflict where some units of a procedure are to go on a claim of their own, and several therapists did it:
    whose they are is not said."""
    has = shares_of(claim.lines)
    faults = [
        Fault(
            f"/body/lines/{place}",
            "units_of_several_therapists",
            f"Several therapists did {code}, and {units} of its {has[code]} units do not say whose they are.",
            "Name the procedure without `units`, so that all of it goes there.",
        )
        for place, (code, units) in enumerate(here.items())
        if code in of_several_therapists(claim) and units not in (None, has[code])
    ]
    if faults:
        raise Conflict("whose units these are is not said", code="units_of_several_therapists", errors=faults)


def scrub_first(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    source: ClaimSource,
    options: BillerOptions,
    claim_id: str,
    claim_number: str,
    made_at: datetime | None = None,
) -> tuple[BillerOptions, ScrubbedClaim, list[Shares]]:
    """The claim with the lines that can go on it, its options with that, and what goes on claims of its own."""
    scrubbed = scrub_source(session, deps, caller, source, options, claim_id, claim_number, made_at)
    others = _other_parts(scrubbed)
    if not others:
        return options, scrubbed, []
    left = _left(options, scrubbed, others)
    return left, scrub_source(session, deps, caller, source, left, claim_id, claim_number, made_at), others


def _other_parts(scrubbed: ScrubbedClaim) -> list[Shares]:
    found = any(one.code == authorizations_split.code for one in scrubbed.findings)
    return claims_by_number(scrubbed.claim)[1:] if found and may_be_split(scrubbed.claim) else []


def _left(options: BillerOptions, scrubbed: ScrubbedClaim, others: list[Shares]) -> BillerOptions:
    taken = together(others)
    if not options.here:
        return replace(options, elsewhere=together([options.elsewhere, taken]))
    left = {code: units - (taken.get(code) or 0) for code, units in shares_of(scrubbed.claim.lines).items()}
    return replace(options, here={code: units for code, units in left.items() if units})


def add_parts(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    source: ClaimSource,
    options: BillerOptions,
    parts: list[Shares],
    now: datetime,
    *,
    actor: Actor,
) -> list[ClaimRow]:
    """A claim for each of the parts, made after the one that they are split from. What the patient paid at the visit is
    with that one."""
    rows = []
    for place, part in enumerate(parts, 1):
        # One is served after the other of what authorizations have left.
        made_at = now + timedelta(microseconds=place)
        own = replace(options, here=dict(part), elsewhere={}, patient_paid_cents=0, line_numbers={})
        scrubbed = scrub_source(session, deps, caller, source, own, deps.ids("clm"), deps.ids.claim_number())
        row, _ = add_claim(session, deps.ids, caller.organization_id, new_document(source, own, scrubbed), made_at)
        transition_claim(session, deps.ids, row, now, new=True)
        audit(session, deps, caller, at=now, action="split_claim", subject_id=row.id, actor=actor)
        record_scrubbed(session, deps, caller, row, TimelineKind.CLAIM_CREATED, at=now, actor=actor)
        rows.append(row)
    return rows
