"""`tracing()`: what a process serves or works within."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.settings import Settings
from shared.startup import CannotStart
from shared.telemetry.spans import set_tracer


class TracingUnusable(CannotStart):
    """Spans are wanted, and the packages that make them are not installed."""


@contextmanager
def tracing(settings: Settings, service: str) -> Iterator[None]:
    """Within it spans go to `HANDBILL_OTLP_ENDPOINT`, if that is set; those that wait at the end are sent first. Raises
    TracingUnusable."""
    if settings.otlp_endpoint is None:
        yield
        return
    try:
        # Here, since a process that is not traced need not wait for these imports.
        from shared.telemetry.otlp import otlp_tracer  # noqa: PLC0415
    except ImportError:
        raise TracingUnusable(
            "HANDBILL_OTLP_ENDPOINT is set, and OpenTelemetry is not installed; install handbill[otel] "
            "(requirements-run.lock has it), or take the setting away"
        ) from None
    tracer = otlp_tracer(service, settings.otlp_endpoint)
    set_tracer(tracer)
    try:
        yield
    finally:
        set_tracer(None)
        tracer.close()
