"""Old files as they lie there: broken, twice, somebody else's. Each is named, and nothing stops the rest."""

from datetime import date
from pathlib import Path

import pytest

from services.claims.domain.histories.history_report import HistoryQuestion, HistoryReport, history_report
from services.claims.domain.histories.read_past_file import read_past_file
from shared.codesets import bundled
from tests.services.claims.domain.histories.past_practice import (
    AS_OF,
    NPI,
    OTHER_NPI,
    OTHER_TAX_ID,
    billing,
    claim,
    file_835,
    file_837p,
    payment,
)


def reported(files: dict[str, bytes], **changes) -> HistoryReport:
    read = [read_past_file(name, [content]) for name, content in files.items()]
    return history_report(read, HistoryQuestion(**{"as_of": AS_OF, "codes": bundled(), **changes}))


def problems(report: HistoryReport) -> dict[str, list[tuple[str, int | None]]]:
    return {file.name: [(one.code, one.offset) for one in file.problems] for file in report.files if file.problems}


def paid(report: HistoryReport) -> dict[str, int]:
    return {one.rebuilt.sent.number: one.money.paid_cents for one in report.claims}


CLAIMS = file_837p(claim("ONE"), claim("TWO"))
PAYMENTS = file_835(payment("ONE"), payment("TWO"), trace="500001")


def test_what_is_no_x12_or_empty_is_named_and_the_rest_is_read():
    report = reported({"a.837": CLAIMS, "b.835": PAYMENTS, "photo.jpg": b"\xff\xd8\xff\xe0JFIF" * 99, "empty.835": b""})
    assert problems(report) == {"photo.jpg": [("not_x12", 0)], "empty.835": [("file_empty", None)]}
    assert paid(report) == {"ONE": 7100, "TWO": 7100}
    assert report.findings == ()


def test_a_remittance_comes_before_its_claims():
    assert paid(reported({"1.835": PAYMENTS, "2.837": CLAIMS})) == {"ONE": 7100, "TWO": 7100}


@pytest.mark.parametrize("name", ["again.835", "0.835"])
def test_the_same_file_twice_counts_once(name):
    report = reported({"a.837": CLAIMS, "b.835": PAYMENTS, name: PAYMENTS})
    assert problems(report) == {max(name, "b.835"): [("file_twice", None)]}
    assert paid(report) == {"ONE": 7100, "TWO": 7100}
    assert report.findings == ()


def test_a_remittance_that_was_issued_again_in_another_envelope_counts_once():
    again = PAYMENTS.replace(b"*000500001*", b"*000900001*").replace(b"*500001*X*", b"*900001*X*")
    again = again.replace(b"GE*1*500001~IEA*1*000500001", b"GE*1*900001~IEA*1*000900001")
    assert again != PAYMENTS
    report = reported({"a.837": CLAIMS, "b.835": PAYMENTS, "c.835": again})
    assert problems(report) == {}
    assert paid(report) == {"ONE": 7100, "TWO": 7100}
    assert report.findings == ()


def test_a_claim_of_a_file_that_was_kept_twice_with_other_line_breaks_is_one_claim():
    report = reported({"a.837": CLAIMS, "copy.837": CLAIMS.replace(b"~", b"~\r\n"), "b.835": PAYMENTS})
    assert paid(report) == {"ONE": 7100, "TWO": 7100}
    assert report.findings == ()


def test_of_a_half_written_remittance_all_but_the_last_payment_counts():
    cut = PAYMENTS[: PAYMENTS.index(b"CLP*TWO") + 60]
    report = reported({"a.837": CLAIMS, "b.835": cut})
    assert ("cut_off", cut.index(b"CLP*TWO")) in problems(report)["b.835"]
    assert paid(report) == {"ONE": 7100, "TWO": 0}
    assert [(one.kind, one.claim_number) for one in report.findings] == [("never_answered", "TWO")]


