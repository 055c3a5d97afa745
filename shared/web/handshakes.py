"""TLS whose handshakes are counted and have a deadline like any other wait for a client.

The event loop would tell of a connection only once its handshake is over, so connections that never end theirs would
be in no count, and hold as many files as a process may have. Here the bytes below TLS are the connection: it is added
to those that are open when it is accepted, is the first to leave where more come than may be open, and hands its place
to the HTTP connection above it when the handshake has ended.
"""

import asyncio
import math
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from typing import Any

import structlog

from shared.web.open_connections import OpenConnections

log = structlog.get_logger()


class HandshakeProtocol(SSLProtocol):
    """The event loop's own TLS, in front of a protocol that `make` makes for it."""

    def __init__(
        self,
        open_connections: OpenConnections,
        context: ssl.SSLContext,
        make: Callable[[Callable[[], None]], asyncio.Protocol],
    ) -> None:
        super().__init__(
            asyncio.get_running_loop(),
            make(self._leave),
            context,
            None,  # type: ignore[arg-type] # nobody waits for the handshake
            server_side=True,
            ssl_handshake_timeout=math.ceil(open_connections.limits.head_seconds),
        )
        self._all = open_connections
        self._below: Any = None

    def connection_made(self, transport: Any) -> None:
        self._below = transport
        peer = transport.get_extra_info("peername")
        if not self._all.add(self, peer[0] if peer else ""):
            # Without a handshake there is no answer that the client could read.
            log.warning("connection_refused", reason="every connection has a request under way")
            transport.abort()
            return
        self._all.set_phase(self, "handshake")
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def abandon(self) -> None:
        """Close a connection whose handshake has not ended."""
        self._below.abort()

    def _leave(self) -> None:
        self._all.remove(self)
