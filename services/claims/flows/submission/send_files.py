"""Files are delivered, and none is accepted twice.

A try is written down before it is made. After an unclear answer the clearinghouse is asked whether it has the file;
only when it says no, and not before `resend_after` in real time, are the same bytes sent again (CAQH CORE).
"""

from typing import NamedTuple

import structlog
from sqlmodel import Session

from services.claims.clients import Delivery
from services.claims.flows.dependencies import Dependencies
from services.claims.flows.submission.form_files import FILES_A_PASS
from services.claims.store import exchange
from shared.wire.trading_partner import TradingPartner

log = structlog.get_logger()


def unsent_files(deps: Dependencies) -> list[tuple[str, str, int]]:
    """(organization, file, tries so far) of what the clearinghouse is not known to have."""
    with deps.database.reading() as session:
        return exchange.unsent_files(session, FILES_A_PASS)


def send_file(deps: Dependencies, organization_id: str, file_id: str) -> str:
    """One try to deliver a file; returns its state afterwards. Raises Unavailable when asking gets no answer."""
    attempt = _begin_try(deps, organization_id, file_id)
    unclear = attempt.state == "asking"
    if unclear and attempt.partner is not None:
        if deps.clearinghouse.has_file(attempt.partner, attempt.number):
            return _after_try(deps, organization_id, file_id, Delivery.TAKEN)
        attempt = _begin_try(deps, organization_id, file_id, asked=True)
    if attempt.state != "sending" or attempt.partner is None:
        return attempt.state
    delivery = deps.clearinghouse.submit(attempt.partner, attempt.content)
    if unclear and delivery is Delivery.NOT_TAKEN:
        delivery = Delivery.UNCLEAR  # an earlier try may still arrive, so the next one asks first as well
    return _after_try(deps, organization_id, file_id, delivery)


class _Try(NamedTuple):
    """One try at a file: `sending` its content, or why not: `asking`, `waiting`, `sent`, `no_account`.

    `partner` is the account that the file was formed for, whatever the organization's account is by now."""

    state: str
    partner: TradingPartner | None = None
    number: str = ""
    content: str = ""


def _begin_try(deps: Dependencies, organization_id: str, file_id: str, *, asked: bool = False) -> _Try:
    """Write a try down before it is made."""
    now = deps.wall_clock.now()

    def write(session: Session) -> _Try:
        row = exchange.file(session, organization_id, file_id)
        if row is None or row.state not in exchange.UNSENT:
            return _Try(row.state if row else "unknown")
        partner, number = deps.trading_partners.account(row.sender_id), row.interchange_control_number
        if partner is None:
            log.warning("trading_partner_gone", organization_id=organization_id, file_id=file_id)
            return _Try("no_account")
        if row.state == "sending" and not asked:
            return _Try("asking", partner, number)
        if row.state == "sending" and row.tried_at is not None and now - row.tried_at < deps.resend_after:
            return _Try("waiting", partner, number)
        row.state, row.tries, row.tried_at = "sending", row.tries + 1, now
        session.add(row)
        return _Try("sending", partner, number, row.content)

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
