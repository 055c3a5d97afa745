"""Answers that are not whole: a connection that closes although the request was read.

The head of an answer leaves with a length that its body never reaches, then the connection breaks, so every client sees
a broken answer and can conclude nothing from it.
"""

from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

EDI = "application/edi-x12"


class ConnectionDropped(Exception):
    """Raised on purpose after the head of an answer, so that the server drops the connection."""


class TruncatedResponse(Response):
    """An answer that breaks off."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send a head that promises a body, then break."""
        headers = [(b"content-length", b"1000"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 502, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionDropped
