"""A document that was stored at each version is read today as it was meant, and nothing of it is lost."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.claims.document import DOCUMENT_CODEC, DOCUMENT_VERSION, PAST_VISIT_CODEC
from services.claims.document.versions import PAST_VISIT_VERSION
from shared.codesets.programs import Program

GOLDEN = Path(__file__).parent / "golden"


def golden(kind: str, version: int) -> bytes:
    return (GOLDEN / f"{kind}_v{version}.json").read_bytes()


@pytest.mark.parametrize("version", range(1, DOCUMENT_VERSION + 1))
def test_every_version_has_a_golden_document_that_is_read(version):
    document = DOCUMENT_CODEC.decode(golden("document", version))
    assert document.schema_version == DOCUMENT_VERSION
    assert document.source_hash == json.loads(golden("document", version))["source_hash"]
    assert document.source.profile.program is Program.WORKERS_COMP
    assert document.source.note.diagnoses == ["M54.59"]
    assert document.claim.charge_cents == 9600
    assert [(line.procedure_code, line.units) for line in document.claim.lines] == [("97140", 2)]
    assert document.options.modifiers == {"97140": ("59",)}
    assert document.scrubbed.units.billed_minutes == 30
    assert [finding.code for finding in document.stopping_findings()] == [
        "note_signer_not_therapist",
        "referring_is_rendering",
        "patient_address_missing",
        "coverage_reported_inactive",
        "massage_not_covered",
        "secondary_not_balanced",
        "secondary_not_wanted",
    ]
    assert [one.lapsed_at for one in document.overrides] == [None, datetime(2026, 3, 11, 9, tzinfo=UTC)]
    assert [one.filing_indicator for one in document.claim.prior_payments] == ["CI"]
    assert [(one.visits, one.months) for one in document.source.profile.progress_reports] == [(6, 1)]
    assert document.responses.accepted_on == date(2026, 3, 12)
    assert document.responses.payer_claim_number == "PCN77"


def of_that_time(written: Any, stored: Any) -> Any:
    """What is written today without the members that documents did not have yet when this one was stored."""
    if isinstance(stored, dict):
        return {name: of_that_time(written[name], value) for name, value in stored.items()}
    if isinstance(stored, list):
        return [of_that_time(*pair) for pair in zip(written, stored, strict=True)]
    return written


def test_the_newest_golden_document_is_written_back_member_for_member():
    stored = json.loads(golden("document", DOCUMENT_VERSION))
    written = json.loads(DOCUMENT_CODEC.encode(DOCUMENT_CODEC.decode(golden("document", DOCUMENT_VERSION))))
    assert of_that_time(written, stored) == stored


@pytest.mark.parametrize(
    ("version", "insurer_claim_number"), [(1, ""), (2, "BK41207"), (PAST_VISIT_VERSION, "BK41207")]
)
def test_a_golden_past_visit_of_each_version_is_read(version, insurer_claim_number):
    visit = PAST_VISIT_CODEC.decode(golden("past_visit", version))
    assert (visit.note_id, visit.pain_before, visit.authorization_id) == ("note_0000002", 4, "auth_0000001")
    assert visit.insurer_claim_number == insurer_claim_number
    newest = json.loads(golden("past_visit", PAST_VISIT_VERSION))
    done = newest["techniques"] if version == PAST_VISIT_VERSION else []
    written = newest | {"insurer_claim_number": insurer_claim_number, "techniques": done}
    assert of_that_time(json.loads(PAST_VISIT_CODEC.encode(visit)), written) == written
