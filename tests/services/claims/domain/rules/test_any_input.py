"""Whatever comes in, the rules answer with findings: no claim, however broken, is a crash."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.claims.domain.rules import check
from services.claims.domain.scrubber_input import (
    AuthorizationInput,
    CoverageInput,
    NoteInput,
    PastClaim,
    PastLine,
    PriorPaymentInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
    ReferralInput,
    TechniqueInput,
)
from shared.payer_profiles import profile_named, profile_names
from tests.services.claims.domain.rules.clean_claims import BILLING, CLEAN, NOTE, PROVIDER
from tests.services.claims.domain.rules.patching import apply_patch

WORDS = st.text(max_size=8)
PROCEDURES = st.sampled_from(["97124", "97140", "97110", "97010", "98940", "97750", "G0283", "99213", "97161"]) | WORDS
DIAGNOSES = st.sampled_from(["M54.5", "M5459", "T85.7XXS", "W18.30XA", "S39.012S", "M79.7", "Z73.3"]) | WORDS
NUMBERS = st.integers(-(10**6), 10**9)
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31)) | st.sampled_from([date.min, date.max])
MAYBE_DAYS = st.none() | DAYS


def tuples(strategy, size=4):
    return st.lists(strategy, max_size=size).map(tuple)


LINES = st.builds(
    ProfessionalServiceLine,
    procedure_code=PROCEDURES,
    units=NUMBERS,
    charge_cents=NUMBERS,
    modifiers=tuples(st.sampled_from(["59", "GP", "51", "25", "XS"]) | WORDS, 6),
    pointers=tuples(st.integers(-2, 20), 6),
    minutes=st.none() | NUMBERS,
)
CLAIMS = st.builds(
    ProfessionalClaim,
    claim_id=WORDS,
    patient_id=WORDS,
    therapist_id=WORDS,
    payer_id=st.sampled_from(["pay_0001", "x"]),
    date_of_service=DAYS,
    lines=tuples(LINES, 7),
    diagnoses=tuples(DIAGNOSES, 14),
    place_of_service=WORDS,
    filing_indicator=st.sampled_from(["CI", "AM", "WC", ""]) | WORDS,
    related_causes=tuples(st.sampled_from(["AA", "EM", "OA"]) | WORDS),
    accident_date=MAYBE_DAYS,
    accident_state=WORDS,
    onset_date=MAYBE_DAYS,
    sequence=st.sampled_from("PST") | WORDS,
    prior_payments=tuples(
        st.builds(
            PriorPaymentInput,
            payer_id=WORDS,
            paid_cents=NUMBERS,
            adjustments=tuples(st.tuples(WORDS, WORDS, NUMBERS)),
        ),
        2,
    ),
    patient_paid_cents=NUMBERS,
    tie_order=tuples(PROCEDURES),
)
NOTES = st.builds(
    NoteInput,
    note_id=WORDS,
    date_of_service=DAYS,
    techniques=tuples(
        st.builds(TechniqueInput, procedure_code=PROCEDURES, minutes=NUMBERS, region=WORDS, modality=WORDS)
    ),
    diagnoses=tuples(DIAGNOSES),
    therapist_id=WORDS,
    start=st.just(NOTE.start),
    end=st.just(NOTE.end),
    signed=st.booleans(),
    complaint=st.text(max_size=60),
    plan_frequency=st.text(max_size=30),
    plan_ends_on=MAYBE_DAYS,
)
COVERAGES = st.builds(
    CoverageInput,
    effective_from=MAYBE_DAYS,
    effective_to=MAYBE_DAYS,
    authorization_wanted=st.none() | st.booleans(),
    authorizations=tuples(
        st.builds(AuthorizationInput, number=WORDS, effective_from=MAYBE_DAYS, procedure_codes=tuples(PROCEDURES))
    ),
    referrals=tuples(
        st.builds(ReferralInput, kind=st.just("referral"), issued_on=MAYBE_DAYS, diagnoses=tuples(DIAGNOSES))
    ),
)
PAST = st.builds(
    PastClaim,
    claim_id=WORDS,
    payer_id=st.sampled_from(["pay_0001", "x"]),
    therapist_id=WORDS,
    date_of_service=DAYS,
    lines=tuples(st.builds(PastLine, procedure_code=PROCEDURES, units=NUMBERS)),
)


@settings(max_examples=150, deadline=None)
@given(
    CLAIMS,
    NOTES,
    COVERAGES,
    st.sampled_from(profile_names()),
    tuples(PAST),
    DAYS,
    st.sampled_from(["225700000X", "111N00000X", ""]),
    WORDS,
)
def test_any_claim_gets_findings_and_every_patch_fits(claim, note, coverage, name, past, today, taxonomy, npi):
    context = replace(
        CLEAN,
        claim=claim,
        note=note,
        coverage=coverage,
        payer=profile_named(name),
        history=replace(CLEAN.history, claims=past),
        as_of=today,
        provider=replace(PROVIDER, taxonomy=taxonomy, npi=npi),
        billing=replace(BILLING, tax_id=npi, state=npi),
    )
    for finding in check(context):
        assert finding.message and finding.fix and finding.source
        assert apply_patch(claim, finding.patch) is not None
