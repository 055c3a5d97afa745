"""Cases of what was done: the note and its signature, diagnoses, lines, modifiers, and what the note's text says."""

from tests.journeys.claim_rules.baselines import CHIROPRACTOR, PHYSICAL_THERAPIST, times, treated_by, work
from tests.journeys.claim_rules.case import Case, new_note, nothing, override
from tests.journeys.claim_rules.office import Facts

TOMORROW = "2026-05-05"


def another_day(day: str, start: str = "09:00", end: str = "10:30", **more: object) -> Facts:
    """A visit of another moment, in words of its own."""
    return new_note(**times(day, start, end), assessment=f"Examined anew on {day} at {start}.", **more)


NOTE = (
    Case("note_unsigned", {"signed_by": None}, "/note/signed", {"signed_by": "therapist"}, submitted=True),
    Case(
        "note_signed_before_treatment",
        another_day(TOMORROW, "07:00", "08:30"),
        "/note/signed_on",
        another_day("2026-04-29"),
        beside=frozenset({"service_in_future"}),
    ),
    Case(
        "technique_unknown",
        new_note(techniques=[work("97124", 30), work("97999", 10)]),
        "/note/techniques/1/procedure_code",
        new_note(techniques=[work("97124", 30), work("97124", 10, "upper back")]),
    ),
    Case(
        "technique_unknown",
        new_note(techniques=[work("97124", 30), work("97999", 10)]),
        "/note/techniques/1/procedure_code",
        {"claim": {"left_off": ["97999"]}},
        branch="left_off",
    ),
    Case(
        "techniques_overlap",
        treated_by(PHYSICAL_THERAPIST)
        | new_note(techniques=[work("97110", 30, start_minute=0), work("97112", 15, start_minute=29)]),
        "/note/techniques/1/start_minute",
        new_note(
            techniques=[
                work("97110", 30, start_minute=0),
                work("97112", 15, started_at="2026-04-30T09:30:00-07:00"),
            ]
        ),
    ),
    Case(
        "adjusted_regions_too_few",
        treated_by(CHIROPRACTOR) | new_note(techniques=[work("98941", 10, "C5-C7, low back")]),
        "/claim/lines/0/procedure_code",
        new_note(techniques=[work("98940", 10, "C5-C7, low back")]),
    ),
    Case(
        "technique_not_billed",
        new_note(techniques=[work("97124", 30), work("97112", 5)]),
        "/note/techniques",
        [nothing],
    ),
)

DIAGNOSIS = (
    Case(
        "diagnosis_missing",
        new_note(diagnoses=[]),
        "/claim/diagnoses",
        new_note(diagnoses=["M54.2"]),
        beside=frozenset({"pointer_missing"}),
    ),
    Case("diagnosis_not_valid", new_note(diagnoses=["M54.5"]), "/claim/diagnoses/0", new_note(diagnoses=["M54.59"])),
    Case(
        "diagnosis_not_valid",
        new_note(diagnoses=["M54.2", "M25.51"]),
        "/claim/diagnoses/1",
        new_note(diagnoses=["M54.2", "M25.511"]),
        branch="heading",
    ),
    Case(
        "diagnosis_not_valid",
        new_note(diagnoses=["M54.22"]),
        "/claim/diagnoses/0",
        new_note(diagnoses=["M54.2"]),
        branch="no_code",
    ),
    Case(
        "diagnosis_edition_unknown",
        another_day("2019-06-03") | {"payer": {"timely_filing_days": 10_000}},
        "/claim/diagnoses",
        [override],
        beside=frozenset({"coverage_not_checked", "note_signed_late"}),
        leaves=frozenset({"coverage_not_checked", "diagnosis_edition_unknown", "note_signed_late"}),
    ),
    Case("diagnosis_vague", new_note(diagnoses=["M54.9"]), "/claim/diagnoses/0", new_note(diagnoses=["M54.2"])),
    Case(
        "diagnosis_external_first",
        new_note(diagnoses=["W01.0XXA", "S13.4XXA"]),
        "/claim/diagnoses/0",
        new_note(diagnoses=["S13.4XXA", "W01.0XXA"]),
        beside=frozenset({"injury_without_accident"}),
        leaves=frozenset({"injury_without_accident"}),
    ),
    Case(
        "diagnosis_manifestation_first",
        new_note(diagnoses=["M36.8", "E85.4"]),
        "/claim/diagnoses/0",
        new_note(diagnoses=["E85.4", "M36.8"]),
    ),
    Case(
        "diagnosis_sequela_first",
        new_note(diagnoses=["S13.4XXS", "M62.838"]),
        "/claim/diagnoses/0",
        new_note(diagnoses=["M62.838", "S13.4XXS"]),
    ),
    Case(
        "diagnoses_exclude_each_other",
        new_note(diagnoses=["M54.2", "M50.221"]),
        "/claim/diagnoses/1",
        new_note(diagnoses=["M50.221"]),
    ),
)

EDITIONS = (
    Case(
        "edits_older_than_service",
        treated_by(PHYSICAL_THERAPIST) | new_note(techniques=[work("97110", 15), work("97112", 15)]),
        "/claim/lines",
        [nothing],
    ),
    Case(
        "edits_older_than_service",
        treated_by(PHYSICAL_THERAPIST) | new_note(techniques=[work("97110", 15), work("97161", 30), work("97140", 15)]),
        "/claim/lines",
        [override],
        branch="pair",
        severity="warn",
        beside=frozenset({"pair_needs_modifier"}),
        leaves=frozenset({"pair_needs_modifier"}),
    ),
)

