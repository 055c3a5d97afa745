"""A service of one table and a few routes, to show what every service has from shared.web."""

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends
from pydantic import Field as Member
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, col, select

from shared.contracts.common import Command, Line, View
from shared.database import Database
from shared.database.operations import Operations
from shared.errors import BadRequest, Conflict, Fault, NotFound, RuleBroken, responses
from shared.paging import Cursor, page_of
from shared.security.caller import Caller
from shared.web.auth import requires
from shared.web.idempotency import UnitOfWorkDep
from shared.web.paging import After, Limit
from shared.web.routes import Routes
from shared.web.service import create_service, dependency, verifier_of

HEADERS = (
    *("Accept", "Accept-Language", "Cookie", "Forwarded", "From", "Host", "If-None-Match", "Idempotency-Key", "Origin"),
    *(
        "Referer",
        "User-Agent",
        "Via",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Original-URL",
        "X-HTTP-Method-Override",
    ),
    *("baggage", "traceparent", "tracestate", "b3", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context"),
)
"""What a client says of itself, and might say a person's name in."""


class Base(SQLModel, registry=registry()):
    organization_id: str = Field(primary_key=True, max_length=64)
    id: str = Field(primary_key=True, max_length=64)


class ThingRow(Base, table=True):
    __tablename__ = "things"

    size: int = 0


class ThingCreate(Command):
    id: Line
    size: Annotated[int, Member(ge=0, le=100)] = 1
    fail: str = ""


class Thing(View):
    id: str
    size: int
    note: str = "größer/ñ"


class ThingPage(View):
    items: list[Thing]
    next: str | None = None


@dataclass
class Gate:
    """Lets a test hold a request inside its flow, and count the flows that ran. The first waits for `open`, a
    later one for `open_again`, which is open unless a test closes it."""

    open: threading.Event = field(default_factory=threading.Event)
    open_again: threading.Event = field(default_factory=threading.Event)
    entered: threading.Event = field(default_factory=threading.Event)
    runs: int = 0

    def __post_init__(self) -> None:
        self.open_again.set()

    def wait(self, turn: int) -> bool:
        return (self.open if turn == 1 else self.open_again).wait(10)


router = Routes()
Gated = Annotated[Gate, Depends(dependency(Gate))]
Writer = Annotated[Caller, Depends(requires("notes:write"))]
Reader = Annotated[Caller, Depends(requires("notes:read"))]


def _check(command: ThingCreate) -> None:
    if command.fail == "rule":
        raise RuleBroken("too big", code="size_rule", errors=[Fault("/size", "size_rule", "Too big.", "Send less.")])
    if command.fail == "crash":
        raise ZeroDivisionError(f"canary {command.id}")


@router.post("/v1/things", status_code=201, responses=responses(BadRequest, Conflict))
def create_thing(gate: Gated, caller: Writer, unit_of_work: UnitOfWorkDep, command: ThingCreate) -> Thing:
    gate.runs += 1
    turn = gate.runs
    gate.entered.set()
    if command.fail == "wait":
        assert gate.wait(turn)
    _check(command)

    def write(session: Session) -> Thing:
        session.add(ThingRow(organization_id=caller.organization_id, id=command.id, size=command.size))
        session.flush()
        if command.fail == "late":
            raise ZeroDivisionError("after the row")
        return Thing(id=command.id, size=command.size)

    return unit_of_work.run(write)


@router.get("/v1/things")
def list_things(
    db: Annotated[Database, Depends(dependency(Database))], caller: Reader, limit: Limit = 2, after: After = None
) -> ThingPage:
    key = Cursor.read(after, (int, str))
    statement = select(ThingRow).where(ThingRow.organization_id == caller.organization_id)
    if key:
        size, identifier = key
        same = (col(ThingRow.size) == size) & (col(ThingRow.id) > identifier)
        statement = statement.where((col(ThingRow.size) > size) | same)
    with db.reading() as session:
        rows = list(session.exec(statement.order_by(col(ThingRow.size), col(ThingRow.id)).limit(limit + 1)))
    shown, following = page_of(rows, limit, lambda row: (row.size, row.id))
    return ThingPage(items=[Thing(id=row.id, size=row.size) for row in shown], next=following)


@router.get("/v1/things/{thing_id}", responses=responses(NotFound))
def get_thing(thing_id: str, caller: Reader) -> Thing:
    raise NotFound("there is no such thing", code="thing_not_found")


def toy(database: Database, keys, gate: Gate, wall_clock=None, **options):
    Base.metadata.create_all(database.engine)
    Operations.metadata.create_all(database.engine)
    return create_service(
        name="toy",
        summary="Shows what every service has",
        database=database,
        routers=[router],
        tags={},
        dependencies=[gate, database],
        verifier=verifier_of(keys, "handbill", "notes"),
        wall_clock=wall_clock,
        **{"max_body_bytes": 20_000, **options},
    )
