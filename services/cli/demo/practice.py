"""The sample practice as its EHR exports it: JSON files whose objects are the bodies of the public API."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

DEMO = Path(__file__).parents[3] / "deploy" / "demo"
Thing = dict[str, Any]
LICENSED_SINCE = "2020-01-01"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: a note, the coverage it is billed to, and whether the therapist signed it."""

    note_id: str
    coverage_id: str
    signed: bool
    note: Thing


@dataclass(frozen=True, slots=True)
class AnsweredVisit:
    """What the biller does about a payer's answer to a visit: each act is a record that she puts (`put`, `body`) or an
    act on the visit's newest claim (`post`, `body`)."""

    note_id: str
    acts: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class SamplePractice:
    """Everything the EHR holds. Each thing has its `id` beside the members of its PUT body."""

    name: str
    time_zone: str
    clock_start: datetime
    practice: Thing
    things: dict[str, list[Thing]]
    visits: tuple[Visit, ...]
    answered: tuple[AnsweredVisit, ...]

    def signature(self, visit: Visit) -> Thing:
        """What the EHR sends to sign a visit's note: its therapist, and her license as the EHR holds it."""
        therapist_id = visit.note["therapist_id"]
        therapist = next(one for one in self.things["therapists"] if one["id"] == therapist_id)
        name = therapist["name"]
        return {
            "therapist_id": therapist_id,
            "license": {
                "kind": "LMT",
                "state": self.practice["address"]["state"],
                "number": therapist["license_number"],
                "effective_from": LICENSED_SINCE,
                "effective_to": therapist["license_expires_on"],
            },
            "actor": {"id": therapist_id, "name": f"{name['first']} {name['last']}", "role": "therapist"},
        }


ROUTES = {
    "therapists": ("claims", "/v1/therapists"),
    "fees": ("claims", "/v1/fee-schedules"),
    "patients": ("eligibility", "/v1/patients"),
    "payers": ("eligibility", "/v1/payers"),
    "coverages": ("eligibility", "/v1/coverages"),
    "authorizations": ("eligibility", "/v1/authorizations"),
    "referrals": ("eligibility", "/v1/referrals"),
}
"""Which service takes which file's objects, in the order that their references ask for."""


def load(folder: Path = DEMO / "practice") -> SamplePractice:
    """Read the export. Raises FileNotFoundError when the folder is not there."""
    organization = _read(folder / "organization.json")
    visits = tuple(
        Visit(visit["id"], visit["coverage_id"], visit["sign"], visit["note"])
        for visit in (_read(file) for file in sorted((folder / "visits").glob("visit_*.json")))
    )
    return SamplePractice(
        name=organization["name"],
        time_zone=organization["time_zone"],
        clock_start=datetime.fromisoformat(organization["clock_start"]),
        practice=_read(folder / "practice.json"),
        things={kind: _read(folder / f"{kind}.json") for kind in ROUTES},
        visits=visits,
        answered=tuple(AnsweredVisit(one["visit"], tuple(one["acts"])) for one in _read(folder / "answers.json")),
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text())
