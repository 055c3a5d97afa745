"""Lines of a claim are billed under another coverage: because the biller made the claim so, or because its payer has
denied them as another payer's.

Of a claim that is still to be sent the lines leave it, and it is built again without them. Of one that its payer has
decided, lines of which the insurer owes the whole charge stay as that payer decided them, and the other payer answers
for what is open. In both cases the lines are on a claim of their own, of the whole visit's units.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlmodel import Session

from services.claims.document import BillerOptions, new_document
from services.claims.domain.ledger import balances_by_line
from services.claims.domain.lifecycle import EDITABLE, REJECTED, ClaimState
from services.claims.domain.sending import IllegalMove
from services.claims.domain.timeline import TimelineKind
from services.claims.domain.visit_lines import Shares, shares_of
from services.claims.flows.audit import audit
from services.claims.flows.claim.add_claim import add_claim, refuse_second
from services.claims.flows.claim.build_claim import first_submission, found_claim, scrub_source
from services.claims.flows.claim.correct_claim import refused
from services.claims.flows.claim.payer_chain import lines_named, move_lines_off
from services.claims.flows.claim.rebuild_claim import rebuild_claim
from services.claims.flows.claim.split_claim import refuse_units_of_several, shares_named
from services.claims.flows.claim.transition_claim import transition_claim
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.queries.views import claim_view
from services.claims.flows.record_timeline import record_act, record_scrubbed
from services.claims.flows.scrub.read_source import Notes, fetch, read_source
from services.claims.store import claims as store
from services.claims.store.tables import ClaimRow
from services.claims.store.visits import first_claims_of_note, notes_and_coverage
from shared.contracts.claims import Claim
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.next_payers import LinesMove
from shared.database import UnitOfWork
from shared.security.caller import Caller


def move_lines(
    deps: Dependencies, unit_of_work: UnitOfWork, caller: Caller, claim_id: str, command: LinesMove
) -> Claim:
    """The new claim under the other coverage. Raises NotFound, Unavailable, and Conflict with what is in the way."""
    with deps.database.reading() as session:
        note_ids, coverage_id = found_claim(notes_and_coverage(session, caller.organization_id, claim_id))
    notes, own = fetch(deps, caller.organization_id, note_ids, coverage_id)
    _, other = fetch(deps, caller.organization_id, note_ids, command.coverage_id)
    now, new_number = deps.clock.now(), deps.ids.claim_number()

    def write(session: Session) -> Claim:
        row = found_claim(store.claim(session, caller.organization_id, claim_id))
        here = _chosen(session, row, command)
        moved = _new_claim(session, deps, caller, row, notes, other, here, command, now)
        if row.state in EDITABLE:
            _take_off(session, deps, caller, row, notes, own, here, command, now, new_number)
        else:
            move_lines_off(session, deps.ids, row, moved, now)
        action, reason = "move_lines", command.reason
        audit(session, deps, caller, at=now, action=action, subject_id=row.id, actor=command.actor, reason=reason)
        summary = f"{', '.join(here)} of this claim is billed with claim {moved.id}. Reason: {reason}"
        record_act(session, deps, caller, row, TimelineKind.LINES_MOVED, summary, at=now, actor=command.actor)
        return claim_view(session, moved)

    return unit_of_work.run(write)


def _chosen(session: Session, row: ClaimRow, command: LinesMove) -> dict[str, int | None]:
    """The units by procedure that leave the claim. Raises Conflict."""
    entries = balances_by_line(store.entries(session, row.organization_id, [row.id])[row.id])
    lines = row.document.claim.numbered_lines
    denied = {number for number in lines if 0 < entries[number].charge_cents == entries[number].insurer_cents}
    here = shares_named(command.lines)
    if not here and row.state == ClaimState.ADJUDICATED:
        here = dict.fromkeys(lines[number].procedure_code for number in sorted(denied))
    has = shares_of(lines.values())
    if not here or any(has.get(code, 0) < (units or 1) for code, units in here.items()):
        message, fix = "The claim has no such line, or not so many units.", "Name lines that the claim has."
        raise refused(row, IllegalMove("line_unknown", message, fix))
    refuse_units_of_several(row.document.claim, here)
    if row.document.options.earlier_lines:
        message = "The claim has the lines of the claim to the payer before."
        raise refused(row, IllegalMove("lines_of_earlier_claim", message, "Move the lines of that claim."))
    if row.state in EDITABLE:
        if all(here.get(code, 0) is None or here.get(code, 0) == units for code, units in has.items()):
            message = "No line would be left on the claim."
            fix = "Void it, and bill the visit under the other coverage."
            raise refused(row, IllegalMove("no_line_left", message, fix))
    elif row.state != ClaimState.ADJUDICATED or not set(lines_named(row, here)) <= denied or any(here.values()):
        message = "Its payer has these lines, and has not denied the whole charge of each."
        fix = "Wait for its answer; lines that it has paid are moved once the claim is being corrected (`correct`)."
        raise refused(row, IllegalMove("lines_at_payer", message, fix))
    return _of_this_claim(session, row, here, has)


def _of_this_claim(session: Session, row: ClaimRow, here: dict[str, int | None], has: Shares) -> dict[str, int | None]:
    """All units of a procedure are all that this claim has, which are fewer where another of the visit bills it too."""
    first = first_claims_of_note(session, row.organization_id, row.note_id)
    shared = {code for one in first if one.id != row.id for code in shares_of(one.document.claim.lines)}
    return {code: has[code] if units is None and code in shared else units for code, units in here.items()}


def _new_claim(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    notes: Notes,
    other: CoverageBundle,
    here: dict[str, int | None],
    command: LinesMove,
    now: datetime,
) -> ClaimRow:
    options = replace(_for_other_payer(row.document.options), here=here)
    new_id, new_number = deps.ids("clm"), deps.ids.claim_number()
    refuse_second(session, caller.organization_id, row.note_id, command.coverage_id, new_id, here)
    source = read_source(session, caller.organization_id, notes, other)
    scrubbed = scrub_source(session, deps, caller, source, options, new_id, new_number)
    document = new_document(source, options, scrubbed)
    moved, _ = add_claim(session, deps.ids, caller.organization_id, document, now, alone=True)
    transition_claim(session, deps.ids, moved, now, new=True)
    kind = TimelineKind.CLAIM_CREATED
    record_scrubbed(session, deps, caller, moved, kind, at=now, actor=command.actor, reason=command.reason)
    return moved


def _for_other_payer(options: BillerOptions) -> BillerOptions:
    """What the biller chose of the treatment goes along; what was for the one payer does not."""
    return replace(first_submission(options), elsewhere={}, patient_paid_cents=0, attachments=(), prior_payments=())


def _take_off(
    session: Session,
    deps: Dependencies,
    caller: Caller,
    row: ClaimRow,
    notes: Notes,
    own: CoverageBundle,
    here: dict[str, int | None],
    command: LinesMove,
    now: datetime,
    new_number: str,
) -> None:
    options = row.document.options
    if options.here:
        has = shares_of(row.document.claim.lines)
        left = {code: units - (here[code] or units) if code in here else units for code, units in has.items()}
        options = replace(options, here={code: units for code, units in left.items() if units})
    rebuild_claim(
        session,
        deps,
        caller,
        row,
        read_source(session, caller.organization_id, notes, own),
        options,
        now,
        new_number=new_number if row.state in REJECTED else None,
        correction=row.document.correction,
        actor=command.actor,
    )
