"""Two patients of one practice whose claims went out in one file and were paid in one remittance."""

from tests.services.claims.factories import COVERAGE, a_coverage_bundle
from tests.services.claims.fake_clearinghouse import paid_in_part, remittance

OTHER_PATIENT, OTHER_COVERAGE = "pat_another01", "cov_another01"
OTHERS = (OTHER_PATIENT, OTHER_COVERAGE, "OTHERBY", "1971-11-30", "19711130", "OTH5551971")
"""What tells of the other one, wherever it stands."""


def two_patients(scenario, answer=paid_in_part) -> None:
    """A claim of each in one file, and both answered in one 835."""
    scenario.neighbours.files[OTHER_COVERAGE] = bundle_of_another()
    notes = scenario.neighbours.hold(2)
    other = scenario.neighbours.notes[notes[1]]
    scenario.neighbours.notes[notes[1]] = other | {"patient_id": OTHER_PATIENT}
    for note_id, coverage_id in zip(notes, (COVERAGE, OTHER_COVERAGE), strict=True):
        made = scenario.api.create(note_id, coverage_id)
        assert made.json()["state"] == "ready", made.text
        scenario.claims.append(made.json())
    scenario.submit()
    assert scenario.run().sent == 1
    scenario.receive(remittance(answer(scenario.number(0)), answer(scenario.number(1))), "835")


def bundle_of_another():
    bundle = a_coverage_bundle()
    name = {"first": "Orla", "last": "Otherby"}
    bundle["patient"] |= {"id": OTHER_PATIENT, "name": name, "birth_date": "1971-11-30"}
    bundle["coverage"] |= {"id": OTHER_COVERAGE, "patient_id": OTHER_PATIENT, "member_id": "OTH5551971"}
    return bundle
