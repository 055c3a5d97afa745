"""What the audit trail will say of the request that is under way: filled in on the way, written once.

`shared.web.audit_trail` binds it for every request with a verified token. A flow that writes appends the entry in the
transaction of its change (`add_audit`), and then nobody else does; for every other request the middleware does, before
the answer leaves. Outside of requests, in the worker and on the command line, there is none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from shared.contracts.common import Actor

BREAK_GLASS = "break_glass"
"""The purpose of what is done with emergency access."""
INDIVIDUAL_ACCESS = "individual_access"
"""The purpose of what is given to the patient herself: 45 CFR 164.524."""


@dataclass(slots=True)
class RequestAudit:
    """`action` answers the id of the operation that the request was routed to. `actor` is at first the person whose
    token it is, and `emergency` her reason for reading beyond her roles; `own_purpose` is that of the operation."""

    request_id: str
    action: Callable[[], str]
    actor: Actor | None = None
    reason: str | None = None
    emergency: str | None = None
    own_purpose: str | None = None
    patient_ids: set[str] = field(default_factory=set)
    written: bool = False

    @property
    def patient_id(self) -> str | None:
        """The one patient whose data was seen or changed; None where it was nobody's, or that of several."""
        return next(iter(self.patient_ids)) if len(self.patient_ids) == 1 else None

    @property
    def purpose(self) -> str | None:
        """`break_glass` for emergency access, else the operation's own, if it has one."""
        return BREAK_GLASS if self.emergency else self.own_purpose

    def has_written(self) -> None:
        """The entry was committed together with the change that it speaks of."""
        self.written = True


_request: ContextVar[RequestAudit | None] = ContextVar("request_audit", default=None)


def current_request() -> RequestAudit | None:
    """The request that this thread of work is part of; None in the worker and on the command line."""
    return _request.get()


@contextmanager
def auditing(request: RequestAudit) -> Iterator[None]:
    """Within it, `current_request` is this one, also in threads that are started with its context."""
    before = _request.set(request)
    try:
        yield
    finally:
        _request.reset(before)


def about_patient(patient_id: str) -> None:
    """Say whose data the request shows or changes. Every flow that loads a patient's row does."""
    request = _request.get()
    if request is not None:
        request.patient_ids.add(patient_id)


def acted_by(actor: Actor | None, reason: str | None) -> None:
    """Say on whose behalf the client makes the request, and why; known also where it is then refused."""
    request = _request.get()
    if request is not None:
        request.actor, request.reason = actor or request.actor, reason or request.reason


def for_purpose(purpose: str) -> None:
    """Say what the operation is for; known also where it is then refused."""
    request = _request.get()
    if request is not None:
        request.own_purpose = purpose
