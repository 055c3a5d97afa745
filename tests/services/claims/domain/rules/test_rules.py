"""Every rule by its table: each case of FOUND gives that rule's finding; PASSES and the clean claim give none."""

import sys
from datetime import date

import pytest

from services.claims.domain.rules import RULES, RULES_BY_CODE, Rule, Severity, check
from services.claims.domain.rules.citations import CITATIONS
from tests.services.claims.domain.rules import (
    cases_diagnosis,
    cases_editions,
    cases_insurer,
    cases_liability,
    cases_lines,
    cases_note,
    cases_people,
    cases_scope,
    passes_insurer,
)
from tests.services.claims.domain.rules.clean_claims import (
    CLEAN,
    all_of,
    billed,
    blocks,
    diagnosed,
    findings_of,
    on,
    profile,
    rows,
)
from tests.services.claims.domain.rules.patching import apply_patch

TABLES = (
    cases_note,
    cases_lines,
    cases_insurer,
    cases_scope,
    cases_liability,
    cases_diagnosis,
    cases_editions,
    cases_people,
    passes_insurer,
)
FOUND = {code: cases for table in TABLES for code, cases in table.FOUND.items()}
PASSES = {code: cases for table in TABLES for code, cases in table.PASSES.items()}


def test_the_cases_of_a_rule_stand_in_one_table():
    assert len(FOUND) == sum(len(table.FOUND) for table in TABLES)
    assert len(PASSES) == sum(len(table.PASSES) for table in TABLES)


def test_the_clean_claim_has_no_finding_at_all():
    assert check(CLEAN) == []


@pytest.mark.parametrize(("code", "change"), rows(FOUND))
def test_it_is_found(code, change):
    found = findings_of(code, change)
    assert found, f"{code} is not found"
    for finding in found:
        assert finding.message.endswith((".", "?"))
        assert finding.fix.strip()
        assert finding.source.strip()
        assert finding.pointer.startswith(("/claim", "/note", "/coverage", "/patient", "/provider", "/billing"))


@pytest.mark.parametrize(("code", "change"), rows(PASSES))
def test_it_passes(code, change):
    assert findings_of(code, change) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_documents_a_source_and_a_case(rule):
    assert len(rule.explanation.split()) > 5
    assert rule.title
    assert rule.fix.endswith(".")
    assert rule.sources == CITATIONS[rule.code]
    assert rule.code in FOUND


def test_every_rule_that_is_written_is_in_the_list():
    modules = {sys.modules[rule.check.__module__] for rule in RULES}
    written = {one.code for module in modules for one in vars(module).values() if isinstance(one, Rule)}
    assert written == {rule.code for rule in RULES}


def test_no_case_is_of_a_rule_that_is_not_there():
    assert set(FOUND) | set(PASSES) <= set(RULES_BY_CODE)


def test_rule_codes_are_unique_and_at_least_sixty():
    assert len({rule.code for rule in RULES}) == len(RULES) >= 60


@pytest.mark.parametrize(("code", "change"), rows(FOUND))
def test_a_patch_mends_what_its_finding_says(code, change):
    context = change(CLEAN)
    for finding in check(context):
        if finding.code != code or not finding.patch:
            continue
        mended = type(context)(
            **{name: getattr(context, name) for name in context.__dataclass_fields__ if name != "claim"},
            claim=apply_patch(context.claim, finding.patch),
        )
        assert finding not in check(mended)


@pytest.mark.parametrize(("code", "change"), rows(FOUND))
def test_no_finding_repeats_what_a_note_or_a_person_says(code, change):
    context = change(CLEAN)
    secrets = [context.note.complaint] if context.note.complaint else []
    for finding in findings_of(code, change):
        assert not [secret for secret in secrets if secret in finding.message + finding.fix]


def test_every_block_rule_does_block():
    hard = [code for code, rule in RULES_BY_CODE.items() if rule.severity is Severity.BLOCK and not rule.overridable]
    for code in hard:
        assert any(blocks(findings_of(code, change)) for _, change in FOUND[code]), code


