"""A clinic on an installation: it puts what a visit needs, once, writes and signs the note, and has the claim checked.

A check keeps nothing, so one visit is never another's history.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from services.cli.demo.ehr import Ehr
from tests.journeys.claim_rules.office import merged
from tests.journeys.honest_claims.visit import TAXONOMIES, Visit

NAMES = {
    "LMT": ("Ingrid", "Solberg", "1398520472"),
    "PT": ("Priya", "Raman", "1487650008"),
    "OT": ("Odile", "Marchand", "1679530000"),
    "DC": ("Caleb", "Thornton", "1366440000"),
    "LAc": ("Mei", "Lindqvist", "1255340006"),
    "ND": ("Rosalind", "Akers", "1144240003"),
}
FEES = {
    "97010": 2000, "97012": 3500, "97014": 3000, "97016": 4000, "97018": 2500, "97022": 3500, "97026": 2500,
    "97032": 4200, "97035": 4000, "97110": 6400, "97112": 6800, "97113": 7200, "97116": 6200, "97124": 4800,
    "97129": 5200, "97130": 5000, "97140": 6200, "97150": 3800, "97161": 14000, "97162": 14000, "97163": 14000,
    "97164": 9800, "97165": 14000, "97166": 14000, "97167": 14000, "97168": 9800, "97530": 7200, "97533": 7400,
    "97535": 7000, "97537": 6800, "97542": 6800, "97545": 30000, "97546": 12000, "97750": 7600, "97755": 8200,
    "97760": 9800, "97761": 9200, "97763": 9600, "97799": 5000, "97810": 7200, "97811": 5600, "97813": 7600,
    "97814": 6200, "98925": 6800, "98926": 8200, "98940": 6000, "98941": 7600, "98942": 9200, "98943": 5600,
    "99202": 14000, "99203": 18000, "99211": 5000, "99212": 9000, "99213": 13500, "99214": 19000, "20560": 6000,
    "20561": 8200, "G0283": 3000, "97139": 4800, "97039": 4800,
}  # fmt: skip
DAY, AGE, PROGRESS_ON = "2026-04-30", 41, "2026-04-22"
PROGRESS = {
    "progress_report_on": PROGRESS_ON,
    "improvement_documented_on": PROGRESS_ON,
    "forms_on_file": [{"form": "F245-417-000", "filed_on": PROGRESS_ON}],
}
"""What Washington's fund has of an injury after its sixth visit."""
NOTE: dict[str, Any] = {
    "subjective": {
        "complaint": "Aching on most days since late January, worse after an hour at the desk and on stairs.",
        "pain": 6,
        "functional_limit": "Sits at the computer for 25 minutes at most, then has to stand up.",
    },
    "objective": {"range_of_motion": "Limited by a third against the other side.", "palpation": "Firm and tender."},
    "assessment": "Function is limited by pain and by tissue that moves too little; better than at the last visit.",
    "plan": {
        "frequency": "2x/week",
        "ends_on": "2026-06-30",
        "goals": [{"measure": "Sitting", "target": "60 minutes", "due_on": "2026-06-01"}],
    },
    "pain_after": 3,
    "response": "Moves farther afterwards and sits without pain.",
}
PAUSE_MINUTES = 5
Facts = Mapping[str, Any]


