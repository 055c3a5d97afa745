"""Overrides and replay: who may take responsibility for what, and what a new edition would change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.claims.domain.rules import (
    OverrideRefused,
    check,
    compare_findings,
    kept,
    override,
    review_findings,
)
from tests.services.claims.domain.rules.clean_claims import (
    CLEAN,
    all_of,
    blocks,
    claim,
    coverage,
    diagnosed,
    findings_of,
    note,
)

AT = datetime(2026, 5, 5, 9, 0, tzinfo=UTC)
WHO = {"actor_id": "u1", "actor_role": "biller", "at": AT}
REASON = "The payer confirmed it by telephone"


def finding(code, change):
    return findings_of(code, change)[0]


def test_a_warn_can_be_acknowledged_by_a_named_person_with_a_reason():
    warn = finding("diagnosis_vague", diagnosed("M54.9"))
    given = override(warn, reason=REASON, **WHO)
    (reviewed,) = review_findings([warn], [given])
    assert reviewed.override == given and not reviewed.stops


def test_a_block_is_overridden_only_where_its_rule_allows():
    soft = finding("visits_used_up", coverage(visits_remaining=0))
    assert not review_findings([soft], [override(soft, reason=REASON, **WHO)])[0].stops
    with pytest.raises(OverrideRefused) as caught:
        override(finding("note_unsigned", note(signed=False)), reason=REASON, **WHO)
    assert caught.value.code == "not_overridable"


def test_an_info_needs_no_override():
    with pytest.raises(OverrideRefused) as caught:
        override(finding("benefits_not_assigned", claim(benefits_assigned=False)), reason=REASON, **WHO)
    assert caught.value.code == "nothing_to_override"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": ""}, "reason_missing"),
        ({"reason": "   ok    "}, "reason_missing"),
        ({"reason": "x" * 1001}, "reason_missing"),
        ({"actor_id": " "}, "actor_missing"),
        ({"actor_role": ""}, "actor_missing"),
    ],
)
def test_an_override_has_a_name_and_a_reason(change, code):
    warn = finding("diagnosis_vague", diagnosed("M54.9"))
    with pytest.raises(OverrideRefused) as caught:
        override(warn, **{"reason": REASON, **WHO, **change})
    assert caught.value.code == code


def test_an_override_falls_when_the_facts_change():
    soft = finding("diagnoses_exclude_each_other", diagnosed("M54.59", "S39.012A"))
    given = override(soft, reason=REASON, **WHO)
    other = finding("diagnoses_exclude_each_other", diagnosed("M79.18", "M79.7"))
    assert review_findings([other], [given])[0].stops


def test_an_override_of_a_rule_that_became_strict_is_ignored():
    soft = finding("visits_used_up", coverage(visits_remaining=0))
    given = override(soft, reason=REASON, **WHO)
    assert review_findings([replace(soft, overridable=False)], [given])[0].stops


def test_replay_says_what_came_what_went_and_what_changed_its_weight():
    before = check(all_of(diagnosed("M54.9"), coverage(visits_remaining=0))(CLEAN))
    after = check(all_of(diagnosed("M54.5"), coverage(visits_remaining=0))(CLEAN))
    change = compare_findings(kept(before), after)
    assert ("diagnosis_not_valid", "/claim/diagnoses/0") in change.came
    assert ("diagnosis_vague", "/claim/diagnoses/0") in change.went
    assert change.changes


def test_replay_sees_a_harder_and_a_softer_rule():
    warn = finding("diagnosis_vague", diagnosed("M54.9"))
    block = replace(warn, severity=finding("note_unsigned", note(signed=False)).severity)
    key = ((warn.code, warn.pointer),)
    assert compare_findings(kept([warn]), [block]).harder == key
    assert compare_findings(kept([block]), [warn]).softer == key
    assert not compare_findings(kept([warn]), [replace(warn, message="said better.")]).changes


def test_the_same_claim_replayed_changes_nothing():
    found = check(diagnosed("M54.5")(CLEAN))
    assert blocks(found)
    assert not compare_findings(kept(found), found).changes
