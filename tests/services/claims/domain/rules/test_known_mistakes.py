"""Mistakes that real papers about billing massage contain: each is caught, with a sentence that helps."""

from datetime import date

import pytest

from services.claims.domain.rules import rule_docs, rules_markdown
from services.claims.domain.rules.finding import PatchStep
from tests.services.claims.domain.rules.clean_claims import (
    CHIROPRACTOR,
    CLEAN,
    all_of,
    billed,
    blocks,
    diagnosed,
    findings_of,
    on,
    payer,
    profile,
    provider,
)
from tests.services.claims.domain.rules.patching import PatchError, apply_patch

CHIRO = provider(taxonomy=CHIROPRACTOR)


def the(code, change):
    found = findings_of(code, change)
    assert len(found) == 1
    assert blocks(found)
    return found[0]


def test_m54_5_is_refused_with_its_last_day_and_three_candidates():
    finding = the("diagnosis_not_valid", diagnosed("M54.5"))
    assert finding.message == "M54.5 was valid through 2021-09-30 and is not valid on the date of service."
    assert finding.candidates == ("M54.50", "M54.51", "M54.59")
    assert finding.patch == ()
    assert "signed note" in finding.fix


@pytest.mark.parametrize(
    ("code", "words", "candidates"),
    [
        ("M54.5", "M54.5 was valid through 2021-09-30", ("M54.50", "M54.51", "M54.59")),
        ("S13.4", "S13.4 lacks its seventh character", ("S13.4XXA", "S13.4XXD", "S13.4XXS")),
        ("M54.9A", "M54.9A is not in the last edition that is installed (through 2026-09-30); it may be new.", None),
    ],
)
def test_after_the_newest_edition_a_diagnosis_is_judged_by_the_last_one_and_only_warns(code, words, candidates):
    found = findings_of("diagnosis_not_valid", all_of(diagnosed("M54.2", code), on(date(2026, 11, 2))))
    assert [(one.severity, one.pointer) for one in found] == [("warn", "/claim/diagnoses/1")]
    assert found[0].message.startswith(words)
    assert candidates is None or found[0].candidates == candidates
    (edition,) = findings_of("diagnosis_edition_unknown", all_of(diagnosed("M54.2", code), on(date(2026, 11, 2))))
    assert (edition.severity, edition.pointer) == ("warn", "/claim/diagnoses")
    assert edition.message == (
        "The installed editions cover 2020-10-01 to 2026-09-30; "
        "the diagnoses of 2026-11-02 are judged as of 2026-09-30."
    )


def test_t85_7xxs_is_refused_with_candidates_by_meaning_and_by_spelling():
    finding = the("diagnosis_not_valid", diagnosed("M54.59", "T85.7XXS"))
    assert finding.message == "T85.7XXS is not an ICD-10-CM code."
    assert any(code.startswith("T84.0") for code in finding.candidates)
    assert any(code.startswith("T85.7") for code in finding.candidates)
    assert "prosthesis is T84.0-" in finding.fix
    assert finding.pointer == "/claim/diagnoses/1"


def test_g0283_as_massage_is_refused():
    finding = the("procedure_outside_scope", billed(("G0283", None)))
    assert finding.message.startswith("This payer pays a massage therapist 97010, 97110, ")
    assert finding.message.endswith("and not G0283 (Electrical stimulation, unattended (Medicare)).")


def test_98940_by_a_massage_therapist_is_refused():
    finding = the("procedure_outside_scope", all_of(payer(procedures_by_taxonomy=()), billed(("98940", None))))
    assert finding.message == "98940 (Chiropractic, 1-2 regions) is not the work of a massage therapist."
    assert "`procedures_by_taxonomy`" in finding.fix


def test_97124_with_97140_on_one_day_is_refused_even_with_59():
    change = billed(("97140", 30), ("97124", 30), modifiers={"97124": ["59"]})
    finding = the("pair_never_together", change)
    assert "97124 (Massage) is not paid with 97140 (Manual therapy)" in finding.message
    assert "not even with 59" in finding.message
    assert finding.pointer == "/claim/lines/1/procedure_code"
    assert "97140 30 minutes = 2 units" in finding.fix


