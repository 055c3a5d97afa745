"""Every file under `cases/<transaction>/{pass,fail}/` is a test.

A file in `pass` has no error. A file in `fail` begins with lines `# code segment-number element component`, one for each
finding that is expected, in the order of the file; they are taken off before the file is read. Line breaks in a case are for
eyes and are taken off too.
"""

# Records and mistakes are laid out as tables, made to be read across.
# ruff: noqa: E501

import pathlib

import pytest

from shared import x12

ROOT = pathlib.Path(__file__).parent / "cases"


def named(kind):
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(f"*/{kind}/*.x12"))


def split(name):
    lines = (ROOT / name).read_text().splitlines()
    expected = [line[1:].split() for line in lines if line.startswith("#")]
    return expected, "".join(line for line in lines if not line.startswith("#")).encode()


@pytest.mark.parametrize("name", named("pass"))
def test_a_good_case_has_no_errors(name):
    expected, data = split(name)
    report = x12.check(data)
    assert report.ok, report.findings
    assert [[one.code, str(one.segment_number)] for one in report.findings] == [line[:2] for line in expected]


@pytest.mark.parametrize("name", named("fail"))
def test_a_bad_case_has_exactly_its_findings(name):
    expected, data = split(name)
    findings = x12.check(data, strict=True).findings
    found = [[one.code, str(one.segment_number), str(one.element), str(one.component)] for one in findings]
    assert found == expected


def test_every_transaction_has_cases_that_pass_and_that_fail():
    kinds = {"837P", "835", "270", "271", "276", "277", "277CA", "278", "999", "TA1"}
    assert {pathlib.Path(name).parts[0] for name in named("pass")} == kinds
    assert {pathlib.Path(name).parts[0] for name in named("fail")} == kinds
