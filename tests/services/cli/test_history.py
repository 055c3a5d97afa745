"""`handbill history DIR`: files in, a report out; no service, no key, nothing written, no name unless asked for."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.claims.domain.histories.finding_kinds import FindingKind
from tests.services.claims.domain.histories.past_practice import claim, file_835, file_837p, payment
from tests.services.claims.domain.histories.planted import clean_files, planted_files
from tests.services.claims.domain.histories.test_planted import PLANTED

ROOT = Path(__file__).parents[3]
PAST = ROOT / "deploy/demo/past"
AS_OF = ("--as-of", "2026-06-20")
GIVEN = ("--payers", str(PAST / "payers.toml"), "--balances", str(PAST / "books.csv"))


@pytest.fixture(scope="module")
def old_files(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("old"), planted_files())


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return folder


def test_the_json_has_each_planted_fault_with_its_file_and_byte(handbill, old_files):
    done = handbill("history", str(old_files), *AS_OF, *GIVEN, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert {(one["kind"], one["claim_number"], one["cents"], one["rule"]) for one in report["findings"]} == PLANTED
    for one in report["findings"]:
        content = (old_files / one["file"]).read_bytes()
        segment = content[one["offset"] :].split(b"~")[0]
        assert segment[:4] in (b"CLP*", b"CLM*", b"ST*8")
        assert one["claim_number"].encode() in segment
    totals = {one["kind"]: (one["findings"], one["cents"]) for one in report["totals"]}
    assert totals["denied_never_worked"] == (2, 27000)
    assert report["payers"][1] == {
        "identifier": "RAINC",
        "name": "RAINIER CHOICE HEALTH",
        "profile": "commercial_wa",
        "named": True,
    }
    rules = {one["code"]: one for one in report["rules"]}
    assert rules["note_unsigned"] == {"code": "note_unsigned", "judged": 0, "lacking": "note.signed"}
    assert rules["modifier_wanted"]["lacking"] == ""


def test_the_csv_has_a_row_a_finding(handbill, old_files):
    done = handbill("history", str(old_files), *AS_OF, *GIVEN, "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {(row["kind"], row["claim_number"], int(row["cents"]), row["rule"]) for row in rows} == PLANTED
    assert {row["patient_name"] for row in rows} == {""}


def test_a_name_is_shown_only_where_it_is_asked_for(handbill, old_files):
    for form in ((), ("--json",), ("--csv",)):
        hidden = handbill("history", str(old_files), *AS_OF, *form).stdout
        shown = handbill("history", str(old_files), *AS_OF, *form, "--names").stdout
        assert "NADIA" not in hidden and "WHITLOCK" not in hidden and "LARKIN" not in hidden
        assert "NADIA LARKIN" in shown or "NADIA WHITLOCK" in shown


def test_the_report_for_people_says_what_when_and_where(handbill, old_files):
    done = handbill("history", str(old_files), *AS_OF, *GIVEN)
    text = " ".join(done.stdout.split())
    assert text.startswith("14 files (3 277CA, 8 835, 3 837P): 29 claims, $3,915.00 charged, $1,578.99 paid;")
    assert "24 findings as of 2026-06-20." in text
    assert "Denied and never worked (denied_never_worked) DENIED 2026-04-20 CASCADE MUTUAL HEALTH $135.00" in text
    assert "CO-50 Not medically necessary, in the payer's view: $135.00." in text
    assert "appeal open until 2026-11-04." in text
    assert "Rules: 99 judged" in text and "54 lacked facts that no such file has" in text


def test_the_sample_in_the_repository_is_the_planted_practice():
    files = {str(path.relative_to(PAST / "files")): path.read_bytes() for path in (PAST / "files").rglob("*.*")}
    assert files == planted_files()


def test_every_command_of_the_page_runs_as_it_stands():
    commands = re.findall(r"^```bash\n(.*?)^```", (ROOT / "docs/history.md").read_text(), re.MULTILINE | re.DOTALL)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = "set -euo pipefail\n" + "\n".join(commands)
    done = subprocess.run(
        ["bash"], input=script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.split("14 files (")[1:]
    assert "21 findings" in first and "24 findings" in second
    assert done.stdout.count("rejected_never_resent,REJECTED") == 1


def test_every_kind_of_finding_is_on_the_page():
    page = (ROOT / "docs/history.md").read_text()
    assert [kind for kind in FindingKind if f"`{kind}`" not in page] == []


def test_a_day_without_faults_says_so(handbill, tmp_path):
    done = handbill("history", str(written(tmp_path, clean_files())), *AS_OF)
    assert "6 claims, $810.00 charged, $426.00 paid; nothing to find as of 2026-06-20." in " ".join(done.stdout.split())


def test_what_cannot_be_read_is_named_and_stops_nothing(handbill, tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    written(folder, {"a.837": file_837p(claim("ONE")), "b.835": file_835(payment("ONE"), trace="500001")})
    (folder / "link.835").symlink_to(folder / "b.835")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    (folder / "large.835").touch()
    os.truncate(folder / "large.835", 101 * 1024**2)
    (folder / "gone").mkdir()
    done = handbill("history", str(folder), *AS_OF, "--json")
    report = json.loads(done.stdout)
    assert {
        file["name"]: [one["code"] for one in file["problems"]] for file in report["files"] if file["problems"]
    } == {
        "large.835": ["too_large"],
        "link.835": ["symbolic_link"],
        "loop": ["symbolic_link"],
        "pipe": ["no_file"],
    }
    assert [(one["claim_number"], one["money"]["paid_cents"]) for one in report["claims"]] == [("ONE", 7100)]


def test_ten_thousand_small_files_are_one_report(handbill, tmp_path):
    claims = [f"N{number}" for number in range(20)]
    for place, number in enumerate(claims):
        (tmp_path / f"{number}.837").write_bytes(file_837p(claim(number), control=place + 1))
    for number in range(10_000):
        (tmp_path / f"{number:05d}.txt").write_text("nothing")
    report = json.loads(handbill("history", str(tmp_path), *AS_OF, "--json").stdout)
    assert (len(report["files"]), len(report["claims"])) == (10_020, 20)
    assert sum(len(file["problems"]) for file in report["files"]) == 10_000


def test_control_characters_of_a_file_do_not_reach_the_terminal(handbill, tmp_path):
    hostile = file_837p(claim("ONE")).replace(b"CASCADE MUTUAL HEALTH", b"CASC\x1b[2JADE [red]HEALTH")
    written(tmp_path, {"a.837": hostile})
    done = handbill("history", str(tmp_path), *AS_OF)
    assert "\x1b" not in done.stdout
    assert "CASC[2JADE [red]HEALTH" in done.stdout


def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_is_text(handbill, tmp_path):
    written(tmp_path, {"a.837": file_837p(claim("ONE")).replace(b"CASCADE MUTUAL HEALTH", b"=1+1")})
    (row,) = csv.DictReader(io.StringIO(handbill("history", str(tmp_path), *AS_OF, "--csv").stdout))
    assert row["payer_name"] == "'=1+1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("RAINC = 1", "no table"),
        ('[RAINC]\nprofile = "nowhere"', "no profile of that name"),
        ("[RAINC]\ntimely_filing = 3", "no setting 'timely_filing'"),
        ('[RAINC]\nfees = { "97124" = 40.5 }', "no whole number of cents"),
        ("[RAINC", "payers.toml"),
    ],
)
def test_what_is_said_of_payers_is_checked(handbill, tmp_path, content, said):
    written(tmp_path, {"a.837": file_837p(claim("ONE"))})
    (tmp_path / "payers.toml").write_text(content)
    done = handbill("history", str(tmp_path), "--payers", str(tmp_path / "payers.toml"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("claim_number,billed_to_patient\nONE,1", "needs the columns claim_number, billed_to_patient, written_off"),
        ("claim_number,billed_to_patient,written_off\nONE,1,2\nTWO,1,x", "line 3: an amount is no number"),
        ("claim_number,billed_to_patient,written_off\nONE,1.005,2", "line 2: an amount is no number"),
        ("claim_number,billed_to_patient,written_off\nONE,-1,2", "line 2: an amount is no number"),
    ],
)
def test_the_books_are_checked(handbill, tmp_path, content, said):
    written(tmp_path, {"a.837": file_837p(claim("ONE"))})
    (tmp_path / "books.csv").write_text(content)
    done = handbill("history", str(tmp_path), "--balances", str(tmp_path / "books.csv"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_directory_that_is_not_there_or_is_empty_is_said(handbill, tmp_path):
    assert "is no directory" in handbill("history", str(tmp_path / "nowhere")).stderr
    assert "has no files" in handbill("history", str(tmp_path)).stderr
    both = handbill("history", str(tmp_path), "--json", "--csv")
    assert (both.returncode, "not both" in both.stderr) == (2, True)


def test_it_needs_no_service_no_key_and_no_database():
    code = "import sys, services.cli.commands.history; print('sqlmodel' in sys.modules, 'rich.table' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
