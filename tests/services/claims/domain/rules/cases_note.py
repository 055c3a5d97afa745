"""Cases of the rules about the note, its record, and the diagnoses: what must be found and what must pass."""

from datetime import date, timedelta

from services.claims.domain.scrubber_input import GoalInput, TechniqueInput
from tests.services.claims.domain.rules.clean_claims import (
    DAY,
    NOTE,
    all_of,
    billed,
    claim,
    diagnosed,
    history,
    note,
    on,
)

THIRTEEN = tuple(f"M25.5{site}{side}" for site in range(1, 8) for side in (1, 2))[:13]

FOUND = {
    "note_unsigned": [("draft", note(signed=False))],
    "note_signed_before_treatment": [("the day before", note(signed_on=DAY - timedelta(days=1)))],
    "technique_unknown": [("no such code", note(techniques=(*NOTE.techniques, TechniqueInput("97999", 5))))],
    "technique_not_billed": [("left off", note(techniques=(*NOTE.techniques, TechniqueInput("97112", 5))))],
    "techniques_overlap": [
        ("a minute together", billed(("97124", 30, "neck", 0), ("97110", 15, "knee", 29))),
        ("one within the other", billed(("97124", 30, "neck", 0), ("97110", 10, "knee", 10))),
        ("of one code", billed(("97124", 30, "neck", 0), ("97124", 10, "knee", 20))),
        ("a third with the first", billed(("97124", 30, "neck", 0), ("97112", 5, "neck", 30), ("97110", 9, "knee", 2))),
        ("an adjustment within massage", billed(("98940", 10, "neck", 5), ("97124", 30, "lumbar", 0))),
    ],
    "adjusted_regions_too_few": [
        ("98941 on two", billed(("98941", None, "neck and low back"))),
        ("98942 on four", billed(("98942", None, "cervical, thoracic, lumbar, sacral"))),
        ("98941 on one and a shoulder", billed(("98941", None, "C5, C6, left shoulder, right shoulder"))),
    ],
    "complaint_bare": [("back pain", note(complaint="Back pain")), ("nothing", note(complaint=""))],
    "functional_limit_missing": [("none", note(functional_limits=())), ("blank", note(functional_limits=(" ",)))],
    "pain_not_scored": [("no number", note(pain_before=None))],
    "response_missing": [("neither words nor score", note(response="", pain_after=None))],
    "objective_missing": [("blank", note(objective="  "))],
    "assessment_missing": [("none", note(assessment=""))],
    "plan_without_goal": [
        ("no goal", note(goals=())),
        ("a goal without a date", note(goals=(GoalInput("sitting time"),))),
    ],
    "plan_without_end": [("no end", note(plan_ends_on=None)), ("no frequency", note(plan_frequency=""))],
    "plan_over": [("ended in April", note(plan_ends_on=date(2026, 4, 30)))],
    "reason_is_wellness": [
        ("relaxation", note(complaint="Came in for relaxation and stress relief", functional_limits=())),
        ("Z73.3 first", diagnosed("Z73.3")),
    ],
    "note_copied": [("the text of last week", history(note_digests=("older", "digest-of-today")))],
    "no_change_over_visits": [("six visits at 6", history(pain_scores=(6, 6, 7, 6, 5, 6)))],
    "diagnosis_missing": [("none", claim(diagnoses=()))],
    "diagnosis_not_valid": [
        ("M54.5 ended 2021-09-30", diagnosed("M54.5")),
        ("M51.36 became a heading", diagnosed("M51.36")),
        ("M54.50 before its first day", all_of(diagnosed("M54.50"), on(date(2021, 9, 30)))),
        ("T85.7XXS does not exist", diagnosed("T85.7XXS")),
        ("M79.1 heading", diagnosed("M79.1")),
        ("G44.2 heading", diagnosed("G44.2")),
        ("R51 heading", diagnosed("R51")),
        ("S13.4 heading", diagnosed("S13.4")),
        ("S39.012 lacks its seventh character", diagnosed("S39.012")),
        ("not a code at all", diagnosed("HELLO")),
    ],
    "diagnosis_edition_unknown": [
        ("after the newest edition", all_of(diagnosed("M54.59"), on(date(2027, 1, 4)))),
        ("before the oldest", all_of(diagnosed("M54.2"), on(date(2019, 1, 7)))),
        ("in the gap", all_of(diagnosed("M62.85"), on(date(2023, 1, 9)))),
    ],
    "diagnosis_external_first": [("a fall first", diagnosed("W18.30XA", "S39.012A"))],
    "diagnosis_manifestation_first": [("manifestation first", diagnosed("M01.X11", "M25.511"))],
    "diagnosis_sequela_first": [("late effect first", diagnosed("S39.012S", "M54.59"))],
    "diagnoses_exclude_each_other": [
        ("low back pain and strain", diagnosed("M54.59", "S39.012A")),
        ("low back pain and lumbago with sciatica", diagnosed("M54.50", "M54.41")),
        ("low back pain and disc displacement", diagnosed("M54.59", "M51.26")),
        ("myalgia and fibromyalgia", diagnosed("M79.18", "M79.7")),
    ],
}

