"""Appeals without a service: levels and days by profile, causes of a letter, interest, who is asked to help."""

from dataclasses import replace
from datetime import date, timedelta
from string import Formatter

import pytest

from services.claims.domain.adjustment_decisions import REASONS
from services.claims.domain.appeals import letter_texts
from services.claims.domain.appeals.appeal_case import AppealCase
from services.claims.domain.appeals.causes import CAUSE_OF_ROW, Cause, Denial, cause_of
from services.claims.domain.appeals.escalation import EscalateTo, why_not
from services.claims.domain.appeals.interest import interest_due
from services.claims.domain.appeals.letter import missing_facts, write_letter
from services.claims.domain.appeals.levels import MAX_LEVELS, answer_due, level_of
from services.claims.domain.appeals.lifecycle import APPEAL_LIFECYCLE, AppealEvent, AppealState
from shared.payer_profiles import LatePaymentInterest, PayerProfile, profile_named, profile_names

NOTICE, VISIT = date(2025, 10, 1), date(2025, 9, 1)
SILENCE = 30


def levels(name, *, self_insured=False):
    """(kind, last day, answer due when sent on the day of the notice) of each level."""
    profile = profile_named(name).of_plan(self_insured=self_insured)
    found = [level_of(profile, level, notice_on=NOTICE, date_of_service=VISIT) for level in range(1, MAX_LEVELS + 2)]
    return [(one.kind, str(one.last_day), str(answer_due(one, NOTICE, SILENCE))) for one in found if one is not None]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (
            "commercial",
            [
                ("appeal", "2026-03-30", "2025-11-30"),
                ("second_appeal", "None", "2025-10-31"),
                ("external_review", "2026-01-29", "2025-11-15"),
            ],
        ),
        ("united", [("reconsideration", "2026-10-01", "2025-10-31"), ("appeal", "2025-12-05", "2025-10-31")]),
        (
            "medicare",
            [
                ("redetermination", "2026-01-29", "2025-11-30"),
                ("reconsideration", "2026-03-30", "2025-11-30"),
                ("hearing", "2025-11-30", "2025-12-30"),
            ],
        ),
        ("medicare_advantage", [("appeal", "2025-12-05", "2025-11-30")]),
        ("wa_lni", [("protest", "2025-11-30", "2025-10-31"), ("board_appeal", "2025-11-30", "2025-10-31")]),
        ("va_community_care", [("appeal", "None", "2025-10-31")] * MAX_LEVELS),
        ("auto_pip", [("appeal", "None", "2025-10-31")] * MAX_LEVELS),
        ("workers_comp", [("appeal", "None", "2025-10-31")] * MAX_LEVELS),
    ],
)
def test_the_levels_of_a_program_and_their_days(name, found):
    assert levels(name) == found


def test_an_employer_that_insures_itself_has_levels_of_its_own():
    assert levels("wa_lni", self_insured=True) == [
        ("payment_dispute", "2025-12-30", "2025-10-31"),
        ("department_dispute", "None", "2025-10-31"),
    ]
    assert profile_named("wa_lni").of_plan(self_insured=False).interest == ()


def test_every_level_of_every_packaged_profile_names_its_source():
    windows = [window for name in profile_names() for window in profile_named(name).disputes]
    assert windows
    assert [one for one in windows if not one.source or (one.answer_days is not None and not one.answer_source)] == []


@pytest.mark.parametrize(
    ("state", "after_each_event"),
    [
        # send, escalate, upheld, overturned, partly_overturned, unanswered, withdraw
        ("draft", ("sent", None, None, None, None, None, "withdrawn")),
        *(
            (one, (None, "escalated", "upheld", "overturned", "partly_overturned", "unanswered", "withdrawn"))
            for one in ("sent", "escalated")
        ),
        *((one, (None,) * 7) for one in ("upheld", "overturned", "partly_overturned", "unanswered", "withdrawn")),
    ],
)
def test_an_appeal_moves_by_this_table_alone(state, after_each_event):
    found = [APPEAL_LIFECYCLE.transitions.get((AppealState(state), event)) for event in AppealEvent]
    assert found == list(after_each_event)


def test_a_cause_is_named_by_the_first_reason_of_a_row_and_holds_for_all_of_the_row():
    assert set(CAUSE_OF_ROW) <= {row.reasons[0] for row in REASONS}
    assert {cause_of(code) for code in ("50", "55", "56", "150", "151", "272")} == {Cause.MEDICAL_NECESSITY}
    assert {cause_of(code) for code in ("66", "999", "1", "")} == {Cause.OTHER}


