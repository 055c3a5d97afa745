"""Connections of HTTP/1.1 with an end: a deadline for a request's head, for its body and for taking the answer, and a
most of how many are open. uvicorn has none of these, so whoever sends slowly could hold every connection.

A connection waits for its client until a request has come whole: while its head or its body is on the way, and while it
is idle between two. Where no more connections are allowed, one that waits is closed for a new one, so that slow senders
push out each other and not those who come after them; a request that has come whole is never cut off. A peer's address
is that of its socket: headers such as X-Forwarded-For decide nothing.
"""

import asyncio
import resource
import ssl
from collections.abc import Callable
from typing import Any

import h11
import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.web.handshakes import HandshakeProtocol
from shared.web.open_connections import ConnectionLimits, OpenConnections

log = structlog.get_logger()
IDLE_SECONDS = 65
"""How long an unused connection is kept; more than the minute after which most proxies end theirs."""
BODY_BYTES_A_SECOND = 1_000
"""Every so many bytes of a body give its sender a second more."""
MAX_BODY_SECONDS = 180
OTHER_FILES = 200
"""File descriptors that are left for databases, logs and calls to others."""
MAX_HEAD_BYTES = 32_768
CROWDED = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
REQUEST_TIMEOUT = b"The request did not come in time; send it again on a new connection."


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol with deadlines. After each piece of a request that came, and each answer, the state of the
    exchange says which one holds now."""

    def __init__(
        self, open_connections: OpenConnections, *, encrypted: Callable[[], None] = lambda: None, **named: Any
    ) -> None:
        """`encrypted` is called when the handshake below this connection, if there is one, has ended."""
        super().__init__(**named)
        self._encrypted = encrypted
        self._all = open_connections
        self._deadline: asyncio.TimerHandle | None = None
        self._answer_deadline: asyncio.TimerHandle | None = None
        self._phase = ""
        self._phase_began = 0.0
        self._body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._encrypted()
        if not self._all.add(self, self.client[0] if self.client else ""):
            log.warning("connection_refused", reason="every connection has a request under way")
            transport.write(CROWDED)
            transport.close()
            return
        self._look()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._phase == "body":
            self._body_bytes += len(data)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.remove(self)
        for timer in (self._deadline, self._answer_deadline):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._answer_deadline = self.loop.call_later(self._all.limits.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._answer_deadline is not None:
            self._answer_deadline.cancel()

    def abandon(self) -> None:
        """Close a connection whose request has not come whole, and end what has begun of it."""
        self._end_cycle()
        self.transport.abort()

    def _look(self) -> None:
        """Set what is waited for, and by when, if it is something else than before."""
        phase = self._present_phase()
        if phase == self._phase:
            return
        self._phase, self._phase_began, self._body_bytes = phase, self.loop.time(), 0
        self._all.set_phase(self, phase)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if phase == "closing":
            # What is left of an answer leaves as the client takes it; one that takes nothing must not keep it open.
            self._deadline = self.loop.call_later(self._all.limits.answer_seconds, self.transport.abort)
        elif phase in ("head", "body"):
            self._deadline = self.loop.call_later(self._seconds(), self._on_deadline)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._look()

    def _present_phase(self) -> str:
        """`head` and `body` are on their way, `whole` is a request that has come, `idle` a connection between two."""
        if self.transport.is_closing():
            return "closing"
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way or self.conn.their_state is not h11.IDLE:
            return "whole"
        between = self.cycle is not None and not self.conn.trailing_data[0]
        return "idle" if between else "head"

    def _seconds(self) -> float:
        if self._phase == "head":
            return self._all.limits.head_seconds
        return min(self._all.limits.body_seconds + self._body_bytes / BODY_BYTES_A_SECOND, MAX_BODY_SECONDS)

    def _on_deadline(self) -> None:
        left = self._phase_began + self._seconds() - self.loop.time()
        # Reading is paused while the application does not take what has come, which is no fault of the client's.
        if left > 0 or self.flow.read_paused:
            self._deadline = self.loop.call_later(max(left, 1.0), self._on_deadline)
            return
        log.warning("request_timed_out", phase=self._phase)
        self._say_timeout()
        self._end_cycle()
        self.transport.close()
        self._look()

    def _say_timeout(self) -> None:
        """408 (RFC 9110 §15.5.9) where no answer has begun."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE) or self.transport.is_closing():
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        events: list[Any] = [
            h11.Response(status_code=408, headers=headers, reason=b"Request Timeout"),
            h11.Data(data=REQUEST_TIMEOUT),
            h11.EndOfMessage(),
        ]
        self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))

    def _end_cycle(self) -> None:
        """The application learns that its client has gone, also where the rest of an answer cannot leave."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()


def raise_file_limit(max_open: int) -> int:
    """How many connections may be open: `max_open`, or fewer where the system allows no more file descriptors. Raises
    the process's own limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max_open + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max_open if soft == resource.RLIM_INFINITY else max(min(max_open, soft - OTHER_FILES), 1)


def server_config(
    app: Any, limits: ConnectionLimits, context: ssl.SSLContext | None = None, **options: Any
) -> uvicorn.Config:
    """uvicorn's configuration for a service, which speaks TLS where it has a `context`; `options` are further ones of
    its own."""
    open_connections = OpenConnections(limits)

    def bounded(**named: Any) -> BoundedProtocol:
        return BoundedProtocol(open_connections, **named)

    def encrypted(**named: Any) -> HandshakeProtocol:
        assert context is not None
        return HandshakeProtocol(open_connections, context, lambda done: bounded(encrypted=done, **named))

    return uvicorn.Config(
        app,
        http=bounded if context is None else encrypted,  # type: ignore[arg-type]
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        # X-Forwarded-For is what a client says of itself; nothing here is decided by it.
        proxy_headers=False,
        timeout_keep_alive=IDLE_SECONDS,
        h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        **options,
    )
