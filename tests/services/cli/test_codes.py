"""`handbill codes`: an edition is imported whole or not at all, and a code is explained for a day."""

import json
import string
from datetime import date

import pytest

from services.claims.code_files import CodeFileDamaged, code_sets
from services.claims.flows.code_sets.installed import InstalledCodeSets
from services.cli.configuration import load_settings
from shared.codesets import bundled
from shared.database.opening import open_database

CHAPTERS = [(f"{letter}00", 0, "A chapter") for letter in string.ascii_uppercase if letter not in "MZ"]
CHAPTERS.append(("Z99", 0, "The last chapter"))
"""A row of every chapter: a file that lacks one was cut short."""
ORDER = "".join(
    f"{number:05d} {code:<7} {flag} {text:<60} {text}\n"
    for number, (code, flag, text) in enumerate(
        [("M54", 0, "Dorsalgia"), ("M542", 1, "Cervicalgia"), ("M54A", 1, "Newly named neck pain"), *CHAPTERS], 1
    )
)
PAIRS = (
    "CPT only copyright\n"
    "Column 1\tColumn 2\t*=In existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "97140\t97124\t \t19960101\t*\t1\tMisuse\n"
    "11102\t11103\t \t20190101\t*\t0\tOf others\n"
)
LIMITS = (
    "HCPCS/CPT Code\tPractitioner Services MUE Values\tMUE Adjudication Indicator\tMUE Rationale\n"
    "97124\t2\t2 Date of Service Edit: Policy\tPolicy\n"
)
DAYS = ("--effective-from", "2026-10-01", "--effective-to", "2027-09-30")
IN_FORCE = date(2026, 10, 1)


@pytest.fixture
def write(tmp_path):
    def write(text, name="edition.txt"):
        path = tmp_path / name
        path.write_bytes(text.encode("latin-1"))
        return str(path)

    return write


@pytest.fixture
def in_force(environment, monkeypatch):
    """`in_force()` answers the code sets as a service that starts now has them."""

    def in_force():
        monkeypatch.setenv("HANDBILL_DATA_DIR", environment["HANDBILL_DATA_DIR"])
        settings = load_settings()
        database = open_database(settings, "claims")
        try:
            installed = InstalledCodeSets(code_sets(settings.codes_dir), database)
            installed.look_now()
            return installed()
        finally:
            database.close()

    return in_force


def test_the_yearly_order_file_is_laid_over_the_editions_at_hand(handbill, write, in_force):
    done = handbill("codes", "import", "icd10", write(ORDER), *DAYS)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 codes billable on 2026-10-01" in done.stdout
    table = in_force().diagnoses
    assert table.is_valid("M54A", IN_FORCE) and not table.is_valid("M5450", IN_FORCE)
    assert table.is_valid("M5450", date(2026, 3, 2))
    shown = json.loads(handbill("codes", "show", "m54a", "--on", "2026-10-01", "--json").stdout)
    assert shown["found"][0]["validity"] == "valid"


def test_quarterly_files_take_the_place_of_ours_and_keep_the_pairs_of_known_procedures(handbill, write, in_force):
    assert handbill("codes", "import", "ncci", write(PAIRS), "--version", "2026-10").returncode == 0
    assert handbill("codes", "import", "mue", write(LIMITS), "--version", "2026-10").returncode == 0
    codes = in_force()
    assert codes.pairs.between("97124", "97140", IN_FORCE).indicator == 1
    assert (len(codes.pairs), codes.pairs.version) == (1, "2026-10")
    assert (codes.limits.get("97124").units, codes.limits.version) == (2, "2026-10")


def test_bad_rows_are_named_by_line_and_nothing_of_the_file_is_taken(handbill, write, in_force):
    handbill("codes", "import", "mue", write(LIMITS), "--version", "2026-07")
    rows = "97140\tmany\t3 x\n97110\t6\t9 x\n"
    bad = handbill("codes", "import", "mue", write(LIMITS + rows), "--version", "2026-10")
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "line 3: " in bad.stderr and "line 4: " in bad.stderr and "nothing of it was taken" in bad.stderr
    assert handbill("codes", "import", "icd10", write("nonsense\n"), *DAYS).returncode == 1
    assert (in_force().limits.version, in_force().diagnoses.effective_to) == ("2026-07", date(2026, 9, 30))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("loinc", "FILE"), "choose from icd10, ncci, mue"),
        (("icd10", "FILE"), "--effective-from"),
        (("ncci", "FILE"), "--version"),
        (("ncci", "FILE", "--version", "lately"), "as 2026-10"),
        (("mue", "/nowhere/file", "--version", "2026-10"), "cannot be read"),
        (("icd10", "FILE", "--effective-from", "2019-10-01", "--effective-to", "2020-09-30"), "is older"),
    ],
)
def test_what_an_import_lacks_is_said_in_a_sentence(handbill, write, arguments, words):
    path = write(ORDER)
    done = handbill("codes", "import", *(path if one == "FILE" else one for one in arguments))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr and "Traceback" not in done.stderr


def test_a_damaged_file_of_an_earlier_version_is_named_and_not_passed_over(tmp_path):
    (tmp_path / "mue.gz").write_bytes(bundled().limits.packed()[:40])
    with pytest.raises(CodeFileDamaged, match=r"mue\.gz is damaged"):
        code_sets(tmp_path)


def test_a_code_is_shown_with_its_last_day_and_what_may_be_meant_instead(handbill):
    done = handbill("codes", "show", "M54.5", "--on", "2026-05-01")
    assert done.returncode == 0
    for words in ("Low back pain", "ended", "2021-09-30", "M54.50", "M54.51", "M54.59"):
        assert words in done.stdout


def test_a_procedure_is_shown_with_its_edits_and_an_unknown_code_is_status_1(handbill):
    shown = handbill("codes", "show", "97124", "--on", "2026-05-01").stdout
    assert "with 97140: 97124 is not paid (indicator 0)" in shown
    unknown = handbill("codes", "show", "ZZZZZ")
    assert (unknown.returncode, unknown.stdout) == (1, "no code set knows ZZZZZ\n")