class Clinic:
    """One organization, where it practices, and the payers that it bills, by name."""

    def __init__(self, ehr: Ehr, npi: str, address: Facts, payers: Mapping[str, Facts]) -> None:
        self._ehr, self._payers, self._address = ehr, payers, address
        self._was_put: dict[str, str] = {}
        self._notes = count(1)
        self._put("claims", "/v1/practice", _practice(npi, address))
        fees = [{"procedure_code": code, "charge_cents": cents} for code, cents in FEES.items()]
        self._put("claims", "/v1/fee-schedules/fees_1", {"effective_from": "2015-01-01", "fees": fees})

    def check(self, visit: Visit) -> Any:
        """The dry run of the claim of a visit."""
        therapist_id = self._once("thr", "claims", "/v1/therapists", _therapist(visit))
        coverage = self._coverage(visit)
        note_id = f"note_{next(self._notes)}"
        self._write_and_sign(visit, note_id, therapist_id, coverage["patient_id"])
        body = {
            "note_id": note_id,
            "coverage_id": coverage["id"],
            "modifiers": visit.modifiers,
            "left_off": list(visit.options.get("off", ())),
        }
        return self._ehr.post("claims", "/v1/claims/check", body, f"check-{note_id}")

    def _coverage(self, visit: Visit) -> dict[str, str]:
        """A patient and her coverage by this payer; the ids of both. A check keeps nothing, so visits of one coverage
        are not each other's history."""
        terms = self._payers[visit.payer]
        payer_id = self._once("pay", "eligibility", "/v1/payers", terms["payer"])
        facts = merged(terms.get("coverage", {}), _of_coverage(visit))
        prescribed = " ".join(visit.diagnoses) if self._is_prescribed(visit, terms) else ""
        person = _patient(visit, self._address)
        whose = json.dumps([payer_id, facts, prescribed, person, "authorized" in visit.options], sort_keys=True)
        patient_id = self._once("pat", "eligibility", "/v1/patients", person, of=whose)
        own = {"patient_id": patient_id, "payer_id": payer_id, "member_id": "W28841907", "effective_from": "2015-01-01"}
        coverage_id = self._once("cov", "eligibility", "/v1/coverages", {**own, **facts})
        if prescribed:
            self._once("ref", "eligibility", "/v1/referrals", _prescription(coverage_id, visit.diagnoses))
        if "authorized" in visit.options:
            self._once("auth", "eligibility", "/v1/authorizations", _authorization(coverage_id))
        return {"id": coverage_id, "patient_id": patient_id}

    @staticmethod
    def _is_prescribed(visit: Visit, terms: Facts) -> bool:
        return terms["payer"].get("referral") != "none" and "unprescribed" not in visit.options

    def _write_and_sign(self, visit: Visit, note_id: str, therapist_id: str, patient_id: str) -> None:
        actor = {"id": therapist_id, "name": " ".join(NAMES[visit.discipline][:2]), "role": "therapist"}
        start = datetime.fromisoformat(f"{visit.option('day', DAY)}T{visit.option('starts', '09:00')}:00-07:00")
        minute, techniques = 0, []
        for technique in visit.techniques:
            techniques.append({"start_minute": minute, **technique})
            minute += technique["minutes"]
        body = {
            **_record(visit),
            "patient_id": patient_id,
            "therapist_id": therapist_id,
            "started_at": start.isoformat(),
            "ended_at": (start + timedelta(minutes=minute + PAUSE_MINUTES)).isoformat(),
            "techniques": techniques,
            "diagnoses": list(visit.diagnoses),
        }
        self._put("notes", f"/v1/notes/{note_id}", {**body, "actor": actor})
        if "unsigned" in visit.options:
            return
        held = {"kind": visit.discipline, "state": visit.state, "number": "60417722", "effective_from": "2000-01-01"}
        signing = {"therapist_id": therapist_id, "license": held, "actor": actor}
        self._ehr.post("notes", f"/v1/notes/{note_id}/sign", signing, f"sign-{note_id}")

    def _once(self, prefix: str, service: str, route: str, body: Facts, *, of: str = "") -> str:
        """Put it unless the same (of the same) was put before; its id."""
        key = of or json.dumps([route, body], sort_keys=True)
        if key not in self._was_put:
            self._was_put[key] = f"{prefix}_{len(self._was_put)}"
            self._put(service, f"{route}/{self._was_put[key]}", body)
        return self._was_put[key]

    def _put(self, service: str, path: str, body: Facts) -> None:
        self._ehr.put(service, path, body)


def _record(visit: Visit) -> Facts:
    complaint = visit.option("complaint").replace("_", " ")
    note = merged(NOTE, {"subjective": {"complaint": complaint}} if complaint else {})
    return {name: part for name, part in note.items() if name not in visit.options.get("without", ())}


def _therapist(visit: Visit) -> Facts:
    first, last, npi = NAMES[visit.discipline]
    return {
        "name": {"first": first, "last": last},
        "npi": npi,
        "taxonomy": TAXONOMIES[visit.discipline],
        "license_number": "60418852",
        "license_expires_on": visit.option("license", "2027-02-11"),
    }


def _patient(visit: Visit, address: Facts) -> Facts:
    sex = next((one for one in ("male", "unknown") if one in visit.options), "female")
    born = f"{int(DAY[:4]) - int(visit.option('age', str(AGE)))}-02-11"
    person = {"name": {"first": "Nadia", "last": "Whitlock"}, "birth_date": born, "sex": sex}
    return person if "noaddress" in visit.options else {**person, "address": address}


def _of_coverage(visit: Visit) -> dict[str, Any]:
    facts: dict[str, Any] = {"effective_to": visit.option("ended")} if "ended" in visit.options else {}
    if "accident" in visit.options:
        facts["accident"] = {"occurred_on": visit.option("accident")}
    if "prior" in visit.options:
        facts |= {"prior_visits": int(visit.option("prior")), **PROGRESS}
    return facts


def _practice(npi: str, address: Facts) -> Facts:
    return {
        "name": "Salal Street Clinic PLLC",
        "npi": npi,
        "tax_id": "914408127",
        "taxonomy": "261QR0400X",
        "address": address,
        "contact_name": "Bettina Crane",
        "contact_phone": "2065550164",
        "place_of_service": "11",
    }


def _prescription(coverage_id: str, diagnoses: tuple[str, ...]) -> Facts:
    return {
        "coverage_id": coverage_id,
        "kind": "prescription",
        "referring_name": {"first": "Miriam", "last": "Feldstein"},
        "referring_npi": "1619048238",
        "issued_on": "2026-04-01",
        "effective_to": "2026-09-30",
        "visits": 12,
        "diagnoses": list(diagnoses),
    }


def _authorization(coverage_id: str) -> Facts:
    return {
        "coverage_id": coverage_id,
        "number": "A7731",
        "effective_from": "2026-04-01",
        "effective_to": "2026-06-30",
        "visits": 12,
    }
