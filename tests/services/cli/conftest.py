"""The command as a person runs it: another process, its own data folder, ports that are free."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.settings import PORTS

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path, free_port: Callable[[], int]) -> dict[str, str]:
    """Every service on a free port, everything else under tmp_path."""
    urls = {f"HANDBILL_{name.upper()}_URL": f"http://127.0.0.1:{free_port()}" for name in PORTS}
    return {"HANDBILL_DATA_DIR": str(tmp_path / "data"), **urls}


@pytest.fixture
def handbill(environment: dict[str, str], tmp_path: Path) -> Run:
    """`handbill("init")` runs the command to its end."""

    def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.cli.main", *arguments],
            env={**os.environ, **environment, **changes},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
