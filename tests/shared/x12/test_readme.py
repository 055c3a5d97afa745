"""What the codec's README says is so: its commands and its example run, and its list of rooms is the tree."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
CODEC = ROOT / "shared/x12"
README = (CODEC / "README.md").read_text()


def block(language):
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL))


def run(*command, script):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    ran = subprocess.run(
        command, input=script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return ran.stdout


def test_every_command_runs_as_it_stands():
    printed = run("bash", script="set -euo pipefail\n" + block("bash"))
    assert "sample.x12: 837P 0001" in printed
    assert "def values(parts):" in printed


def test_the_examples_print_the_payments_and_where_they_stand():
    lines = run(sys.executable, "-", script=block("python")).splitlines()
    payments, places = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    assert payments[0].endswith(" True")
    for payment, place in zip(payments, places, strict=True):
        assert re.fullmatch(rf"segment \d+ at byte \d+: {payment.split()[0]}", place)


def test_every_room_has_its_row_and_every_row_its_room():
    rooms = {folder.name for folder in CODEC.iterdir() if (folder / "__init__.py").exists()}
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == rooms


def test_every_module_that_is_named_is_there():
    names = set(re.findall(r"`(?:model/)?((?:guides|bindings|validation|model)/\w+\.py)`", README))
    assert {"guides/grammar.py", "model/registry.py", "bindings/common.py"} <= names
    assert [name for name in names if not (CODEC / name).exists() and not (CODEC / "model" / name).exists()] == []


def test_it_is_short():
    assert len(README.splitlines()) <= 60
