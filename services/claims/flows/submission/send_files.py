"""Files are delivered, and none is accepted twice.

A try is written down before it is made. After an unclear answer the clearinghouse is asked whether it has the file;
only when it says no, and not before `resend_after` in real time, are the same bytes sent again (CAQH CORE).
"""

from sqlmodel import Session

from services.claims.clients import Delivery
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.submission.form_files import FILES_A_PASS
from services.claims.store import exchange


def unsent_files(deps: Dependencies) -> list[tuple[str, str, int]]:
    """(organization, file, tries so far) of what the clearinghouse is not known to have."""
    with deps.database.reading() as session:
        return exchange.unsent_files(session, FILES_A_PASS)


def send_file(deps: Dependencies, organization_id: str, file_id: str) -> str:
    """One try to deliver a file; returns its state afterwards. Raises Unavailable when asking gets no answer."""
    content, state, number = _begin_try(deps, organization_id, file_id)
    unclear = state == "asking"
    if unclear:
        if deps.clearinghouse.knows(number):
            return _after_try(deps, organization_id, file_id, Delivery.TAKEN)
        content, state, number = _begin_try(deps, organization_id, file_id, asked=True)
    if state != "sending":
        return state
    delivery = deps.clearinghouse.submit(content)
    if unclear and delivery is Delivery.NOT_TAKEN:
        delivery = Delivery.UNCLEAR  # an earlier try may still arrive, so the next one asks first as well
    return _after_try(deps, organization_id, file_id, delivery)


def _begin_try(deps: Dependencies, organization_id: str, file_id: str, *, asked: bool = False) -> tuple[str, str, str]:
    """Write a try down: (content, `sending`), or what stands against it: `asking`, `waiting`, `sent`."""
    now = deps.wall_clock.now()

    def write(session: Session) -> tuple[str, str, str]:
        row = exchange.file(session, organization_id, file_id)
        if row is None or row.state not in exchange.UNSENT:
            return "", row.state if row else "unknown", ""
        number = row.interchange_control_number
        if row.state == "sending" and not asked:
            return "", "asking", number
        if row.state == "sending" and row.tried_at is not None and now - row.tried_at < deps.resend_after:
            return "", "waiting", number
        row.state, row.tries, row.tried_at = "sending", row.tries + 1, now
        session.add(row)
        return row.content, "sending", number

    return deps.database.run(write)


def _after_try(deps: Dependencies, organization_id: str, file_id: str, delivery: Delivery) -> str:
    now = deps.clock.now()

    def write(session: Session) -> str:
        row = exchange.file(session, organization_id, file_id)
        if row is None or row.state not in exchange.UNSENT:
            return row.state if row else "unknown"
        if delivery is Delivery.TAKEN:
            row.state, row.sent_at = "sent", now
        elif delivery is Delivery.NOT_TAKEN:
            row.state = "formed"
        session.add(row)
        return row.state

    return deps.database.run(write)
