"""Who sends slowly, or takes nothing, loses the connection and holds up nobody; who sends a request whole keeps it."""

import asyncio
import re
import resource
import socket
import threading
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import httpx
import pytest

from shared.web.connections import OTHER_FILES, raise_file_limit
from shared.web.open_connections import ConnectionLimits

pytestmark = pytest.mark.safeguard("API4")
GET = b"GET /ok HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /ok HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n"
LENGTH = re.compile(rb"content-length: (\d+)")
ANSWER_BYTES = 20_000_000


class Echo:
    """Answers when it has read a body; `/wait` when the test lets it, `/large` with more than a socket takes."""

    def __init__(self) -> None:
        self.entered, self.go_on = threading.Semaphore(0), threading.Event()
        self.gone = threading.Event()

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] != "http":
            return
        size, message = 0, {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            size += len(message.get("body", b""))
            if message["type"] == "http.disconnect":
                self.gone.set()
                return
        if scope["path"] == "/wait":
            self.entered.release()
            await asyncio.to_thread(self.go_on.wait, 20)
        body = bytes(ANSWER_BYTES) if scope["path"] == "/large" else f"{scope['client'][0]} {size}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body[:-1], "more_body": True})
        await send({"type": "http.response.body", "body": body[-1:]})  # waits until the first piece has left
        if scope["path"] == "/large":
            self.gone.set()


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def connect(run_app, echo):
    """`connect(limits)(sent)` opens a connection to a server with these limits, and sends."""
    with ExitStack() as opened:

        def serve(**limits):
            address = urlsplit(run_app(echo, limits=ConnectionLimits(**limits)))

            def open_(sent: bytes) -> socket.socket:
                connection = socket.create_connection((address.hostname, address.port), timeout=20)
                opened.enter_context(closing(connection))
                connection.sendall(sent)
                return connection

            return open_

        yield serve


def received(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    pieces = []
    try:
        while piece := connection.recv(65_536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


def answer(connection: socket.socket) -> str:
    """The body of one answer: the peer's address and the bytes of the request's body."""
    got = b""
    while b"\r\n\r\n" not in got or len(got.partition(b"\r\n\r\n")[2]) < int(LENGTH.search(got)[1]):
        piece = connection.recv(65_536)
        assert piece, got
        got += piece
    return got.partition(b"\r\n\r\n")[2].decode()


@pytest.mark.parametrize("sent", [b"", GET, b"GET /ok HT"])
def test_a_head_that_does_not_come_in_time_is_answered_408_and_ends(connect, sent) -> None:
    connection = connect(head_seconds=0.2)(sent)
    assert received(connection).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


def test_the_head_of_a_second_request_has_the_same_time(connect) -> None:
    connection = connect(head_seconds=0.2)(GET + b"\r\n")
    assert answer(connection) == "127.0.0.1 0"
    connection.sendall(GET)
    assert received(connection).startswith(b"HTTP/1.1 408 Request Timeout\r\n")


@pytest.mark.safeguard("API4")
def test_a_body_that_does_not_come_in_time_is_answered_408_and_the_application_is_told(connect, echo) -> None:
    connection = connect(body_seconds=0.2)(POST + b"x" * 100)
    assert received(connection).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert echo.gone.wait(10)


def test_a_body_that_comes_at_a_thousand_bytes_a_second_has_time(connect) -> None:
    connection = connect(body_seconds=0.2)(POST + b"x" * 5_000)
    for _ in range(4):
        threading.Event().wait(0.1)
        connection.sendall(b"x" * 1_000)
    assert answer(connection) == "127.0.0.1 9000"


def test_an_unused_connection_outlives_the_time_of_a_head(connect) -> None:
    connection = connect(head_seconds=0.2)(GET + b"\r\n")
    assert answer(connection) == "127.0.0.1 0"
    threading.Event().wait(0.5)
    connection.sendall(GET + b"\r\n")
    assert answer(connection) == "127.0.0.1 0"


def test_who_takes_nothing_of_an_answer_loses_it(connect, echo) -> None:
    connection = connect(answer_seconds=0.2)(GET.replace(b"/ok", b"/large") + b"\r\n")
    assert echo.gone.wait(20)
    assert len(received(connection)) < ANSWER_BYTES


@pytest.mark.safeguard("API4")
def test_half_requests_make_room_for_whole_ones_and_the_oldest_leaves_first(connect) -> None:
    open_ = connect(max_open=10)
    halves = [open_(GET) for _ in range(30)]
    assert answer(open_(GET + b"\r\n")) == "127.0.0.1 0"
    assert [received(half) for half in halves[:21]] == [b""] * 21
    for half in halves[21:]:
        half.sendall(b"\r\n")
        assert answer(half) == "127.0.0.1 0"


def test_heads_leave_before_unused_connections_and_bodies_leave_last(connect) -> None:
    open_ = connect(max_open=3)
    body, unused, half = open_(POST), open_(GET + b"\r\n"), None
    assert answer(unused) == "127.0.0.1 0"
    half = open_(GET)
    whole = open_(GET + b"\r\n")
    assert (received(half), answer(whole)) == (b"", "127.0.0.1 0")
    second = open_(GET + b"\r\n")
    assert (received(unused), answer(second)) == (b"", "127.0.0.1 0")
    body.sendall(b"x" * 9_000)
    assert answer(body) == "127.0.0.1 9000"


def test_a_request_under_way_is_never_cut_off_and_a_new_connection_is_told_to_come_back(connect, echo) -> None:
    open_ = connect(max_open=2)
    waiting = [open_(GET.replace(b"/ok", b"/wait") + b"\r\n") for _ in range(2)]
    assert all(echo.entered.acquire(timeout=10) for _ in waiting)
    refused = received(open_(GET))
    assert refused.startswith(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\n")
    echo.go_on.set()
    assert [answer(one) for one in waiting] == ["127.0.0.1 0"] * 2


def test_one_address_has_at_most_its_own_share_where_that_is_set(connect) -> None:
    open_ = connect(max_per_peer=2)
    first, second, third = (open_(GET) for _ in range(3))
    assert received(first) == b""
    for kept in (second, third):
        kept.sendall(b"\r\n")
        assert answer(kept) == "127.0.0.1 0"


def test_a_header_does_not_make_another_address_of_a_peer(run_app, echo, http) -> None:
    url = run_app(echo)
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert http.get(url + "/ok", headers={name: "10.9.8.7"}).text == "127.0.0.1 0"


def test_requests_under_way_are_finished_before_a_server_ends(start_app, echo) -> None:
    running = start_app(echo)
    found = []
    asking = threading.Thread(
        target=lambda: found.append(httpx.get(running.url + "/wait", trust_env=False, timeout=20).text)
    )
    asking.start()
    assert echo.entered.acquire(timeout=10)
    running.ask_to_stop()
    echo.go_on.set()
    asking.join(20)
    assert found == ["127.0.0.1 0"]


@pytest.fixture
def soft_file_limit():
    """Sets the soft limit on open files for a test."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda soft: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_process_raises_its_limit_on_files_to_what_its_connections_need(soft_file_limit) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft_file_limit(700)
    assert raise_file_limit(600) == 600
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600 + OTHER_FILES, hard)
    assert raise_file_limit(100) == 100
    assert raise_file_limit(10**9) == hard - OTHER_FILES
