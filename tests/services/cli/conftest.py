"""The command as a person runs it: its own data folder, ports that are free, what it prints and its exit status."""

import io
import os
import subprocess
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from services.cli.composition import variable_of
from services.cli.main import main
from shared.settings import PORTS
from shared.tenancy import NOBODY, acting_for
from tests.harness.forked import run_forked

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path, free_port: Callable[[], int]) -> dict[str, str]:
    """Every service on a free port, everything else under tmp_path."""
    urls = {variable_of(name): f"http://127.0.0.1:{free_port()}" for name in PORTS}
    return {"HANDBILL_DATA_DIR": str(tmp_path / "data"), **urls}


@pytest.fixture
def data_folder(environment: dict[str, str]) -> Path:
    """The installation's folder as `handbill init` leaves it, with nothing in it yet."""
    folder = Path(environment["HANDBILL_DATA_DIR"])
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def handbill(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`handbill("init", HANDBILL_X="...")` runs a command in this process, which saves a second of imports each."""

    def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        out, err = io.TextIOWrapper(io.BytesIO(), write_through=True), io.StringIO()
        with monkeypatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name, value in {**environment, **changes}.items():
                patch.setenv(name, value)
            try:
                # As in a process of its own, where nobody has said for whom it acts.
                with acting_for(NOBODY):
                    main(list(arguments))
                status = 0
            except SystemExit as end:
                status = int(end.code or 0)
        return subprocess.CompletedProcess(arguments, status, out.buffer.getvalue().decode(), err.getvalue())

    return run


@pytest.fixture
def spawn(environment: dict[str, str]) -> Run:
    """Like `handbill`, in a process of its own, for commands that take over signals and logs."""

    def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return run_forked(arguments, {**os.environ, **environment, **changes})

    return run
