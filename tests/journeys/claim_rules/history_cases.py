"""Cases of what other visits and claims say."""

from tests.journeys.claim_rules.baselines import CHIROPRACTOR, PHYSICAL_THERAPIST, times, treated_by, work
from tests.journeys.claim_rules.case import (
    Case,
    Changing,
    new_note,
    override,
    submit,
    void_the_earlier_claim,
)
from tests.journeys.claim_rules.office import Facts
from tests.journeys.claim_rules.permission_cases import LATER, YESTERDAY
from tests.journeys.claim_rules.right_claims import with_another_therapist
from tests.journeys.claim_rules.visit_cases import TOMORROW, another_day

AFTERNOON = another_day("2026-04-30", "15:00", "16:30")
ALONE: Facts = {"payer": {"unit_method": "ama"}}
"""The method that pools nothing, so that two visits of a day stand apart."""
HISTORY_CASES = (
    Case(
        "service_in_future",
        another_day(TOMORROW, "07:00", "08:30") | {"signed_by": None},
        "/claim/date_of_service",
        another_day("2026-04-30"),
        beside=frozenset({"note_unsigned"}),
        leaves=frozenset({"note_unsigned"}),
    ),
    Case(
        "filing_too_late",
        {"payer": {"timely_filing_days": 3}},
        "/claim/date_of_service",
        [override],
        leaves=frozenset({"filing_too_late"}),
    ),
    Case(
        "filing_too_late",
        {"payer": {"timely_filing_days": 3}},
        "/claim/date_of_service",
        {"payer": {"timely_filing_days": 90}},
        branch="limit_wrong",
    ),
    Case(
        "filing_too_late",
        {"coverage": {"accident": {"state": "OR"}}} | another_day("2026-02-27"),
        "/claim/date_of_service",
        {"payer": {"timely_filing_days": 90}},
        branch="law_of_the_state",
        baseline="comp_anywhere",
        beside=frozenset({"note_signed_late"}),
        leaves=frozenset({"note_signed_late"}),
    ),
    Case(
        "filing_too_late",
        another_day("2025-11-04"),
        "/claim/date_of_service",
        {"payer": {"timely_filing_days": 365}},
        branch="presumed",
        severity="warn",
        beside=frozenset({"note_signed_late", "coverage_not_checked"}),
        leaves=frozenset({"note_signed_late", "coverage_not_checked"}),
    ),
    Case(
        "filing_soon",
        another_day("2025-11-05"),
        "/claim/date_of_service",
        {"payer": {"timely_filing_days": 365}},
        branch="presumed",
        beside=frozenset({"note_signed_late", "coverage_not_checked"}),
        leaves=frozenset({"note_signed_late", "coverage_not_checked"}),
    ),
    Case(
        "filing_limit_unknown",
        {"payer": {"timely_filing_days": None}},
        "/claim/date_of_service",
        {"payer": {"timely_filing_days": 365}},
        baseline="medicare_advantage",
    ),
    Case("filing_soon", {"payer": {"timely_filing_days": 10}}, "/claim/date_of_service", [submit]),
    Case("duplicate_claim", ALONE, "/claim/lines/0/procedure_code", [void_the_earlier_claim], earlier=(AFTERNOON,)),
    Case(
        "units_across_claims",
        ALONE | new_note(techniques=[work("97124", 45)]),
        "/claim/lines/0/units",
        [void_the_earlier_claim],
        earlier=(AFTERNOON,),
        beside=frozenset({"duplicate_claim"}),
    ),
    Case(
        "units_across_claims",
        ALONE | treated_by(CHIROPRACTOR) | new_note(techniques=[work("98940", 10), work("97110", 30)]),
        "/claim/lines/0/units",
        {"claim": {"left_off": ["98940"]}},
        branch="never_twice",
        severity="block",
        earlier=(another_day("2026-04-30", "15:00", "16:30", techniques=[work("98940", 10)]),),
        beside=frozenset({"duplicate_claim"}),
        leaves=frozenset({"technique_not_billed"}),
    ),
    Case(
        "pair_across_claims",
        {"payer": {"unit_method": "ama", "manual_therapy_by_massage_therapist": "pays"}},
        "/claim/lines/0/procedure_code",
        [void_the_earlier_claim],
        severity="block",
        earlier=(another_day("2026-04-30", "15:00", "16:30", techniques=[work("97140", 30)]),),
    ),
    Case(
        "pair_across_claims",
        {"payer": {"unit_method": "ama", "manual_therapy_by_massage_therapist": "pays"}},
        "/claim/lines/0/procedure_code",
        [void_the_earlier_claim],
        branch="payer_without_edits",
        baseline="auto",
        earlier=(another_day("2026-04-30", "15:00", "16:30", techniques=[work("97140", 30)]),),
        severity="info",
    ),
    Case(
        "pool_across_claims",
        treated_by(PHYSICAL_THERAPIST),
        "/claim/lines",
        [void_the_earlier_claim, Changing(new_note(techniques=[work("97124", 30), work("97112", 30)]))],
        earlier=(LATER,),
    ),
    Case(
        "sessions_overlap",
        {},
        "/note/start",
        another_day("2026-04-30", "13:00", "14:30"),
        earlier=(
            {
                "other_patient": {"name": {"first": "Omar", "last": "Reed"}, "birth_date": "1990-02-01"},
                "other_patients_coverage": {"patient_id": "pat_3", "payer_id": "pay_1", "member_id": "HOLLY0003"},
                "billed_to": "cov_3",
                "note": {"patient_id": "pat_3", **times("2026-04-30", "10:00", "11:00")},
            },
        ),
    ),
    Case(
        "patient_with_two_therapists",
        ALONE | new_note(**times("2026-04-30", "09:00", "10:00")),
        "/note/start",
        new_note(**times("2026-04-30", "11:00", "12:00")),
        earlier=(with_another_therapist("09:30", "10:30"),),
    ),
    Case(
        "patient_with_two_therapists",
        ALONE | new_note(**times("2026-04-30", "09:00", "10:00")),
        "/note/start",
        [override],
        branch="together",
        earlier=(with_another_therapist("09:30", "10:30"),),
        leaves=frozenset({"patient_with_two_therapists"}),
    ),
    Case(
        "frequency_above_plan",
        new_note(plan={"frequency": "1x/week"}),
        "/note/plan_frequency",
        new_note(plan={"frequency": "2x/week"}),
        earlier=(another_day("2026-04-28"),),
        severity="info",
    ),
    Case(
        "year_of_visits_full",
        {"payer": {"visits_a_year": 1}},
        "/claim/date_of_service",
        {"payer": {"visits_a_year": 24}},
        earlier=(YESTERDAY,),
    ),
)
