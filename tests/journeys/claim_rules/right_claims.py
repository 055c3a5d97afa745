"""Right claims that a rule of thumb would stop, and their near misses."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.journeys.claim_rules.baselines import (
    ADDRESS,
    CHIROPRACTOR,
    DAY,
    OCCUPATIONAL_THERAPIST,
    PHYSICAL_THERAPIST,
    times,
    work,
)
from tests.journeys.claim_rules.case import new_note
from tests.journeys.claim_rules.office import Facts, merged
from tests.journeys.claim_rules.visit_cases import another_day


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit over a baseline, after `earlier` ones, and the rules that warn of it or block it."""

    name: str
    facts: Facts
    baseline: str = "commercial"
    earlier: Sequence[Facts] = ()
    found: frozenset[str] = frozenset()
    state: str = "ready"

    def __str__(self) -> str:
        return self.name


def by(taxonomy: str, *techniques: Facts, **note: object) -> Facts:
    """A visit to a therapist of a discipline."""
    return {"therapist": {"taxonomy": taxonomy}} | new_note(techniques=list(techniques), **note)


def card(member_id: str) -> Facts:
    return {"coverage": {"member_id": member_id}}


EXERCISE, ACTIVITIES, MASSAGE = work("97110", 30), work("97530", 30), work("97124", 30)
ADJUSTMENT = work("98940", 10)
SUBLUXATION = ["M99.01", "M54.2"]
NOT_COVERED, USED_UP = frozenset({"massage_not_covered"}), frozenset({"visits_used_up"})
SAID_OF_MASSAGE = (
    Visit("exercise where massage is not covered", card("HOLLYNONE") | by(PHYSICAL_THERAPIST, EXERCISE)),
    Visit("activities where massage is not covered", card("HOLLYNONE") | by(OCCUPATIONAL_THERAPIST, ACTIVITIES)),
    Visit(
        "an adjustment where massage is not covered",
        card("HOLLYNONE") | by(CHIROPRACTOR, ADJUSTMENT, diagnoses=SUBLUXATION),
    ),
    Visit("exercise where massage visits are used up", card("HOLLYUSED") | by(PHYSICAL_THERAPIST, EXERCISE)),
    Visit(
        "massage by a physical therapist where massage is not covered",
        card("HOLLYNONE") | by(PHYSICAL_THERAPIST, MASSAGE),
        found=NOT_COVERED,
    ),
    Visit(
        "massage beside exercise where massage is not covered",
        card("HOLLYNONE") | by(PHYSICAL_THERAPIST, EXERCISE, work("97124", 15)),
        found=NOT_COVERED,
    ),
    Visit("massage where massage is not covered", card("HOLLYNONE"), found=NOT_COVERED, state="blocked"),
    Visit("massage where massage visits are used up", card("HOLLYUSED"), found=USED_UP, state="blocked"),
)


def after(visits: int, **more: object) -> Facts:
    """So many visits for the injury before, reported upon the day before."""
    return {"coverage": {"prior_visits": visits, "progress_report_on": "2026-04-29", **more}}


