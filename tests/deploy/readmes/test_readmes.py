"""Every command in every README and page of docs runs, as it stands there, against what `handbill up` started.

The `bash` blocks of one file are one script, which runs twice; only the default ports are changed to free ones.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.cli.composition import variable_of
from shared.settings import PORTS, local_url

ROOT = Path(__file__).parents[3]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("services/*/README.md"))]
PAGES = [page for page in sorted(ROOT.glob("docs/*.md")) if "```bash" in page.read_text()]
BILLING_DAY = ROOT / "docs" / "billing-day.md"
MAX_LINES = {ROOT / "README.md": 120}
READY_SECONDS = 180


def script_of(readme):
    return "\n".join(re.findall(r"^```bash\n(.*?)^```", readme.read_text(), re.MULTILINE | re.DOTALL))


def with_ports(text, urls):
    for service, url in urls.items():
        text = text.replace(local_url(service), url)
    return text


@pytest.fixture(scope="module")
def up(tmp_path_factory):
    """`handbill up` on free ports; yields the environment and the addresses."""
    folder = tmp_path_factory.mktemp("up")
    urls = dict(zip(PORTS, free_urls(len(PORTS)), strict=True))
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HANDBILL_DATA_DIR": str(folder),
        **{variable_of(service): url for service, url in urls.items()},
    }
    with (folder / "up.txt").open("w") as printed:
        process = subprocess.Popen(["handbill", "up"], cwd=ROOT, env=environment, stdout=printed, stderr=printed)
        try:
            wait_until_greeted(process, folder / "up.txt")
            yield environment, urls
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(90) == 0


def free_urls(count):
    import socket

    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    urls = [f"http://127.0.0.1:{one.getsockname()[1]}" for one in listeners]
    for one in listeners:
        one.close()
    return urls


def wait_until_greeted(process, printed):
    ends = time.monotonic() + READY_SECONDS
    while "Ctrl-C stops everything" not in printed.read_text():
        assert process.poll() is None and time.monotonic() < ends, printed.read_text()
        time.sleep(0.1)


@pytest.mark.parametrize("readme", [*READMES, *PAGES], ids=lambda file: str(file.relative_to(ROOT)))
def test_every_command_of_a_readme_runs_as_it_stands_and_may_be_sent_again(readme, up):
    environment, urls = up
    script = "set -euo pipefail\n" + with_ports(script_of(readme), urls)
    for _run in ("first", "again"):
        ran = subprocess.run(
            ["bash"], input=script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
        if readme == ROOT / "README.md":
            the_visit_is_paid(ran.stdout)
        if readme == BILLING_DAY:
            every_task_is_done(ran.stdout)


def the_visit_is_paid(printed):
    claim, ledger = (json.loads(line) for line in printed.strip().splitlines()[-2:])
    assert claim["money"] == {
        "charge_cents": 13500,
        "paid_cents": 7745,
        "written_off_cents": 3255,
        "patient_paid_cents": 0,
        "patient_balance_cents": 2500,
        "insurer_balance_cents": 0,
        "other_payers_cents": 0,
    }
    assert claim["next_action"]["kind"] == "bill_patient"
    assert {entry["reason"] for entry in ledger["items"]} == {"charge", "payment", "CO-45", "PR-3"}


def every_task_is_done(printed):
    """In the order of the tasks from the blocked pair on; the first of the payers before the next one."""
    ends = [line.split(" {")[0] for line in printed.strip().splitlines()[-10:]]
    assert ends == [
        "adjudicated paid bill_patient",
        "adjudicated paid bill_patient",
        "adjudicated paid bill_patient",
        "adjudicated denied await_appeal",
        "adjudicated paid none",
        "adjudicated paid none",
        "adjudicated paid bill_patient",
        "adjudicated paid bill_patient",
        "adjudicated paid none",
        "voided none none",
    ]


@pytest.mark.parametrize("readme", READMES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_readme_is_short(readme):
    assert len(readme.read_text().splitlines()) <= MAX_LINES.get(readme, 60)


@pytest.mark.parametrize("readme", READMES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_path_of_ours_that_a_readme_names_is_there(readme):
    rooms = "services|shared|deploy|docs|tests|bench|domain|flows|api|store|migrations"
    named = re.findall(rf"`((?:{rooms})/[\w./-]+)`", readme.read_text())
    assert [path for path in named if not any((folder / path).exists() for folder in (ROOT, readme.parent))] == []


def test_the_map_names_every_folder_that_is_there():
    text = (ROOT / "README.md").read_text()
    missing = [
        str(folder.relative_to(ROOT))
        for folder in ROOT.glob("services/*")
        if folder.is_dir() and folder.name != "__pycache__" and f"`services/{folder.name}`" not in text
    ]
    assert missing == []
