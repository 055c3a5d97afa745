"""Visits that come out without a finding, by kind of payer; every case changes one thing of one of them.

The simulator's clock stands at 2026-05-04, 08:00 in Seattle; the visit was on 2026-04-30.
"""

from typing import Any

from tests.journeys.claim_rules.office import NPI, Facts, merged

DAY = "2026-04-30"
REFERRING_NPI = "1619048238"
NO_CHECK: dict[str, Any] = {"asked": False}


def times(day: str, start: str = "09:00", end: str = "10:30") -> dict[str, str]:
    """Start and end of a session in the practice's zone, in summer time."""
    return {"started_at": f"{day}T{start}:00-07:00", "ended_at": f"{day}T{end}:00-07:00"}


def work(procedure_code: str, minutes: int, region: str = "neck", **more: Any) -> dict[str, Any]:
    """One technique of a note."""
    return {"procedure_code": procedure_code, "region": region, "minutes": minutes, **more}


CHIROPRACTOR, PHYSICAL_THERAPIST, OCCUPATIONAL_THERAPIST = "111N00000X", "225100000X", "225X00000X"


def treated_by(taxonomy: str) -> Facts:
    """The therapist is of this taxonomy."""
    return {"therapist": {"taxonomy": taxonomy}}


def order(**more: Any) -> dict[str, Any]:
    """A doctor's prescription that holds on the day of the visit."""
    return {
        "coverage_id": "cov_1",
        "kind": "prescription",
        "referring_name": {"first": "Miriam", "last": "Feldstein"},
        "referring_npi": REFERRING_NPI,
        "issued_on": "2026-04-01",
        "effective_to": "2026-09-30",
        "visits": 12,
        "diagnoses": ["M54.2"],
        **more,
    }


def permission(**more: Any) -> dict[str, Any]:
    """A payer's authorization that holds on the day of the visit."""
    return {
        "coverage_id": "cov_1",
        "number": "A7731",
        "effective_from": "2026-04-01",
        "effective_to": "2026-06-30",
        "visits": 12,
        **more,
    }


PROCEDURES = [
    "97010",
    "97014",
    "97110",
    "97112",
    "97124",
    "97140",
    "97150",
    "97161",
    "97530",
    "97533",
    "97535",
    "97537",
    "97542",
    "97750",
    "97810",
    "98940",
    "98941",
    "99213",
    "G0283",
]
ADDRESS = {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"}

COMMERCIAL: dict[str, Any] = {
    "practice": {
        "name": "Salal Street Bodywork PLLC",
        "npi": NPI,
        "tax_id": "914408127",
        "taxonomy": "225700000X",
        "address": {"line1": "4127 Salal Street NW", "city": "Seattle", "state": "WA", "zip": "981074812"},
        "contact_name": "Bettina Crane",
        "contact_phone": "2065550164",
        "place_of_service": "11",
    },
    "therapist": {
        "name": {"first": "Ingrid", "last": "Solberg"},
        "npi": "1398520472",
        "taxonomy": "225700000X",
        "license_number": "MA60418852",
        "license_expires_on": "2027-02-11",
        "credentials": [],
    },
    "fees": {
        "effective_from": "2015-01-01",
        "fees": [{"procedure_code": code, "charge_cents": 4500} for code in PROCEDURES],
    },
    "patient": {
        "name": {"first": "Nadia", "last": "Whitlock"},
        "birth_date": "1984-07-19",
        "sex": "female",
        "address": ADDRESS,
    },
    "payer": {
        "name": "Holly Health",
        "payer_identifier": "HOLLY",
        "profile": "commercial_wa",
        "unit_method": "cms",
        "authorization": "none",
        "referral": "none",
    },
    "coverage": {
        "patient_id": "pat_1",
        "payer_id": "pay_1",
        "member_id": "HOLLY0001",
        "effective_from": "2015-01-01",
    },
    "referrals": {},
    "authorizations": {},
    "asked": True,
    "billed_to": "cov_1",
    "note": {
        "patient_id": "pat_1",
        "therapist_id": "thr_1",
        **times(DAY),
        "subjective": {
            "complaint": "Neck pain on the right, 6 of 10, since late January, worse at the computer.",
            "pain": 6,
            "functional_limit": "Sits at the computer for 25 minutes at most.",
        },
        "objective": {"range_of_motion": "Cervical rotation right 52 degrees, left 68."},
        "assessment": "Neck pain from desk load; rotation is limited by soft tissue.",
        "plan": {
            "frequency": "2x/week",
            "ends_on": "2026-06-30",
            "goals": [{"measure": "Rotation to the right", "target": "65 degrees", "due_on": "2026-06-01"}],
        },
        "techniques": [work("97124", 30)],
        "diagnoses": ["M54.2"],
        "pain_after": 3,
        "response": "Rotation right 61 degrees afterwards.",
    },
    "signed_by": "therapist",
    "claim": {},
}

AUTO = merged(
    COMMERCIAL,
    {
        "payer": {"name": "Fern Auto", "payer_identifier": "FERNA", "profile": "auto_wa"},
        "coverage": {
            "claim_number": "FA-20441",
            "accident": {"occurred_on": "2026-04-02", "state": "WA", "cause": "auto"},
        },
        "asked": False,
    },
)

WORKERS_COMP = merged(
    COMMERCIAL,
    {
        "payer": {
            "name": "Labor and Industries",
            "payer_identifier": "WALNI",
            "profile": "wa_lni",
            "authorization": None,
            "referral": None,
        },
        "coverage": {
            "relationship": "employee",
            "subscriber": {"organization_name": "Harborline Cold Storage", "address": ADDRESS},
            "claim_number": "BK41207",
            "accident": {"occurred_on": "2026-04-02", "state": "WA", "cause": "employment"},
        },
        "referrals": {"ref_1": order()},
        "asked": False,
    },
)

COMP_ANYWHERE = merged(
    WORKERS_COMP,
    {
        "payer": {"profile": "workers_comp", "massage_therapists": "pays", "authorization": "none"},
        "coverage": {"accident": {"occurred_on": "2026-02-02", "state": "TX"}},
        "referrals": {"ref_1": order(issued_on="2026-02-03")},
    },
)

MEDICARE_ADVANTAGE = merged(
    COMMERCIAL,
    {
        "payer": {"profile": "medicare_advantage", "massage_therapists": "pays", "timely_filing_days": 365},
        "note": {"techniques": [work("97124", 15)]},
    },
)

PRIOR_PAYMENT: dict[str, Any] = {
    "payer_id": "pay_2",
    "paid_cents": 6000,
    "adjustments": [{"group": "PR", "reason_code": "3", "amount_cents": 3000}],
    "remitted_on": "2026-05-02",
}
SECONDARY = merged(
    COMMERCIAL,
    {
        "other_payer": {
            "name": "Ivy Health",
            "payer_identifier": "IVYHE",
            "profile": "commercial_wa",
            "authorization": "none",
            "referral": "none",
        },
        "other_coverage": {"patient_id": "pat_1", "payer_id": "pay_2", "member_id": "IVY0001", "rank": 1},
        "coverage": {"rank": 2},
        "claim": {"prior_payments": [PRIOR_PAYMENT]},
    },
)

BASELINES: dict[str, Facts] = {
    "commercial": COMMERCIAL,
    "auto": AUTO,
    "workers_comp": WORKERS_COMP,
    "comp_anywhere": COMP_ANYWHERE,
    "medicare_advantage": MEDICARE_ADVANTAGE,
    "secondary": SECONDARY,
}
