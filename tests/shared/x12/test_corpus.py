"""The public sample files, where they lie beside the repository: gold without errors and lossless, negative refused.

Where the folder is not there, the list of files is empty and one test says that nothing was looked at.
"""

import csv
import pathlib

import msgspec
import pytest

from shared import x12
from shared.x12 import commands
from shared.x12.roundtrip import first_difference

ROOT = pathlib.Path(__file__).parents[4].parent / "shared" / "corpus"
ROWS = []
if (ROOT / "INDEX.tsv").exists():
    with (ROOT / "INDEX.tsv").open() as index:
        ROWS = list(csv.DictReader(index, delimiter="\t"))


def named(grade):
    return [row["file"] for row in ROWS if row["grade"] == grade]


def test_the_corpus_is_whole_or_not_there_at_all():
    assert len(ROWS) in (0, 102)


@pytest.mark.parametrize("name", named("gold"))
def test_a_gold_file_has_no_errors_balances_and_comes_back_byte_for_byte(name):
    data = (ROOT / name).read_bytes()
    report = x12.check(data)
    assert report.ok, [(one.code, one.segment_number, one.element) for one in report.findings]
    assert all(one.claims for one in report.transactions)
    assert first_difference(data) is None


@pytest.mark.parametrize("name", named("gold"))
def test_the_records_of_a_gold_file_lose_nothing(name):
    """Written from the records alone and read again, they are the same records."""
    for transaction in x12.read_all((ROOT / name).read_bytes()).transactions:
        group = msgspec.structs.replace(transaction.opened.group, functional_id="", version="")
        envelope = x12.Envelope(interchange=transaction.opened.interchange, group=group)
        written = x12.write(
            envelope,
            [
                x12.Transaction(
                    type=transaction.opened.type,
                    control_number=transaction.opened.control_number,
                    header=transaction.header,
                    records=transaction.records,
                )
            ],
        )
        again = x12.read_all(written)
        assert again.ok
        assert again.transactions[0].header == transaction.header
        assert again.transactions[0].records == transaction.records


@pytest.mark.parametrize("name", named("negative"))
def test_a_negative_file_has_an_error_with_a_place(name):
    report = x12.check((ROOT / name).read_bytes())
    errors = [one for one in report.findings if one.severity == "error"]
    assert errors
    assert all(one.segment_number and one.fix for one in errors)


@pytest.mark.parametrize("name", [row["file"] for row in ROWS])
def test_no_file_makes_anything_crash(name):
    data = (ROOT / name).read_bytes()
    lines = []
    x12.check(data, strict=True)
    x12.acknowledge(data)
    commands.run_read(data, lines.append)
    commands.run_explain(data, lines.append)
    commands.run_check([(name, data)], lines.append)
    assert commands.run_roundtrip([(name, data)], lines.append) in (0, 2)
