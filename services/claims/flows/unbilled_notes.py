"""A signed note without a claim is something to do: the worker learns of signatures from the feed of the notes service.

Each feed is read page by page behind what was read before, so that each signature is seen once: a task that a person
has closed, since the visit is billed to nobody, is not opened again. A pass asks a bounded number of feeds, the longest
unasked first; where the notes service does not answer, all that were due wait for a while.
"""

from datetime import date, datetime, timedelta

import structlog
from sqlmodel import Session

from services.claims.flows.dependencies import Dependencies
from services.claims.flows.tasks import NOTE, Found, open_task
from services.claims.store import note_feeds, visits
from services.claims.store.note_feeds import DueFeed
from shared.contracts.common import EventPage
from shared.dates import local_date
from shared.errors import NotFound, Unavailable
from shared.tenancy import acting_for

log = structlog.get_logger()
CREATE_CLAIM = "create_claim"
SIGNED = "note.signed"
BILL_DAYS = 3
"""How soon after its signature a note has its claim."""
FEEDS_A_PASS = 20
EVENTS_A_PAGE = 200
ASKED_EVERY = timedelta(minutes=1)
AFTER_A_FAILURE = timedelta(minutes=5)


def find_unbilled_notes(deps: Dependencies) -> int:
    """Read one page of each feed that is due. Returns how many tasks were opened."""
    now = deps.wall_clock.now()
    with deps.database.reading() as session:
        due = note_feeds.due_feeds(session, now, now + AFTER_A_FAILURE, FEEDS_A_PASS)
    opened = 0
    for place, feed in enumerate(due):
        try:
            opened += _read(deps, feed, now)
        except Unavailable:
            log.warning("notes_unavailable", step="find_unbilled_notes")
            for waiting in due[place:]:
                _ask_later(deps, waiting, now)
            break
        except Exception as error:
            # One organization's feed keeps no other's from being read.
            if not isinstance(error, NotFound):
                log.exception("note_feed_failed", organization_id=feed.organization_id)
                deps.failures.count("find_unbilled_notes")
            _ask_later(deps, feed, now)
    return opened


def _read(deps: Dependencies, feed: DueFeed, now: datetime) -> int:
    """One page of one feed: its tasks, and how far it was read, in one transaction."""
    with acting_for(feed.organization_id):
        page = deps.notes.events(feed.organization_id, after=feed.sequence, limit=EVENTS_A_PAGE)
        following = now if len(page.items) == EVENTS_A_PAGE else now + ASKED_EVERY

        def write(session: Session) -> int:
            note_feeds.read_until(session, feed.organization_id, page.next, following)
            return _open_tasks(session, deps, feed, page)

        return deps.database.run(write)


def _open_tasks(session: Session, deps: Dependencies, feed: DueFeed, page: EventPage) -> int:
    signed = {one.subject_id: one for one in page.items if one.type == SIGNED}
    billed = visits.billed_notes(session, feed.organization_id, list(signed))
    unbilled = [one for note_id, one in signed.items() if note_id not in billed]
    for one in unbilled:
        signed_on = local_date(datetime.fromisoformat(one.occurred_at), feed.time_zone)
        found = unbilled_note(one.subject_id, signed_on)
        open_task(session, deps.ids, feed.organization_id, found, deps.clock.now())
    return len(unbilled)


def unbilled_note(note_id: str, signed_on: date) -> Found:
    """What is to be done about a signed note without a claim."""
    return Found(
        kind=CREATE_CLAIM,
        subject_type=NOTE,
        subject_id=note_id,
        due_on=signed_on + timedelta(days=BILL_DAYS),
        reason=f"A note that was signed on {signed_on} has no claim.",
        rule="note_without_claim",
    )


def _ask_later(deps: Dependencies, feed: DueFeed, now: datetime) -> None:
    with acting_for(feed.organization_id):
        deps.database.run(
            lambda session: note_feeds.read_until(session, feed.organization_id, 0, now + AFTER_A_FAILURE)
        )
