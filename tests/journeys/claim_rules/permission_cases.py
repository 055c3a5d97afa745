"""Cases of permission, of the program, and of the claim as a whole."""

from tests.journeys.claim_rules.baselines import PRIOR_PAYMENT, order, permission, work
from tests.journeys.claim_rules.case import (
    Case,
    new_note,
    nothing,
    override,
    void,
    void_the_earlier_claim,
)
from tests.journeys.claim_rules.office import Facts
from tests.journeys.claim_rules.visit_cases import another_day

REQUIRED: Facts = {"payer": {"authorization": "required"}}
ORDER_REQUIRED: Facts = {"payer": {"referral": "required"}}


def authorized(**more: object) -> Facts:
    return {"authorizations": {"auth_1": permission(**more)}}


def ordered(**more: object) -> Facts:
    return {"referrals": {"ref_1": order(**more)}}


YESTERDAY = another_day("2026-04-29")
PERMISSION = (
    Case("authorization_missing", REQUIRED, "/coverage/authorizations", authorized(), submitted=True),
    Case(
        "authorization_missing",
        {"asked": True, "coverage": {"member_id": "HOLLYASKS"}},
        "/coverage/authorizations",
        authorized(),
        branch="payer_said_so",
    ),
    Case(
        "authorization_missing",
        {"coverage": {"prior_visits": 12, "progress_report_on": "2026-04-29"}},
        "/coverage/authorizations",
        authorized(),
        branch="visit_thirteen",
        baseline="workers_comp",
    ),
    Case(
        "authorization_not_on_day",
        REQUIRED | authorized(effective_to="2026-04-29"),
        "/coverage/authorizations",
        authorized(effective_to="2026-06-30"),
    ),
    Case(
        "authorization_not_on_day",
        REQUIRED | authorized(status="pending"),
        "/coverage/authorizations",
        authorized(status="approved"),
        branch="pending",
    ),
    Case(
        "authorization_visits_used",
        REQUIRED | authorized(visits=1),
        "/coverage/authorizations",
        authorized(visits=12),
        earlier=(YESTERDAY,),
    ),
    Case(
        "authorization_other_procedure",
        REQUIRED | authorized(procedure_codes=["97112"]),
        "/claim/lines/0/procedure_code",
        authorized(procedure_codes=["97112", "97124"]),
    ),
    Case(
        "authorization_unknown",
        {"payer": {"authorization": None}, "asked": False},
        "/coverage/authorization_wanted",
        {"asked": True},
        beside=frozenset({"coverage_not_checked"}),
    ),
    Case(
        "authorization_asked_too_late",
        another_day("2017-06-05") | {"payer": {"profile": "commercial_wa_evicore", "timely_filing_days": 10_000}},
        "/coverage/authorizations",
        authorized(effective_from="2017-06-01"),
        beside=frozenset({"coverage_not_checked", "diagnosis_edition_unknown", "note_signed_late"}),
        leaves=frozenset({"coverage_not_checked", "diagnosis_edition_unknown", "note_signed_late"}),
    ),
    Case("referral_missing", ORDER_REQUIRED, "/coverage/referrals", ordered()),
    Case(
        "referral_missing",
        {"payer": {"referral": None}},
        "/coverage/referrals",
        ordered(),
        branch="most_plans",
        severity="info",
    ),
    Case(
        "referral_missing",
        {"payer": {"referral": None}},
        "/coverage/referrals",
        {"payer": {"referral": "none"}},
        branch="payer_wants_none",
        severity="info",
    ),
    Case(
        "referral_not_on_day",
        ORDER_REQUIRED | ordered(issued_on="2026-05-01"),
        "/coverage/referrals",
        ordered(issued_on="2026-04-01"),
    ),
    Case(
        "referral_not_on_day",
        {"payer": {"referral": "required", "referral_age_days": 14}} | ordered(issued_on="2026-04-01"),
        "/coverage/referrals",
        ordered(issued_on="2026-04-20"),
        branch="too_old",
    ),
    Case(
        "referral_not_on_day",
        {"payer": {"referral": None}} | ordered(effective_to="2026-04-29"),
        "/coverage/referrals",
        ordered(effective_to="2026-04-30"),
        branch="payer_not_asked",
        severity="warn",
    ),
    Case(
        "referral_visits_used",
        ORDER_REQUIRED | ordered(visits=1),
        "/coverage/referrals",
        ordered(visits=6),
        earlier=(YESTERDAY,),
    ),
    Case(
        "referral_visits_used",
        {"payer": {"referral": None}} | ordered(visits=1),
        "/coverage/referrals",
        ordered(visits=6),
        branch="payer_not_asked",
        earlier=(YESTERDAY,),
    ),
    Case(
        "referral_visits_used",
        {"payer": {"referral": None}} | ordered(visits=1),
        "/coverage/referrals",
        {"payer": {"referral": "none"}},
        branch="payer_wants_none",
        earlier=(YESTERDAY,),
    ),
    Case(
        "referral_without_diagnosis",
        ORDER_REQUIRED | ordered(diagnoses=["M75.01"]),
        "/coverage/referrals",
        ordered(diagnoses=["M75.01", "M54.2"]),
    ),
    Case("referring_npi_missing", {"payer": {"referring_npi_wanted": True}}, "/claim/referring_npi", ordered()),
)


