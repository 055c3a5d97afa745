"""Pairs of visits on the two sides of a line: what a coder lets pass, and what lies just beyond it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.journeys.claim_rules.baselines import (
    CHIROPRACTOR,
    DAY,
    OCCUPATIONAL_THERAPIST,
    PHYSICAL_THERAPIST,
    PROCEDURES,
    order,
    permission,
    times,
    work,
)
from tests.journeys.claim_rules.case import new_note
from tests.journeys.claim_rules.liability_cases import another_insurer
from tests.journeys.claim_rules.office import Facts, merged
from tests.journeys.claim_rules.permission_cases import REQUIRED, YESTERDAY, authorized, ordered
from tests.journeys.claim_rules.right_claims import Visit, at, by, card
from tests.journeys.claim_rules.visit_cases import another_day

NATUROPATH, ACUPUNCTURIST, SPEECH, OT_ASSISTANT = "175F00000X", "171100000X", "235Z00000X", "224Z00000X"
EXERCISE = work("97110", 30)
UNCHECKED: Facts = {"asked": False}


def visit(
    name: str,
    *facts: Facts,
    over: str = "commercial",
    earlier: Sequence[Facts] = (),
    blocked_by: str = "",
    warned_by: str = "",
) -> Visit:
    """A visit of these facts, one laid over the other; the rules that it meets, in words."""
    whole: dict[str, Any] = {}
    for some in facts:
        whole = merged(whole, some)
    found = frozenset({*blocked_by.split(), *warned_by.split()})
    return Visit(name, whole, over, earlier, found, "blocked" if blocked_by else "ready")


def carrying(procedure_code: str, *modifiers: str) -> Facts:
    return {"claim": {"modifiers": {procedure_code: list(modifiers)}}}


def diagnosed(*codes: str) -> Facts:
    return new_note(diagnoses=list(codes))


def told(complaint: str) -> Facts:
    return new_note(subjective={"complaint": complaint})


def priced(*codes: str) -> Facts:
    return {"fees": {"fees": [{"procedure_code": code, "charge_cents": 4500} for code in (*PROCEDURES, *codes)]}}


def authorizations(**more: Mapping[str, Any]) -> Facts:
    """Two that hold, of which the first ends first."""
    first, second = permission(), permission(number="A7732", effective_to="2026-07-31")
    return {"authorizations": {"auth_1": {**first, **more["first"]}, "auth_2": {**second, **more["second"]}}}


PERMISSIONS = (
    visit(
        "the first of two authorizations is used up",
        REQUIRED,
        authorizations(first={"visits": 1}, second={}),
        earlier=[YESTERDAY],
    ),
    visit(
        "both authorizations are used up",
        REQUIRED,
        authorizations(first={"visits": 1}, second={"visits": 1}),
        earlier=[YESTERDAY, another_day("2026-04-20")],
        blocked_by="authorization_visits_used",
    ),
    visit("an authorization on its last day", REQUIRED, authorized(effective_to=DAY)),
    visit("an authorization on its first day", REQUIRED, authorized(effective_from=DAY)),
    visit(
        "an authorization of the neck in other words",
        REQUIRED,
        authorized(regions=["cervical"]),
        new_note(techniques=[work("97124", 30, "c-spine")]),
    ),
    visit(
        "a muscle that reaches beyond the authorized region",
        REQUIRED,
        authorized(regions=["cervical"]),
        new_note(techniques=[work("97124", 30, "upper trap")]),
        blocked_by="authorization_other_region",
    ),
    visit(
        "a second referral after the first is used up",
        {"payer": {"referral": "required"}},
        {"referrals": {"ref_1": order(visits=1), "ref_2": order(issued_on="2026-04-10")}},
        earlier=[YESTERDAY],
    ),
    visit("a referral of the day itself", {"payer": {"referral": "required"}}, ordered(issued_on=DAY)),
    visit(
        "a referral that ended the day before",
        {"payer": {"referral": "required"}},
        ordered(effective_to="2026-04-29"),
        blocked_by="referral_not_on_day",
    ),
    visit(
        "massage of two a year after one of massage and one of exercise",
        card("HOLLYTWO"),
        earlier=[
            another_day("2026-04-10"),
            by(PHYSICAL_THERAPIST, EXERCISE) | another_day("2026-04-14", techniques=[EXERCISE]),
        ],
    ),
    visit(
        "massage of two a year after two of the year before",
        card("HOLLYTWO"),
        earlier=[another_day("2025-12-10"), another_day("2025-12-17")],
    ),
)


def filed(name: str, profile: str, state: str, day: str, **found: str) -> Visit:
    """A compensation claim of an injury in a state, for exercise on a day."""
    accident = {"occurred_on": "2025-12-02", "state": state, "cause": "employment"}
    facts = {"payer": {"profile": profile}, "coverage": {"accident": accident}}
    treated = by(PHYSICAL_THERAPIST, EXERCISE, **times(day))
    return visit(
        name,
        facts,
        {"referrals": {"ref_1": order(issued_on="2025-12-03")}},
        treated,
        over="comp_anywhere",
        blocked_by=found.get("blocked_by", ""),
        warned_by=found.get("warned_by", ""),
    )


def crashed(name: str, state: str, day: str, **found: str) -> Visit:
    """An auto claim of a crash in a state, for exercise on a day."""
    accident = {"occurred_on": "2026-03-10", "state": state, "cause": "auto"}
    facts = {"payer": {"profile": f"auto_{state.lower()}"}, "coverage": {"accident": accident}}
    orders = {"referrals": {"ref_1": order(issued_on="2026-03-11")}}
    treated = by(PHYSICAL_THERAPIST, EXERCISE, **times(day))
    return visit(
        name,
        facts,
        orders,
        treated,
        over="auto",
        blocked_by=found.get("blocked_by", ""),
        warned_by=found.get("warned_by", ""),
    )


TOO_LATE, SOON = "filing_too_late", "filing_soon"
FILING = (
    filed("Texas on the 95th day", "workers_comp_tx", "TX", "2026-01-29", warned_by=SOON),
    filed("Texas on the 96th day", "workers_comp_tx", "TX", "2026-01-28", blocked_by=TOO_LATE),
    filed("Oregon on the 60th day", "workers_comp_or", "OR", "2026-03-05", warned_by=SOON),
    filed("Oregon on the 61st day", "workers_comp_or", "OR", "2026-03-04", blocked_by=TOO_LATE),
    filed("a Texan injury under an Oregonian profile", "workers_comp_or", "TX", "2026-03-04"),
    crashed("New York on the 45th day", "NY", "2026-03-20", warned_by=SOON),
    crashed("New York on the 46th day", "NY", "2026-03-19", blocked_by=TOO_LATE),
    crashed("Florida on the 35th day", "FL", "2026-03-30", warned_by=f"{SOON} first_care_too_late"),
    crashed("Florida on the 36th day", "FL", "2026-03-29", blocked_by=TOO_LATE, warned_by="first_care_too_late"),
)
MEDICARE: Facts = {
    "payer": {"profile": "medicare", "authorization": None, "referral": None, "massage_therapists": None},
    "asked": False,
}
OUTSIDE, ADJUSTED = "procedure_outside_scope", new_note(diagnoses=["M99.03", "M54.59"])
SCOPE = (
    visit("Medicare, exercise by a chiropractor", MEDICARE, by(CHIROPRACTOR, EXERCISE), ADJUSTED, blocked_by=OUTSIDE),
    visit(
        "Medicare, exercise by a chiropractor for a denial",
        MEDICARE,
        by(CHIROPRACTOR, EXERCISE),
        ADJUSTED,
        carrying("97110", "GY"),
    ),
    visit(
        "Medicare, an adjustment by a sports chiropractor",
        MEDICARE,
        by("111NS0005X", work("98940", 10, "low back")),
        ADJUSTED,
        carrying("98940", "AT"),
    ),
    visit(
        "Medicare, exercise by a sports chiropractor",
        MEDICARE,
        by("111NS0005X", EXERCISE),
        ADJUSTED,
        blocked_by=OUTSIDE,
    ),
    visit(
        "an Advantage plan, exercise by a chiropractor",
        by(CHIROPRACTOR, EXERCISE),
        ADJUSTED,
        over="medicare_advantage",
    ),
    visit("Medicare, needles", MEDICARE, by(ACUPUNCTURIST, work("97810", 15)), blocked_by=OUTSIDE),
    visit("Medicare, exercise by a naturopath", MEDICARE, by(NATUROPATH, EXERCISE), blocked_by=OUTSIDE),
    visit(
        "cognition by a speech-language pathologist",
        priced("97129"),
        by(SPEECH, work("97129", 15), diagnoses=["R41.841"]),
    ),
    visit("exercise by a speech-language pathologist", by(SPEECH, EXERCISE), blocked_by=OUTSIDE),
    visit(
        "work of an occupational therapy assistant",
        by(OT_ASSISTANT, work("97530", 30)),
        blocked_by="not_a_rendering_provider",
    ),
    visit("anxiety, by a hand therapist", by("225XH1200X", work("97530", 30), diagnoses=["F43.12"])),
)
ASSISTANT = "modifier_of_another_assistant"
MODIFIERS = (
    visit("exercise by an assistant", by(PHYSICAL_THERAPIST, EXERCISE), carrying("97110", "CQ", "GP")),
    visit(
        "activities by an assistant",
        by(OCCUPATIONAL_THERAPIST, work("97530", 30)),
        carrying("97530", "CO", "GO"),
    ),
    visit("massage by a physical therapist's assistant", carrying("97124", "CQ", "GP"), blocked_by=ASSISTANT),
    visit(
        "exercise by an occupational therapist's assistant",
        by(PHYSICAL_THERAPIST, EXERCISE),
        carrying("97110", "CO"),
        blocked_by=f"{ASSISTANT} modifier_of_assistant_without_plan",
    ),
    visit("GX beside GY", carrying("97124", "GX", "GY")),
    visit("GX beside GA", carrying("97124", "GX", "GA"), blocked_by="modifiers_exclude_each_other"),
    visit("95 at home by video", by(PHYSICAL_THERAPIST, EXERCISE), at("10"), carrying("97110", "95")),
    visit(
        "95 at home in person",
        by(PHYSICAL_THERAPIST, EXERCISE),
        at("12"),
        carrying("97110", "95"),
        blocked_by="modifier_telehealth_by_place",
    ),
    visit(
        "a second treatment of the day with 76",
        {"payer": {"unit_method": "ama"}},
        another_day(DAY, "15:00", "16:00"),
        carrying("97124", "76"),
        earlier=[another_day(DAY, "09:00", "10:00") | {"claim": {"modifiers": {}}}],
    ),
    visit(
        "a second treatment of the day without 76",
        {"payer": {"unit_method": "ama"}},
        another_day(DAY, "15:00", "16:00"),
        earlier=[another_day(DAY, "09:00", "10:00")],
        blocked_by="duplicate_claim",
    ),
)
EXCLUDED = "diagnoses_exclude_each_other"
DIAGNOSES = (
    visit("carpal tunnel of both wrists as two codes", diagnosed("G56.01", "G56.02"), warned_by="diagnosis_both_sides"),
    visit("arthrosis of both knees as two codes", diagnosed("M17.11", "M17.12"), warned_by="diagnosis_both_sides"),
    visit("both shoulders frozen, for which no code is", diagnosed("M75.01", "M75.02")),
    visit("neck pain beside its disc", diagnosed("M50.20", "M54.2"), blocked_by=EXCLUDED),
    visit("a traumatic tear of the cuff beside another one", diagnosed("M75.101", "S46.011D"), blocked_by=EXCLUDED),
    visit("an open wound's phase on a sprain", diagnosed("S13.4XXB"), blocked_by="diagnosis_not_valid"),
    visit("week 13 in the first trimester", diagnosed("O26.891", "M54.59", "Z3A.13")),
    visit("week 28 in the second trimester", diagnosed("O26.892", "M54.59", "Z3A.28"), warned_by="pregnancy_weeks"),
    visit("after a birth, without weeks", diagnosed("O90.89", "M54.59")),
)
TOLD = "injury_without_accident"
COMPLAINTS = (
    visit("a crash that there was not", told("Neck pain since January; no car accident, denies MVA or fall.")),
    visit("sleepless since a crash", told("Cannot turn, and is not sleeping since the car accident."), warned_by=TOLD),
    visit("shoulders that hurt at work", told("Neck and shoulders hurt at work, at the computer, since January.")),
    visit("hurt at work", told("Was hurt at work on Monday, the low back is stiff since then."), warned_by=TOLD),
    visit("worse with lifting", told("Low back pain, worse with lifting at work, since January.")),
    visit("since lifting", told("Low back pain since lifting a crate at work on Monday."), warned_by=TOLD),
)
INSURERS = (
    visit("an injury's insurer that has ended", another_insurer("workers_comp", effective_to="2026-04-29")),
    visit("an injury's insurer", another_insurer("workers_comp"), warned_by="injury_insurer_first"),
    visit("another first plan from the day after", another_insurer("commercial", rank=1, effective_from="2026-05-01")),
    visit("Medicare as another first plan", another_insurer("medicare", rank=1), warned_by="two_primary_coverages"),
    visit("a Floridian insurer of a crash in Washington", {"payer": {"profile": "auto_fl"}}, over="auto"),
)
BOX, PLACEHOLDER = "billing_address_po_box", "id_is_placeholder"


def street(line1: str, **more: str) -> Facts:
    return {"practice": {"address": {"line1": line1, **more}}}


NUMBERS = (
    *(visit(f"an office at {line1}", street(line1), blocked_by=BOX) for line1 in ("POB 12", "PO Drawer 4")),
    *(visit(f"an office at {line1}", street(line1)) for line1 in ("12 Boxwood Lane", "1 Post Office Square")),
    visit(
        "an office's ZIP of four zeros", street("88 Mill Road", zip="981070000"), blocked_by="billing_zip_incomplete"
    ),
    *(
        visit(f"member id {number}", card(number), UNCHECKED, blocked_by=PLACEHOLDER)
        for number in ("SELFPAY", "NOTONFILE", "UNKNOWN1", "PENDING123")
    ),
    *(visit(f"member id {number}", card(number), UNCHECKED) for number in ("SELF12093", "100000001", "PENDING1234")),
    visit("an authorization by word of mouth", REQUIRED, authorized(number="VERBAL"), blocked_by=PLACEHOLDER),
)
NEAR_MISSES = (
    *PERMISSIONS,
    *FILING,
    *SCOPE,
    *MODIFIERS,
    *DIAGNOSES,
    *COMPLAINTS,
    *INSURERS,
    *NUMBERS,
)