SEVEN = ("97110", "97112", "97124", "97530", "97533", "97535", "97537")
LINES = (
    Case(
        "lines_missing",
        new_note(techniques=[work("97124", 5)]),
        "/claim/lines",
        new_note(techniques=[work("97124", 15)]),
        beside=frozenset({"technique_not_billed"}),
    ),
    Case(
        "lines_too_many",
        treated_by(PHYSICAL_THERAPIST)
        | {"payer": {"claim_route": "paper"}}
        | new_note(techniques=[work(code, 15) for code in SEVEN], **times("2026-04-30", "09:00", "11:00")),
        "/claim/lines",
        {"payer": {"claim_route": "clearinghouse"}},
    ),
    Case(
        "units_tied",
        treated_by(PHYSICAL_THERAPIST) | new_note(techniques=[work("97124", 20), work("97112", 20)]),
        "/claim/tie_order",
        {"claim": {"tie_order": ["97112", "97124"]}},
    ),
    Case(
        "left_off_not_in_note",
        {"claim": {"left_off": ["97112", "97142"]}} | new_note(techniques=[work("97124", 30), work("97112", 15)]),
        "/claim/left_off/1",
        {"claim": {"left_off": ["97112"]}},
        beside=frozenset({"technique_not_billed"}),
        leaves=frozenset({"technique_not_billed"}),
    ),
    Case(
        "charge_missing",
        {"fees": {"fees": [{"procedure_code": "97112", "charge_cents": 4900}]}},
        "/claim/lines/0/charge_cents",
        {"fees": {"fees": [{"procedure_code": "97124", "charge_cents": 4500}]}},
        submitted=True,
    ),
    Case(
        "pointer_missing",
        new_note(techniques=[work("97124", 30, diagnoses=["M62.838"])]),
        "/claim/lines/0/pointers",
        new_note(techniques=[work("97124", 30, diagnoses=["M54.2"])]),
        beside=frozenset({"technique_treats_unknown_diagnosis"}),
    ),
)


def added(*modifiers: str) -> Facts:
    """The biller's modifiers of the massage."""
    return {"claim": {"modifiers": {"97124": list(modifiers)}}}


MODIFIERS = (
    Case("modifier_unknown", added("Q9"), "/claim/lines/0/modifiers/0", added()),
    Case(
        "modifier_wanted",
        added("22", "52", "KX", "GA"),
        "/claim/lines/0/modifiers",
        added("22", "52"),
        baseline="medicare_advantage",
    ),
    Case("modifier_51_on_therapy", added("51"), "/claim/lines/0/modifiers", added()),
    Case("modifier_25_on_therapy", added("25"), "/claim/lines/0/modifiers", added()),
    Case(
        "modifier_refused",
        {"payer": {"modifiers_refused": ["GP"]}} | added("GP"),
        "/claim/lines/0/modifiers/0",
        added(),
        submitted=True,
    ),
)


def said(**subjective: object) -> Facts:
    return new_note(subjective=subjective)


LONG = "Neck pain on the right, 6 of 10, since late January, worse at the computer."
RECORD = (
    Case("complaint_bare", said(complaint="neck pain today"), "/note/complaint", said(complaint=LONG)),
    Case(
        "functional_limit_missing",
        said(functional_limit=""),
        "/note/functional_limits",
        said(functional_limit="Cannot look over the shoulder while driving."),
    ),
    Case("pain_not_scored", said(pain=None), "/note/pain_before", said(pain=6)),
    Case("response_missing", new_note(pain_after=None, response=""), "/note/response", new_note(pain_after=3)),
    Case(
        "objective_missing",
        new_note(objective={"range_of_motion": ""}),
        "/note/objective",
        new_note(objective={"palpation": "Upper trapezius firm and tender on the right."}),
    ),
    Case("assessment_missing", new_note(assessment=""), "/note/assessment", new_note(assessment="Better than last.")),
    Case(
        "plan_without_goal",
        new_note(plan={"goals": []}),
        "/note/goals",
        new_note(plan={"goals": [{"measure": "Sitting", "target": "60 minutes", "due_on": "2026-06-01"}]}),
    ),
    Case(
        "plan_without_end",
        new_note(plan={"ends_on": None}),
        "/note/plan_ends_on",
        new_note(plan={"ends_on": "2026-06-30"}),
    ),
    Case(
        "plan_over",
        new_note(plan={"ends_on": "2026-04-29"}),
        "/note/plan_ends_on",
        new_note(plan={"ends_on": "2026-06-30"}),
        severity="info",
    ),
    Case(
        "reason_is_wellness",
        said(complaint="Wants relaxation after a long week at work.", functional_limit=""),
        "/note/complaint",
        said(complaint=LONG, functional_limit="Sits for 25 minutes at most."),
        beside=frozenset({"functional_limit_missing"}),
    ),
    Case(
        "reason_is_wellness",
        new_note(diagnoses=["Z73.3", "M54.2"]),
        "/claim/diagnoses/0",
        new_note(diagnoses=["M54.2"]),
        branch="diagnosis",
        beside=frozenset({"diagnosis_vague", "diagnosis_never_first"}),
    ),
    Case(
        "note_copied",
        {},
        "/note/text_digest",
        new_note(assessment="Rotation has gained nine degrees since the last visit."),
        earlier=(new_note(**times("2026-04-28")),),
    ),
    Case(
        "no_change_over_visits",
        {},
        "/note/pain_before",
        said(pain=3),
        earlier=tuple(another_day(f"2026-04-{day:02}") for day in (2, 6, 10, 14, 20, 25)),
    ),
)

VISIT_CASES = (*NOTE, *DIAGNOSIS, *EDITIONS, *LINES, *MODIFIERS, *RECORD)
