"""Cases of how much a diagnosis tells and of whom: what must be found and what must pass."""

from dataclasses import replace
from datetime import date, timedelta

from services.claims.domain.scrubber_input import TechniqueInput
from tests.services.claims.domain.rules.clean_claims import (
    DAY,
    NOTE,
    all_of,
    claim,
    diagnosed,
    note,
    patient,
    provider,
)

WITHOUT_SIDE = ("M25.519", "M75.100", "M54.30", "M79.603", "G56.00", "S43.409A", "S93.409D", "M1710", "m70.20")
VAGUE = ("R52", "M54.9", "M25.50", "M54.50", "M79.10", "F43.9", "M79.609", "M62.40", "M19.90", "M48.00")
OLD = claim(accident_date=DAY - timedelta(days=91))
EXPECTING = ("O26.893", "M54.59", "Z3A.32")


def aged(years, days=0):
    """A patient who has been so old for so many days."""
    return patient(birth_date=date(DAY.year - years, DAY.month, DAY.day) - timedelta(days=days))


def treating(*named):
    """The first technique treated these."""
    return lambda context: replace(
        context, note=replace(context.note, techniques=(TechniqueInput("97124", 38, diagnoses=named),))
    )


FOUND = {
    "diagnosis_side_missing": [(code, diagnosed(code)) for code in WITHOUT_SIDE],
    "diagnosis_both_sides": [
        ("wrists", diagnosed("G56.01", "G56.02")),
        ("knees, left first", diagnosed("M54.59", "M17.12", "M17.11")),
        ("jaws", diagnosed("M26.621", "M26.622")),
    ],
    "diagnosis_vague": [(code, diagnosed(code)) for code in VAGUE],
    "diagnosis_unspecified": [(code, diagnosed(code)) for code in ("G43.909", "S63.501D", "M17.9", "I63.9")],
    "injury_in_two_phases": [
        ("A and D", diagnosed("S13.4XXA", "S13.4XXD")),
        ("D and S", diagnosed("M54.2", "S39.012D", "S39.012S")),
    ],
    "injury_phase_late": [("a strain of last winter", all_of(diagnosed("S39.012A"), OLD))],
    "diagnosis_other_sex": [
        ("a man who is pregnant", all_of(diagnosed(*EXPECTING), patient(sex="male"))),
        ("a woman's prostate", all_of(diagnosed("N40.1"), patient(sex="female"))),
        ("weeks alone", all_of(diagnosed("M54.59", "Z3A.20"), patient(sex="male"))),
    ],
    "diagnosis_other_age": [
        ("newborn at 46", diagnosed("Z38.00")),
        ("child's at 18", all_of(diagnosed("F84.3"), aged(18))),
        ("pregnant at 8", all_of(diagnosed(*EXPECTING), aged(9, -1))),
        ("pregnant at 65", all_of(diagnosed(*EXPECTING), aged(65))),
        ("old age's osteoporosis at 14", all_of(diagnosed("M81.0"), aged(15, -1))),
    ],
    "pregnancy_not_first": [("after the back", diagnosed("M54.59", "O26.893", "Z3A.32"))],
    "pregnancy_weeks": [
        ("none", diagnosed("O26.893", "M54.59")),
        ("supervision without", diagnosed("O09.511")),
        ("weeks of no pregnancy", diagnosed("M54.59", "Z3A.32")),
        ("third trimester in week 20", diagnosed("O26.893", "Z3A.20")),
        ("first trimester in week 14", diagnosed("O26.891", "Z3A.14")),
        ("second trimester in week 28", diagnosed("O26.892", "Z3A.28")),
    ],
    "diagnosis_never_first": [(code, diagnosed(code, "M25.561")) for code in ("Z96.651", "Z59.00", "Z91.81", "B95.0")],
    "diagnosis_not_paid_alone": [
        ("anxiety", diagnosed("F41.1")),
        ("stress and poverty", diagnosed("Z73.3", "Z59.6")),
        ("an occupational therapist's fall risk", all_of(diagnosed("Z91.81"), provider(taxonomy="225X00000X"))),
    ],
    "technique_treats_unknown_diagnosis": [("a knee that is not listed", treating("M54.59", "M25.561"))],
    "pointers_by_order": [
        (
            "five, and neither a diagnosis nor a region is named",
            all_of(
                diagnosed("M54.59", "M54.2", "M25.551", "M62.830", "M79.18"),
                note(techniques=tuple(replace(one, region="tender points") for one in NOTE.techniques)),
            ),
        )
    ],
}

