"""Logs: one JSON object a line on standard error, with ids and codes only.

The rule that no PHI reaches a log is kept by what may be said: events are fixed words, values are ids, counts,
codes and route templates. Exception text may quote data, so only the class and the place of an exception are kept.
"""

import logging
import sys
import threading
import traceback
from contextlib import suppress
from typing import Any

import structlog
from stamina.instrumentation import RetryDetails, set_on_retry_hooks
from structlog.typing import EventDict, WrappedLogger


def without_exception_text(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn `exc_info` into the exception's class and its frames, leaving its text out."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-8:]]
    return event


class _Lines:
    """Writes a line to standard error. One that cannot be written, as on a full disk, is lost: the request that it
    speaks of goes on, and has its own answer."""

    def msg(self, line: str) -> None:
        with suppress(OSError, ValueError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    debug = info = warning = warn = error = critical = fatal = exception = log = msg


class _Quiet(logging.Handler):
    """Libraries' records, reduced to logger, level and exception class: their messages may quote data."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        fields: dict[str, Any] = {"logger": record.name, "severity": record.levelname.lower()}
        if error is not None:
            fields["exc_info"] = error
        structlog.get_logger().warning("library_record", **fields)


def _log_retry(details: RetryDetails) -> None:
    """Stamina's own hook would log the exception's text."""
    structlog.get_logger().warning("retry", number=details.retry_num, caused_by=type(details.caused_by).__name__)


def _log_thread(failure: threading.ExceptHookArgs) -> None:
    structlog.get_logger().error("thread_failed", exc_info=failure.exc_value)


def configure_logs(level: str, service: str) -> None:
    """Set up structlog for a process; libraries speak only from warning on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_exception_text,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_names: _Lines(),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(service=service)
    set_on_retry_hooks([_log_retry])
    threading.excepthook = _log_thread
    logging.captureWarnings(True)
    root = logging.getLogger()
    root.handlers = [_Quiet()]
    root.setLevel(logging.WARNING)