FORM = {
    "forms_on_file": [{"form": "F245-417-000", "filed_on": "2026-04-20"}],
    "improvement_documented_on": "2026-04-28",
}
PHYSICAL, OCCUPATIONAL = by(PHYSICAL_THERAPIST, EXERCISE), by(OCCUPATIONAL_THERAPIST, ACTIVITIES)
STEP, AUTHORIZATION = frozenset({"visit_step_not_met"}), frozenset({"authorization_missing"})
DAYS = ("2026-04-15", "2026-04-17", "2026-04-20", "2026-04-22", "2026-04-24", "2026-04-27")
WORSE = {"pain": 9}
SIX_OF_MASSAGE = tuple(another_day(day, subjective=WORSE) for day in DAYS)
SIX_OF_ANOTHER_INJURY = tuple(visit | {"coverage": {"claim_number": "BK41208"}} for visit in SIX_OF_MASSAGE)
SIX_OF_THERAPY = tuple(
    by(PHYSICAL_THERAPIST, EXERCISE) | another_day(day, techniques=[EXERCISE], subjective=WORSE) for day in DAYS
)
THRICE: Facts = new_note(plan={"frequency": "4x/week"})
STATE_FUND = (
    Visit("the twelfth visit of physical therapy", after(11) | PHYSICAL, "workers_comp"),
    Visit("the twelfth visit of occupational therapy", after(11) | OCCUPATIONAL, "workers_comp"),
    Visit("the thirteenth with the form", after(12, **FORM) | PHYSICAL, "workers_comp"),
    Visit("the twenty-fourth with the form", after(23, **FORM) | OCCUPATIONAL, "workers_comp"),
    Visit("the thirteenth without the form", after(12) | PHYSICAL, "workers_comp", found=STEP, state="blocked"),
    Visit(
        "the twenty-fifth with the form alone",
        after(24, **FORM) | PHYSICAL,
        "workers_comp",
        found=AUTHORIZATION,
        state="blocked",
    ),
    Visit("the seventh of massage", after(6), "workers_comp", found=STEP, state="blocked"),
    Visit("the first of another injury", THRICE, "workers_comp", SIX_OF_ANOTHER_INJURY),
    Visit("the first of massage after physical therapy", THRICE, "workers_comp", SIX_OF_THERAPY),
    Visit(
        "the seventh of one injury",
        THRICE,
        "workers_comp",
        SIX_OF_MASSAGE,
        frozenset({"visit_step_not_met", "progress_report_due"}),
        "blocked",
    ),
)


HOUR = times(DAY, "09:00", "10:00")
ANOTHER_PATIENT: Facts = {
    "other_patient": {"name": {"first": "Omar", "last": "Reed"}, "birth_date": "1990-02-01", "address": ADDRESS},
    "other_patients_coverage": {"patient_id": "pat_3", "payer_id": "pay_1", "member_id": "HOLLY0003"},
    "billed_to": "cov_3",
}


def of_another(start: str, end: str, *techniques: Facts) -> Facts:
    """The same therapist's session with another patient of the day."""
    said = "Examined for the first time."
    note = new_note(patient_id="pat_3", techniques=list(techniques), assessment=said, **times(DAY, start, end))
    return ANOTHER_PATIENT | note


def with_another_therapist(start: str, end: str) -> Facts:
    """The same patient's session with another therapist of the day, for another payer's count of minutes."""
    colleague = {"name": {"first": "Ana", "last": "Ito"}, "npi": "1679576722", "taxonomy": "225700000X"}
    said = "Seen by a colleague as well."
    return {"other_therapist": colleague | {"license_number": "MA60418853", "license_expires_on": "2027-02-11"}} | (
        new_note(therapist_id="thr_2", assessment=said, **times(DAY, start, end))
    )


