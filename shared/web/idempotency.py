"""`Idempotency-Key` on every POST: the same key and body get the same answer, byte for byte, and one effect.

The key is reserved in a short transaction of its own, in the name of this process; the flow's one transaction writes
its rows and the sealed answer together. A request that fails wrote nothing, so its key is free again. So is the key of
a request whose process has died: whoever comes next sees that it is gone (`shared.database.presence`). Where that
cannot be seen, a reservation ends after 60 seconds.

Keys are per organization, client, person where the token is a person's, and route. Of the body only a MAC is kept, of
the answer all but what is shown once. Both are kept for 400 days: a year is the longest that a payer takes a claim
after the visit, so no repeat of a request can be taken for a new one while it could still be billed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlmodel import Session

from shared.clocks import Clock, age
from shared.database import Database
from shared.database.operations import IdempotencyKey, date_anew, forget_answers
from shared.database.presence import Presence
from shared.errors import BadRequest, Conflict, Malformed, Unavailable
from shared.security.caller import Caller
from shared.versions import etag_of
from shared.web.answers import ContractResponse, answer_to_keep
from shared.web.auth import authenticated_caller

T = TypeVar("T")
LEASE = timedelta(seconds=60)
RETRY_SECONDS = 1
KEEP = timedelta(days=400)
AHEAD = timedelta(days=1)
"""A key that was kept so far ahead of now is of a clock that was wrong; below it, of another machine's."""
FORGET_AT_ONCE = 50
MIN_KEY, MAX_KEY = 8, 255
KEY_DESCRIPTION = (
    "8 to 255 characters of your own; for 400 days a repeat gets the same answer, with null for what is shown once"
)


class ReplayedResponse(Response):
    """The kept answer of a request that was answered before, with the version it had then."""

    def __init__(self, answer: str, status: int) -> None:
        version = json.loads(answer).get("version")
        etag = {} if version is None else {"ETag": etag_of(version)}
        headers = {"Idempotency-Replayed": "true", **etag}
        super().__init__(answer.encode(), status, headers, media_type=ContractResponse.media_type)


class AnsweredBefore(Exception):
    """Ends a request whose key has an answer; the service sends `response`. A dependency can end it no other way."""

    def __init__(self, response: ReplayedResponse) -> None:
        super().__init__("answered before")
        self.response = response


@dataclass(frozen=True, slots=True)
class IdempotentUnitOfWork:
    """A request that takes effect once. Flows write through `run`, which also keeps the answer, and sends the version
    of what has one as an ETag."""

    database: Database
    organization_id: str
    key_id: str
    reserved_by: str
    response: Response

    def run(self, write: Callable[[Session], T]) -> T:
        """Like Database.run; `write` answers the model that the route will send."""

        def and_keep_answer(session: Session) -> T:
            row = session.get(IdempotencyKey, (self.organization_id, self.key_id))
            # This request may have been slower than its lease, and another have taken the key since: that one writes,
            # this one must not.
            if row is None or row.answer is not None or row.reserved_by != self.reserved_by:
                raise Conflict(
                    "another request with this key has taken over",
                    code="idempotency_lease_lost",
                    pointer="/header/idempotency-key",
                    fix="Send the same request again for its answer.",
                )
            result = write(session)
            if not isinstance(result, BaseModel):
                raise TypeError("an idempotent flow answers the model that its route sends")
            # In the transaction of the effect. Kept after it, a crash in between would leave an effect without an
            # answer, and the repeat would have it a second time.
            row.answer = answer_to_keep(result)
            return result

        result = self.database.run(and_keep_answer)
        version = getattr(result, "version", None)
        if version is not None:
            self.response.headers["ETag"] = etag_of(version)
        return result

    def release(self) -> None:
        """Free the key after a request that wrote nothing."""

        def delete(session: Session) -> None:
            row = session.get(IdempotencyKey, (self.organization_id, self.key_id))
            # Its own reservation alone: after a lost lease the row is another request's.
            if row is not None and row.answer is None and row.reserved_by == self.reserved_by:
                session.delete(row)

        self.database.run(delete)


# A coroutine since reading the body needs the event loop, while the dependency below runs in a thread as it waits for
# the database.
async def _body_of(request: Request) -> bytes:
    return await request.body()


