"""A claim that its check calls ready can be written as an 837P: what is taken away or garbled is found at the check.

Generated: each fact of people, places and numbers that the 837P carries is removed and garbled in turn, in every way
that the contracts let a caller send it; the check must find it, or the file must be written and read back strictly.
"""

from copy import deepcopy
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.claims.document import BillerOptions, ClaimSource, new_document
from services.claims.domain.rules import Severity
from services.claims.flows.scrub.resolve_profile import payer_profile
from services.claims.flows.scrub.rule_set import RuleSet
from services.claims.flows.scrub.scrub_claim import scrub
from services.claims.flows.scrub.scrub_request import ScrubRequest
from services.claims.flows.submission.interchange import claims_interchange
from shared import x12
from shared.contracts.claims import PriorPayment
from shared.contracts.eligibility import CoverageBundle, CoveragePut, PatientPut, PayerPut, ReferralPut
from shared.contracts.notes import Note
from shared.contracts.practice import Practice, PracticePut, Therapist, TherapistPut
from shared.wire.trading_partner import TradingPartner
from tests.services.claims.factories import (
    THERAPIST,
    a_coverage,
    a_coverage_bundle,
    a_note,
    a_payer,
    a_practice,
    a_therapist,
)

NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)
RULE_SET = RuleSet()
PUTS = {
    "patient": PatientPut,
    "coverage": CoveragePut,
    "other_coverage": CoveragePut,
    "payer": PayerPut,
    "referral": ReferralPut,
    "practice": PracticePut,
    "therapist": TherapistPut,
}
PARTNER = TradingPartner(sender_id="HANDBILL", receiver_id="CLEARING", password=SecretStr("a-password-of-the-tests"))
HOME = {"line1": "2218 NW 64th Street", "line2": "Apt 4", "city": "Seattle", "state": "WA", "zip": "981071234"}
PERSON = {"first": "Miriam", "last": "Feldstein", "middle": "Ada"}
HOLDER = {"name": PERSON, "birth_date": "1980-02-03", "sex": "female", "address": HOME}
EMPLOYER = {"organization_name": "Harborline Cold Storage", "address": HOME}
GARBLES: tuple[Any, ...] = (None, "", "-", "A", "ZZ", "Ł", "\u2665", "00000", "2026-99-99", "unknown", "x" * 61, "~*:^")
"""What takes the place of a fact, as far as the contracts take it."""


def facts(kind: str) -> dict[str, dict[str, Any]]:
    """What callers have put: the patient insured herself, by a relative, by an employer, or second to another payer."""
    body = a_coverage_bundle(
        coverage=a_coverage(
            **{"self": {}, "relative": {"relationship": "child", "subscriber": HOLDER}}.get(kind, {}),
            **({"relationship": "employee", "subscriber": EMPLOYER} if kind == "employer" else {}),
            **({"rank": 2} if kind == "second" else {}),
        )
    )
    known = {
        "patient": body["patient"] | {"address": HOME},
        "coverage": body["coverage"],
        "payer": body["payer"],
        "referral": body["referrals"][0],
        "practice": a_practice(address=HOME),
        "therapist": a_therapist(),
    }
    if kind == "employer":
        known["payer"] = a_payer(profile="workers_comp", filing_indicator=None, massage_therapists="pays")
        known["coverage"] |= {
            "claim_number": "BK41207",
            "accident": {"occurred_on": "2026-02-02", "state": "WA", "cause": "employment"},
        }
    if kind == "second":
        known["other_coverage"] = a_coverage(
            "cov_00000002", payer_id="pay_other", relationship="spouse", subscriber=HOLDER
        )
    return known


KINDS = ("self", "relative", "employer", "second")


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every member, inner and outer."""
    found = [path] if path else []
    if isinstance(value, dict):
        found += [inner for name, member in value.items() for inner in places(member, (*path, name))]
    return found


def changed(known: dict[str, Any], path: tuple[str, ...], garble: Any) -> dict[str, Any] | None:
    """The facts with one of them garbled, or None where the contract of its kind refuses it."""
    facts = deepcopy(known)
    inner = facts
    for name in path[:-1]:
        inner = inner[name]
    if garble is None and path[1:] == ("subscriber", "name"):
        return None  # eligibility refuses a subscriber without a name
    if garble is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = garble
    kind, put = facts[path[0]], PUTS[path[0]]
    try:
        taken = put.model_validate({name: value for name, value in kind.items() if name in put.model_fields})
    except ValidationError:
        return None
    return {**facts, path[0]: {**kind, **taken.model_dump(mode="json")}}


def source_of(known: dict[str, Any]) -> ClaimSource:
    bundle = {
        "coverage": known["coverage"],
        "patient": known["patient"],
        "payer": known["payer"],
        "referrals": [known["referral"]],
        "other_coverages": [
            {"coverage": other, "payer": a_payer(id="pay_other")} for other in [known.get("other_coverage")] if other
        ],
    }
    file = CoverageBundle.model_validate(a_coverage_bundle(**bundle))
    return ClaimSource(
        Note.model_validate(a_note()),
        file,
        Practice.model_validate(known["practice"] | {"version": 1, "time_zone": "America/Los_Angeles"}),
        Therapist.model_validate(known["therapist"] | {"id": THERAPIST, "version": 1}),
        {"97124": 4500, "97110": 4700},
        payer_profile(file.payer, file.coverage),
    )


def options_of(kind: str) -> BillerOptions:
    adjustments = [{"group": "PR", "reason_code": "2", "amount_cents": 8200}]
    prior = {"payer_id": "pay_other", "paid_cents": 10_000, "adjustments": adjustments, "remitted_on": "2026-03-02"}
    return BillerOptions(prior_payments=(PriorPayment.model_validate(prior),) if kind == "second" else ())


def outcome(known: dict[str, Any], kind: str) -> tuple[list[str], str]:
    """What the check blocks, and why the file would be refused: empty where it would not."""
    source, options = source_of(known), options_of(kind)
    scrubbed = scrub(ScrubRequest(source, options, "clm_1", "K7Q2M9XW", NOW, history=(), rule_set=RULE_SET))
    blocking = [one.code for one in scrubbed.findings if one.severity is Severity.BLOCK]
    row = SimpleNamespace(document=new_document(source, options, scrubbed))
    try:
        content = claims_interchange([row], PARTNER, NOW, interchange_number=1)
    except x12.WriteError as error:
        return blocking, error.message
    found = x12.read_all(content, strict=True, codes=RULE_SET.codes).findings
    return blocking, "; ".join(one.message for one in found if one.severity is x12.Severity.ERROR)


CASES = [
    (kind, path, garble)
    for kind in KINDS
    for path in places(facts(kind))
    # A profile that does not exist refuses the claim as it is made.
    if len(path) > 1 and path[1] in PUTS[path[0]].model_fields and path != ("payer", "profile")
    for garble in GARBLES
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_that_are_garbled_are_ready_and_written_before(kind):
    assert outcome(facts(kind), kind) == ([], "")


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_file_needs_is_found_before_a_claim_is_ready(kind):
    unseen = []
    tried = 0
    for of_kind, path, garble in CASES:
        known = changed(facts(kind), path, garble) if of_kind == kind else None
        if known is None:
            continue
        tried += 1
        blocking, refused = outcome(known, kind)
        if refused and not blocking:
            unseen.append((path, garble, refused))
    assert unseen == []
    assert tried > 100
