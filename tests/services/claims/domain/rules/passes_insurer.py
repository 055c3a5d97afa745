"""What passes: cases of the rules about coverage, permission, programs, the claim as a whole, and history."""

from dataclasses import replace
from datetime import date, timedelta

from services.claims.domain.scrubber_input import (
    AuthorizationInput,
    PastTechnique,
)
from tests.services.claims.domain.rules.cases_insurer import (
    ADJUSTED,
    ASKED_FOR_MASSAGE,
    AUTH,
    AUTO,
    BESIDE_A_CURRENT,
    CORRECTED,
    DAY_BEFORE,
    DENIED,
    EXERCISE,
    FORGOTTEN,
    GROUP_OF_OTHERS,
    IMPROVED,
    LAST_YEARS,
    NO_MASSAGE,
    OF_A_GROUP,
    ONE_EACH,
    OPEN,
    ORDER,
    OTHER_INJURY,
    PAID,
    PAID_IN_MAY,
    SECONDARY,
    SESSION,
    TWO_A_YEAR,
    UNKNOWN,
    WORK,
    WORK_BY_PT,
    authorized,
    billed_before,
    by,
    named,
    ordered,
    past,
    visits,
    with_left,
    with_number,
)
from tests.services.claims.domain.rules.clean_claims import (
    CHIROPRACTOR,
    DAY,
    NOTE,
    PHYSICAL,
    all_of,
    billed,
    claim,
    coverage,
    history,
    note,
    on,
    payer,
    profile,
    provider,
    whole,
)

FOUND: dict[str, list[object]] = {}

