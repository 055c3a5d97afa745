"""Cases of the rules about coverage, permission, programs, the claim as a whole, and history."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.claims.domain.scrubber_input import (
    PastClaim,
    PastLine,
    PastSession,
    PastTechnique,
    PriorPaymentInput,
    SentText,
)
from tests.services.claims.domain.rules.clean_claims import (
    CHIROPRACTOR,
    COVERAGE,
    DAY,
    MASSAGE,
    NOTE,
    PHYSICAL,
    all_of,
    billed,
    billing,
    claim,
    coverage,
    history,
    on,
    patient,
    payer,
    profile,
    provider,
    whole,
)

AUTH = COVERAGE.authorizations[0]
ORDER = COVERAGE.referrals[0]
CHARGE = 18500


def past(day=DAY, procedure_code="97124", units=2, **changes):
    made = PastClaim(
        "clm_past", "pay_0001", "thr_0001", day, (PastLine(procedure_code, units),), outcome="paid", taxonomy=MASSAGE
    )
    return replace(made, **changes)


def visits(count, every=3, last=DAY - timedelta(days=8)):
    """Earlier visits, newest first."""
    return tuple(past(last - timedelta(days=every * place), claim_id=f"clm_p{place}") for place in range(count))


ONE_EACH = (
    replace(AUTH, procedure_codes=("97124",)),
    replace(AUTH, number="AUTH2", authorization_id="auth_0002", procedure_codes=("97110",)),
)
OTHERS = replace(AUTH, number="AUTH3", procedure_codes=("97140",))
DAY_BEFORE = DAY - timedelta(days=1)


def authorized(*authorizations):
    return coverage(authorizations=authorizations)


def ordered(*orders):
    return coverage(referrals=orders)


def named(text):
    return patient(sent_texts=(SentText("/patient/name/last", "patient's last name", text, 60),))


INJURY = {"insurer_claim_number": "SX12345", "accident_date": date(2026, 3, 2), "accident_state": "WA"}
AUTO = all_of(profile("auto_wa"), claim(related_causes=("AA",), **INJURY))
WORK = all_of(
    profile("wa_lni", unit_method="cms"),
    claim(related_causes=("EM",), referring_npi="1679576722", authorization_number="", **INJURY),
    coverage(subscriber_kind="employer", authorization_wanted=None, authorizations=()),
)
IMPROVED = coverage(forms_on_file=(("F245-417-000", DAY),), improvement_documented_on=DAY)
SECOND = PriorPaymentInput("pay_0002", 10000, (("CO", "45", CHARGE - 13500), ("PR", "2", 3500)), date(2026, 5, 20))
SECONDARY = all_of(claim(sequence="S", prior_payments=(SECOND,)), coverage(other_payer_ids=("pay_0002",)))
CORRECTED = all_of(
    claim(frequency="7", payer_claim_number="ICN1", decided_on=DAY + timedelta(days=10)),
    payer(corrected_claim_days=365),
)
SESSION = PastSession(
    "note_0002",
    "pat_0002",
    "thr_0001",
    datetime(2026, 5, 4, 17, 30, tzinfo=UTC),
    datetime(2026, 5, 4, 18, 30, tzinfo=UTC),
)

BY_PT = all_of(provider(taxonomy=PHYSICAL), claim(taxonomy=PHYSICAL))
EXERCISE = all_of(BY_PT, billed(("97110", 30)))
ADJUSTED = all_of(
    provider(taxonomy=CHIROPRACTOR), claim(taxonomy=CHIROPRACTOR, diagnoses=("M99.03",)), billed(("98940", None))
)
ASKED_FOR_MASSAGE = all_of(
    payer(authorization="ask"), authorized(), coverage(authorization_wanted=True, benefit_service_type="BE")
)
WORK_BY_PT = all_of(WORK, BY_PT)
OTHER_INJURY = {"insurer_claim_number": "SX12346"}


def with_number(claims, number):
    return tuple(replace(one, insurer_claim_number=number) for one in claims)


def by(taxonomy, claims):
    return tuple(replace(one, taxonomy=taxonomy) for one in claims)


NO_MASSAGE = coverage(massage_covered=False, benefit_service_type="BE")

PACKED = billed(("97110", 45), ("97010", None))
"""45 minutes of exercise and five of a pack in an hour: there is no half hour that is not hers."""
DONE_MEANWHILE = replace(SESSION, techniques=(PastTechnique("97110", 45), PastTechnique("97010", 10)))
OF_A_GROUP = billed(("97150", 60))
GROUP_OF_OTHERS = replace(SESSION, start=NOTE.start, end=NOTE.end, techniques=(PastTechnique("97150", 60),))
LONG_AND_GROUP = replace(SESSION, start=NOTE.start, techniques=(PastTechnique("97150", 60), PastTechnique("97110", 40)))
BESIDE_A_CURRENT = all_of(billed(("97110", 30), ("G0283", 15)), provider(taxonomy=PHYSICAL))

MAY_1 = date(2026, 5, 1)
PAID, OPEN = past(day=date(2026, 4, 2)), past(day=date(2026, 4, 2), outcome="none")
PAID_IN_MAY, DENIED = past(day=MAY_1), past(day=MAY_1, outcome="denied")
LAST_YEARS, FORGOTTEN = past(day=date(2025, 12, 30)), past(day=date(2026, 3, 16), outcome="none")
ALMOST_FORGOTTEN = past(day=date(2026, 3, 17), outcome="none")


def billed_before(*claims):
    """Claims that were made before this one."""
    return history(claims=tuple(replace(one, made_before=True) for one in claims))


SERVICE_YEAR = coverage(visits_period="22", effective_from=None)
SINCE_DECEMBER = coverage(visits_period="22", effective_from=date(2020, 12, 30))
TWO_A_YEAR = coverage(visits_allowed_year=2, visits_remaining=None)


def with_left(visits):
    """So many were left when it was asked on 1 May."""
    return coverage(visits_remaining=visits, checked_on=MAY_1)


UNKNOWN = coverage(authorization_wanted=None)
ASKS = all_of(payer(authorization="ask"), UNKNOWN)
FOUND = {
    "patient_address_missing": [("none", patient(has_address=False))],
    "name_not_sendable": [("an emoji", named("\U0001f600"))],
    "name_changed_on_wire": [("Łukasz", named("Łukasz")), ("61 letters", named("A" * 61))],
    "coverage_not_active": [
        ("ended", coverage(effective_to=date(2026, 4, 30))),
        ("not begun", coverage(effective_from=date(2026, 5, 5))),
    ],
    "coverage_reported_inactive": [("by the 271", coverage(status="inactive"))],
    "patient_not_born": [("tomorrow", patient(birth_date=DAY + timedelta(days=1)))],
    "massage_not_covered": [
        ("said so", coverage(massage_covered=False)),
        ("said of massage, which a physical therapist did too", all_of(BY_PT, NO_MASSAGE)),
        ("said of therapy", coverage(massage_covered=False, benefit_service_type="PT")),
    ],
    "visits_used_up": [
        ("none left", coverage(visits_remaining=0)),
        ("of massage", coverage(visits_remaining=0, benefit_service_type="BE")),
        ("two a year, and two were billed", all_of(TWO_A_YEAR, billed_before(PAID, PAID_IN_MAY))),
        ("one left, and one was billed since", all_of(with_left(1), billed_before(OPEN))),
        ("one left, and one is 45 days without an answer", all_of(with_left(1), billed_before(ALMOST_FORGOTTEN))),
        ("one left, and one was treated and paid since", all_of(with_left(1), billed_before(PAID_IN_MAY))),
        (
            "two in a service year that began last December",
            all_of(TWO_A_YEAR, SINCE_DECEMBER, billed_before(PAID, LAST_YEARS)),
        ),
        (
            "a service year that begins nobody knows when",
            all_of(TWO_A_YEAR, SERVICE_YEAR, billed_before(PAID, PAID_IN_MAY)),
        ),
        ("two in a lifetime", all_of(TWO_A_YEAR, coverage(visits_period="32"), billed_before(PAID, LAST_YEARS))),
    ],
    "visits_left_unknown": [("a limit alone", coverage(visits_allowed_year=12, visits_remaining=None))],
    "coverage_not_checked": [("never", coverage(checked_on=None)), ("in March", coverage(checked_on=date(2026, 3, 1)))],
    "authorization_missing": [
        ("thirteenth visit for the state fund", all_of(WORK, coverage(prior_visits=12), IMPROVED)),
        ("twenty-fifth of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=24), IMPROVED)),
        ("none at all", all_of(authorized(), claim(authorization_number=""))),
        ("wanted by the 271", all_of(payer(authorization="ask"), authorized(), claim(authorization_number=""))),
    ],
    "authorization_not_on_day": [
        ("ended the day before", authorized(replace(AUTH, effective_to=DAY - timedelta(days=1)))),
        ("begins the day after", authorized(replace(AUTH, effective_from=DAY + timedelta(days=1)))),
        ("was withdrawn", authorized(replace(AUTH, status="withdrawn"))),
        (
            "ended, and nobody knows whether one is required",
            all_of(ASKS, authorized(replace(AUTH, effective_to=DAY_BEFORE))),
        ),
    ],
    "authorization_visits_used": [
        ("twelve of twelve", authorized(replace(AUTH, visits_used=12))),
        ("twelve, and nobody knows whether one is required", all_of(ASKS, authorized(replace(AUTH, visits_used=12)))),
        ("used up, and another for another procedure", authorized(replace(AUTH, visits_used=12), OTHERS)),
    ],
    "authorization_units_used": [
        ("four of three", authorized(replace(AUTH, units_allowed=3))),
        ("four of four, one used", authorized(replace(AUTH, units_allowed=4, units_used=1))),
        (
            "a line over two of them",
            all_of(
                billed(("97124", 60)),
                authorized(replace(AUTH, units_allowed=3), replace(AUTH, number="B2", units_allowed=1)),
            ),
        ),
        ("nobody knows whether one is required", all_of(ASKS, authorized(replace(AUTH, units_allowed=3)))),
    ],
    "authorization_other_region": [
        ("the neck", authorized(replace(AUTH, regions=frozenset({"cervical"})))),
        ("one of two lines", authorized(replace(AUTH, regions=frozenset({"lumbar"})))),
        (
            "a word not known",
            all_of(
                authorized(replace(AUTH, regions=frozenset({"lumbar", "hip"}))),
                billed(("97124", 38, "as before"), ("97110", 15, "hip")),
            ),
        ),
    ],
    "authorization_other_procedure": [
        ("for massage only", authorized(replace(AUTH, procedure_codes=("97124",)))),
        ("for none of the lines", authorized(replace(AUTH, procedure_codes=("97140",)))),
    ],
    "authorizations_split": [
        (
            "one for each line, and the payer reads one number",
            all_of(payer(authorization_on_lines="never"), authorized(*ONE_EACH)),
        ),
        ("one for each line, on paper", all_of(claim(printed=True), authorized(*ONE_EACH))),
        (
            "one for each line of a claim that a payer has decided",
            all_of(payer(authorization_on_lines="never"), claim(decided_on=DAY), authorized(*ONE_EACH)),
        ),
        (
            "one for each line of a second payer's claim",
            all_of(payer(authorization_on_lines="never"), claim(prior_payments=(SECOND,)), authorized(*ONE_EACH)),
        ),
        (
            "one for each line of a replacement",
            all_of(payer(authorization_on_lines="never"), claim(frequency="7"), authorized(*ONE_EACH)),
        ),
    ],
    "authorization_unknown": [
        (
            "absent is not no",
            all_of(
                payer(authorization="ask"),
                authorized(),
                coverage(authorization_wanted=None),
                claim(authorization_number=""),
            ),
        ),
    ],
    "authorization_asked_too_late": [
        (
            "eight days after the first visit in 2016",
            all_of(
                profile("commercial_wa_evicore"),
                on(date(2016, 5, 2)),
                coverage(authorizations=()),
                history(first_visit_on=date(2016, 5, 2)),
                whole(as_of=date(2016, 5, 10)),
            ),
        ),
    ],
    "referral_missing": [("required", ordered()), ("asked for", all_of(payer(referral="ask"), ordered()))],
    "referral_not_on_day": [
        ("ran out", ordered(replace(ORDER, effective_to=date(2026, 5, 3)))),
        ("written after the treatment", ordered(replace(ORDER, issued_on=date(2026, 5, 5)))),
        ("too old for this payer", payer(referral_age_days=30)),
        (
            "ran out where the payer asks",
            all_of(payer(referral="ask"), ordered(replace(ORDER, effective_to=DAY_BEFORE))),
        ),
    ],
    "referral_visits_used": [
        ("all twelve", ordered(replace(ORDER, visits_used=12))),
        ("all twelve where the payer asks", all_of(payer(referral="ask"), ordered(replace(ORDER, visits_used=12)))),
    ],
    "referral_without_diagnosis": [
        ("none named", ordered(replace(ORDER, diagnoses=()))),
        ("of the foot", ordered(replace(ORDER, diagnoses=("M72.2",)))),
    ],
    "referring_npi_missing": [("the state fund wants it", all_of(WORK, claim(referring_npi="")))],
    "filing_indicator_wrong": [
        ("none that there is", claim(filing_indicator="Q1")),
    ],
    "related_cause_missing": [
        ("auto without AA", all_of(AUTO, claim(related_causes=()))),
        ("work without EM", all_of(WORK, claim(related_causes=()))),
    ],
    "related_cause_elsewhere": [
        ("AA to a commercial plan", claim(related_causes=("AA",))),
        ("EM to a commercial plan", claim(related_causes=("EM",))),
    ],
    "accident_date_missing": [
        ("AA", all_of(AUTO, claim(accident_date=None))),
        ("OA", claim(related_causes=("OA",))),
        ("EM without an onset", all_of(WORK, claim(accident_date=None))),
    ],
    "accident_state_missing": [
        ("AA without a state", all_of(AUTO, claim(accident_state=""))),
        ("lower case", all_of(AUTO, claim(accident_state="wa"))),
    ],
    "accident_after_service": [
        ("tomorrow", all_of(AUTO, claim(accident_date=DAY + timedelta(days=1)))),
        ("onset", claim(onset_date=date(2026, 6, 1))),
    ],
    "insurer_claim_number_missing": [
        ("auto", all_of(AUTO, claim(insurer_claim_number=""))),
        ("work", all_of(WORK, claim(insurer_claim_number=" "))),
    ],
    "employer_not_subscriber": [("the worker", all_of(WORK, coverage(subscriber_kind="self")))],
    "visit_step_not_met": [
        (
            "seventh visit without the form",
            all_of(WORK, coverage(prior_visits=6, improvement_documented_on=DAY)),
        ),
        (
            "seventh visit without improvement",
            all_of(WORK, coverage(prior_visits=6, forms_on_file=(("F245-417-000", DAY),))),
        ),
        ("thirteenth of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=12))),
        ("seventh, the injury of the earlier ones not known", all_of(WORK, history(claims=visits(6)))),
        ("seventh of this injury", all_of(WORK, history(claims=with_number(visits(6), "SX12345")))),
    ],
    "progress_report_due": [
        ("six visits", all_of(WORK, coverage(prior_visits=5))),
        ("a month", all_of(WORK, history(claims=(past(day=date(2026, 4, 4)),)))),
        ("twelve of physical therapy", all_of(WORK_BY_PT, coverage(prior_visits=11))),
        (
            "six since the last report",
            all_of(WORK, coverage(progress_report_on=date(2026, 4, 10)), history(claims=visits(5))),
        ),
    ],
    "second_visit_of_day": [("two for the state fund", all_of(WORK, history(claims=(past(procedure_code="97112"),))))],
    "away_from_premises": [("at home", all_of(WORK, claim(place_of_service="12")))],
    "daily_cap_reached": [("above it", payer(daily_cap_cents=11250))],
    "self_insured_ask": [("Washington", all_of(WORK, coverage(self_insured=True)))],
    "reduction_expected": [("VA, four units", profile("va_community_care")), ("Medicare", profile("medicare"))],
    "secondary_without_primary": [
        ("too early", all_of(SECONDARY, claim(prior_payments=()))),
        ("a payer of no other coverage", all_of(SECONDARY, coverage(other_payer_ids=("pay_0003",)))),
    ],
    "primary_with_prior_payment": [("first with an earlier one", claim(prior_payments=(SECOND,)))],
    "secondary_not_balanced": [
        ("a cent off", all_of(SECONDARY, claim(prior_payments=(replace(SECOND, paid_cents=9999),))))
    ],
    "secondary_not_wanted": [
        ("forwarded", all_of(SECONDARY, claim(prior_payments=(replace(SECOND, forwarded=True),)))),
        (
            "nothing owed",
            all_of(SECONDARY, claim(prior_payments=(replace(SECOND, adjustments=(("CO", "45", CHARGE - 10000),)),))),
        ),
    ],
    "attachment_wanted": [("none", payer(attachment_wanted=True))],
    "benefits_not_assigned": [("box 13 empty", claim(benefits_assigned=False))],
    "signature_not_on_file": [("not signed", claim(patient_signature_on_file=False))],
    "billing_address_wrong": [
        ("lower case", billing(state="wa")),
    ],
    "patient_paid_too_much": [
        ("more than the charge", claim(patient_paid_cents=CHARGE + 1)),
    ],
    "service_in_future": [("tomorrow", whole(as_of=DAY - timedelta(days=1)))],
    "filing_too_late": [
        ("day 181 of 180", whole(as_of=DAY + timedelta(days=181))),
        ("Medicare after twelve months", all_of(profile("medicare"), whole(as_of=date(2027, 5, 5)))),
    ],
    "corrected_claim_too_late": [
        ("a year and a day after the decision", all_of(CORRECTED, whole(as_of=DAY + timedelta(days=376)))),
        (
            "a limit that counts from the service",
            all_of(CORRECTED, payer(corrected_claim_counts_from="date_of_service"), whole(as_of=DAY + timedelta(366))),
        ),
    ],
    "replacement_without_payer_number": [
        ("no number is known", claim(frequency="7", decided_on=DAY + timedelta(days=10))),
    ],
    "filing_soon": [
        ("fourteen days left", whole(as_of=DAY + timedelta(days=166))),
        ("the last day", whole(as_of=DAY + timedelta(days=180))),
    ],
    "duplicate_claim": [
        ("paid before", history(claims=(past(),))),
        ("denied before", history(claims=(past(outcome="denied"),))),
    ],
    "units_across_claims": [("three and two", history(claims=(past(units=2),)))],
    "pair_across_claims": [("97140 on another claim", history(claims=(past(procedure_code="97140"),)))],
    "pool_across_claims": [("two visits of one day", history(claims=(past(procedure_code="97112"),)))],
    "sessions_overlap": [
        ("half an hour", history(sessions=(SESSION,))),
        ("half an hour with a pack that does not make room", all_of(PACKED, history(sessions=(DONE_MEANWHILE,)))),
        ("a group and one patient alone", all_of(OF_A_GROUP, history(sessions=(replace(SESSION, start=NOTE.start),)))),
        ("a group of more minutes than both have", all_of(OF_A_GROUP, history(sessions=(LONG_AND_GROUP,)))),
    ],
    "patient_with_two_therapists": [
        ("half an hour", history(sessions=(replace(SESSION, patient_id="pat_0001", therapist_id="thr_0002"),)))
    ],
    "frequency_above_plan": [("twice in a week", history(claims=visits(1, last=DAY - timedelta(days=2))))],
    "year_of_visits_full": [("thirteenth of twelve", all_of(payer(visits_a_year=12), history(claims=visits(12))))],
}

PASSES: dict[str, list[object]] = {}
