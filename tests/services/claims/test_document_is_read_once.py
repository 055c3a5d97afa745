"""From a signed note to an 837P each flow decodes the document once, and the profile is resolved once in all."""

import cProfile
import pstats

import pytest
from sqlmodel import select

from services.claims.document import codec
from services.claims.flows.claim.create_claim import create_claim
from services.claims.flows.claim.refresh_claim import refresh_claim
from services.claims.flows.queries.claims import get_claim
from services.claims.flows.scrub import resolve_profile
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.submit_claim import submit_claim
from services.claims.store.tables import FileRow
from shared.contracts.claims import ClaimAction, ClaimCreate, ClaimRefresh
from shared.contracts.common import Actor
from shared.payer_profiles import profile_named
from shared.security.caller import Caller
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import COVERAGE, NOTE, a_coverage, a_coverage_bundle, a_payer

BILLER = Caller(ORGANIZATION, "cli_biller001", "America/Los_Angeles", frozenset({"claims:write"}))
PERSON = Actor(id="usr_biller", name="Dana Biller", role="biller")


def calls(function, flow):
    """How often a function was called while a flow ran, and what the flow answered."""
    profile = cProfile.Profile()
    answer = profile.runcall(flow)
    code = function.__code__
    counted = pstats.Stats(profile).stats
    return counted.get((code.co_filename, code.co_firstlineno, code.co_name), (0, 0))[1], answer


CONTRACTS_OF_A_DOCUMENT = 4
"""Note, coverage, practice and therapist: each time a document is decoded, these are read."""


def decoded(flow):
    """How many documents a flow decoded, and what it answered."""
    contracts, answer = calls(codec._read_contract, flow)
    return contracts / CONTRACTS_OF_A_DOCUMENT, answer


@pytest.fixture
def claim_id(deps):
    claim = create_claim(deps, deps.database, BILLER, ClaimCreate(note_id=NOTE, coverage_id=COVERAGE, actor=PERSON))
    return claim.id


@pytest.mark.parametrize(
    "flow",
    [
        lambda deps, claim_id: get_claim(deps, BILLER, claim_id),
        lambda deps, claim_id: submit_claim(deps, deps.database, BILLER, claim_id, ClaimAction(actor=PERSON)),
        lambda deps, claim_id: refresh_claim(deps, deps.database, BILLER, claim_id, ClaimRefresh(actor=PERSON)),
    ],
    ids=["read", "submit", "refresh"],
)
def test_a_flow_decodes_the_claims_document_once(deps, claim_id, flow):
    count, claim = decoded(lambda: flow(deps, claim_id))
    assert (count, claim.id) == (1, claim_id)


def test_forming_a_file_decodes_each_of_its_documents_once(deps, claim_id):
    submit_claim(deps, deps.database, BILLER, claim_id, ClaimAction(actor=PERSON))
    assert decoded(lambda: form_files(deps)) == (1, 1)


def walk(deps, **options):
    """From a note and a coverage to a formed file; answers how many files were formed."""
    command = ClaimCreate.model_validate({"note_id": NOTE, "coverage_id": COVERAGE, "actor": PERSON, **options})
    claim = create_claim(deps, deps.database, BILLER, command)
    submit_claim(deps, deps.database, BILLER, claim.id, ClaimAction(actor=PERSON))
    return form_files(deps)


def test_the_walk_from_a_note_to_a_file_resolves_the_profile_once(deps):
    assert calls(resolve_profile.payer_profile, lambda: walk(deps)) == (1, 1)


def test_a_second_payers_walk_resolves_each_payers_profile_once_and_sends_the_first_ones_filing_indicator(
    deps, neighbours
):
    first = {
        "coverage": a_coverage("cov_first001", payer_id="pay_rainier1"),
        "payer": a_payer(id="pay_rainier1", profile="medicare_advantage", filing_indicator=None),
    }
    neighbours.files[COVERAGE] = a_coverage_bundle(coverage=a_coverage(rank=2), other_coverages=[first])
    paid = {
        "payer_id": "pay_rainier1",
        "paid_cents": 10_000,
        "adjustments": [{"group": "PR", "reason_code": "2", "amount_cents": 8_200}],
        "remitted_on": "2026-03-01",
    }
    assert calls(resolve_profile.payer_profile, lambda: walk(deps, prior_payments=[paid])) == (2, 1)
    with deps.database.reading() as session:
        (file,) = session.exec(select(FileRow)).all()
    indicator = profile_named("medicare_advantage").filing_indicator
    assert indicator != "CI"
    assert f"SBR*P*18*CASC7710******{indicator}~" in file.content
