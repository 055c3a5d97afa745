"""Two hundred correct claims of all programs, made by seed, have no block."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.claims.domain.lines import build_lines
from services.claims.domain.rules import ScrubberInput, check
from services.claims.domain.scrubber_input import (
    AuthorizationInput,
    CredentialInput,
    ProfessionalClaim,
    ReferralInput,
    TechniqueInput,
)
from shared.codesets import bundled
from shared.payer_profiles import profile_from
from tests.services.claims.domain.rules.clean_claims import (
    BILLING,
    COVERAGE,
    FEES,
    MASSAGE,
    NOTE,
    PATIENT,
    PHYSICAL,
    PROVIDER,
    blocks,
)

PROGRAMS = ("commercial", "commercial_wa", "united", "medicare_advantage", "wa_lni", "auto_wa", "auto_or", "auto_ny")
PROGRAMS += ("va_community_care", "workers_comp", "auto_pip", "medicare")
CONDITIONS = (
    ("M54.2", "G44.86"),
    ("M54.59", "M25.551"),
    ("S13.4XXA", "S16.1XXA", "V43.52XA"),
    ("M54.6", "M62.830"),
    ("M75.01",),
    ("S33.5XXA", "W18.30XA"),
    ("M79.18", "M54.12"),
)
NO_MASSAGE = {"medicare"}
SEEDS = range(200)


def made(seed):
    """One correct visit: who, what, how long and for whom are drawn; the lines come from the note."""
    draw = random.Random(seed)
    name = PROGRAMS[seed % len(PROGRAMS)]
    day = date(2026, 1, 5) + timedelta(days=draw.randrange(200))
    payer = profile_from({"extends": name, "payer_id": "pay_0001", "unit_method": draw.choice(["cms", "ama"])})
    therapist = PHYSICAL if name in NO_MASSAGE or draw.random() < 0.3 else MASSAGE
    work = ["97124"] if therapist == MASSAGE else ["97124", "97110", "97112", "97530"]
    codes = draw.sample(work, draw.randint(1, min(3, len(work))))
    techniques = tuple(
        TechniqueInput(code, draw.randint(8, 25), region=draw.choice(["neck", "lumbar", "hip"])) for code in codes
    )
    start = datetime(day.year, day.month, day.day, draw.randrange(16, 23), 0, tzinfo=UTC)
    end = start + timedelta(minutes=sum(technique.minutes for technique in techniques) + draw.randrange(10))
    diagnoses = draw.choice(CONDITIONS)
    note = replace(
        NOTE, date_of_service=day, signed_on=day, techniques=techniques, diagnoses=diagnoses, start=start, end=end,
        plan_ends_on=day + timedelta(days=30),
    )  # fmt: skip
    built = build_lines(note, payer, FEES, taxonomy=therapist, codes=bundled())
    causes = {"workers_comp": ("EM",), "auto_pip": ("AA",)}.get(payer.program, ())
    injured = day - timedelta(days=20) if causes else None
    claim = ProfessionalClaim(
        claim_id="clm_0001", patient_id="pat_0001", therapist_id=note.therapist_id, payer_id="pay_0001",
        date_of_service=day, lines=built.lines, diagnoses=built.diagnoses, claim_number=f"N{seed:08d}",
        filing_indicator=payer.filing_indicator, taxonomy=therapist, related_causes=causes, accident_date=injured,
        accident_state="WA" if causes else "", insurer_claim_number="SX12345" if causes else "",
        authorization_number="AUTH1", referring_npi="1679576722",
    )  # fmt: skip
    coverage = replace(
        COVERAGE, effective_from=day - timedelta(days=300), checked_on=day - timedelta(days=2),
        subscriber_kind="employer" if payer.subscriber_is_employer else "self",
        authorizations=(
            AuthorizationInput("AUTH1", "auth_0001", day - timedelta(days=40), day + timedelta(days=40), 12, 2),
        ),
        referrals=(
            ReferralInput("prescription", "ref_0001", day - timedelta(days=40), None, 12, 2, "1679576722", diagnoses),
        ),
    )  # fmt: skip
    provider = replace(PROVIDER, taxonomy=therapist, credentials=(CredentialInput("pay_0001", "in_network", ""),))
    return ScrubberInput(claim, payer, provider, BILLING, day + timedelta(days=1), note, coverage, PATIENT, bundled())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_correct_claim_has_no_block(seed):
    context = made(seed)
    assert context.claim.lines
    assert [finding.code for finding in blocks(check(context))] == []


def test_all_programs_are_among_them():
    assert {made(seed).payer.program for seed in SEEDS} == {
        "commercial", "medicare", "medicare_advantage", "workers_comp", "auto_pip", "va",
    }  # fmt: skip
