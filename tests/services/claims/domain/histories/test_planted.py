"""A report finds exactly what was planted: each kind, by claim and to the cent, and nothing on a day without faults."""

from collections.abc import Mapping

import pytest

from services.claims.domain.histories.finding_kinds import FindingKind
from services.claims.domain.histories.history_report import HistoryQuestion, HistoryReport, history_report
from services.claims.domain.histories.read_past_file import read_past_file
from shared.codesets import bundled
from tests.services.claims.domain.histories.past_practice import AS_OF
from tests.services.claims.domain.histories.planted import BOOKS, TERMS, clean_files, planted_files

PLANTED = {
    ("rejected_never_resent", "REJECTED", 13500, "claim_rejected"),
    ("never_answered", "SILENT", 13500, "payer_silent"),
    ("denied_late_with_proof", "INTIME", 13500, "adjustment_appeal_if_proof"),
    ("denied_never_worked", "DENIED", 13500, "adjustment_appeal"),
    ("denied_never_worked", "NOGP", 13500, "adjustment_correct_claim"),
    ("taken_back", "REVERSED", 13500, "reversal"),
    ("void_not_done", "VOIDNOW", 7100, "void_unanswered"),
    ("underpaid", "SHORT", 1500, "payer_fee"),
    ("allowed_below_usual", "BELOW", 1200, "payer_fee"),
    ("secondary_never_billed", "UNBILLED", 2500, "coordination_of_benefits"),
    ("secondary_told_otherwise", "CHANGED", 1000, "next_payer_misinformed"),
    ("patient_overcharged", "AHEAD", 1500, "patient_credit"),
    ("billed_to_patient_wrongly", "BILLED", 3900, ""),
    ("written_off_wrongly", "WROTEOFF", 2500, ""),
    ("paid_twice", "AGAIN", 7100, ""),
    ("overpaid", "TWICEPAID", 13500, "overpaid"),
    ("duplicate_sent", "AGAIN", 13500, "duplicate_claim"),
    ("payment_without_claim", "NOBODYS", 4300, ""),
    ("service_without_line", "STRAYLINE", 7100, ""),
    ("remittance_out_of_balance", "", 1, ""),
    ("payment_out_of_balance", "OFFBY", -1, ""),
    ("taken_beside_claims", "", 5000, ""),
    ("forward_balance_open", "", 2000, ""),
    ("rule_would_have_caught", "NOGP", 13500, "modifier_wanted"),
}


def reported(files: Mapping[str, bytes], **changes) -> HistoryReport:
    read = [read_past_file(name, [content]) for name, content in files.items()]
    assert [file.problems for file in read] == [[]] * len(read)
    return history_report(read, HistoryQuestion(**{"as_of": AS_OF, "codes": bundled(), **changes}))


@pytest.fixture(scope="module")
def planted() -> HistoryReport:
    return reported(planted_files(), terms=TERMS, own_balances=BOOKS)


def test_a_day_without_faults_has_no_finding():
    """Six visits of 135.00: each was paid 71.00, 39.00 are written off, and 25.00 are the patient's."""
    report = reported(clean_files(), own_balances=BOOKS)
    assert report.findings == ()
    assert {(one.money.paid_cents, one.money.written_off_cents, one.money.patient_cents) for one in report.claims} == {
        (7100, 3900, 2500)
    }
    assert {(one.rebuilt.state, one.rebuilt.outcome, one.next_action.kind) for one in report.claims} == {
        ("adjudicated", "paid", "bill_patient")
    }


def test_each_planted_fault_is_found_to_the_cent_and_nothing_else(planted):
    assert {(one.kind, one.claim_number, one.cents, one.rule) for one in planted.findings} == PLANTED
    assert len(planted.findings) == len(PLANTED)


def test_every_kind_of_finding_is_planted():
    assert {kind for kind, *_ in PLANTED} == {kind.value for kind in FindingKind}