def test_59_is_offered_on_the_second_procedure_only_where_the_note_shows_it():
    change = all_of(CHIRO, billed(("98940", None, "neck"), ("97124", 30, "hip")))
    finding = the("pair_needs_modifier", change)
    assert finding.patch == (PatchStep("set", "/claim/lines/1/modifiers", ("59",)),)
    assert "add 59 to 97124" in finding.fix
    same_region = the("pair_needs_modifier", all_of(CHIRO, billed(("98940", None, "hip"), ("97124", 30, "hip"))))
    assert same_region.patch == ()
    assert "Leave 97124 off" in same_region.fix


@pytest.mark.parametrize(("name", "severity"), [("auto_wa", "info"), ("auto_fl", "warn"), ("workers_comp_tx", "warn")])
def test_auto_and_compensation_follow_the_edits_where_their_state_says_so_and_elsewhere_they_only_inform(
    name, severity
):
    """Fla. Stat. 627.736(5)(a) and 28 TAC 134.203(a)(5) take over Medicare's coding; Washington's law does not."""
    change = all_of(billed(("97140", 30), ("97124", 30)), profile(name))
    found = findings_of("pair_never_together", change)
    assert [finding.severity.value for finding in found] == [severity]


def test_the_documents_page_has_every_rule_with_source_and_fix():
    docs, page = rule_docs(), rules_markdown()
    assert all(doc["source"] and doc["fix"] and doc["explanation"] and doc["title"] for doc in docs)
    assert all(f"### `{doc['code']}`: {doc['title']}\n" in page for doc in docs)
    assert all(f"{one['document']}, {one['section']} (" in page for doc in docs for one in doc["sources"])


@pytest.mark.parametrize(
    "step",
    [
        PatchStep("set", "/note/signed", 1),
        PatchStep("set", "/claim/nothing", "x"),
        PatchStep("set", "/claim/lines/9/units", 1),
        PatchStep("set", "/claim/lines/x/units", 1),
        PatchStep("set", "/claim/lines/0/nothing", 1),
        PatchStep("remove", "/claim/lines/0/units"),
        PatchStep("add", "/claim/lines/0"),
        PatchStep("set", "/claim"),
    ],
)
def test_a_patch_that_does_not_fit_is_refused(step):
    with pytest.raises(PatchError):
        apply_patch(CLEAN.claim, (step,))


def test_a_patch_removes_a_line_and_touches_no_other_claim():
    mended = apply_patch(CLEAN.claim, (PatchStep("remove", "/claim/lines/0"),))
    assert [one.procedure_code for one in mended.lines] == ["97110"]
    assert len(CLEAN.claim.lines) == 2


def test_findings_are_plain_values_for_an_api():
    finding = findings_of("diagnosis_not_valid", diagnosed("M54.5"))[0].as_dict()
    assert finding["severity"] == "block"
    assert finding["effective_to"] == "2021-09-30"
    assert finding["candidates"] == ["M54.50", "M54.51", "M54.59"]


def test_diagnoses_that_exclude_each_other_block_on_one_side_and_warn_on_two():
    """A tear that wore through on the right and one of a fall on the left are both true."""
    one_side = findings_of("diagnoses_exclude_each_other", diagnosed("M75.101", "S46.011A"))
    two_sides = findings_of("diagnoses_exclude_each_other", diagnosed("M75.101", "S46.012A"))
    assert [finding.severity.value for finding in (*one_side, *two_sides)] == ["block", "warn"]


def test_what_a_payer_says_of_medicares_edits_decides_how_hard_they_are():
    both = billed(("97140", 30), ("97124", 30))
    payers = (payer(), payer(ncci_presumed=False), payer(ncci=False, ncci_presumed=False))
    found = [findings_of("pair_never_together", all_of(both, of))[0] for of in payers]
    assert [(one.severity.value, one.overridable) for one in found] == [
        ("block", True),
        ("block", False),
        ("info", False),
    ]
