"""Profiles are data: checked whole, extending one another, overridden by a payer's own settings."""

from datetime import date

import pytest

from shared.codesets import bundled
from shared.payer_profiles import (
    ProfileError,
    profile_from,
    profile_named,
    profile_names,
    profile_under_law_of,
)

WANTED = {
    "commercial", "commercial_wa", "commercial_wa_evicore", "united", "medicare", "medicare_advantage",
    "workers_comp", "workers_comp_ca", "workers_comp_or", "workers_comp_tx",
    "wa_lni", "auto_pip", "auto_wa", "auto_or", "auto_fl", "auto_ny", "va_community_care",
}  # fmt: skip


def test_the_programs_and_states_are_there():
    assert set(profile_names()) == WANTED


@pytest.mark.parametrize("name", profile_names())
def test_each_profile_has_a_source_and_codes_that_there_are(name):
    made = profile_named(name)
    codes = bundled()
    assert made.source
    assert made.profile == name
    assert made.filing_indicator in codes.filing_indicators
    assert not made.state or made.state in codes.states
    assert all(want.modifier in codes.modifiers and want.source for want in made.modifiers)
    assert all(dispute.source for dispute in made.disputes)
    assert made.timely_filing_days is None or made.timely_filing_source


def test_a_profile_takes_from_what_it_extends():
    fund = profile_named("wa_lni")
    assert (fund.filing_indicator, fund.related_cause, fund.subscriber_is_employer) == ("WC", "EM", True)
    assert [(step.taxonomies, step.from_visit, step.to_visit, step.form) for step in fund.visit_steps] == [
        (("2257",), 1, 6, ""),
        (("2257",), 7, 12, "F245-417-000"),
        (("2257",), 13, None, ""),
        (("2251", "225X"), 13, 24, "F245-417-000"),
        (("2251", "225X"), 25, None, ""),
    ]


def test_a_payers_own_settings_come_over_the_profile_and_none_changes_nothing():
    made = profile_from(
        {"extends": "commercial", "unit_method": "cms", "modifiers": ["GP"], "timely_filing_days": None}
    )
    assert (made.unit_method, made.timely_filing_days, made.modifiers[0].modifier) == ("cms", 180, "GP")
    assert profile_named("commercial").unit_method == "ama"


def test_a_payers_own_filing_limit_is_not_said_by_what_the_profiles_limit_is_from():
    own = profile_from({"extends": "medicare", "timely_filing_days": 90})
    assert (own.timely_filing_days, own.timely_filing_months, own.timely_filing_source) == (90, None, "")
    assert profile_named("commercial_wa").timely_filing_presumed
    assert not profile_from({"extends": "commercial_wa", "timely_filing_days": 180}).timely_filing_presumed
    assert [name for name in profile_names() if profile_named(name).timely_filing_presumed] == [
        "commercial", "commercial_wa", "commercial_wa_evicore",
    ]  # fmt: skip
    assert profile_from({"extends": "medicare", "referral": "none"}).timely_filing_source == "42 CFR 424.44"


def test_uhc_wants_gp_from_a_day_on():
    made = profile_named("united")
    assert [want.modifier for want in made.wanted_modifiers("97124", "GP", True, date(2020, 7, 1))] == ["GP"]
    assert [want.modifier for want in made.wanted_modifiers("97530", "GO", True, date(2020, 7, 1))] == ["GO"]
    assert made.wanted_modifiers("97124", "GP", True, date(2020, 6, 30)) == ()
    assert made.wanted_modifiers("98940", "GP", False, date(2026, 1, 1)) == ()


def test_what_a_payer_pays_a_discipline_is_its_own_list_or_not_said():
    """Washington L&I pays massage therapists one code; of other disciplines its profile says nothing."""
    made = profile_named("wa_lni")
    assert made.paid_procedures("225700000X") == ("97124",)
    assert made.paid_procedures("225100000X") is None


@pytest.mark.parametrize(
    "settings",
    [
        {"extends": "nowhere"},
        {"extends": "../secrets"},
        {"extends": 5},
        {"colour": "blue"},
        {"unit_method": "guess"},
        {"state": 5},
        {"timely_filing_days": True},
        {"timely_filing_days": -1},
        {"visit_steps": [{}]},
        {"visit_steps": [{"from_visit": 1, "no": 1}]},
        {"modifiers": [5]},
        {"modifiers": "GP"},
        {"reduction_effective_from": "soon"},
        {"procedures_paid_elsewhere": ["97014"]},
        {"procedures_refused": ["x"] * 300},
        {"severities": {"pointer_missing": "loud"}},
        {"program": "auto"},
    ],
)
def test_a_setting_that_does_not_fit_refuses_the_profile_and_is_not_repeated(settings):
    with pytest.raises(ProfileError) as caught:
        profile_from(settings)
    assert "blue" not in str(caught.value) and "guess" not in str(caught.value)


@pytest.mark.parametrize(
    ("named", "state", "profile"),
    [
        ("auto_pip", "FL", "auto_fl"),
        ("auto_wa", "FL", "auto_fl"),
        ("auto_fl", "FL", "auto_fl"),
        ("auto_wa", "", "auto_wa"),
        ("auto_wa", "ZZ", "auto_wa"),
        ("auto_fl", "TX", "auto_pip"),
        ("workers_comp", "TX", "workers_comp_tx"),
        ("workers_comp_tx", "NV", "workers_comp"),
        ("wa_lni", "OR", "wa_lni"),
        ("commercial_wa", "FL", "commercial_wa"),
    ],
)
def test_the_law_of_the_accidents_state_decides(named, state, profile):
    assert profile_under_law_of(named, state) == profile


def test_a_profile_may_leave_what_it_extends_unset():
    """Twelve months are original Medicare's own (42 CFR 424.44); an Advantage plan sets its own limit."""
    assert profile_named("medicare").timely_filing_months == 12
    advantage = profile_named("medicare_advantage")
    assert (advantage.timely_filing_months, advantage.timely_filing_source, advantage.reduction) == (None, "", True)
    with pytest.raises(ProfileError):
        profile_from({"extends": "medicare", "unset": "timely_filing_months"})


def test_compensation_has_the_filing_limit_of_its_state_or_none():
    limits = {
        name: (profile_named(name).timely_filing_days, profile_named(name).timely_filing_months)
        for name in profile_names()
        if profile_named(name).program == "workers_comp"
    }
    assert limits == {
        "workers_comp": (None, None),
        "workers_comp_ca": (None, 12),
        "workers_comp_or": (60, None),
        "workers_comp_tx": (95, None),
        "wa_lni": (365, None),
    }
