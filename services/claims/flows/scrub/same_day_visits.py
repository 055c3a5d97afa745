"""What visits of several notes have in common if one claim is to bill them: patient, day, place and discipline."""

from collections.abc import Iterator

from services.claims.document import ClaimSource, SourceVisit
from services.claims.flows.scrub.service_location import place_of_visit
from shared.errors import Conflict, Fault

ON_ONE_CLAIM = "combined"
FIXES = {
    "patient": "Name notes of one patient.",
    "day": "Bill it with its own day.",
    "place": "Bill it with a claim of its own.",
    "discipline": "Bill it with a claim of its own.",
}


def refuse_apart(source: ClaimSource) -> None:
    """Raises Conflict for visits that cannot be on one claim, with what keeps each of them off it."""
    faults = list(_faults(source))
    if faults:
        raise Conflict("the visits cannot be on one claim", code=faults[0].code, errors=faults)


def refuse_unwanted(source: ClaimSource) -> None:
    """Raises Conflict where a payer wants a claim for each visit, or a note is not signed: who puts visits together can
    leave one off."""
    faults = [
        Fault(
            _pointer(place),
            "note_unsigned",
            f"Note {visit.note.id} is not signed.",
            "Have the treating therapist sign it, or leave it off.",
        )
        for place, visit in enumerate(source.other_visits)
        if visit.note.status != "signed"
    ]
    if source.other_visits and source.profile.same_day_visits != ON_ONE_CLAIM:
        fix = "Make a claim for each note, or set the payer's `same_day_visits` to `combined` if it wants one a day."
        text = "This payer wants each visit on a claim of its own."
        faults.insert(0, Fault("/body/same_day_note_ids", "visits_not_combined", text, fix))
    if faults:
        raise Conflict("the visits are not to be on one claim", code=faults[0].code, errors=faults)


def may_share_claim(source: ClaimSource, other: ClaimSource) -> bool:
    """Whether the visits of two claims under one coverage could be on one."""
    same_coverage = source.coverage_bundle.coverage.id == other.coverage_bundle.coverage.id
    return same_coverage and not _differences(source, SourceVisit(other.note, other.therapist))


def _faults(source: ClaimSource) -> Iterator[Fault]:
    for place, visit in enumerate(source.other_visits):
        for what in _differences(source, visit):
            text = f"Note {visit.note.id} is of another {what} than note {source.note.id}."
            yield Fault(_pointer(place), f"{what}_differs", text, FIXES[what])


def _differences(source: ClaimSource, visit: SourceVisit) -> list[str]:
    """In what a visit is not as the claim's own, so that one claim cannot bill both."""
    own, note = source.note, visit.note
    differs = {
        "patient": note.patient_id != own.patient_id,
        "day": note.date_of_service != own.date_of_service,
        "place": place_of_visit(note, source.practice) != place_of_visit(own, source.practice),
        "discipline": visit.therapist.taxonomy != source.therapist.taxonomy,
    }
    return [what for what, found in differs.items() if found]


def _pointer(place: int) -> str:
    return f"/body/same_day_note_ids/{place}"
