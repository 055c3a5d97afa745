"""Every member of the scrubber's input is set from something that a caller has put.

A member that no source can change is one that a rule looks at in vain; so each is seen with two different values, of
two sources that differ in everything.
"""

from copy import copy
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from services.claims.document import BillerOptions, ClaimSource, SourceVisit
from services.claims.document.past_visit import past_visit
from services.claims.domain.authorization_ledger import UsedBefore
from services.claims.domain.lines import build_lines
from services.claims.domain.same_day_visits import as_one_note
from services.claims.domain.scrubber_input import History, PatientInput
from services.claims.domain.scrubber_input.scrubber_input import ScrubberInput
from services.claims.flows.scrub.build_scrubber_input import build_scrubber_input, note_input
from services.claims.flows.scrub.resolve_profile import payer_profile
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.flows.submission.parties import parties
from shared.codesets import bundled
from shared.contracts.claims import Attachment, PriorPayment
from shared.contracts.eligibility import CoverageBundle
from shared.contracts.notes import Note
from shared.contracts.practice import Practice, Therapist
from tests.services.claims.factories import (
    COVERAGE,
    PATIENT,
    a_coverage,
    a_coverage_bundle,
    a_draft,
    a_note,
    a_payer,
    a_practice,
    a_therapist,
)

AS_OF = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 20, tzinfo=UTC)
ADDRESS = {"line1": "9 Pine #4", "line2": "Upper floor", "city": "Oregon City", "state": "OR", "zip": "97045"}
OTHER = {
    "coverage": a_coverage("cov_00000002", payer_id="pay_rainier1", relationship="spouse"),
    "payer": a_payer(id="pay_rainier1"),
}
INJURY_INSURER = {
    "coverage": a_coverage("cov_00000003", payer_id="pay_fernauto"),
    "payer": a_payer(id="pay_fernauto", profile="auto_wa"),
}
TIED = [{"procedure_code": code, "region": "neck", "minutes": 20} for code in ("97124", "97110")]
PLAIN_NOTE = a_draft(techniques=TIED, place={"place_of_service": "99"})
FULL_NOTE = a_note(
    "note_0000002",
    patient_id="pat_canary02",
    therapist_id="thr_bruno001",
    started_at="2026-03-09T09:00:00-07:00",
    ended_at="2026-03-09T10:00:00-07:00",
    date_of_service="2026-03-09",
    place={"place_of_service": "12", "address": ADDRESS},
    subjective={"complaint": "Low back pain after lifting", "pain": 4, "functional_limit": ""},
    objective={"posture": "leans to the left"},
    assessment="Better than last week",
    response="Bends without a stop",
    pain_after=1,
    plan={"frequency": "weekly", "ends_on": "2026-06-01", "goals": [{"measure": "a", "target": "b", "due_on": AS_OF}]},
    techniques=[
        {
            "procedure_code": "97140",
            "region": "low back",
            "minutes": 30,
            "description": "myofascial release",
            "diagnoses": ["M54.59"],
            "start_minute": 5,
            "side": "left",
            "written_report": True,
        }
    ],
    diagnoses=["M54.59"],
    signed_by={"id": "user-frida", "name": "Frida Holm", "role": "therapist", "therapist_id": "thr_bruno001"},
    signed_at="2026-03-10T02:00:00Z",
)
BENEFIT = {
    "service_type": "BE",
    "active": "inactive",
    "massage": "not_covered",
    "authorization": "required",
    "visits_limit": 12,
    "visits_remaining": 5,
    "visits_period": "32",
}
FULL_BUNDLE = a_coverage_bundle(
    coverage=a_coverage(
        patient_id="pat_canary02",
        rank=2,
        relationship="employee",
        subscriber={"organization_name": "Timber Works"},
        effective_from="2026-01-01",
        effective_to="2026-12-31",
        claim_number="SX-1",
        member_id="SX412077",
        accident={"occurred_on": "2026-02-01", "state": "OR", "cause": "employment"},
        onset_on="2026-02-02",
        benefits_assigned=False,
        self_insured=True,
        prior_visits=3,
        forms_on_file=[{"form": "F245-417-000", "filed_on": "2026-02-20"}],
        progress_report_on="2026-02-21",
        improvement_documented_on="2026-02-22",
    ),
    patient={
        "id": "pat_canary02",
        "version": 1,
        "name": {"first": "Omar", "last": "Reyes"},
        "birth_date": "1990-01-01",
        "sex": "male",
        "address": None,
        "signature_on_file": False,
    },
    payer=a_payer(
        id="pay_timber01",
        filing_indicator="WC",
        claim_route="paper",
        authorization_on_lines="every",
        assignment_accepted=False,
        profile="wa_lni",
    ),
    authorizations=[
        {
            "id": "auth_0000001",
            "version": 1,
            "coverage_id": COVERAGE,
            "number": "A-77",
            "effective_from": "2026-01-02",
            "effective_to": "2026-11-30",
            "visits": 9,
            "units": 18,
            "procedure_codes": ["97140"],
            "regions": ["back"],
        },
        {
            "id": "auth_0000002",
            "version": 1,
            "coverage_id": COVERAGE,
            "number": "A-78",
            "effective_from": "2026-01-03",
            "effective_to": "2026-11-29",
            "status": "pending",
        },
    ],
    referrals=[
        {
            "id": "ref_00000002",
            "version": 1,
            "coverage_id": COVERAGE,
            "kind": "order",
            "number": "R-5",
            "referring_name": {"first": "Ana", "last": "Ito"},
            "referring_npi": "1679576722",
            "issued_on": "2026-02-03",
            "effective_to": "2026-10-01",
            "visits": 6,
            "diagnoses": ["M54.59"],
        }
    ],
    other_coverages=[OTHER, INJURY_INSURER],
    benefit=BENEFIT,
    checked_at="2026-03-02T17:00:00Z",
)
PRIOR = {
    "payer_id": "pay_rainier1",
    "paid_cents": 3000,
    "adjustments": [{"group": "PR", "reason_code": "2", "amount_cents": 1800}],
    "lines": [{"line_number": 1, "paid_cents": 3000, "adjustments": []}],
    "payer_claim_number": "RAIN77",
    "remitted_on": "2026-03-01",
    "forwarded": True,
}
OPTIONS = BillerOptions(
    tie_order=("97140",),
    left_off=("97010",),
    modifiers={"97140": ["59"]},
    patient_paid_cents=500,
    attachments=(Attachment(report_type="OZ", transmission="fax", control_number="K-1"),),
    prior_payments=(PriorPayment.model_validate(PRIOR),),
    frequency="7",
    payer_claim_number="PCN-1",
    sent_lines=(7,),
    decided_on=date(2026, 3, 9),
    line_numbers={"97124": 7},
)
CREDENTIAL = {
    "payer_id": "pay_timber01",
    "status": "pending",
    "billing_tax_id": "914408128",
    "effective_from": "2026-01-01",
    "effective_to": "2026-02-01",
}
THERAPIST = {
    "name": {"first": "Bruno", "last": "Hale"},
    "npi": "1679576722",
    "taxonomy": "225100000X",
    "license_expires_on": "2028-01-01",
}