PASSES = {
    "name_changed_on_wire": [("lower case and spaces", named(" O'Brien  Smith-Jones "))],
    "coverage_not_active": [
        ("its last day", coverage(effective_to=DAY)),
        ("its first day", coverage(effective_from=DAY)),
    ],
    "massage_not_covered": [
        ("exercise by a physical therapist", all_of(EXERCISE, NO_MASSAGE)),
        ("an adjustment", all_of(ADJUSTED, NO_MASSAGE)),
        ("an adjustment where therapy is not", all_of(ADJUSTED, NO_MASSAGE, coverage(benefit_service_type="PT"))),
    ],
    "visits_used_up": [
        ("unknown is not none", coverage(visits_remaining=None)),
        ("two a year, and one was billed", all_of(TWO_A_YEAR, billed_before(PAID))),
        ("two a year, and one of two was denied", all_of(TWO_A_YEAR, billed_before(PAID, DENIED))),
        ("two a year, and one was last year's", all_of(TWO_A_YEAR, billed_before(PAID, LAST_YEARS))),
        ("two a year, and two claims of one day", all_of(TWO_A_YEAR, billed_before(PAID, OPEN))),
        ("two a year, and this is the second of the day", all_of(TWO_A_YEAR, billed_before(PAID, past()))),
        ("two a year, and they were made after this one", all_of(TWO_A_YEAR, history(claims=(PAID, PAID_IN_MAY)))),
        (
            "two in a service year that began this April",
            all_of(
                TWO_A_YEAR,
                coverage(visits_period="22", effective_from=date(2020, 4, 3)),
                billed_before(PAID, PAID_IN_MAY),
            ),
        ),
        (
            "the calendar year before the service year",
            all_of(
                TWO_A_YEAR,
                coverage(visits_period="23", effective_from=date(2020, 12, 30)),
                billed_before(PAID, LAST_YEARS),
            ),
        ),
        ("two a month", all_of(TWO_A_YEAR, coverage(visits_period="34"), billed_before(PAID, PAID_IN_MAY))),
        ("two left, and one was billed since", all_of(with_left(2), billed_before(OPEN))),
        ("one left, and one was paid when it was asked", all_of(with_left(1), billed_before(PAID))),
        ("one left, and one is long without an answer", all_of(with_left(1), billed_before(FORGOTTEN))),
        ("none left last year", all_of(with_left(0), coverage(checked_on=date(2025, 12, 30)))),
        ("of massage, and it was exercise", all_of(EXERCISE, coverage(visits_remaining=0, benefit_service_type="BE"))),
    ],
    "coverage_not_checked": [("auto insurers answer no 270", all_of(AUTO, coverage(checked_on=None)))],
    "authorization_missing": [
        ("twelfth visit for the state fund", all_of(WORK, coverage(prior_visits=11), IMPROVED)),
        ("twenty-fourth of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=23), IMPROVED)),
        ("wanted by the 271 for massage, and it was exercise", all_of(EXERCISE, ASKED_FOR_MASSAGE)),
        (
            "the payer wants none",
            all_of(payer(authorization="none"), coverage(authorization_wanted=None), authorized()),
        ),
        (
            "visit six of a payer that wants it from the seventh",
            all_of(
                payer(authorization_from_visit=7),
                coverage(authorization_wanted=None),
                authorized(),
                history(claims=visits(5)),
            ),
        ),
    ],
    "authorization_not_on_day": [
        (
            "submitted after it ended, treated before",
            all_of(authorized(replace(AUTH, effective_to=DAY)), whole(as_of=DAY + timedelta(days=60))),
        ),
        ("one of two holds", authorized(replace(AUTH, effective_to=date(2026, 4, 30), number="A0"), AUTH)),
    ],
    "authorization_visits_used": [
        ("the twelfth of twelve", authorized(replace(AUTH, visits_used=11))),
        ("no number of visits", authorized(replace(AUTH, visits_allowed=None, visits_used=50))),
        (
            "the payer requires none",
            all_of(payer(authorization="none"), UNKNOWN, authorized(replace(AUTH, visits_used=12))),
        ),
        (
            "the payer says that it requires none",
            all_of(
                payer(authorization="ask"),
                coverage(authorization_wanted=False),
                authorized(replace(AUTH, visits_used=12)),
            ),
        ),
        ("another one has visits", authorized(replace(AUTH, visits_used=12), replace(AUTH, number="NEXT"))),
    ],
    "authorization_units_used": [
        ("four of four", authorized(replace(AUTH, units_allowed=4))),
        ("no number of units", authorized(replace(AUTH, units_used=50))),
        ("one for each line", authorized(*(replace(one, units_allowed=3) for one in ONE_EACH))),
    ],
    "authorization_other_region": [
        ("both regions", authorized(replace(AUTH, regions=frozenset({"lumbar", "hip"})))),
        ("no region named", authorized(AUTH)),
    ],
    "authorization_other_procedure": [("both named", authorized(replace(AUTH, procedure_codes=("97110", "97124"))))],
    "authorizations_split": [
        ("one covers all", all_of(payer(authorization_on_lines="never"), authorized(AUTH, ONE_EACH[1]))),
        ("the payer reads numbers on lines", authorized(*ONE_EACH)),
        (
            "two records of one number",
            all_of(
                payer(authorization_on_lines="never"), authorized(ONE_EACH[0], replace(ONE_EACH[1], number="AUTH1"))
            ),
        ),
        (
            "the payer requires none",
            all_of(payer(authorization="none", authorization_on_lines="never"), UNKNOWN, authorized(*ONE_EACH)),
        ),
    ],
    "authorization_asked_too_late": [
        (
            "today the rule is gone",
            all_of(
                profile("commercial_wa_evicore"), coverage(authorizations=()), whole(as_of=DAY + timedelta(days=30))
            ),
        ),
    ],
    "referral_missing": [
        (
            "a physical therapist and a payer that only may",
            all_of(payer(referral="ask"), provider(taxonomy=PHYSICAL), ordered()),
        )
    ],
    "referral_not_on_day": [
        ("its last day", ordered(replace(ORDER, effective_to=DAY))),
        (
            "the payer requires none",
            all_of(payer(referral="none"), ordered(replace(ORDER, effective_to=DAY_BEFORE))),
        ),
    ],
    "referral_visits_used": [
        ("a second one has visits", ordered(replace(ORDER, visits_used=12), replace(ORDER, number="2")))
    ],
    "referral_without_diagnosis": [("the same category", ordered(replace(ORDER, diagnoses=("M54.50",))))],
    "related_cause_missing": [("auto with AA", AUTO), ("work with EM", WORK)],
    "related_cause_elsewhere": [("other accident", claim(related_causes=("OA",), accident_date=date(2026, 3, 2)))],
    "accident_date_missing": [
        ("an occupational disease with an onset", all_of(WORK, claim(accident_date=None, onset_date=date(2026, 1, 5))))
    ],
    "accident_after_service": [("the same day", all_of(AUTO, claim(accident_date=DAY)))],
    "insurer_claim_number_missing": [("commercial plans have none", claim(insurer_claim_number=""))],
    "employer_not_subscriber": [("the employer", WORK)],
    "visit_step_not_met": [
        ("sixth visit", all_of(WORK, coverage(prior_visits=5))),
        ("twelfth of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=11))),
        ("six of another injury", all_of(WORK, history(claims=with_number(visits(6), "SX12346")))),
        ("six of physical therapy", all_of(WORK, history(claims=by(PHYSICAL, visits(6))))),
        ("a chiropractor's", all_of(WORK, provider(taxonomy=CHIROPRACTOR), coverage(prior_visits=6))),
        (
            "seventh with form and improvement",
            all_of(
                WORK,
                coverage(prior_visits=6),
                coverage(forms_on_file=(("F245-417-000", DAY),), improvement_documented_on=DAY),
            ),
        ),
        (
            "thirteenth authorized",
            all_of(WORK, coverage(prior_visits=12, authorizations=(AuthorizationInput("L1"),))),
        ),
    ],
    "progress_report_due": [
        ("fifth visit in a month", all_of(WORK, coverage(prior_visits=3), history(claims=(past(date(2026, 4, 6)),)))),
        ("six of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=5))),
        ("a month of another injury", all_of(WORK, history(claims=(past(date(2026, 4, 4), **OTHER_INJURY),)))),
        ("commercial plans want none", history(claims=visits(9))),
    ],
    "second_visit_of_day": [
        ("a rejected one", all_of(WORK, history(claims=(past(outcome="rejected"),)))),
        ("of physical therapy", all_of(WORK, history(claims=by(PHYSICAL, (past(),))))),
        ("to another payer", all_of(WORK, history(claims=(past(payer_id="pay_0002"),)))),
    ],
    "away_from_premises": [
        (
            "authorized at home",
            all_of(WORK, claim(place_of_service="12"), coverage(authorizations=(AuthorizationInput("L1"),))),
        )
    ],
    "reduction_expected": [
        ("one unit", all_of(billed(("97124", 15)), profile("medicare"))),
        ("VA before late 2023", all_of(profile("va_community_care"), on(date(2023, 9, 29)))),
    ],
    "secondary_not_balanced": [("to the cent", SECONDARY)],
    "secondary_not_wanted": [("the rest is owed", SECONDARY)],
    "secondary_without_primary": [("with the remittance", SECONDARY)],
    "service_in_future": [("today", whole(as_of=DAY))],
    "filing_too_late": [
        ("day 180 of 180", whole(as_of=DAY + timedelta(days=180))),
        ("Medicare's last day", all_of(profile("medicare"), whole(as_of=date(2027, 5, 4)))),
        (
            "a second payer that counts from the remittance",
            all_of(SECONDARY, payer(secondary_counts_from="remittance"), whole(as_of=date(2026, 11, 16))),
        ),
        ("no limit known", all_of(payer(timely_filing_days=None), whole(as_of=date(2030, 1, 1)))),
    ],
    "corrected_claim_too_late": [
        ("a year after the decision", all_of(CORRECTED, whole(as_of=DAY + timedelta(days=375)))),
        ("an original", all_of(CORRECTED, claim(frequency="1"), whole(as_of=DAY + timedelta(days=100)))),
        ("no limit of its own", all_of(CORRECTED, payer(corrected_claim_days=None), whole(as_of=DAY))),
    ],
    "replacement_without_payer_number": [
        ("with its number", claim(frequency="7", payer_claim_number="ICN1")),
        ("an original", claim(frequency="1")),
    ],
    "filing_soon": [("fifteen days left", whole(as_of=DAY + timedelta(days=165)))],
    "duplicate_claim": [
        ("again, with 76", all_of(history(claims=(past(),)), billed(("97124", 30), modifiers={"97124": ["76"]}))),
        ("another day", history(claims=(past(day=date(2026, 4, 27)),))),
        ("the first was rejected", history(claims=(past(outcome="rejected"),))),
        ("another therapist", history(claims=(past(therapist_id="thr_0002"),))),
        ("itself", history(claims=(past(claim_id="clm_0001"),))),
    ],
    "units_across_claims": [("three and one", history(claims=(past(units=1),)))],
    "pair_across_claims": [("another day", history(claims=(past(day=date(2026, 4, 27), procedure_code="97140"),)))],
    "pool_across_claims": [("another payer", history(claims=(past(payer_id="pay_0002"),)))],
    "sessions_overlap": [
        (
            "one after the other",
            history(sessions=(replace(SESSION, start=NOTE.end, end=NOTE.end + timedelta(hours=1)),)),
        ),
        ("another therapist", history(sessions=(replace(SESSION, therapist_id="thr_0002"),))),
        ("two of one group", all_of(OF_A_GROUP, history(sessions=(GROUP_OF_OTHERS,)))),
        (
            "a current that nobody need be beside",
            all_of(BESIDE_A_CURRENT, history(sessions=(replace(SESSION, techniques=(PastTechnique("97110", 30),)),))),
        ),
    ],
    "patient_with_two_therapists": [
        ("one after the other", history(sessions=(replace(SESSION, patient_id="pat_0001", start=NOTE.end),))),
        ("another patient of another therapist", history(sessions=(replace(SESSION, therapist_id="thr_0002"),))),
    ],
    "frequency_above_plan": [
        ("once a week", history(claims=visits(3, every=7, last=DAY - timedelta(days=7)))),
        (
            "the plan's words say no number",
            all_of(note(plan_frequency="as needed"), history(claims=visits(2, every=1, last=DAY - timedelta(days=1)))),
        ),
    ],
    "year_of_visits_full": [
        ("twelfth of twelve", all_of(payer(visits_a_year=12), history(claims=visits(11)))),
        ("last year's do not count", all_of(payer(visits_a_year=1), history(claims=(past(day=date(2025, 12, 30)),)))),
    ],
    "referring_npi_missing": [("there", WORK)],
}
