"""Spans of requests, calls and transactions, and that no PHI is in one: no path, query, body or error."""

import json
import subprocess
import sys
import time

import pytest
from fastapi import FastAPI, Request
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from shared.outgoing import AnswerLimits, exchange
from shared.settings import Settings
from shared.telemetry.otlp import OpenTelemetryTracer
from shared.telemetry.spans import part_span, present_traceparent, set_tracer, work_span
from shared.telemetry.start import TracingUnusable, tracing
from tests.shared.web.toy import HEADERS

CANARY = "Zyxwvut-canary"
TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
LIMITS = AnswerLimits(10_000, seconds=10)


WAIT_SECONDS = 10


@pytest.fixture
def spans():
    """`spans(name, ...)` answers the spans that have ended, by name, once those that are named are among them: a
    request's span ends after its answer has left."""
    exporter = InMemorySpanExporter()
    set_tracer(OpenTelemetryTracer("toy", SimpleSpanProcessor(exporter)))

    def ended(*names: str):
        ends = time.monotonic() + WAIT_SECONDS
        while True:
            found = {span.name: span for span in exporter.get_finished_spans()}
            if set(names) <= set(found) or time.monotonic() > ends:
                return found
            time.sleep(0.01)

    yield ended
    set_tracer(None)


def test_a_request_is_a_span_with_its_template_its_status_and_its_id(spans, http, toy_url, bearer) -> None:
    answer = http.get(toy_url + "/v1/things/thing_1", headers=bearer())
    span = spans("GET /v1/things/{thing_id}")["GET /v1/things/{thing_id}"]
    assert dict(span.attributes) == {
        "http.response.status_code": 404,
        "handbill.request_id": answer.headers["x-request-id"],
    }
    assert span.resource.attributes["service.name"] == "handbill-toy"
    assert span.status.status_code is StatusCode.UNSET


def test_transactions_are_spans_within_their_request(spans, create, http, toy_url, bearer) -> None:
    assert create().status_code == 201
    http.get(toy_url + "/v1/things", headers=bearer())
    found = spans("POST /v1/things", "GET /v1/things")
    for name, within in (("database write", "POST /v1/things"), ("database read", "GET /v1/things")):
        assert found[name].context.trace_id == found[within].context.trace_id
        assert not found[name].attributes


def test_a_trace_goes_on_from_the_callers_span_and_only_by_what_is_no_free_text(spans, http, toy_url) -> None:
    headers = {"traceparent": TRACEPARENT, "tracestate": f"a={CANARY}", "baggage": f"patient={CANARY}"}
    http.get(toy_url + "/health", headers=headers)
    span = spans("GET /health")["GET /health"]
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert CANARY not in span.to_json()


@pytest.mark.parametrize("sent", ["", "00-xyz", CANARY, "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_a_traceparent_that_is_none_begins_a_new_trace(spans, http, toy_url, sent) -> None:
    assert http.get(toy_url + "/health", headers={"traceparent": sent}).status_code == 200
    assert spans("GET /health")["GET /health"].parent is None


@pytest.fixture
def peer(run_app):
    """A service that answers what trace it was called in."""
    app = FastAPI()

    @app.get("/called/{name}")
    def called(request: Request) -> dict[str, str]:
        return {"traceparent": request.headers.get("traceparent", "")}

    return run_app(app)


def test_a_call_is_a_span_by_the_peers_name_and_a_service_of_ours_goes_on_with_it(spans, http, peer) -> None:
    with work_span("deliver_file", "internal"):
        answer = exchange(http, "GET", f"{peer}/called/{CANARY}?name={CANARY}", LIMITS, peer="notes").json()
    span = spans()["call notes"]
    assert dict(span.attributes) == {"peer.service": "notes", "http.response.status_code": 200}
    assert answer["traceparent"] == f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-03"
    assert span.context.trace_id == spans()["deliver_file"].context.trace_id


def test_nobody_but_services_of_ours_is_told_of_a_trace(spans, http, peer) -> None:
    with work_span("deliver_file", "internal"):
        answer = exchange(http, "GET", f"{peer}/called/1", LIMITS, peer="clearinghouse")
    assert answer.json() == {"traceparent": ""}
    assert spans()["call clearinghouse"].attributes["peer.service"] == "clearinghouse"


def test_what_a_process_does_for_itself_is_no_span(spans, http, peer) -> None:
    exchange(http, "GET", f"{peer}/called/1", LIMITS, peer="access")
    assert spans() == {}


def test_a_failure_is_marked_and_its_text_is_left_out(spans) -> None:
    with pytest.raises(ValueError, match=CANARY), work_span("apply_message", "internal"), part_span("part", "internal"):
        raise ValueError(f"canary {CANARY}")
    assert set(spans()) == {"apply_message", "part"}
    for span in spans().values():
        assert (span.status.status_code, span.status.description, span.events) == (StatusCode.ERROR, None, ())


@pytest.mark.safeguard("164.312(e)(1)", "API8")
def test_nothing_of_a_requests_path_query_body_or_failure_is_in_a_span(spans, http, toy_url, bearer) -> None:
    crash = {"id": CANARY, "fail": "crash"}
    keyed = bearer(key="key-number-1")
    assert http.post(toy_url + "/v1/things", json=crash, headers=keyed).status_code == 500
    http.post(toy_url + "/v1/things", json={"id": "x", "size": CANARY}, headers=bearer(key="key-number-2"))
    http.get(f"{toy_url}/v1/things/{CANARY}", headers=bearer(organization_id=f"org_{CANARY}"))
    http.get(f"{toy_url}/v1/things", params={"name": CANARY}, headers=bearer())
    http.get(f"{toy_url}/{CANARY}", headers={"User-Agent": CANARY, "traceparent": CANARY})
    http.request("ZYXWVUT", toy_url + "/v1/things")
    found = spans("POST /v1/things")
    assert found["POST /v1/things"].attributes["http.response.status_code"] in (422, 500)
    text = json.dumps([span.to_json() for span in found.values()]).lower()
    assert "zyxwvut" not in text
    assert "canary" not in text
    assert "org_" not in text


def test_nothing_of_a_header_is_in_a_span(spans, http, toy_url, bearer) -> None:
    for header in HEADERS:
        http.get(toy_url + "/v1/things", headers={**bearer(), header: CANARY})
    http.put(toy_url + "/v1/nowhere", headers=bearer())
    found = spans("GET /v1/things", "PUT none")
    assert "zyxwvut" not in json.dumps([span.to_json() for span in found.values()]).lower()


def test_without_an_endpoint_what_makes_spans_is_not_even_imported() -> None:
    program = (
        "import sys, services.notes.app, services.claims.app, services.cli.serving;"
        "from shared.settings import Settings; from shared.telemetry.start import tracing;"
        "tracing(Settings(), 'notes').__enter__();"
        "WANTED = ('opentelemetry.sdk', 'opentelemetry.exporter', 'shared.telemetry.otlp');"
        "print([name for name in sys.modules if name.startswith(WANTED)])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stdout == "[]\n"


def test_without_a_tracer_there_is_no_span_and_no_header(http, peer) -> None:
    with work_span("request", "server", TRACEPARENT) as span:
        span.rename("other")
        assert present_traceparent() is None
        assert exchange(http, "GET", f"{peer}/called/1", LIMITS, peer="notes").json() == {"traceparent": ""}


def test_an_endpoint_without_the_packages_is_refused_in_a_sentence() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from shared.settings import Settings; from shared.telemetry.start import tracing\n"
        "try: tracing(Settings(otlp_endpoint='http://127.0.0.1:9'), 'notes').__enter__()\n"
        "except Exception as refused: print(type(refused).__name__, refused)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stdout
    assert said.startswith(f"{TracingUnusable.__name__} HANDBILL_OTLP_ENDPOINT is set")
    assert "handbill[otel]" in said


def test_spans_arrive_at_the_collector_that_is_named(run_app) -> None:
    received: list[bytes] = []
    collector = FastAPI()

    @collector.post("/v1/traces")
    async def traces(request: Request) -> dict[str, str]:
        received.append(await request.body())
        return {}

    with tracing(Settings(otlp_endpoint=run_app(collector)), "toy"), work_span("deliver_file", "internal"):
        pass
    assert b"handbill-toy" in b"".join(received)
    assert b"deliver_file" in b"".join(received)