OTHER_NOTE = FULL_NOTE | {"id": "note_0000003", "therapist_id": "thr_vera0001"}


def a_therapist_of(note, therapist):
    return Therapist.model_validate(a_therapist(**(therapist or {})) | {"id": note["therapist_id"], "version": 1})


def a_source(note, bundle, *, practice=None, therapist=None, others=()):
    coverage_bundle = CoverageBundle.model_validate(bundle)
    return ClaimSource(
        Note.model_validate(note),
        coverage_bundle,
        Practice.model_validate(a_practice(**(practice or {})) | {"version": 1, "time_zone": "America/Los_Angeles"}),
        a_therapist_of(note, therapist),
        {"97124": 4500, "97140": 4800},
        payer_profile(coverage_bundle.payer),
        tuple(SourceVisit(Note.model_validate(one), a_therapist_of(one, therapist)) for one in others),
    )


PLAIN = a_source(PLAIN_NOTE, a_coverage_bundle(referrals=[], benefit=None, checked_at=None, other_coverages=[OTHER]))
FULL = a_source(
    FULL_NOTE,
    FULL_BUNDLE,
    practice={"tax_id": "914408128", "address": ADDRESS, "place_of_service": "12"},
    therapist={**THERAPIST, "credentials": [CREDENTIAL]},
    others=[OTHER_NOTE],
)


def built(source, options, *, claim_id, claim_number, as_of, history=(), codes=None, before=()):
    rules = RuleSet(lambda: codes or bundled())
    notes = [note_input(one.note, source.time_zone) for one in source.visits]
    lines = build_lines(
        as_one_note(notes),
        source.profile,
        source.fees_cents,
        taxonomy=source.therapist.taxonomy,
        modifiers=options.modifiers,
        codes=rules.codes,
    )
    request = ScrubRequest(source, options, claim_id, claim_number, NOW, history, rules, before, judged_on=as_of)
    return build_scrubber_input(request, notes, lines, rules.codes)


