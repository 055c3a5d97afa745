"""One last day to file: for the rule that blocks and for the date of the next action."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.claims.domain.filing_deadline import filing_deadline
from services.claims.domain.ledger import Balances
from services.claims.domain.lifecycle import ClaimState, Outcome
from services.claims.domain.next_action import Situation
from services.claims.domain.worked_action import next_action
from shared.payer_profiles import profile_from, profile_named
from tests.services.claims.domain.rules.clean_claims import CLEAN, all_of, claim, findings_of, profile, whole

DAY = date(2026, 5, 4)
REMITTED = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("settings", "primary_remitted_on", "last"),
    [
        ({"extends": "medicare"}, None, date(2027, 5, 4)),
        ({"extends": "medicare", "timely_filing_days": 90}, None, date(2026, 8, 2)),
        ({"extends": "commercial"}, None, date(2026, 10, 31)),
        ({"extends": "commercial", "timely_filing_months": 1}, None, date(2026, 6, 4)),
        ({"extends": "commercial"}, REMITTED, date(2026, 10, 31)),
        ({"extends": "commercial", "secondary_counts_from": "remittance"}, REMITTED, date(2026, 12, 28)),
        ({"extends": "auto_pip"}, None, None),
    ],
)
def test_the_last_day_to_file(settings, primary_remitted_on, last):
    assert filing_deadline(profile_from(settings), DAY, primary_remitted_on=primary_remitted_on) == last


def test_of_days_and_months_the_days_count_since_they_were_set_for_this_payer():
    both = replace(profile_named("medicare"), timely_filing_days=90)
    assert (both.timely_filing_months, filing_deadline(both, DAY)) == (12, date(2026, 8, 2))


def test_a_month_is_the_same_day_or_the_last_one_there_is():
    assert filing_deadline(profile_from({"extends": "medicare"}), date(2024, 2, 29)) == date(2025, 2, 28)


@pytest.mark.parametrize("today", [date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 3)])
def test_the_payers_own_days_over_medicares_months_give_one_answer_to_rule_and_next_action(today):
    """The 90 days end on 2026-08-02: until then the next action is due by then, after it the rule blocks."""
    settings = {"extends": "medicare", "timely_filing_days": 90}
    late = findings_of("filing_too_late", all_of(profile("medicare", timely_filing_days=90), whole(as_of=today)))
    assert [one.message for one in late] == (
        ["The filing limit was 2026-08-02, 1 day ago."] if today > date(2026, 8, 2) else []
    )
    situation = Situation(
        today=today,
        state=ClaimState.BLOCKED,
        outcome=Outcome.NONE,
        profile=profile_from(settings),
        date_of_service=DAY,
        money=Balances(),
        stopping=("member_id_missing",),
    )
    assert next_action(situation).due_on == max(today, date(2026, 8, 2))


@pytest.mark.parametrize(
    ("named", "own", "late_days", "severity", "mends_by"),
    [
        ("commercial", {}, 181, "warn", "set the payer's own days (PUT /v1/payers/{record_id}"),
        ("commercial_wa", {}, 181, "warn", "set the payer's own days (PUT /v1/payers/{record_id}"),
        ("commercial", {"timely_filing_days": 180}, 181, "block", "correct a wrong limit"),
        ("united", {}, 91, "block", "correct a wrong limit"),
        ("va_community_care", {}, 181, "block", "correct a wrong limit"),
    ],
)
def test_a_limit_that_no_document_says_of_the_payer_warns_and_any_other_blocks(
    named, own, late_days, severity, mends_by
):
    last_day = DAY + timedelta(days=late_days - 1)
    assert findings_of("filing_too_late", all_of(profile(named, **own), whole(as_of=last_day))) == []
    [soon] = findings_of("filing_soon", all_of(profile(named, **own), whole(as_of=last_day)))
    assert ("presumed" in soon.message, "PUT /v1/payers" in soon.fix) == ((severity == "warn"),) * 2
    [late] = findings_of("filing_too_late", all_of(profile(named, **own), whole(as_of=last_day + timedelta(days=1))))
    assert (late.severity, late.overridable, mends_by in late.fix) == (severity, True, True)


def test_a_second_payer_that_counts_from_the_remittance_has_its_own_last_day_in_both():
    settings = {"extends": "commercial", "secondary_counts_from": "remittance"}
    prior = replace(CLEAN.claim, sequence="S").prior_payments
    assert prior == ()
    today = date(2026, 12, 29)
    change = all_of(profile("commercial", secondary_counts_from="remittance"), claim(sequence="S"), whole(as_of=today))
    assert findings_of("filing_too_late", change)[0].message == (
        "This payer's own filing limit is not known; "
        "the one that is presumed of such plans was 2026-10-31, 59 days ago."
    )
    situation = Situation(
        today=date(2026, 12, 27),
        state=ClaimState.BLOCKED,
        outcome=Outcome.NONE,
        profile=profile_from(settings),
        date_of_service=DAY,
        money=Balances(),
        primary_remitted_on=REMITTED,
    )
    assert next_action(situation).due_on == date(2026, 12, 28)