def accident(**more: object) -> Facts:
    return {"coverage": {"accident": more}}


def steps(**more: object) -> Facts:
    """The seventh visit of an injury, reported upon the day before."""
    return {"coverage": {"prior_visits": 6, "progress_report_on": "2026-04-29", **more}}


FORM = {"form": "F245-417-000", "filed_on": "2026-04-20"}
CRASH = {"occurred_on": "2026-04-02", "state": "WA", "cause": "auto"}
LATER = another_day("2026-04-30", "15:00", "16:30", techniques=[work("97112", 30)])
PROGRAM = (
    Case(
        "filing_indicator_wrong",
        {"payer": {"filing_indicator": "QQ"}},
        "/claim/filing_indicator",
        {"payer": {"filing_indicator": "CI"}},
    ),
    Case(
        "related_cause_missing",
        {"coverage": {"accident": None}},
        "/claim/related_causes",
        {"coverage": {"accident": CRASH}},
        baseline="auto",
        beside=frozenset({"accident_date_missing", "accident_state_missing"}),
    ),
    Case(
        "related_cause_elsewhere",
        {"coverage": {"accident": CRASH}},
        "/claim/related_causes",
        [override],
        leaves=frozenset({"related_cause_elsewhere"}),
    ),
    Case(
        "related_cause_elsewhere",
        {"coverage": {"accident": CRASH}},
        "/claim/related_causes",
        {"coverage": {"accident": None}},
        branch="no_accident",
    ),
    Case(
        "accident_date_missing",
        accident(occurred_on=None),
        "/claim/accident_date",
        accident(occurred_on="2026-04-02"),
        baseline="workers_comp",
    ),
    Case(
        "accident_date_missing",
        accident(occurred_on=None),
        "/claim/accident_date",
        {"coverage": {"onset_on": "2026-01-15"}},
        branch="occupational_disease",
        baseline="workers_comp",
    ),
    Case(
        "accident_state_missing",
        accident(state=None),
        "/claim/accident_state",
        accident(state="WA"),
        baseline="auto",
    ),
    Case(
        "accident_state_missing",
        accident(state="ZZ"),
        "/claim/accident_state",
        accident(state="WA"),
        branch="no_state",
        baseline="auto",
    ),
    Case(
        "accident_after_service",
        accident(occurred_on="2026-05-02"),
        "/claim/accident_date",
        accident(occurred_on="2026-04-02"),
        baseline="auto",
    ),
    Case(
        "accident_after_service",
        {"coverage": {"onset_on": "2026-05-02"}},
        "/claim/onset_date",
        {"coverage": {"onset_on": "2026-04-02"}},
        branch="onset",
    ),
    Case(
        "insurer_claim_number_missing",
        {"coverage": {"claim_number": None}},
        "/claim/insurer_claim_number",
        {"coverage": {"claim_number": "FA-20441"}},
        baseline="auto",
    ),
    Case(
        "employer_not_subscriber",
        {"coverage": {"relationship": "self", "subscriber": None}},
        "/coverage/subscriber_kind",
        {"coverage": {"relationship": "employee", "subscriber": {"organization_name": "Harborline Cold Storage"}}},
        baseline="workers_comp",
    ),
    Case(
        "visit_step_not_met",
        steps(improvement_documented_on="2026-04-28"),
        "/coverage/forms_on_file",
        steps(forms_on_file=[FORM]),
        baseline="workers_comp",
    ),
    Case(
        "visit_step_not_met",
        steps(forms_on_file=[FORM]),
        "/coverage/improvement_documented_on",
        steps(improvement_documented_on="2026-04-28"),
        branch="improvement",
        baseline="workers_comp",
    ),
    Case(
        "visit_step_not_met",
        steps(forms_on_file=[FORM]),
        "/coverage/improvement_documented_on",
        authorized(),
        branch="authorized",
        baseline="workers_comp",
    ),
    Case(
        "progress_report_due",
        {"coverage": {"prior_visits": 5}},
        "/coverage/progress_report_on",
        {"coverage": {"progress_report_on": "2026-04-29"}},
        baseline="workers_comp",
    ),
    Case(
        "progress_report_due",
        {"coverage": {"progress_report_on": "2026-03-30"}},
        "/coverage/progress_report_on",
        {"coverage": {"progress_report_on": "2026-04-29"}},
        branch="a_month",
        baseline="workers_comp",
    ),
    Case(
        "second_visit_of_day",
        {"payer": {"visits_a_day": 1, "unit_method": "ama"}},
        "/claim/date_of_service",
        [override],
        earlier=(LATER,),
        leaves=frozenset({"second_visit_of_day"}),
    ),
    Case(
        "second_visit_of_day",
        {"payer": {"visits_a_day": 1, "unit_method": "ama"}},
        "/claim/date_of_service",
        [void_the_earlier_claim],
        branch="one_too_many",
        earlier=(LATER,),
    ),
    Case(
        "away_from_premises",
        {"practice": {"place_of_service": "12"}},
        "/claim/place_of_service",
        authorized(),
        baseline="workers_comp",
    ),
    Case("daily_cap_reached", {"payer": {"daily_cap_cents": 5000}}, "/claim/lines", [nothing]),
    Case("self_insured_ask", {"coverage": {"self_insured": True}}, "/coverage/self_insured", authorized()),
    Case(
        "reduction_expected",
        new_note(techniques=[work("97124", 30)]),
        "/claim/lines",
        [nothing],
        baseline="medicare_advantage",
    ),
)


