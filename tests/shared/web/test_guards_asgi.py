"""The guards by themselves, between an application and a server: what goes through them, message by message."""

import asyncio

import pytest
import structlog

from shared.web.guards import Guards

REQUEST = {"type": "http", "method": "GET", "headers": [(b"x-request-id", b"caller-id-1")]}
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


def through_guards(app, scope=REQUEST):
    """What the server is sent when `app` answers."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(Guards(app, 10)(dict(scope), receive, send))
    return sent


def test_an_answers_own_headers_come_first_and_every_other_one_is_added_in_lower_case_as_asgi_wants() -> None:
    async def app(scope, receive, send):
        await send({**START, "headers": [*START["headers"], (b"Cache-Control", b"max-age=60")]})

    (start,) = through_guards(app)
    assert start["headers"] == [
        (b"content-type", b"text/plain"),
        (b"Cache-Control", b"max-age=60"),
        (b"x-request-id", b"caller-id-1"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
    ]


def test_every_log_line_of_a_request_has_its_id_and_none_after_it() -> None:
    seen = []

    async def app(scope, receive, send):
        seen.append(structlog.contextvars.get_contextvars())
        await send(dict(START))

    async def two_in_a_row(scope, receive, send):
        await Guards(app, 10)(scope, receive, send)
        seen.append(structlog.contextvars.get_contextvars())

    structlog.contextvars.clear_contextvars()
    through_guards(app)
    asyncio.run(two_in_a_row({**REQUEST}, None, _nowhere))
    assert seen == [{"request_id": "caller-id-1"}, {"request_id": "caller-id-1"}, {}]


async def _nowhere(message) -> None:
    """A server that nobody listens to."""


def test_what_fails_after_the_answer_has_begun_is_the_servers_to_break_off() -> None:
    async def app(scope, receive, send):
        await send(dict(START))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        through_guards(app)


def test_what_is_no_request_goes_through_as_it_is() -> None:
    async def app(scope, receive, send):
        await send({"type": scope["type"], "asked": await receive()})

    (message,) = through_guards(app, {"type": "lifespan"})
    assert message == {"type": "lifespan", "asked": {"type": "http.request", "body": b"", "more_body": False}}
