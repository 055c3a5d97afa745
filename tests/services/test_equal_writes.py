"""Many equal writes at once: each is answered, and they have one effect."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from services.cli.composition import build_of
from services.cli.openapi import FOLDER as DOCUMENTS
from shared.contracts.examples import EXAMPLES

AT_ONCE = 50
COVERAGE = "/v1/coverages/cov_nadia"
BEFORE = {"/v1/patients/pat_nadia": "PatientPut", "/v1/payers/pay_cascade": "PayerPut"}
PUTS = {
    "notes": {"/v1/notes/note_1": "NotePut"},
    "claims": {
        "/v1/practice": "PracticePut",
        "/v1/therapists/thr_1": "TherapistPut",
        "/v1/fee-schedules/fees_1": "FeeSchedulePut",
        "/v1/payer-fees/pay_1": "PayerFeesPut",
        "/v1/custom-rules/custom_1": "CustomRulePut",
        "/v1/small-balance-rule": "SmallBalanceRulePut",
    },
    "eligibility": {
        **BEFORE,
        COVERAGE: "CoveragePut",
        "/v1/authorizations/auth_1": "AuthorizationPut",
        "/v1/referrals/ref_1": "ReferralPut",
        "/v1/legal-holds/hold_1": "LegalHoldPut",
    },
}
ELSEWHERE = {"claims": {"/v1/opening-visits/{grant_id}"}}
"""It asks eligibility for the grant; `test_every_put.py`, which has a neighbour for it, tries it at once."""


def at_once(url, headers, method, body):
    limits = httpx.Limits(max_connections=AT_ONCE)
    client = httpx.Client(timeout=60, trust_env=False, limits=limits, verify=False)
    with client, ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: client.request(method, url, json=body, headers=headers), range(AT_ONCE)))


def test_every_put_is_tried_here() -> None:
    for service, puts in PUTS.items():
        paths = json.loads((DOCUMENTS / f"{service}.json").read_text())["paths"]
        declared = {path for path in paths if "put" in paths[path]}
        assert len(declared - ELSEWHERE.get(service, set())) == len(puts)


@pytest.mark.safeguard("API6")
@pytest.mark.parametrize(("service", "path"), [(service, path) for service in PUTS for path in PUTS[service]])
def test_equal_puts_at_once_make_one_version_and_are_all_answered(make_settings, run_app, http, bearer, service, path):
    url = run_app(build_of(service)(make_settings(service)))
    before = list(BEFORE) if service == "eligibility" and path not in BEFORE else []
    if before and path != COVERAGE:
        before.append(COVERAGE)
    for first in before:
        http.put(url + first, json=EXAMPLES[PUTS[service][first]], headers=bearer()).raise_for_status()
    answers = at_once(url + path, bearer(), "PUT", EXAMPLES[PUTS[service][path]])
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
    assert {answer.json()["version"] for answer in answers} == {1}
