"""Taking a file of claims: kept once, answered at once with TA1, 999 and the clearinghouse's 277CA.

Rules kept here: a control number that a partner has used before is answered with a TA1 that rejects it, and none of its
claims is taken again; everything that one file brings (row, claims, messages) is one transaction; a sender that is not
the partner itself is rejected in the TA1.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec
from sqlmodel import Session

from services.clearinghouse.domain.messages.claim_acknowledgement import clearinghouse_party
from services.clearinghouse.domain.messages.interchange import (
    MessageHeader,
    write_277ca,
    write_999,
    write_ta1,
)
from services.clearinghouse.domain.received_file import ReceivedFile, ReceivedTransaction, read_file, refused
from services.clearinghouse.domain.sanitize import sanitize
from services.clearinghouse.domain.scenarios import Scenario, StrikeMoment, split_member_id
from services.clearinghouse.flows.clock import reading_of
from services.clearinghouse.flows.dependencies import Dependencies
from services.clearinghouse.flows.receive_claim import receive_claim
from services.clearinghouse.flows.run_due import run_due
from services.clearinghouse.flows.send_messages import post
from services.clearinghouse.store import (
    FileRow,
    StrikeRow,
    file_by_key,
    file_taken,
    files_by_number,
    one_writer,
)
from shared import x12
from shared.dates import local_date
from shared.errors import Malformed, TooLarge
from shared.plural import counted

DUPLICATE_INTERCHANGE, UNKNOWN_SENDER = "025", "006"
MAX_RECEIPTS = 50
MAX_CONTROL_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file as a partner brought it. `key` is an idempotency key, if it came with one."""

    partner_id: str
    content: bytes
    scenarios: tuple[Scenario, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a partner gets for a file. `accepted` says that its interchange was taken."""

    file_id: str
    interchange_control_number: str
    received_at: datetime
    duplicate: bool
    accepted: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt and the misfortunes that strike after it has been written."""

    receipt: Receipt
    scenarios: frozenset[Scenario]


class ScenarioStruck(Exception):
    """A scenario struck before anything was kept."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario.name)
        self.scenario = scenario


def receive(deps: Dependencies, delivery: Delivery) -> Taken:
    """Take one file. Raises Malformed for what is not one interchange, TooLarge, ScenarioStruck."""
    file = read_file(delivery.content)
    if file is None:
        raise Malformed(
            "the body is not one X12 interchange with at least one transaction", code="not_one_x12_interchange"
        )
    if file.claim_count > deps.max_claims_a_file:
        raise TooLarge(f"a file takes {counted(deps.max_claims_a_file, 'claim')} at most; send them in several files")
    _strike_first(deps, delivery, file)
    receipt = deps.database.run(lambda session: _receive(deps, session, delivery, file))
    return Taken(receipt, frozenset(delivery.scenarios) | _asked_by_members(file))


def receipts(deps: Dependencies, partner_id: str, control_number: str) -> list[Receipt]:
    """All that came under a control number, first first; empty when nothing ever did."""
    with deps.database.reading() as session:
        return [_receipt(row) for row in files_by_number(session, partner_id, control_number, MAX_RECEIPTS)]


def _strike_first(deps: Dependencies, delivery: Delivery, file: ReceivedFile) -> None:
    """A header strikes every time, a member id once a file, or the claim could never come through."""
    for scenario in delivery.scenarios:
        if scenario.moment is StrikeMoment.BEFORE_ACCEPT:
            raise ScenarioStruck(scenario)
    for scenario in sorted(_asked_by_members(file), key=lambda asked: asked.name):
        # In a transaction of its own: that it has struck is remembered, although nothing of the file is kept.
        if scenario.moment is StrikeMoment.BEFORE_ACCEPT and deps.database.run(
            lambda session, name=scenario.name: _first_strike(deps, session, delivery, name)  # type: ignore[misc]
        ):
            raise ScenarioStruck(scenario)


def _first_strike(deps: Dependencies, session: Session, delivery: Delivery, name: str) -> bool:
    digest = _mac(deps, delivery.partner_id, f"strike|{name}", delivery.content)
    if session.get(StrikeRow, (delivery.partner_id, digest)) is not None:
        return False
    session.add(StrikeRow(organization_id=delivery.partner_id, id=digest, at=deps.wall.now()))
    return True


def _asked_by_members(file: ReceivedFile) -> frozenset[Scenario]:
    ids = (found.record.subscriber.party.id for transaction in file.transactions for found in transaction.claims)
    return frozenset(scenario for member_id in ids if (scenario := split_member_id(member_id)[0]))


def _receive(deps: Dependencies, session: Session, delivery: Delivery, file: ReceivedFile) -> Receipt:
    one_writer(session)
    partner_id, now = delivery.partner_id, reading_of(session).now(deps.wall.now())
    content_mac = _mac(deps, partner_id, "content", delivery.content)
    key_digest = _mac(deps, partner_id, "key", delivery.key.encode()) if delivery.key else None
    if key_digest and (earlier := file_by_key(session, partner_id, key_digest)):
        if earlier.content_mac != content_mac:
            raise Malformed("this key was used with another file", code="idempotency_key_reused")
        return _receipt(earlier)
    # What was due before this file came happens before it, whenever the clock was last asked.
    run_due(deps, session, now)
    number = sanitize(file.interchange.control_number)[:MAX_CONTROL_NUMBER]
    duplicate = file_taken(session, partner_id, number) is not None
    if file.interchange.sender != partner_id:
        file = refused(file, UNKNOWN_SENDER)
    elif duplicate:
        file = refused(file, DUPLICATE_INTERCHANGE)
    row = FileRow(
        organization_id=partner_id,
        id=deps.ids("file"),
        interchange_control_number=number,
        # Only a number that was taken is used up: what was refused for its envelope may come again under it.
        accepted_number=number if file.envelope_ok else None,
        received_at=now,
        duplicate=duplicate,
        content_mac=content_mac,
        key_digest=key_digest,
        headers=msgspec.json.encode([transaction.header for transaction in file.transactions]).decode(),
        content=delivery.content.decode("latin-1"),
    )
    session.add(row)
    session.flush()
    _answer(deps, session, delivery, file, row)
    return _receipt(row)


def _answer(deps: Dependencies, session: Session, delivery: Delivery, file: ReceivedFile, row: FileRow) -> None:
    def send(kind: str, content_of: Callable[[MessageHeader], str]) -> None:
        post(deps, session, row.organization_id, kind=kind, at=row.received_at, content_of=content_of)

    send("TA1", lambda message: write_ta1(message, file.envelope))
    for acknowledgement in file.syntax:
        send("999", partial(write_999, answer=acknowledgement))
    for place, transaction in enumerate(file.transactions):
        verdicts = tuple(
            receive_claim(deps, session, row, place=place, found=found, scenarios=delivery.scenarios)
            for found in transaction.claims
        )
        _send_277ca(deps, session, row, transaction, verdicts)
    run_due(deps, session, row.received_at)


def _send_277ca(
    deps: Dependencies,
    session: Session,
    row: FileRow,
    transaction: ReceivedTransaction,
    verdicts: tuple[x12.ClaimVerdict, ...],
) -> None:
    if not verdicts:
        return
    post(
        deps,
        session,
        row.organization_id,
        kind="277CA",
        at=row.received_at,
        content_of=lambda message: write_277ca(
            message,
            x12.claim_statuses(
                verdicts,
                submission=transaction.header,
                acknowledger=clearinghouse_party(deps.name, deps.interchange_id),
                trace=f"{deps.interchange_id}{message.number:09d}",
                received=local_date(row.received_at, deps.zone),
                created=message.at.date(),
            ),
        ),
    )


def _receipt(row: FileRow) -> Receipt:
    return Receipt(
        row.id, row.interchange_control_number, row.received_at, row.duplicate, row.accepted_number is not None
    )


def _mac(deps: Dependencies, partner_id: str, field: str, content: bytes) -> str:
    """A keyed digest of what came, so that equal files are known without their text."""
    return deps.database.vault.blind(partner_id, field, hashlib.sha256(content).hexdigest())
