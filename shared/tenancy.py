"""For whom this thread of work acts: the organization of the request or of the piece of work that is under way.

`Authentication` binds it for a request, whoever works through other rows binds it for each of them, and whoever works
for the installation says so. It goes along into the threads that a request runs in, so what is far below (the database,
the log) need not be handed it by everybody. Work that has said nothing, as in a thread of its own, is nobody's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

INSTALLATION = None
"""What the worker, the command line and a login act for: all organizations."""
INSTALLATION_ID = "handbill"
"""Stands in place of an organization's id in rows that belong to none: counters, leases, what is nobody's."""
NOBODY = ""
"""What a request without a token acts for: no organization has this id, so it reaches no row of any."""
_organization: ContextVar[str | None] = ContextVar("organization", default=NOBODY)


def current_organization() -> str | None:
    """The organization that is acted for; INSTALLATION where somebody has said so, else NOBODY."""
    return _organization.get()


@contextmanager
def acting_for(organization_id: str | None) -> Iterator[None]:
    """Within it, `current_organization` is this one."""
    before = _organization.set(organization_id)
    try:
        yield
    finally:
        _organization.reset(before)
