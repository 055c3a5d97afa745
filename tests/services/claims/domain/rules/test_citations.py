"""Every rule names the documents that say it for its programs, or is our own advice and only informs."""

import re
from collections import Counter
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from services.claims.domain.rules import RULES, RULES_BY_CODE, Severity, check, rules_markdown
from services.claims.domain.rules.citations import ADVICE, CITATIONS, DOCUMENTS, Document, Source, speaking, text_of
from services.claims.domain.rules.citations.documents import GUIDE_271, GUIDE_278, GUIDE_835, GUIDE_837P, PAYER_TERMS
from services.claims.domain.rules.program_severities import OFF, ProgramSeverity, program_severities
from services.claims.domain.rules.rule import RuleMatch
from shared.codesets.programs import Program
from shared.payer_profiles import PayerProfile, profile_named, profile_names
from tests.services.claims.domain.rules.clean_claims import CLEAN, all_of, findings_of, line, note, payer, profile

GUIDES = {
    GUIDE_837P: "837.5010.X222.A1.xml",
    GUIDE_835: "835.5010.X221.A1.xml",
}
"""Guides of which an independent validator has a map."""
EVERY_SOURCE = sorted({source for sources in CITATIONS.values() for source in sources}, key=lambda one: one.text)
PLACE = re.compile(r"(\d{4}[A-G]{0,2}) ([A-Z0-9]{2,3})(\d{2})")


def places(source):
    """A guide's places as (loop, segment, element)."""
    found = [PLACE.fullmatch(one) for one in source.section.split(", ")]
    assert all(found), source.section
    return {one.groups() for one in found}


def mapped(name):
    """Every (loop, segment, element) of a validator's map of a guide."""
    found = set()

    def read(node, loop):
        for child in node:
            if child.tag == "loop":
                read(child, child.get("xid"))
            elif child.tag == "segment":
                parts = [one for one in child if one.tag in ("element", "composite")]
                found.update((loop, child.get("xid"), f"{number:02}") for number in range(1, len(parts) + 1))

    read(ElementTree.fromstring((files("pyx12") / "map" / name).read_text()), "")
    return found


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.code)
def test_every_rule_names_its_sources_or_is_our_own_advice(one):
    assert one.code in CITATIONS, "cite it, or say that it is our own advice"
    assert one.sources is CITATIONS[one.code]
    if not one.sources:
        assert one.severity is Severity.INFO, "our own advice only informs"
    for source in one.sources:
        assert source.section.strip() and source.programs
        assert not one.programs or one.programs & source.programs, f"{source.text} is of programs that it never judges"


def test_every_citation_is_of_a_rule():
    assert set(CITATIONS) == set(RULES_BY_CODE)


def test_every_document_stands_once_in_the_list_with_publisher_and_edition():
    titles = Counter(one.title for one in DOCUMENTS)
    assert [title for title, times in titles.items() if times > 1] == []
    assert all(one.title.strip() and one.publisher.strip() and one.edition.strip() for one in DOCUMENTS)
    assert {source.document for source in EVERY_SOURCE} == set(DOCUMENTS), "all that is cited, and nothing else"


def test_no_source_is_only_the_payers_profile():
    own = [source for source in EVERY_SOURCE if source.document is PAYER_TERMS]
    names = set(PayerProfile.__dataclass_fields__) | {"credentials"}
    assert own and all(re.fullmatch(r"`([a-z_0-9]+)`", source.section) for source in own)
    assert {source.section.strip("`") for source in own} <= names, "each names the setting that holds what was said"
    assert not [one.title for one in DOCUMENTS if "profile" in one.title.lower()]


@pytest.mark.parametrize("guide", [GUIDE_837P, GUIDE_271, GUIDE_278, GUIDE_835], ids=lambda one: one.title)
def test_a_guide_is_cited_by_loop_and_element(guide):
    cited = [source for source in EVERY_SOURCE if source.document is guide]
    wanted = {place for source in cited for place in places(source)}
    assert wanted
    if guide in GUIDES:
        assert wanted <= mapped(GUIDES[guide])


CASES = [
    # program, state, rule, severity, and the documents that speak
    (Program.COMMERCIAL, "", "complaint_bare", "warn", ["Administrative Guide"]),
    (Program.MEDICARE, "", "complaint_bare", "warn", ["Medicare Benefit Policy Manual, ch. 15"]),
    (Program.AUTO_PIP, "", "complaint_bare", "info", []),
    (Program.AUTO_PIP, "WA", "complaint_bare", "warn", ["WAC 246-830-565, massage therapists' records"]),
    (Program.AUTO_PIP, "OR", "pair_never_together", "info", []),
    (Program.WORKERS_COMP, "TX", "pair_never_together", "block", ["28 TAC 134.203"]),
    (Program.AUTO_PIP, "FL", "massage_excluded_by_law", "block", [
        "Fla. Stat. 627.736, required personal injury protection benefits"]),
    (Program.AUTO_PIP, "NY", "massage_excluded_by_law", "info", []),
    (Program.COMMERCIAL, "", "technique_not_billed", "info", []),
    (Program.VA, "", "pointer_missing", "block", ["837P guide 005010X222A1"]),
]  # fmt: skip