def test_what_blocks_and_may_still_be_sent_on_a_persons_word_is_where_the_claim_alone_cannot_tell():
    assert [rule.code for rule in RULES if rule.severity is Severity.BLOCK and rule.overridable] == [
        "diagnosis_sequela_first",
        "diagnoses_exclude_each_other",
        "pair_modifier_without_proof",
        "units_above_payers_day",
        "procedure_refused",
        "credential_not_accepted",
        "manual_therapy_by_massage_therapist",
        "id_is_placeholder",
        "insurer_claim_number_form",
        "therapist_is_patient",
        "coverage_reported_inactive",
        "massage_not_covered",
        "visits_used_up",
        "authorization_other_procedure",
        "authorization_other_region",
        "visit_step_not_met",
        "second_visit_of_day",
        "away_from_premises",
        "filing_too_late",
        "corrected_claim_too_late",
        "duplicate_claim",
        "sessions_overlap",
        "patient_with_two_therapists",
    ]


def test_a_rule_does_not_look_at_services_of_before_its_source_was_in_force():
    rule = RULES_BY_CODE["diagnosis_not_valid"]
    assert rule.effective_from == date(2015, 10, 1)
    assert not rule.applies(all_of(diagnosed("M54.5"), on(date(2015, 9, 30)))(CLEAN))
    assert rule.applies(all_of(diagnosed("M54.5"), on(date(2015, 10, 1)))(CLEAN))


def test_a_rule_of_one_program_does_not_look_at_others():
    rule = RULES_BY_CODE["employer_not_subscriber"]
    assert rule.programs == {"workers_comp"}
    assert not rule.applies(CLEAN)
    assert rule.applies(profile("wa_lni")(CLEAN))


@pytest.mark.parametrize(("day", "severity"), [(date(2019, 6, 30), Severity.BLOCK), (date(2019, 7, 1), Severity.WARN)])
def test_since_july_2019_a_separating_modifier_on_the_first_procedure_warns_and_blocked_before(day, severity):
    """CMS MLN MM11168: Medicare takes it on either line from 2019-07-01."""
    change = all_of(FOUND["pair_modifier_on_column_one"][0][1], profile("medicare"), on(day))
    assert [one.severity for one in findings_of("pair_modifier_on_column_one", change)] == [severity]


def test_massage_that_a_law_excludes_is_refused_by_the_name_of_that_law_and_from_its_day_on():
    """Fla. Stat. 627.736(1)(a)5, as amended from 2013 on."""
    (finding,) = findings_of("massage_excluded_by_law", profile("auto_fl"))
    assert (finding.source, finding.effective_from) == ("Fla. Stat. 627.736(1)(a)5", date(2013, 1, 1))
    assert finding.message == "Massage is excluded by law since 2013-01-01."


def test_used_up_visits_are_counted_in_the_sentence():
    (_name, change) = FOUND["authorization_visits_used"][0]
    (finding,) = findings_of("authorization_visits_used", change)
    assert finding.message == "12 authorized visits are used, and none is left."


@pytest.mark.parametrize(("name", "severity"), [("medicare_advantage", Severity.WARN), ("commercial", Severity.INFO)])
def test_what_medicare_includes_warns_where_the_payer_does_so_too_and_informs_elsewhere(name, severity):
    found = findings_of("units_unlikely", all_of(billed(("97010", None)), profile(name)))
    assert [one.severity for one in found] == [severity]


@pytest.mark.parametrize(
    ("case", "sentence", "fix"),
    [
        ("four of four, one used", "97110 has 1 unit, and its authorization has 0 left.", "Ask the payer for more"),
        (
            "a line over two of them",
            "97124 has 4 units, and no authorization alone has so many left: AUTH1 has 3, B2 has 1.",
            "A line is billed under one authorization: ask the payer to put the units under one",
        ),
    ],
)
def test_a_line_that_no_authorization_has_the_units_for_says_what_each_has(case, sentence, fix):
    change = dict(FOUND["authorization_units_used"])[case]
    finding = findings_of("authorization_units_used", change)[0]
    assert finding.message == sentence
    assert finding.fix.startswith(fix)
