"""Spans: a request, a step of the worker, and the calls and transactions within them. Without a tracer that somebody
has set, all of this does nothing and OpenTelemetry is not imported.

A span has a name of fixed words or a route's template, and attributes that its caller names one by one. The text of an
exception is never in one: it may quote data.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal, Protocol

Kind = Literal["server", "client", "internal"]


class Span(Protocol):
    """One piece of work while it is under way."""

    def rename(self, name: str) -> None:
        """Give it the name that is known by now."""
        ...

    def set(self, attribute: str, value: str | int) -> None:
        """Add an attribute."""
        ...

    def fail(self) -> None:
        """Mark it as failed."""
        ...


class Tracer(Protocol):
    """What spans are made by."""

    def span(self, name: str, kind: Kind, traceparent: str | None = None) -> AbstractContextManager[Span]:
        """A span within the present one, or within the one of a `traceparent` (W3C Trace Context). It fails with the
        exception that leaves it, whose text is not kept."""
        ...

    def traceparent(self) -> str | None:
        """That of the present span; None outside of any."""
        ...


class _NoSpan:
    def rename(self, name: str) -> None:
        pass

    def set(self, attribute: str, value: str | int) -> None:
        pass

    def fail(self) -> None:
        pass


_tracer: Tracer | None = None
_NO_SPAN = _NoSpan()


def set_tracer(tracer: Tracer | None) -> None:
    """The tracer of this process from now on; None for no spans."""
    global _tracer  # noqa: PLW0603 - a process is traced as a whole, like it logs
    _tracer = tracer


@contextmanager
def work_span(name: str, kind: Kind, traceparent: str | None = None) -> Iterator[Span]:
    """The span of a whole piece of work: a request, a step of the worker."""
    if _tracer is None:
        yield _NO_SPAN
        return
    with _tracer.span(name, kind, traceparent) as span:
        yield span


@contextmanager
def part_span(name: str, kind: Kind) -> Iterator[Span]:
    """The span of a part of such work; what a process does for itself, such as looking for work, has none."""
    if _tracer is None or _tracer.traceparent() is None:
        yield _NO_SPAN
        return
    with _tracer.span(name, kind) as span:
        yield span


def present_traceparent() -> str | None:
    """What a call to a service of ours says in its header `traceparent`; None where nothing is traced."""
    return None if _tracer is None else _tracer.traceparent()