def prior(**more: object) -> Facts:
    return {"claim": {"prior_payments": [{**PRIOR_PAYMENT, **more}]}}


HEADER = (
    Case(
        "secondary_without_primary",
        {"claim": {"prior_payments": []}},
        "/claim/prior_payments",
        prior(),
        baseline="secondary",
    ),
    Case(
        "secondary_without_primary",
        prior(payer_id="pay_1"),
        "/claim/prior_payments/0/payer_id",
        prior(payer_id="pay_2"),
        branch="payer_of_no_coverage",
        baseline="secondary",
    ),
    Case(
        "primary_with_prior_payment",
        {"coverage": {"rank": 1}, "other_coverage": {"rank": 2}},
        "/claim/prior_payments",
        {"claim": {"prior_payments": []}},
        baseline="secondary",
    ),
    Case(
        "secondary_not_balanced",
        prior(paid_cents=5999),
        "/claim/prior_payments/0",
        prior(paid_cents=6000),
        baseline="secondary",
        submitted=True,
    ),
    Case("secondary_not_wanted", prior(forwarded=True), "/claim/prior_payments/0", [void], baseline="secondary"),
    Case(
        "secondary_not_wanted",
        prior(paid_cents=9000, adjustments=[]),
        "/claim/prior_payments/0",
        [void],
        branch="nothing_owed",
        baseline="secondary",
    ),
    Case(
        "secondary_not_wanted",
        prior(forwarded=True),
        "/claim/prior_payments/0",
        prior(forwarded=False),
        branch="not_forwarded",
        baseline="secondary",
    ),
    Case(
        "attachment_wanted",
        {"payer": {"attachment_wanted": True}},
        "/claim/attachments",
        {"claim": {"attachments": [{"report_type": "OZ", "transmission": "fax", "control_number": "N-1"}]}},
    ),
    Case(
        "benefits_not_assigned",
        {"coverage": {"benefits_assigned": False}},
        "/claim/benefits_assigned",
        {"coverage": {"benefits_assigned": True}},
    ),
    Case(
        "signature_not_on_file",
        {"patient": {"signature_on_file": False}},
        "/claim/patient_signature_on_file",
        {"patient": {"signature_on_file": True}},
    ),
    Case(
        "billing_address_wrong",
        {"practice": {"address": {"state": "ZZ"}}},
        "/billing/state",
        {"practice": {"address": {"state": "WA"}}},
    ),
    Case(
        "patient_paid_too_much",
        {"claim": {"patient_paid_cents": 9001}},
        "/claim/patient_paid_cents",
        {"claim": {"patient_paid_cents": 9000}},
    ),
)

PERMISSION_CASES = (*PERMISSION, *PROGRAM, *HEADER)
