"""Where the clinics are and whom they bill. Each state has its payers; a payer says what a contract would say."""

from typing import Any

from tests.journeys.honest_claims.visit import TAXONOMIES

PAYS_MASSAGE = {"massage_therapists": "pays"}
ASKED = {"authorization": "none", "referral": "none"}


def health(identifier: str, profile: str = "commercial", **more: Any) -> dict[str, Any]:
    """A health plan that has said what it wants."""
    payer = {"name": f"Plan {identifier}", "payer_identifier": identifier, "profile": profile, **ASKED, **more}
    return {"payer": payer}


def compensation(identifier: str, profile: str, state: str, number: str, **more: Any) -> dict[str, Any]:
    street = {"line1": "90 Dock Street", "city": "Tacoma", "state": state, "zip": "98402"}
    return {
        "payer": {"name": f"Fund {identifier}", "payer_identifier": identifier, "profile": profile, **more},
        "coverage": {
            "claim_number": number,
            "relationship": "employee",
            "subscriber": {"organization_name": "Harborline Cold Storage", "address": street},
            "accident": {"occurred_on": "2026-04-06", "state": state, "cause": "employment"},
        },
    }


def auto(identifier: str, profile: str, state: str, **more: Any) -> dict[str, Any]:
    payer = {"name": f"Insurer {identifier}", "payer_identifier": identifier, "profile": profile, **more}
    accident = {"occurred_on": "2026-04-20", "state": state, "cause": "auto"}
    return {"payer": payer, "coverage": {"claim_number": f"{identifier}20441", "accident": accident}}


MEDICARE = health("MEDB", "medicare", referral=None, authorization=None)
ADVANTAGE = health("MADV", "medicare_advantage", timely_filing_days=365, **PAYS_MASSAGE)
VETERANS = health("VACCN", "va_community_care", authorization=None, referral=None)
UNITED = health("UHCX", "united", **PAYS_MASSAGE)
FEDERAL = health("FEPX", filing_indicator="BL", **PAYS_MASSAGE)
TRICARE = health("TRIX", filing_indicator="CH")

PAYERS: dict[str, dict[str, Any]] = {
    "WA": {
        "plan": health("WAPLN", "commercial_wa"),
        "pooled": health("WACMS", "commercial_wa", unit_method="cms"),
        "referral": health("WAREF", "commercial_wa", referral="required"),
        "authorization": health("WAAUT", "commercial_wa", authorization="required"),
        "manual": health("WAMAN", "commercial_wa", manual_therapy_by_massage_therapist="pays"),
        "united": UNITED,
        "federal": FEDERAL,
        "tricare": TRICARE,
        "medicare": MEDICARE,
        "advantage": ADVANTAGE,
        "veterans": VETERANS,
        "medicaid": health("WAMCD", filing_indicator="MC", unit_method="cms"),
        "fund": compensation("WALNI", "wa_lni", "WA", "BK41207"),
        "auto": auto("FERN", "auto_wa", "WA", referral="none"),
    },
    "OR": {
        "plan": health("ORPLN", procedures_by_taxonomy={TAXONOMIES["LMT"]: ["97124", "97140"]}, **PAYS_MASSAGE),
        "medicaid": health("OROHP", filing_indicator="MC", unit_method="cms"),
        "medicare": MEDICARE,
        "veterans": VETERANS,
        "fund": compensation("SAIFX", "workers_comp_or", "OR", "7781204", authorization="none", **PAYS_MASSAGE),
        "auto": auto("ORPIP", "auto_or", "OR", referral="none", **PAYS_MASSAGE),
    },
    "TX": {
        "plan": health("TXPLN"),
        "pooled": health("TXCMS", unit_method="cms"),
        "united": UNITED,
        "medicare": MEDICARE,
        "advantage": ADVANTAGE,
        "tricare": TRICARE,
        "veterans": VETERANS,
        "fund": compensation("TXMUT", "workers_comp_tx", "TX", "99A441207", authorization="required"),
        "auto": auto("TXPIP", "auto_pip", "TX", **ASKED),
    },
    "CA": {
        "plan": health("CAPLN"),
        "massage": health("CAMAS", **PAYS_MASSAGE),
        "united": UNITED,
        "medicare": MEDICARE,
        "advantage": ADVANTAGE,
        "medicaid": health(
            "CAMCL", filing_indicator="MC", procedures_by_taxonomy={TAXONOMIES["LAc"]: ["97810", "97811"]}
        ),
        "fund": compensation("CASIF", "workers_comp_ca", "CA", "06477120", authorization="required"),
        "auto": auto("CAMED", "auto_pip", "CA", **ASKED),
    },
    "FL": {
        "plan": health("FLPLN", **PAYS_MASSAGE),
        "medicare": MEDICARE,
        "advantage": ADVANTAGE,
        "auto": auto("FLPIP", "auto_fl", "FL", **ASKED),
        "fund": compensation(
            "FLFUN", "workers_comp", "FL", "55120774", timely_filing_days=120, authorization="required"
        ),
    },
    "NY": {
        "plan": health("NYPLN"),
        "medicare": MEDICARE,
        "auto": auto("NYNOF", "auto_ny", "NY"),
        "fund": compensation("NYSIF", "workers_comp", "NY", "G3127704", timely_filing_days=120, authorization="none"),
    },
}
ADDRESSES: dict[str, dict[str, str]] = {
    "WA": {"line1": "4127 Salal Street NW", "city": "Seattle", "state": "WA", "zip": "981074812"},
    "OR": {"line1": "310 SE Alder Street", "city": "Portland", "state": "OR", "zip": "972141533"},
    "TX": {"line1": "2204 Guadalupe Street", "city": "Austin", "state": "TX", "zip": "787051122"},
    "CA": {"line1": "518 Larkin Street", "city": "San Francisco", "state": "CA", "zip": "941022407"},
    "FL": {"line1": "77 Palmetto Avenue", "city": "Tampa", "state": "FL", "zip": "336021418"},
    "NY": {"line1": "1420 Court Street", "city": "Brooklyn", "state": "NY", "zip": "112311207"},
}
