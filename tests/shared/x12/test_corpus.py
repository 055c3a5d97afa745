"""The public sample files, where they lie beside the repository: gold without errors and lossless, negative refused.

Each test walks over its files, so that there is nothing to skip where the folder is not there.
"""

import csv
import pathlib

import msgspec

from shared import x12
from shared.x12 import commands
from shared.x12.splitting.lossless import first_difference

ROOT = pathlib.Path(__file__).parents[3].parent / "shared" / "corpus"
ROWS = []
if (ROOT / "INDEX.tsv").exists():
    with (ROOT / "INDEX.tsv").open() as index:
        ROWS = list(csv.DictReader(index, delimiter="\t"))


def named(*grades):
    return [row["file"] for row in ROWS if not grades or row["grade"] in grades]


def test_the_corpus_is_whole_or_not_there_at_all():
    assert len(ROWS) in (0, 102)


def test_a_gold_file_has_no_errors_balances_and_comes_back_byte_for_byte():
    for name in named("gold"):
        data = (ROOT / name).read_bytes()
        report = x12.check(data)
        assert report.ok, (name, [(one.code, one.segment_number, one.element) for one in report.findings])
        assert all(one.claims for one in report.transactions), name
        assert first_difference(data) is None, name


def test_the_records_of_a_gold_file_lose_nothing():
    """Written from the records alone and read again, they are the same records."""
    for name in named("gold"):
        for transaction in x12.read_all((ROOT / name).read_bytes()).transactions:
            again = x12.read_all(rewritten(transaction))
            assert again.ok, name
            assert again.transactions[0].header == transaction.header, name
            assert again.transactions[0].records == transaction.records, name


def rewritten(transaction):
    opened = transaction.opened
    group = msgspec.structs.replace(opened.group, functional_id="", version="") if opened.group else None
    envelope = x12.Envelope(interchange=opened.interchange, group=group)
    one = x12.Transaction(
        type=opened.type,
        control_number=opened.control_number,
        header=transaction.header,
        records=transaction.records,
    )
    return x12.write(envelope, [one])


def test_a_negative_file_has_an_error_with_a_place():
    for name in named("negative"):
        errors = [one for one in x12.check((ROOT / name).read_bytes()).findings if one.severity == "error"]
        assert errors, name
        assert all(one.segment_number and one.fix for one in errors), name


def test_no_file_makes_anything_crash():
    for name in named():
        data = (ROOT / name).read_bytes()
        lines = []
        x12.check(data, strict=True)
        x12.acknowledge(data)
        commands.run_read(data, lines.append)
        commands.run_explain(data, lines.append)
        commands.run_check([(name, data)], lines.append)
        assert commands.run_roundtrip([(name, data)], lines.append) in (0, 2), name
