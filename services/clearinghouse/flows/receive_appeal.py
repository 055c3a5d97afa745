"""The payer's fax: an appeal comes in by claim number, and is decided on the virtual clock.

In the world an appeal goes by portal, fax or mail, so it is no X12: only an 835 that follows it is. Which decision it
gets is asked for by scenario, of the appeal or of the claim; without one it is won.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from services.clearinghouse.domain.appeal_decisions import DAYS_TO_DECIDE
from services.clearinghouse.domain.clock import due_at
from services.clearinghouse.domain.lifecycle import CLAIM_LIFECYCLE, Event, State
from services.clearinghouse.domain.scenarios import APPEAL_OVERTURNED, APPEAL_SCENARIOS, APPEAL_SILENCE, Scenario
from services.clearinghouse.flows.clock import reading_of
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.store import ClaimRow, newest_of_partner, one_writer
from shared.errors import Conflict, NotFound

NAMES = {one.name for one in APPEAL_SCENARIOS}


@dataclass(frozen=True, slots=True)
class AppealAtPayer:
    """Where the payer has an appeal: `decides_at` while it waits (None: never), `decision` once it has decided."""

    claim_number: str
    state: str
    decides_at: datetime | None
    decision: str | None


def receive_appeal(
    deps: Dependencies, partner_id: str, claim_number: str, scenarios: Sequence[Scenario]
) -> AppealAtPayer:
    """Take an appeal of the partner's newest claim of this number. Raises NotFound, and Conflict for a claim that the
    payer has not decided."""

    def write(session: Session) -> AppealAtPayer:
        one_writer(session)
        row = _claim(session, partner_id, claim_number)
        if not CLAIM_LIFECYCLE.allows(State(row.state), Event.APPEAL):
            detail, fix = "the payer has decided nothing on this claim", "Wait for its 835: advance the clock."
            raise Conflict(detail, code="claim_not_decided", pointer="/claim_number", fix=fix)
        row.state = CLAIM_LIFECYCLE.step(State(row.state), Event.APPEAL)
        asked = {one.name for one in scenarios} & NAMES
        names = set(filter(None, row.scenarios.split("+")))
        chosen = asked or names & NAMES or {APPEAL_OVERTURNED.name}
        row.scenarios = "+".join(sorted((names - NAMES) | chosen))
        now = reading_of(session).now(deps.wall.now())
        row.due_at = None if APPEAL_SILENCE.name in chosen else due_at(now, DAYS_TO_DECIDE, deps.zone)
        session.add(row)
        return _view(row)

    return deps.database.run(write)


def read_appeal(deps: Dependencies, partner_id: str, claim_number: str) -> AppealAtPayer:
    """What the payer's letter says of the appeal, as far as the clock has come. Raises NotFound."""
    with deps.database.reading() as session:
        row = _claim(session, partner_id, claim_number)
        if not NAMES & set(row.scenarios.split("+")):
            raise NotFound("the payer has no appeal of this claim", code="appeal_not_found")
        return _view(row)


def _claim(session: Session, partner_id: str, claim_number: str) -> ClaimRow:
    row = newest_of_partner(session, partner_id, claim_number)
    if row is None:
        raise NotFound("the partner has sent no claim of this number", code="claim_not_found")
    return row


def _view(row: ClaimRow) -> AppealAtPayer:
    waits = row.state == State.APPEALED
    asked = sorted(NAMES & set(row.scenarios.split("+")))
    return AppealAtPayer(
        row.claim_number, "waiting" if waits else "decided", row.due_at, None if waits else ", ".join(asked)
    )