@pytest.mark.parametrize(("program", "state", "code", "severity", "documents"), CASES)
def test_a_rule_is_as_hard_as_its_sources_let_it_be_for_the_program_and_state(
    program, state, code, severity, documents
):
    one = RULES_BY_CODE[code]
    assert one.severity_for(PayerProfile(program=program, state=state)).value == severity
    assert [source.document.title for source in one.speaking(program, state)] == documents


@pytest.mark.parametrize(
    ("name", "severity", "source"),
    [
        ("commercial", "warn", "Administrative Guide, ch. 11 (member encounters) (UnitedHealthcare, 2018)"),
        ("auto_or", "info", ADVICE),
    ],
)
def test_a_finding_names_the_sources_of_its_program_or_that_it_is_advice(name, severity, source):
    (finding,) = findings_of("assessment_missing", all_of(profile(name), note(assessment="")))
    assert (finding.severity.value, finding.source) == (severity, source)


def test_what_a_match_softens_stays_soft_and_what_no_source_supports_informs():
    pairs = RULES_BY_CODE["pair_never_together"]
    commercial, auto = PayerProfile(), PayerProfile(program=Program.AUTO_PIP)
    assert pairs.severity_for(commercial, Severity.WARN) is Severity.WARN
    assert pairs.severity_for(auto, Severity.WARN) is Severity.INFO


def test_a_payers_own_word_is_harder_than_our_advice():
    said = payer(program=Program.AUTO_PIP, severities=(("pointer_missing", "hold"), ("note_copied", "block")))
    assert [
        one.severity for one in check(all_of(said, line(0, pointers=()))(CLEAN)) if one.code == "pointer_missing"
    ] == [Severity.HOLD]
    assert RULES_BY_CODE["note_copied"].severity_for(said(CLEAN).payer) is Severity.BLOCK


def test_severities_by_program_say_in_which_state_or_profile_they_differ():
    by_program = program_severities(RULES_BY_CODE["massage_excluded_by_law"])
    assert by_program[Program.AUTO_PIP] == (ProgramSeverity("info"), ProgramSeverity("block", ("FL",)))
    assert by_program[Program.VA] == (ProgramSeverity(OFF),)
    first = program_severities(RULES_BY_CODE["diagnosis_never_first"])[Program.COMMERCIAL]
    assert [one.words for one in first] == ["warn", "block in united"]


def test_every_state_that_a_source_names_is_that_of_a_packaged_profile():
    known = {profile_named(name).state for name in profile_names()}
    assert {state for source in EVERY_SOURCE for state in source.states} <= known


def test_the_page_has_the_severities_in_columns_the_sources_with_their_scope_and_every_document():
    page = rules_markdown()
    assert "| `massage_excluded_by_law` | off | off | off | off | info; block in FL | off |\n" in page
    assert (
        "- source, Auto (PIP) in FL: Fla. Stat. 627.736, required personal injury protection benefits, (1)(a)5 ("
        in page
    )
    assert "- source, all programs: 837P guide 005010X222A1, 2400 SV107 (ASC X12, 2010-06).\n" in page
    assert "### `technique_not_billed`" in page and "- source: our own advice.\n" in page
    assert all(f"| {one.title} | {one.publisher} | {one.edition} |\n" in page for one in DOCUMENTS)
    assert all(f": {source.text}.{'' if source.confirmed else ' *Unconfirmed.*'}\n" in page for source in EVERY_SOURCE)


def test_sources_speak_in_their_order_and_are_written_as_one_sentence():
    book, law = Document("Book", "House", "2026"), Document("Law", "State", "2025")
    everywhere, here = Source(book, "p. 1"), Source(law, "§2", frozenset({Program.AUTO_PIP}), frozenset({"FL"}))
    assert speaking((everywhere, here), Program.AUTO_PIP, "FL") == (everywhere, here)
    assert speaking((here, everywhere), Program.AUTO_PIP, "") == (everywhere,)
    assert speaking((here,), Program.COMMERCIAL, "FL") == ()
    assert text_of((everywhere, here)) == "Book, p. 1 (House, 2026); Law, §2 (State, 2025)"
    assert (text_of(()), Source(book, "").text) == (ADVICE, "Book")


def test_what_a_payer_makes_harder_or_softer_may_be_answered_for_as_before_or_as_a_warning():
    harder = payer(severities=(("note_signed_late", "block"), ("pointer_missing", "warn")))(CLEAN).payer
    late, pointers = RULES_BY_CODE["note_signed_late"], RULES_BY_CODE["pointer_missing"]
    found = [one.finding(RuleMatch("It is so.", "/note"), harder) for one in (late, pointers)]
    assert [(one.severity.value, one.overridable) for one in found] == [("block", True), ("warn", True)]
    assert not pointers.finding(RuleMatch("It is so.", "/note"), CLEAN.payer).overridable


def test_what_a_match_names_is_its_source_before_what_the_rule_cites():
    named = RULES_BY_CODE["filing_too_late"].finding(
        RuleMatch("Late.", "/claim", source="The contract, §4"), CLEAN.payer
    )
    assert named.source == "The contract, §4"