GROUP = work("97150", 60)
CURRENT = work("G0283", 15)
TWO_AT_ONCE, TWO_THERAPISTS = frozenset({"sessions_overlap"}), frozenset({"patient_with_two_therapists"})
NO_POOL: Facts = {"payer": {"unit_method": "ama"}}
AT_ONE_TIME = (
    Visit(
        "two people of one group",
        by(PHYSICAL_THERAPIST, GROUP, **HOUR),
        earlier=(of_another("09:00", "10:00", GROUP),),
    ),
    Visit(
        "a group and a person alone",
        by(PHYSICAL_THERAPIST, GROUP, **HOUR),
        earlier=(of_another("09:00", "10:00", work("97110", 30)),),
        found=TWO_AT_ONCE,
        state="blocked",
    ),
    Visit(
        "exercise while another patient lies under a current",
        by(PHYSICAL_THERAPIST, work("97110", 30), **HOUR),
        earlier=(of_another("08:15", "09:15", work("97530", 30), CURRENT),),
    ),
    Visit(
        "exercise with two patients",
        by(PHYSICAL_THERAPIST, work("97110", 30), **HOUR),
        earlier=(of_another("08:15", "09:15", work("97530", 30)),),
        found=TWO_AT_ONCE,
        state="blocked",
    ),
    Visit(
        "a current beside hands-on work of the whole session",
        by(PHYSICAL_THERAPIST, work("97110", 60), CURRENT, **HOUR),
    ),
    Visit(
        "two therapists with one patient",
        NO_POOL | new_note(**HOUR),
        earlier=(with_another_therapist("09:30", "10:30"),),
        found=TWO_THERAPISTS,
        state="blocked",
    ),
    Visit(
        "two therapists one after the other",
        NO_POOL | new_note(**HOUR),
        earlier=(with_another_therapist("10:00", "11:00"),),
    ),
)
BOTH = new_note(techniques=[work("97140", 15), work("97124", 30, "low back")])
PAID_TO_MASSAGE: Facts = {"payer": {"manual_therapy_by_massage_therapist": "pays"}}
NEVER_TOGETHER = frozenset({"pair_never_together", "edits_older_than_service"})
HARDENING = [{"procedure_code": "97546", "label": "Work hardening, each hour", "timed": False, "source": "Own fees"}]
WORK_HARDENING = by(PHYSICAL_THERAPIST, work("97546", 60))
PRICED: Facts = {"fees": {"fees": [{"procedure_code": "97546", "charge_cents": 9000}]}}
OF_THE_PAYERS_OWN = (
    Visit("massage beside manual therapy", merged(PAID_TO_MASSAGE, BOTH), found=NEVER_TOGETHER, state="blocked"),
    Visit(
        "massage beside manual therapy of a payer that pays both",
        merged(merged(PAID_TO_MASSAGE, BOTH), {"payer": {"ncci_edits": False}}),
    ),
    Visit(
        "a code that nobody has added",
        PRICED | WORK_HARDENING,
        found=frozenset({"technique_unknown", "lines_missing"}),
        state="blocked",
    ),
    Visit("a code of the practice's own", PRICED | WORK_HARDENING | {"practice": {"own_procedures": HARDENING}}),
    Visit("a code of the payer's own", PRICED | WORK_HARDENING | {"payer": {"own_procedures": HARDENING}}),
)


def at(code: str, **place: object) -> Facts:
    """The visit was elsewhere than at the practice."""
    return new_note(place={"place_of_service": code, **place})


GYM: dict[str, object] = {
    "name": "Mill Road Gym",
    "address": {"line1": "88 Mill Road", "city": "Tacoma", "state": "WA", "zip": "984021234"},
}
TRAINING = by(PHYSICAL_THERAPIST, EXERCISE)
ELSEWHERE = (
    Visit("at the patient's home", at("12")),
    Visit("at a gym", at("99", **GYM)),
    Visit("at the second office", at("11", **GYM)),
    Visit("exercise by telehealth", merged(TRAINING, at("10"))),
    Visit("massage by telehealth", at("02"), found=frozenset({"hands_on_by_telehealth"}), state="blocked"),
    Visit("at a place of no list", at("98", **GYM), found=frozenset({"place_unknown"}), state="blocked"),
    Visit("at a gym of no address", at("99"), found=frozenset({"service_address_missing"}), state="blocked"),
    Visit(
        "at home for the state fund",
        at("12"),
        "workers_comp",
        found=frozenset({"away_from_premises"}),
        state="blocked",
    ),
    Visit("by a namesake's surname", {"patient": {"name": {"last": "Solberg"}}, "asked": False}),
    Visit("for a member of a long number", card("W123456789") | {"asked": False}),
)
ALL_VISITS = (*ELSEWHERE, *SAID_OF_MASSAGE, *STATE_FUND, *AT_ONE_TIME, *OF_THE_PAYERS_OWN)
