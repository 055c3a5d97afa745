"""A practice and its neighbours as the claims service sees them: bodies built from the contract models.

Everybody is invented. `Neighbours` plays the notes and the eligibility service on a real port; what they hold is a
dictionary that a test changes, and either of them can be down.
"""

from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Header
from fastapi.responses import JSONResponse

from shared.contracts.common import Event
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.contracts.practice import FeeSchedulePut, PracticePut, TherapistPut

PATIENT = "pat_canary01"
THERAPIST = "thr_ingrid01"
PAYER = "pay_cascade1"
NOTE = "note_0000001"
COVERAGE = "cov_00000001"
FEES = "fees_2026"
NPI = "1487302659"
OTHER_NPI = "1245319599"
"""Of another organization: an NPI is one organization's in an installation."""
CANARY_NAME = "WHITLOCKCANARY"
CANARY_MEMBER = "CMH204417CANARY"
CANARY_BIRTH_DATE = "1984-07-19"
CANARIES = (CANARY_NAME, CANARY_MEMBER, CANARY_BIRTH_DATE, CANARY_BIRTH_DATE.replace("-", ""))
BILLER = {"id": "user-bettina", "name": "Bettina Craneactor", "role": "biller"}


def a_practice(**changed: Any) -> dict[str, Any]:
    body = {
        "name": "Salal Street Bodywork PLLC",
        "npi": NPI,
        "tax_id": "914408127",
        "taxonomy": "225700000X",
        "address": {"line1": "4127 Salal Street NW", "city": "Seattle", "state": "WA", "zip": "981074812"},
        "contact_name": "Bettina Crane",
        "contact_phone": "2065550164",
        **changed,
    }
    return PracticePut.model_validate(body).model_dump(mode="json")


def a_therapist(**changed: Any) -> dict[str, Any]:
    body = {
        "name": {"first": "Ingrid", "last": "Solberg"},
        "npi": "1398520472",
        "taxonomy": "225700000X",
        "license_number": "MA60418852",
        "license_expires_on": "2027-02-11",
        **changed,
    }
    return TherapistPut.model_validate(body).model_dump(mode="json")


def a_fee_schedule(**changed: Any) -> dict[str, Any]:
    fees = [
        {"procedure_code": "97124", "charge_cents": 4500},
        {"procedure_code": "97110", "charge_cents": 4700},
        {"procedure_code": "97112", "charge_cents": 4900},
        {"procedure_code": "97140", "charge_cents": 4800},
    ]
    body = {"effective_from": "2026-01-01", "fees": fees, **changed}
    return FeeSchedulePut.model_validate(body).model_dump(mode="json")


def a_note(note_id: str = NOTE, **changed: Any) -> dict[str, Any]:
    """A signed note of the morning of 2026-03-02: 45 minutes of 97124 and 15 of 97110, three units and one."""
    body = {
        "id": note_id,
        "version": 2,
        "status": "signed",
        "patient_id": PATIENT,
        "therapist_id": THERAPIST,
        "started_at": "2026-03-02T07:30:00-08:00",
        "ended_at": "2026-03-02T08:35:00-08:00",
        "date_of_service": "2026-03-02",
        "subjective": {
            "complaint": f"Right neck pain with headache, says {CANARY_NAME}",
            "pain": 6,
            "character": "dull ache",
            "onset": "since January, after a move to a laptop",
            "functional_limit": "can sit at the computer for 25 minutes",
        },
        "objective": {"range_of_motion": "rotation right 52 degrees", "palpation": "tender right trapezius"},
        "assessment": "Soft-tissue restriction, likely to resolve",
        "plan": {
            "frequency": "once a week for six weeks",
            "ends_on": "2026-05-01",
            "goals": [{"measure": "rotation to the right", "target": "65 degrees", "due_on": "2026-04-15"}],
        },
        "techniques": [
            {"procedure_code": "97124", "region": "neck", "minutes": 45},
            {"procedure_code": "97110", "region": "shoulder", "minutes": 15},
        ],
        "diagnoses": ["M54.2", "G44.86"],
        "pain_after": 3,
        "response": "Rotation 61 degrees afterwards",
        "content_hash": "a" * 64,
        "signed_at": "2026-03-02T16:40:00Z",
        "signed_by": {"therapist_id": THERAPIST, "id": "user-ingrid", "name": "Ingrid Solberg", "role": "therapist"},
        **changed,
    }
    return Note.model_validate(body).model_dump(mode="json")


def a_draft(note_id: str = NOTE, **changed: Any) -> dict[str, Any]:
    """The same note before its signature."""
    return a_note(note_id, status="draft", signed_at=None, signed_by=None, **changed)


EXERCISE_TOO = ["97010", "97110", "97112", "97124", "97140", "97530"]
"""What this payer pays a massage therapist, more than the usual scope."""