def an_earlier_row(claim, note_id="note_earlier1"):
    """A row of the claims table, as far as the builder reads it: an earlier, denied claim of the same patient."""
    return SimpleNamespace(
        id="clm_earlier1",
        coverage_id=FULL.coverage_bundle.coverage.id,
        patient_id="pat_canary02",
        payer_id="pay_timber01",
        therapist_id="thr_bruno001",
        date_of_service=date(2026, 3, 2),
        state="rejected_by_payer",
        outcome="denied",
        created_at=datetime(2026, 3, 3, tzinfo=UTC),
        past_visit=replace(past_visit(FULL, claim, version=1), note_id=note_id),
    )


PLAIN_INPUT = built(PLAIN, BillerOptions(), claim_id="clm_1", claim_number="N1", as_of=AS_OF)
_FIRST = built(FULL, OPTIONS, claim_id="clm_2", claim_number="N2", as_of=date(2026, 3, 10))
FULL_INPUT = built(
    FULL,
    OPTIONS,
    claim_id="clm_2",
    claim_number="N2",
    as_of=date(2026, 3, 10),
    history=[an_earlier_row(_FIRST.claim), an_earlier_row(_FIRST.claim, FULL.note.id)],
    before=[UsedBefore(COVERAGE, 4, 14, date(2026, 1, 31))],
)


def values(value, path=""):
    """(dotted path of a field, its value) of a dataclass and of every dataclass within it, tuples included."""
    if isinstance(value, tuple):
        for one in value:
            yield from values(one, path)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            yield f"{path}{type(value).__name__}.{field.name}", inner
            yield from values(inner)


PROFILES_OWN = ("ModifierWant", "VisitStep", "ProgressReport", "DisputeWindow")


def seen(*inputs):
    found = {}
    for one in inputs:
        for path, value in values(one):
            if "PayerProfile" not in path and not path.startswith(PROFILES_OWN):
                found.setdefault(path, []).append(value)
    return found


SEEN = seen(PLAIN_INPUT, FULL_INPUT)
ONLY_IN_FULL = {
    "PriorPaymentInput",
    "PriorLineInput",
    "AuthorizationInput",
    "ReferralInput",
    "CredentialInput",
    "PastClaim",
    "PastLine",
    "PastTechnique",
    "PastSession",
    "UsedBefore",
    "VisitInput",
}
"""What the plain source has none of: their members must differ from the member's own default instead."""
CODE_SETS = "ScrubberInput.codes"


def default_of(path):
    kind, name = path.split(".")
    owner = next(type(one) for one in _instances(FULL_INPUT) if type(one).__name__ == kind)
    return next(field.default for field in fields(owner) if field.name == name)


def _instances(value):
    if isinstance(value, tuple):
        for one in value:
            yield from _instances(one)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _instances(getattr(value, field.name))


@pytest.mark.parametrize("path", sorted(path for path in SEEN if path != CODE_SETS))
def test_a_member_of_the_input_follows_its_source(path):
    found = SEEN[path]
    if path.split(".")[0] in ONLY_IN_FULL:
        assert any(value != default_of(path) for value in found)
    else:
        assert any(value != found[0] for value in found)


def test_every_shape_of_the_input_is_among_them():
    kinds = {path.split(".")[0] for path in SEEN}
    assert kinds == ONLY_IN_FULL | {
        "ScrubberInput",
        "ProfessionalClaim",
        "ProfessionalServiceLine",
        "RenderingProviderInput",
        "BillingProviderInput",
        "NoteInput",
        "TechniqueInput",
        "GoalInput",
        "CoverageInput",
        "PatientInput",
        "SentAddress",
        "SentText",
        "History",
    }


@pytest.mark.parametrize(
    ("relationship", "kind", "sent_as"),
    [("self", "self", ("18", "IL", "REYES")), ("employee", "employer", ("", "IL", "TIMBER WORKS"))],
)
def test_who_is_insured_is_the_same_for_rules_and_837p(relationship, kind, sent_as):
    """A subscriber who is kept beside the relationship `self` is nobody: the patient is insured herself."""
    coverage = FULL_BUNDLE["coverage"] | {"relationship": relationship}
    source = a_source(FULL_NOTE, FULL_BUNDLE | {"coverage": coverage})
    found = built(source, BillerOptions(), claim_id="clm_3", claim_number="N3", as_of=AS_OF)
    texts = {one.pointer for one in found.patient.sent_texts}
    assert found.coverage.subscriber_kind == kind
    assert ("/coverage/subscriber/organization_name" in texts) is (kind == "employer")
    subscriber = parties(source, found.claim).subscriber
    assert (subscriber.relationship, subscriber.party.entity, subscriber.party.name) == sent_as