def test_of_a_half_written_claim_file_all_but_the_last_claim_counts():
    cut = CLAIMS[: CLAIMS.index(b"CLM*TWO") + 40]
    report = reported({"a.837": cut, "b.835": PAYMENTS})
    assert ("cut_off", cut.index(b"CLM*TWO")) in problems(report)["a.837"]
    assert paid(report) == {"ONE": 7100}
    assert [(one.kind, one.claim_number, one.cents) for one in report.findings] == [
        ("payment_without_claim", "TWO", 7100)
    ]


def test_another_practices_claims_and_payments_are_left_out():
    theirs = claim("THEIRS", billing_provider=billing(OTHER_NPI, OTHER_TAX_ID))
    files = {
        "a.837": CLAIMS,
        "b.835": PAYMENTS,
        "theirs.837": file_837p(theirs, control=7),
        "theirs.835": file_835(payment("THEIRS"), trace="500002", payee=OTHER_NPI),
    }
    report = reported(files)
    assert problems(report) == {"theirs.837": [("other_practice", None)], "theirs.835": [("other_practice", None)]}
    assert paid(report) == {"ONE": 7100, "TWO": 7100}
    assert report.findings == ()


def test_whose_the_files_are_can_be_said_by_npi():
    theirs = claim("THEIRS", billing_provider=billing(OTHER_NPI, OTHER_TAX_ID))
    files = {"a.837": CLAIMS, "b.837": file_837p(theirs, control=7)}
    assert paid(reported(files, npis=(OTHER_NPI,))) == {"THEIRS": 0}
    assert paid(reported(files, npis=(NPI,))) == {"ONE": 0, "TWO": 0}


def test_odd_delimiters_are_those_of_the_isa():
    """Elements by |, components by >, segments by a line break alone."""
    odd = CLAIMS.replace(b":~", b">~").replace(b"HC:", b"HC>").replace(b"11:B:1", b"11>B>1")
    odd = odd.replace(b"ABK:", b"ABK>").replace(b"*", b"|").replace(b"~", b"\n")
    assert odd.startswith(b"ISA|00|") and b"SV1|HC>97124|" in odd
    report = reported({"a.837": odd, "b.835": PAYMENTS})
    assert problems(report) == {}
    assert paid(report) == {"ONE": 7100, "TWO": 7100}


def test_a_kind_that_says_nothing_of_claims_is_named():
    inquiry = (Path(__file__).parents[4] / "shared/x12/cases/270/pass/sample.x12").read_bytes()
    assert problems(reported({"a.270": inquiry})) == {"a.270": [("kind_not_used", None)]}


def test_a_file_beyond_the_limit_is_read_up_to_it_and_named():
    pieces = [CLAIMS[start : start + 100] for start in range(0, len(CLAIMS), 100)]
    found = read_past_file("a.837", pieces, max_bytes=700)
    assert [one.code for one in found.problems] != []
    assert len(found.claims) < 2


def test_the_order_of_files_and_the_size_of_pieces_change_nothing():
    files = {"a.837": CLAIMS, "b.835": PAYMENTS}
    one = reported(files)
    pieces = [
        read_past_file(name, [content[start : start + 7] for start in range(0, len(content), 7)])
        for name, content in reversed(files.items())
    ]
    other = history_report(pieces, HistoryQuestion(as_of=AS_OF, codes=bundled()))
    assert (other.claims, other.findings, other.files) == (one.claims, one.findings, one.files)


def test_what_is_late_and_open_is_as_of_the_day_of_the_report():
    """Cascade's limit is presumed: 180 days from 2026-04-20 are 2026-10-17. It is asked after 30 days of silence."""
    files = {"a.837": CLAIMS}
    assert reported(files, as_of=date(2026, 5, 24)).findings == ()
    (one, _) = reported(files, as_of=date(2026, 10, 17)).findings
    assert [(w.kind, w.closes_on, w.is_open, w.presumed) for w in one.windows] == [
        ("filing", date(2026, 10, 17), True, True)
    ]
    (late, _) = reported(files, as_of=date(2026, 10, 18)).findings
    assert (late.is_open, late.windows[0].is_open) == (False, False)
