"""Whatever a clearinghouse sends, the worker's memory stays under 300 MB: a real worker, and a peer that means harm."""

import gzip
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from services.claims.clients import MAX_ANSWER_BYTES, MAX_SEGMENTS

LIMIT_BYTES = 300_000_000
PATIENCE_SECONDS = 300
sqlite_only = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
OPENING = (
    "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*HANDBILL       *260304*0900*^*00501*000000001*0*T*:~"
    "GS*HP*CLEARING*HANDBILL*20260304*0900*1*X*005010X221A1~ST*835*0001~BPR*I*0*C*NON************20260304~"
    "TRN*1*1*1~N1*PR*X~N3*A~N4*B*WA*98101~N1*PE*Y*XX*1487302659~LX*1~"
)
CLAIM, ENDING = "CLP*A*1*1*0**CI*P~", "SE*1*0001~GE*1*1~IEA*1*000000001~"


def filled(segment: str, first: str = "") -> str:
    """A remittance of this segment, as often as it may occur in one message."""
    count = min(MAX_SEGMENTS - 20, (MAX_ANSWER_BYTES - 2_000) // len(segment))
    return OPENING + first + segment * count + ENDING


MESSAGES = [
    lambda: filled(CLAIM),
    lambda: filled(CLAIM),
    lambda: filled(CLAIM),
    lambda: filled("REF*LU*1~", CLAIM),
    lambda: filled("PLB*1*20261231*WO:A*1~"),
    lambda: filled(CLAIM + "SVC*HC:97124*1*0~CAS*CO*45*1~"),
    lambda: OPENING + "~" * 4_500_000 + ENDING,
    lambda: OPENING + CLAIM * (MAX_ANSWER_BYTES // len(CLAIM) - 30) + ENDING,
    lambda: OPENING + "a" * 4_500_000 + "\U0001f600",
    lambda: filled("ST*835*1~"),
]
BODIES = [
    lambda: b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"0" * 50_000_000),
    lambda: b"\r\n" + b"[" * 4_900_000,
    lambda: b'\r\n{"items": [' + b"1," * 2_400_000,
    lambda: b"\r\n" + json.dumps({"items": [message("m", "")] * 45_000, "next": "1"}).encode(),
    lambda: b'\r\n{"items": [], "next": ' + b"9" * 4_900_000 + b"}",
]
"""Pages that are no pages; each is sent once, before the first page that is one. An endless one comes last."""


def message(message_id: str, content: str) -> dict[str, str]:
    return {"message_id": message_id, "kind": "835", "created_at": "2026-03-04T17:00:00Z", "content": content}


class HostileClearinghouse:
    """Answers over a bare socket, so that nothing keeps it from sending what it wants."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._bodies = list(BODIES)
        self.endless = 2
        self.last_cursor = 0

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except OSError:
                    continue

    def _answer(self, connection: socket.socket) -> None:
        query = parse_qs(urlsplit(connection.recv(65_536).split(b" ")[1].decode()).query)
        if self._bodies:
            connection.sendall(HEAD + self._bodies.pop(0)())
            return
        if self.endless:
            self.endless -= 1
            connection.sendall(HEAD + b"\r\n")
            while True:
                connection.sendall(b"x" * 65_536)
        self.last_cursor = after = int(query.get("after", ["0"])[0])
        wanted = int(query["limit"][0])
        content = query.get("content") != ["false"]
        found = [
            message(f"m{after + place}", make() if content else "")
            for place, make in enumerate(MESSAGES[after : after + wanted])
        ]
        body = json.dumps({"items": found, "next": str(after + len(found))}, ensure_ascii=False).encode()
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def most_bytes(pid: int) -> int:
    """The most memory that a process ever had. (getrusage begins with what its parent had.)"""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024


def read(settings) -> int:
    """How many messages were received and split."""
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as database:
        return database.execute("SELECT count(*) FROM received_messages WHERE state <> 'received'").fetchone()[0]


@pytest.mark.safeguard("API4", "API10")
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@sqlite_only
def test_a_worker_stays_under_300_mb_whatever_a_clearinghouse_sends(client, settings, tmp_path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        peer = HostileClearinghouse(listener)
        threading.Thread(target=peer.serve, daemon=True).start()
        environment = {
            **os.environ,
            "HANDBILL_DATA_DIR": str(settings.data_dir),
            "HANDBILL_DATABASE_URL": settings.database_url.replace("claims.sqlite", "{service}.sqlite"),
            "HANDBILL_CLEARINGHOUSE_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "HANDBILL_WORKER_INTERVAL_SECONDS": "0.1",
        }
        with (tmp_path / "worker.log").open("w") as log:
            command = [sys.executable, "-m", "services.cli.main", "worker", "claims"]
            worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            ends = time.monotonic() + PATIENCE_SECONDS
            while read(settings) < len(MESSAGES) and worker.poll() is None and time.monotonic() < ends:
                time.sleep(0.5)
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-2000:]
            assert (read(settings), peer.last_cursor, peer.endless) == (len(MESSAGES), len(MESSAGES), 0)
            assert most_bytes(worker.pid) < LIMIT_BYTES
        finally:
            worker.kill()
            worker.wait()