@pytest.mark.parametrize(
    ("given", "minute"),
    [
        ({"started_at": "2026-03-09T16:20:59Z"}, 20),
        ({"started_at": "2026-03-09T09:00:00-07:00"}, 0),
        ({"start_minute": 7, "started_at": "2026-03-09T09:07:30-07:00"}, 7),
        ({"start_minute": None}, None),
    ],
)
def test_the_start_of_a_technique_is_a_minute_of_its_session_however_it_is_given(given, minute):
    """The session began at 9:00 of UTC-7."""
    technique = FULL_NOTE["techniques"][0] | {"start_minute": None} | given
    note = note_input(Note.model_validate(FULL_NOTE | {"techniques": [technique]}), "America/Los_Angeles")
    assert note.techniques[0].start_minute == minute


def test_the_code_sets_are_those_of_the_rule_set():
    codes = copy(bundled())
    assert built(PLAIN, BillerOptions(), claim_id="c", claim_number="n", as_of=AS_OF, codes=codes).codes is codes


FLAGS = {"assignment_accepted": "payer", "benefits_assigned": "coverage", "patient_signature_on_file": "patient"}
"""Members of the claim that are true or false, so that two sources cannot tell them apart: each is set alone below."""


def test_no_two_members_of_one_shape_are_filled_from_one_source():
    """A rule that compares two such members would find nothing, whatever callers put."""
    instances = {}
    for one in (*_instances(PLAIN_INPUT), *_instances(FULL_INPUT)):
        if any(path.startswith(f"{type(one).__name__}.") for path in SEEN):
            instances.setdefault(type(one), []).append(one)
    twins = [
        f"{kind.__name__}: {one.name}, {other.name}"
        for kind, made in instances.items()
        for one, other in combinations(fields(kind), 2)
        if not {one.name, other.name} <= FLAGS.keys()
        and [getattr(each, one.name) for each in made] == [getattr(each, other.name) for each in made]
        and any(getattr(each, one.name) not in (None, "", (), 0) for each in made)
    ]
    assert twins == []


@pytest.mark.parametrize("member", FLAGS)
def test_a_flag_of_the_claim_follows_its_own_source_alone(member):
    bundle = a_coverage_bundle()
    bundle[FLAGS[member]] |= {member.removeprefix("patient_"): False}
    claim = built(a_source(PLAIN_NOTE, bundle), BillerOptions(), claim_id="c", claim_number="n", as_of=AS_OF).claim
    assert {name: getattr(claim, name) for name in FLAGS} == {name: name != member for name in FLAGS}


def test_the_two_sources_are_whole_inputs():
    assert isinstance(PLAIN_INPUT, ScrubberInput)
    assert isinstance(PLAIN_INPUT.patient, PatientInput)
    assert PLAIN_INPUT.history == History()
    assert PLAIN_INPUT.claim.patient_id == PATIENT
    assert FULL_INPUT.note.signed_on == date(2026, 3, 9)
    assert FULL_INPUT.note.start == datetime(2026, 3, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("profile", "rank", "other", "found"),
    [
        ("commercial", 1, {"rank": 1}, ((), ("pay_rainier1",))),
        ("commercial", 1, {"rank": 2}, ((), ())),
        ("commercial", 2, {"rank": 1}, ((), ())),
        ("commercial", 1, {"rank": 1, "effective_to": "2026-03-01"}, ((), ())),
        ("auto_wa", 1, {"rank": 1}, (("pay_rainier1",), ())),
        ("wa_lni", 1, {"rank": 2}, (("pay_rainier1",), ())),
        ("wa_lni", 1, {"effective_from": "2026-03-03"}, ((), ())),
    ],
)
def test_another_coverage_counts_by_its_program_its_rank_and_its_days(profile, rank, other, found):
    """The note is of 2026-03-02."""
    another = {
        "coverage": a_coverage("cov_00000002", payer_id="pay_rainier1", **other),
        "payer": a_payer(id="pay_rainier1", profile=profile),
    }
    bundle = a_coverage_bundle(coverage=a_coverage(rank=rank), other_coverages=[another])
    coverage = built(
        a_source(PLAIN_NOTE, bundle), BillerOptions(), claim_id="c", claim_number="n", as_of=AS_OF
    ).coverage
    assert (coverage.injury_insurers, coverage.other_primaries) == found
