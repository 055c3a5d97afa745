"""Spans by OpenTelemetry, exported over OTLP. Imported only where `HANDBILL_OTLP_ENDPOINT` is set (extra `otel`).

Of what a caller sends only `traceparent` is read, which is hexadecimal: `tracestate` and `baggage` are free text.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.telemetry.spans import Kind, Span

EXPORT_SECONDS = 3
KINDS = {"server": trace.SpanKind.SERVER, "client": trace.SpanKind.CLIENT, "internal": trace.SpanKind.INTERNAL}
HEADER = "traceparent"
_W3C = TraceContextTextMapPropagator()


class _OpenTelemetrySpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        self._span.update_name(name)

    def set(self, attribute: str, value: str | int) -> None:
        self._span.set_attribute(attribute, value)

    def fail(self) -> None:
        self._span.set_status(trace.StatusCode.ERROR)


class OpenTelemetryTracer:
    """A Tracer whose spans go to a processor. The provider is its own, not the global one of the library, so that no
    other library adds spans with texts of its own."""

    def __init__(self, service: str, processor: SpanProcessor) -> None:
        # Without what the library finds out about machine and process: a command line is among it.
        self._provider = TracerProvider(resource=Resource({"service.name": f"handbill-{service}"}))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("handbill")

    @contextmanager
    def span(self, name: str, kind: Kind, traceparent: str | None = None) -> Iterator[Span]:
        """As `shared.telemetry.spans.Tracer` says."""
        context = _W3C.extract({HEADER: traceparent}) if traceparent else None
        with self._tracer.start_as_current_span(
            name, context, KINDS[kind], record_exception=False, set_status_on_exception=False
        ) as opened:
            span = _OpenTelemetrySpan(opened)
            try:
                yield span
            except BaseException:
                span.fail()
                raise

    def traceparent(self) -> str | None:
        """As `shared.telemetry.spans.Tracer` says."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get(HEADER)

    def close(self) -> None:
        """Sends what waits. No span is made afterwards."""
        self._provider.shutdown()


def otlp_tracer(service: str, endpoint: str) -> OpenTelemetryTracer:
    """A tracer that exports to `endpoint` (OTLP over HTTP) from a thread of its own, in batches; what cannot be sent is
    dropped. Headers, sampling and the like are OpenTelemetry's own variables (`OTEL_...`)."""
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
    return OpenTelemetryTracer(service, BatchSpanProcessor(exporter))