def idempotent_unit_of_work(
    request: Request,
    response: Response,
    body: Annotated[bytes, Depends(_body_of)],
    caller: Annotated[Caller, Depends(authenticated_caller)],
    idempotency_key: Annotated[str | None, Header(description=KEY_DESCRIPTION)] = None,
) -> Iterator[IdempotentUnitOfWork]:
    """The dependency of every POST; use it with `Depends(once, scope="function")`, so that a failed request's key is
    free before the answer leaves. Raises BadRequest without a key, Malformed when the key came with another body,
    Conflict while the first request runs."""
    if not idempotency_key or not MIN_KEY <= len(idempotency_key) <= MAX_KEY:
        raise BadRequest(
            "send an Idempotency-Key header of 8 to 255 characters, new for each new thing and the same for a retry",
            code="idempotency_key_missing",
        )
    database: Database = request.app.state.database
    # A lease measures real time; business time may stand still or jump.
    clock: Clock = request.app.state.wall_clock
    # Hashed below, since path and key are text of the caller's and longer than an id may be.
    place = f"{caller.bearer}|{request.method} {request.scope['path']}|{idempotency_key}"
    # A MAC under the organization's key: with a bare hash, whoever has the database could find a short body by trying.
    mac = database.vault.blind(caller.organization_id, "idempotency_body", hashlib.sha256(body).hexdigest())
    key_id = hashlib.sha256(place.encode()).hexdigest()
    wanted = _Wanted(caller.organization_id, key_id, mac, clock.now())
    _forget(database, wanted)
    # Named within the transaction, where the database has answered: what waits for a database that does not, waits here
    # for all.
    works: list[str] = []

    def reserve(session: Session) -> str | None:
        if not works:
            works.append(database.presence.begin())
        return _reserve(session, wanted, works[0], database.presence)

    try:
        answer = database.run(reserve)
        if answer is not None:
            raise AnsweredBefore(ReplayedResponse(answer, request.scope["route"].status_code or 200))
        unit_of_work = IdempotentUnitOfWork(database, wanted.organization_id, key_id, works[0], response)
        try:
            yield unit_of_work
        # Also for what is no Exception, such as a cancelled request: a key that stays reserved refuses the repeat.
        except BaseException:
            # What a database that is gone keeps reserved is free all the same, since its work has ended below.
            with suppress(Unavailable):
                unit_of_work.release()
            raise
    finally:
        for work in works:
            database.presence.end(work)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A key that is to be reserved."""

    organization_id: str
    key_id: str
    body_mac: str
    now: datetime


def _reserve(session: Session, wanted: _Wanted, work: str, presence: Presence) -> str | None:
    """The stored answer, or None when the key is now reserved for `work`."""
    row = session.get(IdempotencyKey, (wanted.organization_id, wanted.key_id))
    if row is None:
        session.add(
            IdempotencyKey(
                organization_id=wanted.organization_id,
                id=wanted.key_id,
                body_mac=wanted.body_mac,
                reserved_at=wanted.now,
                reserved_by=work,
            )
        )
        return None
    if row.body_mac != wanted.body_mac:
        raise Malformed(
            "this key was used with another body; a new request needs a new key", code="idempotency_key_reused"
        )
    if row.answer is not None:
        return row.answer
    if age(row.reserved_at, wanted.now) < LEASE and presence.lives(session, row.reserved_by):
        raise Conflict(
            "the first request with this key is still running; ask again shortly",
            code="idempotency_key_in_flight",
            headers={"Retry-After": str(RETRY_SECONDS)},
            pointer="/header/idempotency-key",
            fix="Send the same request again in a second.",
        )
    # Its process has died, or it is taken for dead. If it does live, its own write finds another name in the row and is
    # refused.
    row.reserved_at, row.reserved_by = wanted.now, work
    return None


def _forget(database: Database, wanted: _Wanted) -> None:
    """Remove the organization's oldest keys that have been kept long enough, at one of sixteen requests. A few at a
    time: a clock that runs far ahead for an hour costs the oldest answers, and not all of them. What was kept while it
    did counts from now."""
    if not wanted.key_id.endswith("0"):
        return

    def write(session: Session) -> None:
        forget_answers(session, wanted.organization_id, wanted.now - KEEP, FORGET_AT_ONCE)
        date_anew(session, wanted.organization_id, wanted.now, AHEAD)

    database.run(write)


UnitOfWorkDep = Annotated[IdempotentUnitOfWork, Depends(idempotent_unit_of_work, scope="function")]