PASSES = {
    "diagnosis_side_missing": [
        (code, diagnosed(code)) for code in ("M25.511", "M54.2", "M54.50", "M25.50", "M75.101", "S42.002D", "M17.9")
    ],
    "diagnosis_both_sides": [
        ("no code for both", diagnosed("M75.01", "M75.02")),
        ("one of each", diagnosed("G56.01", "M17.12")),
        ("another nerve of the other arm", diagnosed("G56.01", "G56.22")),
        ("both already", diagnosed("G56.03")),
    ],
    "diagnosis_vague": [
        (code, diagnosed(code))
        for code in ("M54.59", "M25.511", "M25.519", "S83.91XA", "S42.002D", "M54.16", "M99.03", "G43.909")
    ],
    "diagnosis_unspecified": [(code, diagnosed(code)) for code in ("M54.2", "M54.50", "M25.519", "M99.03")],
    "injury_in_two_phases": [
        ("both ankles", diagnosed("S93.401A", "S93.402D")),
        ("neck and back", diagnosed("S13.4XXA", "S33.5XXD")),
        ("codes that merely begin alike", diagnosed("M54.2", "M54.6")),
    ],
    "injury_phase_late": [
        ("on the ninetieth day", all_of(diagnosed("S39.012A"), claim(accident_date=DAY - timedelta(days=90)))),
        ("healing", all_of(diagnosed("S39.012D"), OLD)),
        ("no injury code", all_of(diagnosed("M54.59"), OLD)),
    ],
    "diagnosis_other_sex": [
        ("a woman's pregnancy", all_of(diagnosed(*EXPECTING), patient(sex="female"))),
        ("sex not known", all_of(diagnosed(*EXPECTING), patient(sex="unknown"))),
    ],
    "diagnosis_other_age": [
        ("pregnant on her ninth birthday", all_of(diagnosed(*EXPECTING), aged(9))),
        ("pregnant on the eve of her 65th", all_of(diagnosed(*EXPECTING), aged(65, -1))),
        ("a child's on the eve of 18", all_of(diagnosed("F84.3"), aged(18, -1))),
        ("an adult's on the 15th birthday", all_of(diagnosed("M81.0"), aged(15))),
        ("born today", all_of(diagnosed("Z38.00"), aged(0))),
    ],
    "pregnancy_not_first": [("first", diagnosed(*EXPECTING)), ("incidental", diagnosed("M54.59", "Z33.1"))],
    "pregnancy_weeks": [
        ("in its trimester", diagnosed(*EXPECTING)),
        ("week 13 is of the first", diagnosed("O26.891", "Z3A.13")),
        ("week 14 is of the second", diagnosed("O26.892", "Z3A.14")),
        ("week 28 is of the third", diagnosed("O26.893", "Z3A.28")),
        ("weeks not known", diagnosed("O26.893", "Z3A.00")),
        ("after birth", diagnosed("O99.893", "M54.59")),
        ("a pregnancy that ended early", diagnosed("O03.9")),
    ],
    "diagnosis_never_first": [
        ("after the knee", diagnosed("M25.561", "Z96.651")),
        ("aftercare", diagnosed("Z47.1", "Z96.651")),
    ],
    "diagnosis_not_paid_alone": [
        ("with a neck", diagnosed("F41.1", "M54.2")),
        ("aftercare", diagnosed("Z47.1", "Z96.651")),
        ("after a concussion", diagnosed("F07.81")),
        ("an occupational therapist's patient", all_of(diagnosed("F32.1"), provider(taxonomy="225X00000X"))),
        ("a hand therapist's patient", all_of(diagnosed("F32.1"), provider(taxonomy="225XH1200X"))),
        ("none at all is another rule's", claim(diagnoses=())),
    ],
    "technique_treats_unknown_diagnosis": [("without the dot", treating("m5459"))],
    "pointers_by_order": [
        ("four", diagnosed("M54.59", "M54.2", "M25.551", "M62.830")),
        ("four and a cause", diagnosed("S39.012A", "M54.2", "M25.551", "M62.830", "W18.30XA")),
        (
            "the region is named",
            all_of(
                diagnosed("M54.59", "M54.2", "M25.551", "M62.830", "M79.18"),
                note(techniques=tuple(replace(one, region="neck") for one in NOTE.techniques)),
            ),
        ),
        (
            "named",
            all_of(
                diagnosed("M54.59", "M54.2", "M25.551", "M62.830", "M79.18"),
                note(techniques=tuple(replace(one, diagnoses=("M79.18",)) for one in NOTE.techniques)),
            ),
        ),
    ],
}
