"""Cases of how much a diagnosis tells, whom it fits, and what each line points to."""

from tests.journeys.claim_rules.baselines import work
from tests.journeys.claim_rules.case import Case, new_note, nothing, override
from tests.journeys.claim_rules.office import Facts

FIRST = "/claim/diagnoses/0"
EXPECTING = ["O26.892", "M54.59", "Z3A.22"]
FIVE = ["M54.2", "M54.6", "M54.59", "M25.511", "M79.18"]


def with_diagnoses(*codes: str, **more: object) -> Facts:
    return new_note(diagnoses=list(codes), **more)


DIAGNOSIS_CASES = (
    Case(
        "diagnosis_side_missing",
        with_diagnoses("M54.2", "m25519"),
        "/claim/diagnoses/1",
        with_diagnoses("M54.2", "m25511"),
    ),
    Case(
        "diagnosis_both_sides",
        with_diagnoses("G56.01", "G56.02"),
        "/claim/diagnoses/1",
        with_diagnoses("G56.03"),
    ),
    Case(
        "diagnosis_unspecified",
        with_diagnoses("G43.909"),
        FIRST,
        with_diagnoses("G43.001"),
    ),
    Case(
        "injury_in_two_phases",
        with_diagnoses("S13.4XXA", "S13.4XXD"),
        "/claim/diagnoses/1",
        with_diagnoses("S13.4XXD"),
        beside=frozenset({"injury_without_accident"}),
        leaves=frozenset({"injury_without_accident"}),
    ),
    Case(
        "injury_phase_late",
        {"coverage": {"accident": {"occurred_on": "2025-12-02"}}} | with_diagnoses("S13.4XXA"),
        FIRST,
        [nothing],
        baseline="auto",
    ),
    Case(
        "diagnosis_other_sex",
        {"patient": {"sex": "male"}} | with_diagnoses(*EXPECTING),
        FIRST,
        {"patient": {"sex": "female"}},
    ),
    Case(
        "diagnosis_other_age",
        {"patient": {"birth_date": "1947-07-19"}} | with_diagnoses("O99.891", "M54.59", "Z3A.22"),
        FIRST,
        {"patient": {"birth_date": "1997-07-19"}},
        baseline="auto",
    ),
    Case(
        "pregnancy_not_first",
        with_diagnoses("M54.59", "O26.892", "Z3A.22"),
        "/claim/diagnoses/1",
        with_diagnoses(*EXPECTING),
    ),
    Case("pregnancy_weeks", with_diagnoses("O26.892", "M54.59"), FIRST, with_diagnoses(*EXPECTING)),
    Case(
        "pregnancy_weeks",
        with_diagnoses("O26.893", "M54.59", "Z3A.22"),
        FIRST,
        with_diagnoses(*EXPECTING),
        branch="of_another_trimester",
    ),
    Case("diagnosis_never_first", with_diagnoses("Z96.651", "M25.561"), FIRST, with_diagnoses("M25.561", "Z96.651")),
    Case(
        "diagnosis_never_first",
        {"payer": {"profile": "united", "massage_therapists": "pays"}} | with_diagnoses("Z96.651", "M25.561"),
        FIRST,
        with_diagnoses("M25.561", "Z96.651"),
        branch="united_denies",
        severity="block",
    ),
    Case("diagnosis_not_paid_alone", with_diagnoses("F41.1"), "/claim/diagnoses", with_diagnoses("M54.2", "F41.1")),
    Case(
        "diagnosis_not_paid_alone",
        with_diagnoses("F43.12"),
        "/claim/diagnoses",
        [override],
        branch="the_payer_was_asked",
        leaves=frozenset({"diagnosis_not_paid_alone"}),
    ),
    Case(
        "diagnosis_not_valid",
        with_diagnoses("s134"),
        FIRST,
        with_diagnoses("S13.4XXD"),
        branch="seventh_character",
        beside=frozenset({"injury_without_accident"}),
        leaves=frozenset({"injury_without_accident"}),
    ),
    Case(
        "technique_treats_unknown_diagnosis",
        new_note(diagnoses=["M54.2"], techniques=[work("97124", 30, diagnoses=["M54.2", "M25.511"])]),
        "/note/techniques/0/diagnoses",
        with_diagnoses("M54.2", "M25.511"),
    ),
    Case(
        "pointers_by_order",
        with_diagnoses(*FIVE, techniques=[work("97124", 30, region="tender points")]),
        "/claim/lines/0/pointers",
        new_note(techniques=[work("97124", 30, diagnoses=["M79.18", "M54.2"])]),
    ),
)
