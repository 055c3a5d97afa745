"""Cases of who is liable: accidents, the insurer of an injury, and what a state's law excludes."""

from tests.journeys.claim_rules.baselines import treated_by, work
from tests.journeys.claim_rules.case import Case, new_note, override, void
from tests.journeys.claim_rules.office import Facts

ACUPUNCTURIST = "171100000X"


def in_florida(day: str = "2026-04-20") -> Facts:
    """The accident was in Florida; the payer's profile is that of another state."""
    return {"coverage": {"accident": {"occurred_on": day, "state": "FL"}}}


def another_insurer(profile: str, **coverage: object) -> Facts:
    """The patient has another coverage on file."""
    return {
        "other_payer": {"name": "Juniper Auto", "payer_identifier": "JUNIP", "profile": profile},
        "other_coverage": {"patient_id": "pat_1", "payer_id": "pay_2", "member_id": "JUN0001", **coverage},
    }


NECK_SINCE_THE_CRASH = "Neck pain on the right since she was rear-ended in January, worse at the computer."
LIABILITY_CASES = (
    Case("massage_excluded_by_law", in_florida(), "/claim/lines", [void], baseline="auto"),
    Case(
        "acupuncture_excluded_by_law",
        in_florida() | treated_by(ACUPUNCTURIST) | new_note(techniques=[work("97810", 15)]),
        "/claim/lines",
        [void],
        baseline="auto",
    ),
    Case(
        "first_care_too_late",
        in_florida("2026-04-02") | treated_by("225100000X") | new_note(techniques=[work("97110", 30)]),
        "/claim/accident_date",
        [override],
        baseline="auto",
        leaves=frozenset({"first_care_too_late"}),
    ),
    Case(
        "injury_without_accident",
        new_note(diagnoses=["M54.2", "V43.52XA"]),
        "/claim/diagnoses/1",
        {"coverage": {"accident": {"occurred_on": "2026-04-02", "cause": "other"}}},
    ),
    Case(
        "injury_without_accident",
        new_note(subjective={"complaint": NECK_SINCE_THE_CRASH, "pain": 6, "functional_limit": "Sits for 25 minutes."}),
        "/note/complaint",
        [override],
        branch="words_of_a_crash",
        leaves=frozenset({"injury_without_accident"}),
    ),
    Case(
        "injury_without_accident",
        new_note(diagnoses=["S13.4XXA"]),
        "/claim/diagnoses/0",
        {"coverage": {"accident": {"occurred_on": "2026-04-02", "cause": "other"}}},
        branch="an_injury",
        severity="info",
    ),
    Case("injury_insurer_first", another_insurer("auto_pip", rank=1), "/coverage/injury_insurers", [void]),
    Case(
        "two_primary_coverages",
        another_insurer("commercial", rank=1),
        "/coverage/rank",
        {"other_coverage": {"rank": 2}},
    ),
)