PASSES = {
    "techniques_overlap": [
        ("one after the other", billed(("97124", 30, "neck", 0), ("97110", 15, "knee", 30))),
        ("a start is not known", billed(("97124", 30, "neck", 0), ("97110", 15, "knee"))),
        ("a hot pack meanwhile", billed(("97124", 30, "neck", 0), ("97010", None, "knee", 10))),
        ("current meanwhile", billed(("97110", 30, "neck", 0), ("G0283", None, "knee", 0))),
        ("a code not known", billed(("97124", 30, "neck", 0), ("97999", None, "knee", 0))),
    ],
    "adjusted_regions_too_few": [
        ("98940 on one", billed(("98940", None, "neck"))),
        ("98941 on three", billed(("98941", None, "neck, mid back and low back"))),
        ("98942 on all five", billed(("98942", None, "cervical, thoracic, lumbar, sacral, pelvic"))),
        ("98942 on the whole spine", billed(("98942", None, "full spine"))),
        ("a word not known", billed(("98942", None, "as before"))),
    ],
    "note_signed_before_treatment": [("signed a week later", note(signed_on=DAY + timedelta(days=7)))],
    "technique_not_billed": [
        ("an unknown code is another rule's", note(techniques=(*NOTE.techniques, TechniqueInput("X", 5))))
    ],
    "reason_is_wellness": [
        ("stress with a limit in function", note(complaint="Neck pain worse under stress at work")),
        ("Z73.3 second", diagnosed("M54.59", "Z73.3")),
    ],
    "no_change_over_visits": [
        ("two points better", history(pain_scores=(8, 8, 8, 8, 8, 8))),
        ("five visits only", history(pain_scores=(6, 6, 6, 6, 6))),
    ],
    "plan_over": [("its last day", note(plan_ends_on=DAY))],
    "diagnosis_not_valid": [
        *[
            (code, diagnosed(code))
            for code in [
                "S13.4XXA",
                "S16.1XXA",
                "S33.5XXA",
                "S39.012A",
                "M54.2",
                "M54.6",
                "M62.830",
                "M25.511",
                "G44.86",
                "M99.03",
            ]
        ],
        ("M54.5 on its last day", all_of(diagnosed("M54.5"), on(date(2021, 9, 30)))),
        ("M54.50 on its first day", all_of(diagnosed("M54.50"), on(date(2021, 10, 1)))),
        ("M51.36 before it became a heading", all_of(diagnosed("M51.36"), on(date(2024, 9, 30)))),
        ("lower case and no dot", diagnosed("m5459")),
        ("valid on the last day that is known", all_of(diagnosed("M54.59"), on(date(2027, 1, 4)))),
        ("before the editions nothing is known", all_of(diagnosed("M54.5"), on(date(2019, 1, 7)))),
    ],
    "diagnosis_edition_unknown": [
        ("the newest edition's last day", all_of(diagnosed("M54.59"), on(date(2026, 9, 30)))),
        ("the oldest edition's first day", all_of(diagnosed("M54.2"), on(date(2020, 10, 1)))),
    ],
    "diagnosis_external_first": [("the injury first", diagnosed("S39.012A", "W18.30XA"))],
    "diagnosis_manifestation_first": [("the disease first", diagnosed("M25.511", "M01.X11"))],
    "diagnosis_sequela_first": [("the condition first", diagnosed("M54.59", "S39.012S"))],
    "diagnoses_exclude_each_other": [
        ("neck and mid back", diagnosed("M54.2", "M54.6")),
        ("low back pain and hip pain", diagnosed("M54.59", "M25.551")),
    ],
    "diagnosis_missing": [("one", diagnosed("M54.59"))],
    "technique_unknown": [("known codes", billed(("97124", 30)))],
    "plan_without_goal": [("one good goal is enough", note(goals=(GoalInput("x"), NOTE.goals[0])))],
}
