"""Which adjustment reason and remark codes exist, and our words for them."""

from datetime import date

import pytest

from shared.codesets import bundled
from shared.codesets.adjustments import adjustment_texts, reason_label

ON = date(2026, 5, 1)


def test_every_listed_reason_has_a_label_and_a_cause():
    texts = adjustment_texts()
    assert set(texts.reason_labels) == set(texts.reason_causes)
    assert all(texts.reason_labels.values()) and all(cause.endswith(".") for cause in texts.reason_causes.values())


def test_leading_zeros_and_lower_case_name_the_same_reason():
    assert reason_label("045") == reason_label("45") != ""
    assert reason_label("b7") == reason_label("B7") != ""


@pytest.mark.parametrize(
    ("code", "there"),
    [("1", True), ("45", True), ("P23", True), ("B7", True), ("302", True), ("999", False), ("0", False), ("", False)],
)
def test_which_reason_codes_exist(code, there):
    assert bundled().adjustment_reason(code, ON) is there


def test_an_ended_reason_existed_until_its_last_day():
    assert bundled().adjustment_reason("125", date(2013, 11, 1))
    assert not bundled().adjustment_reason("125", ON)
    assert bundled().adjustment_reason("125", None)


@pytest.mark.parametrize(
    ("code", "there"), [("MA130", True), ("M76", True), ("N290", True), ("MA01", True), ("ZZ1", False), ("M999", False)]
)
def test_which_remark_codes_exist(code, there):
    assert bundled().remark(code, ON) is there
