"""What others send is counted as it comes: no answer is held that is larger, slower or other than what is read."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from shared.outgoing import AnswerLimits, AnswerRefused, AnswerTooLarge, exchange, http_client

LIMITS = AnswerLimits(max_bytes=1_000, seconds=10)
IMPATIENT = AnswerLimits(max_bytes=1_000_000, seconds=0.3)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SECONDS = 10.0


class Peer:
    """Answers one connection with pieces of bytes, endlessly where they are; `requests` is what it was sent."""

    def __init__(self, pieces: Iterator[bytes], pause_seconds: float = 0.0) -> None:
        self._pieces, self._pause = pieces, pause_seconds
        self._over = threading.Event()
        self.sent_bytes = 0
        self.request = b""

    @contextmanager
    def listening(self) -> Iterator[str]:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)
            thread = threading.Thread(target=self._serve, args=(listener,))
            thread.start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._over.set()
            thread.join(SECONDS)

    def _serve(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            self.request = connection.recv(65_536)
            for piece in self._pieces:
                try:
                    connection.sendall(piece)
                except OSError:
                    return
                self.sent_bytes += len(piece)
                if self._over.wait(self._pause):
                    return


def endless(first: bytes, then: bytes) -> Iterator[bytes]:
    yield first
    while True:
        yield then


@pytest.fixture
def http():
    with http_client() as client:
        yield client


def asked(http, peer, limits=LIMITS, **request):
    with peer.listening() as url:
        return exchange(http, "GET", url, limits, **request)


@pytest.mark.safeguard("API4", "API10")
@pytest.mark.parametrize("length", [b"Content-Length: 500000000\r\n", b"", b"Transfer-Encoding: chunked\r\n"])
def test_an_answer_beyond_the_limit_is_left_as_soon_as_that_is_known(http, length):
    piece = b"x" * 4096
    peer = Peer(endless(OK + length + b"\r\n", b"1000\r\n" + piece + b"\r\n" if b"chunked" in length else piece))
    with pytest.raises(AnswerTooLarge, match="larger than 1000 bytes"):
        asked(http, peer)
    # What it could send before the connection was closed filled the buffers of sockets, and no more.
    assert peer.sent_bytes < 20_000_000


def test_an_answer_of_just_the_limit_is_read_and_one_byte_more_is_not(http):
    assert len(asked(http, Peer(iter([OK + b"Content-Length: 1000\r\n\r\n" + b"x" * 1000]))).content) == 1000
    with pytest.raises(AnswerTooLarge):
        asked(http, Peer(iter([OK + b"\r\n" + b"x" * 1001])))


@pytest.mark.safeguard("API10")
@pytest.mark.parametrize(
    "encoding", [b"gzip", b"GZIP", b"deflate", b"br", b"identity, gzip", b"gzip\r\nContent-Encoding: gzip"]
)
def test_compression_is_asked_off_and_refused_unread(http, encoding):
    body = gzip.compress(b"0" * 400_000)
    peer = Peer(iter([OK + b"Content-Encoding: " + encoding + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body]))
    with pytest.raises(AnswerRefused, match="compressed, which was not asked for"):
        asked(http, peer)
    assert b"accept-encoding: identity\r\n" in peer.request.lower()


@pytest.mark.safeguard("API4", "API10")
@pytest.mark.parametrize(
    "first",
    [OK + b"Content-Length: 900000\r\n\r\n", OK, b"HTTP/1.1 200 OK\r\nX-Long: ", b""],
    ids=["body", "headers", "one header", "status line"],
)
def test_a_peer_that_sends_a_byte_now_and_then_has_a_deadline_for_the_whole(http, first):
    with pytest.raises(httpx.ReadTimeout):
        asked(http, Peer(endless(first, b"x"), 0.02), IMPATIENT)


def test_a_peer_that_answers_that_it_will_answer_has_the_same_deadline(http):
    with pytest.raises(httpx.ReadTimeout):
        asked(http, Peer(endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), 0.01), IMPATIENT)


def test_a_peer_that_takes_a_large_request_slowly_has_the_same_deadline(http):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(httpx.WriteTimeout):
            exchange(http, "POST", url, IMPATIENT, content=b"x" * 20_000_000)


@pytest.mark.safeguard("API10")
@pytest.mark.parametrize("media_type", [b"text/html", b"application/xml; charset=utf-8", b"application/edi-x12"])
def test_an_answer_of_another_media_type_is_refused_in_words_of_ours(http, media_type):
    peer = Peer(iter([b"HTTP/1.1 200 OK\r\nContent-Type: " + media_type + b"\r\nContent-Length: 2\r\n\r\n{}"]))
    with pytest.raises(AnswerRefused, match="the answer is not application/json"):
        asked(http, peer)


@pytest.mark.parametrize("head", [OK.replace(b"json", b"JSON; charset=utf-8"), b"HTTP/1.1 200 OK\r\n"])
def test_a_media_type_with_parameters_and_none_at_all_are_read(http, head):
    assert asked(http, Peer(iter([head + b"Content-Length: 2\r\n\r\n{}"]))).json() == {}


def test_an_answer_that_says_that_it_is_too_large_is_left_before_any_of_it_has_come(http):
    with pytest.raises(AnswerTooLarge):
        asked(http, Peer(iter([OK + b"Content-Length: 1001\r\n\r\n"])))


@pytest.mark.safeguard("API7")
def test_a_redirect_is_an_answer_and_is_not_followed(http):
    peer = Peer(iter([b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"]))
    answer = asked(http, peer)
    assert (answer.status_code, answer.is_success) == (302, False)
    with pytest.raises(AnswerRefused, match="the answer has status 302"):
        answer.raise_for_status()


@pytest.mark.parametrize("rest", [b"Content-Length: 500000000\r\n\r\n", b"Content-Encoding: gzip\r\n\r\n", b"\r\n"])
def test_an_error_keeps_its_status_whatever_its_body_is(http, rest):
    answer = asked(http, Peer(endless(b"HTTP/1.1 503 No\r\n" + rest, b"x" * 4096)), IMPATIENT)
    assert (answer.status_code, answer.content) == (503, b"")


def test_more_headers_than_anybody_needs_are_refused(http):
    many = b"".join(b"X-%d: y\r\n" % number for number in range(300))
    with pytest.raises(AnswerRefused, match="more than 200 headers"):
        asked(http, Peer(iter([OK + many + b"Content-Length: 2\r\n\r\n{}"])))
    with pytest.raises(httpx.RemoteProtocolError):
        asked(http, Peer(endless(OK, b"X-Filler: " + b"y" * 4096 + b"\r\n")))


@pytest.mark.parametrize("body", [b"[" * 900, b'{"x":' * 150, b"{", b"\xff"])
def test_json_that_cannot_be_read_is_a_value_error(http, body):
    answer = asked(http, Peer(iter([OK + b"Content-Length: %d\r\n\r\n" % len(body) + body])))
    with pytest.raises(ValueError):
        answer.json()


def test_json_that_is_nested_too_deep_for_python_is_a_value_error(http):
    body = b"[" * 100_000
    peer = Peer(iter([OK + b"Content-Length: %d\r\n\r\n" % len(body) + body]))
    with pytest.raises(ValueError, match="nested too deep"):
        asked(http, peer, AnswerLimits(200_000, 10)).json()


def test_a_connection_is_used_again_after_an_answer_that_was_read(http, run_app):
    async def app(scope, receive, send):
        if scope["type"] == "http":
            ports.append(scope["client"][1])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

    ports = []
    url = run_app(app)
    for _ in range(2):
        exchange(http, "GET", url, LIMITS)
    assert len(set(ports)) == 1
