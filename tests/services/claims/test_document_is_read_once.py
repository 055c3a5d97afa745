"""From a signed note to an 837P each flow decodes the document once, and the profile is resolved once in all."""

import cProfile
import pstats

import pytest

from services.claims.document import codec
from services.claims.flows.claim.create_claim import create_claim
from services.claims.flows.claim.refresh_claim import refresh_claim
from services.claims.flows.queries.claims import get_claim
from services.claims.flows.scrub import resolve_profile
from services.claims.flows.submission.form_files import form_files
from services.claims.flows.submission.submit_claim import submit_claim
from shared.contracts.claims import ClaimAction, ClaimCreate, ClaimRefresh
from shared.security.caller import Caller
from tests.harness.tokens import ORGANIZATION
from tests.services.claims.factories import COVERAGE, NOTE

BILLER = Caller(ORGANIZATION, "cli_biller001", "America/Los_Angeles", frozenset({"claims:write"}))


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
    claim = create_claim(deps, deps.database, BILLER, ClaimCreate(note_id=NOTE, coverage_id=COVERAGE))
    return claim.id


@pytest.mark.parametrize(
    "flow",
    [
        lambda deps, claim_id: get_claim(deps, BILLER, claim_id),
        lambda deps, claim_id: submit_claim(deps, deps.database, BILLER, claim_id, ClaimAction()),
        lambda deps, claim_id: refresh_claim(deps, deps.database, BILLER, claim_id, ClaimRefresh()),
    ],
    ids=["read", "submit", "refresh"],
)
def test_a_flow_decodes_the_claims_document_once(deps, claim_id, flow):
    count, claim = decoded(lambda: flow(deps, claim_id))
    assert (count, claim.id) == (1, claim_id)


def test_forming_a_file_decodes_each_of_its_documents_once(deps, claim_id):
    submit_claim(deps, deps.database, BILLER, claim_id, ClaimAction())
    assert decoded(lambda: form_files(deps)) == (1, 1)


def test_the_walk_from_a_note_to_a_file_resolves_the_profile_once(deps):
    def walk():
        claim = create_claim(deps, deps.database, BILLER, ClaimCreate(note_id=NOTE, coverage_id=COVERAGE))
        submit_claim(deps, deps.database, BILLER, claim.id, ClaimAction())
        return form_files(deps)

    assert calls(resolve_profile.payer_profile, walk) == (1, 1)