def blanks_of(text):
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def case(cause, **blanks):
    return AppealCase((Denial(1, "CO", "x", (), 100, "label", cause),), blanks)


@pytest.mark.parametrize("cause", Cause)
def test_without_a_fact_no_letter_has_a_blank_and_each_missing_fact_is_said_once(cause):
    letter = write_letter(case(cause))
    assert "{" not in letter and "None" not in letter
    assert letter.endswith(letter_texts.CLOSING)
    wanted = {name for text in letter_texts.BY_CAUSE[cause] for name in blanks_of(text)}
    codes = [one.code for one in missing_facts(case(cause))]
    assert sorted(codes) == sorted(letter_texts.MISSING[name][0] for name in wanted & letter_texts.MISSING.keys())


@pytest.mark.parametrize("cause", Cause)
def test_with_all_facts_a_letter_says_every_sentence_of_its_cause(cause):
    wanted = {name for text in letter_texts.BY_CAUSE[cause] for name in blanks_of(text)}
    full = replace(case(cause, **dict.fromkeys(wanted, "on file")), accepted_on=VISIT, filing_limit_on=NOTICE)
    said = " ".join(text.format_map(full.blanks) for text in letter_texts.BY_CAUSE[cause])
    assert said in write_letter(full)
    assert missing_facts(full) == ()


def test_the_causes_of_a_letter_stand_in_the_order_of_their_amounts():
    of = (
        Denial(1, "CO", "97", (), 100, "", Cause.BUNDLED),
        Denial(2, "CO", "50", (), 200, "", Cause.MEDICAL_NECESSITY),
    )
    assert AppealCase(of, {}).causes == (Cause.MEDICAL_NECESSITY, Cause.BUNDLED)
    assert AppealCase((), {}).causes == (Cause.OTHER,)


OWED = PayerProfile(interest=(LatePaymentInterest(60, 100, "the law", monthly_minimum_cents=100),))


@pytest.mark.parametrize(
    ("open_cents", "today", "found"),
    [
        (18_200, date(2026, 5, 31), None),
        (18_200, date(2026, 6, 1), (182, 1)),
        (18_200, date(2026, 6, 30), (182, 1)),
        (18_200, date(2026, 7, 1), (364, 2)),
        (5_000, date(2026, 7, 1), (200, 2)),
        (0, date(2026, 7, 1), None),
        (18_200, date(2026, 3, 3), None),
    ],
)
def test_interest_is_for_whole_months_after_the_days_and_at_least_the_least(open_cents, today, found):
    due = interest_due(OWED, open_cents, date(2026, 3, 2), today)
    assert (due and (due.amount_cents, due.months)) == found
    assert due is None or due.overdue_from == date(2026, 5, 1)


def test_no_interest_is_claimed_without_a_law_or_without_the_day_of_receipt():
    assert interest_due(PayerProfile(), 18_200, VISIT, NOTICE + timedelta(days=400)) is None
    assert interest_due(OWED, 18_200, None, NOTICE) is None


@pytest.mark.parametrize(
    ("name", "to", "given", "code"),
    [
        ("auto_wa", "insurance_department", {}, None),
        ("auto_wa", "insurance_department", {"self_insured": True}, "not_state_regulated"),
        ("auto_wa", "insurance_department", {"today": date(2025, 10, 1)}, "prompt_pay_not_over"),
        ("auto_wa", "insurance_department", {"today": date(2025, 10, 2)}, None),
        ("auto_wa", "insurance_department", {"received_on": None}, "receipt_unknown"),
        ("auto_wa", "supervisor", {"answer_due_on": date(2025, 12, 31)}, "answer_not_due"),
        ("commercial", "insurance_department", {}, "prompt_pay_unknown"),
        ("commercial", "supervisor", {}, None),
        ("medicare", "insurance_department", {}, "not_state_regulated"),
        ("medicare_advantage", "insurance_department", {}, "not_state_regulated"),
        ("va_community_care", "insurance_department", {}, "not_state_regulated"),
        ("wa_lni", "insurance_department", {}, "not_state_regulated"),
        ("wa_lni", "workers_comp_agency", {}, None),
        ("auto_wa", "workers_comp_agency", {}, "not_its_agency"),
    ],
)
def test_who_may_be_asked_to_move_a_silent_payer(name, to, given, code):
    facts = {
        "self_insured": False,
        "answer_due_on": date(2025, 9, 20),
        "received_on": VISIT,
        "today": date(2025, 12, 31),
        **given,
    }
    why = why_not(EscalateTo(to), profile_named(name), **facts)
    assert (why.code if why else None) == code
