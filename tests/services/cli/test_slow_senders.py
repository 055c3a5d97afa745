"""1,200 half requests at a real process of 1,024 files leave it serving; fewer of both where a process has no more."""

import resource
import socket
import ssl
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import httpx
import pytest

from services.cli.processes import ProcessCommand, Processes
from services.cli.serving import run_service

HALVES = 1_200
MORE_THAN_FILES = 176
"""So many more half requests come than the service has files, however many this system gives a process."""
SPARE_FILES = 300
HALF = b"POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"


def run_with_few_files(service: str, files: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    run_service(service)


@pytest.fixture
def halves():
    """How many half requests there are: the test itself holds as many sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = HALVES if hard == resource.RLIM_INFINITY else min(HALVES, hard - SPARE_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most + SPARE_FILES), hard))
    yield most
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def access_url(environment, data_folder, tmp_path, halves):
    processes = Processes(tmp_path / "logs", environment)
    url = environment["HANDBILL_ACCESS_URL"]
    processes.start(ProcessCommand("access", run_with_few_files, ("access", halves - MORE_THAN_FILES), f"{url}/ready"))
    processes.wait_ready()
    yield url
    assert processes.stop("access") == 0


@pytest.mark.safeguard("API4")
@pytest.mark.parametrize("rest", [b"", b"\r\n"], ids=["heads", "bodies"])
def test_more_half_requests_than_files_leave_a_service_serving(access_url, halves, rest) -> None:
    address = urlsplit(access_url)
    with ExitStack() as opened:
        for _ in range(halves):
            half = socket.create_connection((address.hostname, address.port), timeout=20)
            opened.enter_context(closing(half))
            half.sendall(HALF + rest)
        for _ in range(3):
            with httpx.Client(timeout=20, trust_env=False) as http:
                assert http.get(access_url + "/ready").status_code == 200


@pytest.fixture
def tls_url(environment, handbill, data_folder, tmp_path, halves):
    """The same behind the installation's own certificates."""
    environment["HANDBILL_ACCESS_URL"] = environment["HANDBILL_ACCESS_URL"].replace("http://", "https://")
    assert handbill("tls", "make").returncode == 0
    folder = tmp_path / "data" / "tls"
    environment |= {
        "HANDBILL_TLS_CERTIFICATE": str(folder / "access.pem"),
        "HANDBILL_TLS_KEY": str(folder / "access.key"),
        "HANDBILL_TLS_CA": str(folder / "ca.pem"),
        # Longer than the test waits, so that none of them has ended by itself.
        "HANDBILL_REQUEST_HEAD_SECONDS": "120",
    }
    processes = Processes(tmp_path / "logs", environment, folder / "ca.pem")
    url = environment["HANDBILL_ACCESS_URL"]
    processes.start(ProcessCommand("access", run_with_few_files, ("access", halves - MORE_THAN_FILES), f"{url}/ready"))
    processes.wait_ready()
    yield url
    assert processes.stop("access") == 0


@pytest.mark.parametrize("hello", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["silent", "half a hello"])
def test_more_half_open_handshakes_than_files_leave_a_service_serving(tls_url, halves, tmp_path, hello) -> None:
    address = urlsplit(tls_url)
    context = ssl.create_default_context(cafile=str(tmp_path / "data" / "tls" / "ca.pem"))
    with ExitStack() as opened:
        for _ in range(halves):
            half = socket.create_connection((address.hostname, address.port), timeout=20)
            opened.enter_context(closing(half))
            half.sendall(hello)
        for _ in range(3):
            with httpx.Client(timeout=20, trust_env=False, verify=context) as http:
                assert http.get(tls_url + "/ready").status_code == 200
