"""`handbill x12`: exit status 0 for good files, 1 for findings, 2 for what is no X12; no service is loaded."""

import contextlib
import io
import json
import os
import pty
import subprocess
import sys
import time
from contextlib import redirect_stderr
from datetime import date

import pytest

from services.cli.progress import PIECE_BYTES, watched
from shared import x12
from tests.shared.x12 import examples

SENT = date(2026, 3, 2)


def interchange(amount_cents: int = 0) -> bytes:
    """A TA1 and 999, the smallest whole interchange there is."""
    envelope = x12.Envelope(
        interchange=x12.Interchange(
            sender="HANDBILL", receiver="CLEARING", date=SENT, time="1015", control_number="000000101", usage="T"
        ),
        group=x12.Group(sender="HANDBILL", receiver="CLEARING", date=SENT, time="1015", control_number="101"),
    )
    party = x12.Party(entity="PR", kind="2", name="ACME", id_qualifier="PI", id="60054")
    asking = x12.Party(entity="1P", kind="2", name="RAINIER BODYWORK", id_qualifier="XX", id="1234567893")
    member = x12.Party(entity="IL", kind="1", name="DOE", first="JANE", id_qualifier="MI", id="W123")
    inquiry = x12.EligibilityInquiry(
        source=x12.InformationSource(party=party),
        receiver=x12.InformationReceiver(party=asking),
        subscriber=x12.Member(party=member),
        questions=(x12.BenefitQuestion(service_types=("BE",)),),
    )
    header = x12.EligibilityHeader(purpose="13", reference="Q1", created=SENT, created_time="1015")
    return x12.write(envelope, [x12.Transaction(type="270", control_number="0001", header=header, records=(inquiry,))])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "inquiry.x12"
    path.write_bytes(interchange())
    return path


def test_a_good_file_is_status_0(handbill, file) -> None:
    done = handbill("x12", "check", str(file), str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("270 0001") == 2


def test_findings_are_status_1_and_json_on_request(handbill, file) -> None:
    file.write_bytes(interchange().replace(b"SE*", b"SE*9"))
    done = handbill("x12", "check", "--json", str(file))
    assert done.returncode == 1
    assert json.loads(done.stdout)["findings"]


def test_what_is_no_x12_or_not_there_is_status_2(handbill, file) -> None:
    file.write_bytes(b"hello")
    assert handbill("x12", "check", str(file)).returncode == 2
    done = handbill("x12", "check", str(file) + ".missing")
    assert (done.returncode, done.stderr.startswith("handbill: "), "Traceback" in done.stderr) == (2, True, False)


def test_records_are_printed_as_json_lines(handbill, file) -> None:
    done = handbill("x12", "read", str(file))
    assert [json.loads(line)["record"] for line in done.stdout.splitlines()] == [
        "EligibilityHeader",
        "EligibilityInquiry",
    ]


def test_a_file_can_be_explained_rewritten_compared_and_acknowledged(handbill, file, tmp_path) -> None:
    assert "ACME" in handbill("x12", "explain", str(file)).stdout
    assert handbill("x12", "roundtrip", str(file)).returncode == 0
    assert handbill("x12", "diff", str(file), str(file)).returncode == 0
    answer = handbill("x12", "ack", str(file), "--control-number", "7")
    (tmp_path / "answer.x12").write_text(answer.stdout)
    assert answer.returncode == 0
    read = x12.read_all(answer.stdout.encode())
    assert [transaction.opened.type for transaction in read.transactions] == ["TA1", "999"]
    assert read.transactions[0].opened.interchange.control_number == "000000007"


def test_x12_loads_no_service_no_database_and_no_web(file) -> None:
    script = (
        "import sys\n"
        "from services.cli.main import main\n"
        "try:\n"
        f"    main(['x12', 'check', {str(file)!r}])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "heavy = {'fastapi', 'sqlmodel', 'sqlalchemy', 'httpx', 'uvicorn', 'services.access'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=30, capture_output=True)


def test_codes_that_no_list_knows_are_warnings_and_errors_when_strict(handbill, tmp_path) -> None:
    remittance = examples.write_835().replace(b"CAS*CO*45*", b"CAS*CO*999*", 1).replace(b"HE*N130", b"HE*N99999")
    claims = examples.write_837p().replace(b"ABK:M542", b"ABK:M549X")
    for data, codes in ((remittance, {"reason_unknown", "remark_unknown"}), (claims, {"diagnosis_unknown"})):
        path = tmp_path / "file.x12"
        path.write_bytes(data)
        for options, severity, status in (([], "warning", 0), (["--strict"], "error", 1)):
            done = handbill("x12", "check", "--json", *options, str(path))
            findings = json.loads(done.stdout)["findings"]
            assert {one["code"] for one in findings if one["severity"] == severity} == codes
            assert done.returncode == status


def on_a_terminal(*arguments: str) -> tuple[bytes, bytes]:
    """Standard output (a pipe) and standard error (a terminal) of a command in a process of its own."""
    terminal, line = pty.openpty()
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=line, env=environment) as process:
        os.close(line)
        shown = b""
        with contextlib.suppress(OSError):  # how the end of a terminal is told
            while piece := os.read(terminal, 4096):
                shown += piece
        assert process.stdout is not None
        printed = process.stdout.read()
    os.close(terminal)
    return printed, shown


def test_a_large_file_has_a_progress_bar_on_a_terminal_and_none_in_a_pipe(handbill, tmp_path, file) -> None:
    large = tmp_path / "large.txt"
    large.write_bytes(b"hello" * 2_000_000)
    printed, shown = on_a_terminal("x12", "check", "--json", str(large))
    assert json.loads(printed)["ok"] is False
    assert b"large.txt" in shown
    assert b"10.0 MB" in shown
    printed, shown = on_a_terminal("x12", "check", "--json", str(file))
    assert (json.loads(printed)["ok"], shown) == (True, b"")
    piped = handbill("x12", "check", "--json", str(large))
    assert (json.loads(piped.stdout)["ok"], piped.stderr) == (False, "")


def test_a_slow_file_has_a_progress_bar_after_a_second(monkeypatch, tmp_path) -> None:
    path = tmp_path / "slow.x12"
    path.write_bytes(b"x" * 2 * PIECE_BYTES)
    stream = Terminal()
    with redirect_stderr(stream), path.open("rb") as source:
        monkeypatch.setenv("TERM", "xterm")
        pieces = watched(source, path.stat().st_size, path.name, talks=False)
        next(pieces)
        assert stream.getvalue() == ""
        time.sleep(1.05)
        assert sum(map(len, pieces)) == PIECE_BYTES
    assert "slow.x12" in stream.getvalue()


class Terminal(io.StringIO):
    """What says that it is a terminal."""

    def isatty(self) -> bool:
        return True
