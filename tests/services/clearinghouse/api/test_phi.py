"""What is known about a person is in no database file and in no log line."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from services.clearinghouse.app import build
from shared.logs import configure_logs
from shared.settings import SimulatorSettings
from tests.services.clearinghouse.conftest import Simulator
from tests.services.clearinghouse.x12_files import NADIA, claim, claims_file, on, question, questions_file

CANARIES = ("WHITLOCK", "whitlock", "Whitlock", "CMH204417701", "19840719", "1984-07-19", "NADIA", "Nadia")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def test_no_name_id_or_birth_date_is_found_at_rest_or_in_logs(make_settings, run_app, http, tmp_path, capfd):
    configure_logs("debug", "clearinghouse")
    settings = make_settings("clearinghouse")
    simulator = Simulator(run_app(build(settings, simulator=SimulatorSettings())), http)
    simulator.send(claims_file(claim(), claim(NADIA, "K2", on(date(2026, 4, 27)))))
    simulator.ask(questions_file(question()))
    simulator.send(b"NADIA WHITLOCK CMH204417701")
    simulator.advance(days=21)
    assert len(simulator.records("835")) == 2
    files = [path for path in tmp_path.rglob("clearinghouse.sqlite*") if path.is_file()]
    assert any(path.stat().st_size > 4096 for path in files)
    said = capfd.readouterr()
    haystacks = {path.name: path.read_bytes() for path in files} | {"log": (said.out + said.err).encode()}
    found = [(name, canary) for name, hay in haystacks.items() for canary in CANARIES if canary.encode() in hay]
    assert found == []
    assert b"/v1/x12/files" in haystacks["log"]


def test_sealed_columns_are_bytes_that_hold_no_segment(make_settings, run_app, http):
    settings = make_settings("clearinghouse")
    simulator = Simulator(run_app(build(settings, simulator=SimulatorSettings())), http)
    simulator.send(claims_file(claim()))
    path = Path(settings.database_url_of("clearinghouse").removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT content FROM x12_messages UNION ALL SELECT content FROM x12_files").fetchall()
    connection.close()
    assert len(rows) == 4
    assert all(isinstance(content, bytes) and b"ISA" not in content for (content,) in rows)