def a_payer(**changed: Any) -> dict[str, Any]:
    return {
        "id": PAYER,
        "version": 1,
        "name": "Cascade Mutual Health",
        "payer_identifier": "CASCM",
        "profile": "commercial_wa",
        "claim_route": "clearinghouse",
        "eligibility_route": "clearinghouse",
        "filing_indicator": "CI",
        "unit_method": "cms",
        "timely_filing_days": 180,
        "authorization": "none",
        "referral": "none",
        "procedures_by_taxonomy": {"225700000X": EXERCISE_TOO},
        **changed,
    }


def a_coverage(coverage_id: str = COVERAGE, **changed: Any) -> dict[str, Any]:
    return {
        "id": coverage_id,
        "version": 1,
        "patient_id": PATIENT,
        "payer_id": PAYER,
        "rank": 1,
        "member_id": CANARY_MEMBER,
        "group_number": "CASC7710",
        "relationship": "self",
        "effective_from": "2025-01-01",
        "network": "in",
        **changed,
    }


def a_coverage_bundle(coverage_id: str = COVERAGE, **changed: Any) -> dict[str, Any]:
    """A commercial plan in force that covers massage, with a prescription."""
    body = {
        "coverage": a_coverage(coverage_id),
        "patient": {
            "id": PATIENT,
            "version": 1,
            "name": {"first": "Nadia", "last": CANARY_NAME.title()},
            "birth_date": CANARY_BIRTH_DATE,
            "sex": "female",
            "address": {"line1": "2218 NW 64th Street", "city": "Seattle", "state": "WA", "zip": "98107"},
        },
        "payer": a_payer(),
        "authorizations": [],
        "referrals": [
            {
                "id": "ref_00000001",
                "version": 1,
                "coverage_id": coverage_id,
                "kind": "prescription",
                "referring_name": {"first": "Miriam", "last": "Feldstein"},
                "referring_npi": "1619048238",
                "issued_on": "2026-01-15",
                "effective_to": "2026-09-08",
                "visits": 12,
                "diagnoses": ["M54.2", "G44.86"],
            }
        ],
        "benefit": {"active": "active", "massage": "covered", "service_type": "BE", "authorization": "not_required"},
        "checked_at": "2026-03-01T17:00:00Z",
        **changed,
    }
    return CoverageBundle.model_validate(body).model_dump(mode="json")


@dataclass
class Neighbours:
    """The notes and the eligibility service. Things of another organization are not found, as in the real ones."""

    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    feed_reads: list[int] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/v1/notes/{note_id}")
        def note(note_id: str, authorization: str = Header()) -> JSONResponse:
            self.tokens.append(authorization)
            return self._answer("notes", self.notes.get(note_id))

        @app.get("/v1/events")
        def feed(after: int, limit: int) -> JSONResponse:
            self.feed_reads.append(after)
            items = [one for one in self.events if one["sequence"] > after][:limit]
            return self._answer("notes", {"items": items, "next": items[-1]["sequence"] if items else after})

        @app.get("/v1/coverages/{coverage_id}/file")
        def coverage_bundle(coverage_id: str, authorization: str = Header()) -> JSONResponse:
            self.tokens.append(authorization)
            return self._answer("eligibility", self.files.get(coverage_id))

        @app.get("/v1/authorizations/{authorization_id}")
        def one_authorization(authorization_id: str) -> JSONResponse:
            known = {one["id"]: one for file in self.files.values() for one in file["authorizations"]}
            return self._answer("eligibility", known.get(authorization_id))

        return app

    def _answer(self, service: str, body: dict[str, Any] | None) -> JSONResponse:
        if service in self.down:
            return JSONResponse({}, status_code=503)
        return JSONResponse(body) if body is not None else JSONResponse({}, status_code=404)

    def tell(self, kind: str, note_id: str, occurred_at: str = "2026-03-02T16:40:00+00:00") -> None:
        """The feed of the notes service has one more event."""
        sequence = len(self.events) + 1
        told = Event(
            id=f"evt_{sequence:08d}", sequence=sequence, type=kind, subject_id=note_id, occurred_at=occurred_at
        )
        self.events.append(told.model_dump(mode="json"))

    def hold(self, count: int = 1) -> list[str]:
        """As many signed notes on days apart, under one coverage that a test may have put before; returns their ids."""
        self.files.setdefault(COVERAGE, a_coverage_bundle())
        made = []
        for place in range(count):
            note_id = f"note_{place + 1:07d}"
            month, day = 1 + place // 28, 1 + place % 28
            self.notes[note_id] = a_note(
                note_id,
                started_at=f"2026-{month:02d}-{day:02d}T07:30:00-08:00",
                ended_at=f"2026-{month:02d}-{day:02d}T08:35:00-08:00",
                date_of_service=f"2026-{month:02d}-{day:02d}",
                assessment=f"Visit {place + 1}: less tender than before",
                signed_at=f"2026-{month:02d}-{day:02d}T16:40:00Z",
            )
            made.append(note_id)
        return made
