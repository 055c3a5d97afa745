"""If-Match, If-None-Match and ETag on the wire; `shared.versions` decides what they allow."""

from typing import Annotated

from fastapi import Depends, Header
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.versions import Precondition, etag_of

MAX_TAGS_LENGTH = 200


def _precondition(
    if_match: Annotated[
        str | None,
        Header(max_length=MAX_TAGS_LENGTH, description='write only over this version, such as `"3"`; optional'),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(max_length=MAX_TAGS_LENGTH, description="`*` writes only what is not there yet; optional")
    ] = None,
) -> Precondition:
    return Precondition(if_match, if_none_match)


WriteCondition = Annotated[Precondition, Depends(_precondition)]
"""The conditions of a PUT; hand it to the flow."""


def set_etag(response: Response, version: int) -> None:
    """Send the version along, to be handed back in If-Match."""
    response.headers["ETag"] = etag_of(version)


class NotModified:
    """Turns a GET's answer into 304 without a body where If-None-Match names its ETag (RFC 9110 §13.1.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = Headers(scope=scope).get("if-none-match") if scope["type"] == "http" else None
        if wanted is None or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        # A comparison for If-None-Match is weak (RFC 9110 §13.1.2), and proxies that compress make tags weak.
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        known = False

        async def send_changes(message: Message) -> None:
            nonlocal known
            if message["type"] == "http.response.start":
                etag = Headers(raw=message["headers"]).get("etag")
                known = message["status"] == 200 and etag is not None and ("*" in tags or etag in tags)
                if known:
                    kept = [pair for pair in message["headers"] if pair[0] not in (b"content-length", b"content-type")]
                    message["status"], message["headers"] = 304, kept
            elif known:
                message["body"] = b""
            await send(message)

        await self._app(scope, receive, send_changes)
