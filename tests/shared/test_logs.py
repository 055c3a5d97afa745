"""A log holds fixed words, ids, counts and codes; never the text of an exception."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import logging, stamina, structlog, threading, warnings
from shared.logs import configure_logs
configure_logs("info", "toy")
log = structlog.get_logger()
log.debug("not_shown")
log.info("claim_submitted", claim_id="clm_1", lines=3)
def fail():
    raise ValueError("canary in the exception")
try:
    fail()
except ValueError as error:
    log.exception("request_failed")
    log.error("again", exc_info=error)
    logging.getLogger("library").exception("canary in the message", extra={"more": "canary"})
logging.getLogger("library").warning("canary %s", "canary")
logging.getLogger("library").info("not shown")
def fail_in_a_thread():
    raise ValueError("canary in a thread")
thread = threading.Thread(target=fail_in_a_thread)
thread.start()
thread.join()
warnings.warn("canary in a warning")
tries = []
for attempt in stamina.retry_context(on=ValueError, attempts=2, wait_initial=0.001, wait_max=0.001):
    with attempt:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("canary in a retry")
"""


def lines() -> list[dict]:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == ""
    assert "canary" not in done.stderr
    return [json.loads(line) for line in done.stderr.splitlines()]


@pytest.mark.safeguard("164.312(e)(1)")
def test_exceptions_library_records_and_retries_are_logged_without_their_text() -> None:
    logged = {}
    for line in lines():
        logged.setdefault(line["event"], []).append(line)
    assert set(logged) == {"claim_submitted", "request_failed", "again", "library_record", "thread_failed", "retry"}
    (submitted,) = logged["claim_submitted"]
    assert (submitted["claim_id"], submitted["lines"], submitted["service"]) == ("clm_1", 3, "toy")
    assert submitted["timestamp"].endswith("Z")
    for event in ("request_failed", "again"):
        (line,) = logged[event]
        assert line["exception"] == "ValueError"
        assert line["frames"][-1].endswith(" fail")
    assert [line["severity"] for line in logged["library_record"]] == ["error", "warning", "warning"]
    assert [line["logger"] for line in logged["library_record"]] == ["library", "library", "py.warnings"]
    assert logged["retry"][0]["caused_by"] == "ValueError"
