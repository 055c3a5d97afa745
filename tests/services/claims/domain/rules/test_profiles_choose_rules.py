"""A payer's profile switches rules off and changes their severity; it names only rules that exist."""

from services.claims.domain.rules import RULES_BY_CODE, Severity, check
from shared.payer_profiles import profile_named, profile_names
from tests.services.claims.domain.rules.clean_claims import CLEAN, blocks, line, payer


def test_a_profile_switches_rules_off_and_changes_how_hard_they_are():
    broken = line(0, pointers=())(CLEAN)
    assert blocks(check(broken))
    assert check(payer(rules_off=("pointer_missing",))(broken)) == []
    soft = check(payer(severities=(("pointer_missing", "warn"),))(broken))
    assert [finding.severity for finding in soft] == [Severity.WARN]


def test_profiles_name_only_rules_that_there_are():
    for name in profile_names():
        made = profile_named(name)
        assert set(made.rules_off) | {code for code, _ in made.severities} <= set(RULES_BY_CODE)
