"""One clean claim with all that stands around it, and small changes to it: the ground of every rule's table.

The patient, the therapist and the practice are invented; their numbers pass the check digit.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.claims.domain.rules import ScrubberInput, blocking, check, review_findings
from services.claims.domain.scrubber_input import (
    AuthorizationInput,
    BillingProviderInput,
    CoverageInput,
    GoalInput,
    NoteInput,
    PatientInput,
    ProfessionalClaim,
    ProfessionalServiceLine,
    ReferralInput,
    RenderingProviderInput,
    SentText,
    TechniqueInput,
)
from shared.codesets import CodeSets, bundled
from shared.codesets.pair_edits import PairEdits
from shared.codesets.unit_limits import UnitLimits
from shared.payer_profiles import profile_from

DAY = date(2026, 5, 4)
FEES = {"97124": 4500, "97110": 5000, "97140": 5200, "97010": 1500, "98940": 6000, "97112": 5200, "97530": 5400}
MASSAGE = "225700000X"
PHYSICAL = "225100000X"
CHIROPRACTOR = "111N00000X"


def editions_of(version):
    """The packaged code sets, with their edits as if they were published for this quarter."""
    pairs, limits = bundled().pairs, bundled().limits
    known = frozenset(one.code for one in bundled().procedures if pairs.knows_all_of(one.code))
    values = [limit for one in bundled().procedures if (limit := limits.get(one.code))]
    return CodeSets(
        bundled().diagnoses,
        PairEdits(pairs.edits(), pairs.source, version, known),
        UnitLimits(values, limits.source, version),
    )


CURRENT = editions_of("2026-04")
"""Editions of the quarter of DAY."""

NOTE = NoteInput(
    note_id="note_0001",
    date_of_service=DAY,
    techniques=(
        TechniqueInput("97124", 38, region="lumbar", start_minute=0, modality="deep tissue"),
        TechniqueInput("97110", 15, region="hip", start_minute=40),
    ),
    diagnoses=("M54.59", "M25.551"),
    therapist_id="thr_0001",
    signed=True,
    signed_on=DAY,
    start=datetime(2026, 5, 4, 17, 0, tzinfo=UTC),
    end=datetime(2026, 5, 4, 18, 0, tzinfo=UTC),
    complaint="Dull ache in the low back and right hip since a fall in March",
    functional_limits=("cannot sit for more than 20 minutes",),
    pain_before=6,
    pain_after=3,
    objective="Lumbar flexion 40 degrees, tender at L4 to S1",
    assessment="Restriction after the fall, better than last week",
    response="Sat through the intake without standing up",
    plan_frequency="once a week",
    plan_ends_on=date(2026, 6, 30),
    goals=(GoalInput("sitting time", date(2026, 6, 15)),),
    text_digest="digest-of-today",
)

CLAIM = ProfessionalClaim(
    claim_id="clm_0001",
    patient_id="pat_0001",
    therapist_id="thr_0001",
    payer_id="pay_0001",
    date_of_service=DAY,
    lines=(
        ProfessionalServiceLine("97124", 3, 13500, pointers=(1, 2), minutes=38),
        ProfessionalServiceLine("97110", 1, 5000, pointers=(2,), minutes=15),
    ),
    diagnoses=("M54.59", "M25.551"),
    claim_number="K7Q2M9XW",
    filing_indicator="CI",
    authorization_number="AUTH1",
    taxonomy=MASSAGE,
)

COVERAGE = CoverageInput(
    effective_from=date(2026, 1, 1),
    massage_covered=True,
    authorization_wanted=True,
    visits_remaining=9,
    checked_on=date(2026, 5, 1),
    authorizations=(AuthorizationInput("AUTH1", "auth_0001", date(2026, 4, 1), date(2026, 6, 30), 12, 3),),
    referrals=(
        ReferralInput(
            "prescription", "ref_0001", date(2026, 4, 1), date(2026, 9, 30), 12, 3, "1679576722", ("M54.59",)
        ),
    ),
)
PATIENT = PatientInput(
    birth_date=date(1980, 1, 2),
    sent_texts=(SentText("/patient/name/last", "patient's last name", "Whitlock", 60),),
)
PROVIDER = RenderingProviderInput("1234567893", MASSAGE, license_expires_on=date(2027, 1, 1))
BILLING = BillingProviderInput("912345678", state="WA", zip="981074812")
PAYER = profile_from(
    {
        "extends": "commercial_wa",
        "payer_id": "pay_0001",
        "unit_method": "cms",
        "authorization": "required",
        "referral": "required",
        "manual_therapy_by_massage_therapist": "pays",
        "procedures_by_taxonomy": {"225700000X": ["97010", "97110", "97112", "97124", "97140"]},
    }
)
CLEAN = ScrubberInput(
    claim=replace(CLAIM, lines=(replace(CLAIM.lines[0], units=3), CLAIM.lines[1])),
    payer=PAYER,
    provider=PROVIDER,
    billing=BILLING,
    as_of=date(2026, 5, 5),
    note=NOTE,
    coverage=COVERAGE,
    patient=PATIENT,
    codes=CURRENT,
)


def blocks(findings):
    """Only the findings that stop submission, where nobody has overridden any."""
    return blocking(review_findings(findings, ()))


def changed(part, **changes):
    """A change of one part of the context: ``changed("claim", frequency="7")``."""
    return lambda context: replace(context, **{part: replace(getattr(context, part), **changes)})


def claim(**changes):
    return changed("claim", **changes)


def note(**changes):
    return changed("note", **changes)


def coverage(**changes):
    return changed("coverage", **changes)


def patient(**changes):
    return changed("patient", **changes)


def provider(**changes):
    return changed("provider", **changes)


def billing(**changes):
    return changed("billing", **changes)


def payer(**changes):
    return changed("payer", **changes)


def history(**changes):
    return changed("history", **changes)


def whole(**changes):
    """A change of the context itself: ``whole(as_of=DAY)``."""
    return lambda context: replace(context, **changes)


def profile(name, **settings):
    """Another profile for the payer."""
    made = profile_from({"extends": name, "payer_id": "pay_0001", **settings})
    return lambda context: replace(
        context,
        payer=made,
        claim=replace(context.claim, filing_indicator=made.filing_indicator),
    )


def line(place, **changes):
    """A change of one line."""

    def change(context):
        lines = list(context.claim.lines)
        lines[place] = replace(lines[place], **changes)
        return replace(context, claim=replace(context.claim, lines=tuple(lines)))

    return change


def billed(*work, modifiers=None):
    """Note and claim of other work: (code, minutes) or (code, minutes, region, start); untimed minutes are None."""
    modifiers = modifiers or {}

    def change(context):
        techniques, lines = [], []
        for code, minutes, *where in work:
            region, start = (*where, None, None)[:2]
            techniques.append(TechniqueInput(code, minutes or 5, region=region or "lumbar", start_minute=start))
            units = max(1, (minutes + 7) // 15) if minutes else 1
            fee = FEES.get(code, 4000)
            lines.append(
                ProfessionalServiceLine(code, units, fee * units, tuple(modifiers.get(code, ())), (1,), minutes)
            )
        return replace(
            context,
            note=replace(context.note, techniques=tuple(techniques)),
            claim=replace(context.claim, lines=tuple(lines)),
        )

    return change


def diagnosed(*codes):
    """Note and claim with other diagnoses, each line pointing to the first."""

    def change(context):
        lines = tuple(replace(one, pointers=(1,)) for one in context.claim.lines)
        return replace(
            context,
            note=replace(context.note, diagnoses=codes),
            claim=replace(context.claim, diagnoses=codes, lines=lines),
        )

    return change


def on(day):
    """The whole story on another day."""

    def change(context):
        return replace(
            context,
            as_of=day,
            claim=replace(context.claim, date_of_service=day),
            note=replace(context.note, date_of_service=day, signed_on=day, plan_ends_on=day),
            provider=replace(context.provider, license_expires_on=None),
            patient=replace(context.patient, birth_date=date(1980, 1, 2)),
            coverage=replace(
                context.coverage,
                effective_from=None,
                checked_on=day,
                authorizations=(AuthorizationInput("AUTH1"),),
                referrals=(ReferralInput("prescription", diagnoses=("M54.59",)),),
            ),
        )

    return change


def all_of(*changes):
    """Several changes, one after another."""

    def change(context):
        for one in changes:
            context = one(context)
        return context

    return change


def findings_of(code, change):
    """The findings of one rule after a change of the clean claim."""
    return [finding for finding in check(change(CLEAN)) if finding.code == code]


def rows(table):
    """A table of ``{rule: [(case, change), ...]}`` as pytest parameters named by rule and case."""
    import pytest

    return [pytest.param(code, change, id=f"{code}: {case}") for code, cases in table.items() for case, change in cases]
