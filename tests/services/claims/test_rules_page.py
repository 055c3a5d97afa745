"""The public page of all rules: read and searched without a token, without scripts, with nothing from outside."""

import re
from html.parser import HTMLParser

import pytest

from services.claims.domain.rules import RULES, rule_docs
from services.claims.domain.rules.catalog import PROGRAM_NAMES
from services.claims.domain.rules.program_severities import OFF, ProgramSeverity, program_severities
from tests.services.claims.factories import COVERAGE, a_coverage_bundle

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
VOID = {"meta", "link", "input", "br"}


class Reader(HTMLParser):
    """The page's elements that are closed in order, their ids and links, and the text of every rule by its id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.rules: dict[str, str] = {}
        self._rule = ""
        self.feed(html)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        assert not {name for name in given if name.startswith("on") or name == "style"}, "nothing inline"
        self.links += [given[name] for name in ("href", "src", "action") if given.get(name)]
        self.ids += [given["id"]] if "id" in given else []
        if tag == "article":
            self._rule = given["id"]
            self.rules[self._rule] = ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "article":
            self._rule = ""

    def handle_data(self, data):
        if self._rule:
            self.rules[self._rule] += data


def page(client, **asked):
    answer = client.get("/rules", params=asked)
    assert answer.status_code == 200, answer.text
    return Reader(answer.text)


def words(text):
    return " ".join(text.replace("`", "").split())


def test_every_rule_is_on_the_page_with_its_fix_source_and_dates(client):
    read = page(client)
    assert list(read.rules) == [one.code for one in RULES]
    for one in rule_docs():
        text = words(read.rules[one["code"]])
        for member in ("code", "severity", "title", "explanation", "fix"):
            assert words(one[member]) in text, (one["code"], member)
        for source in one["sources"]:
            named = f"{source['document']}, {source['section']} ({source['publisher']}, {source['date']})"
            assert words(named) + (" Unconfirmed" if not source["confirmed"] else "") in text
            assert not source["states"] or f"in {', '.join(source['states'])}" in text
        assert one["sources"] or "Our own advice" in text
        assert (one["effective_from"] or "") in text
        assert ("by a named person" in text) is one["overridable"]
    assert len(read.ids) == len(set(read.ids))


def test_a_rule_that_is_not_alike_everywhere_says_so_by_program(client):
    read = page(client)
    for one in RULES:
        text, by_program = words(read.rules[one.code]), program_severities(one)
        if len(set(by_program.values())) == 1:
            assert "the same in all" in text
        else:
            assert "the same in all" not in text
            for program, parts in by_program.items():
                shown = f"{PROGRAM_NAMES[program]} {' or '.join(part.words for part in parts)}"
                assert (shown in text) is (parts != (ProgramSeverity(OFF),)), shown
    assert any("the same in all" not in text for text in read.rules.values())


def test_nothing_of_the_page_is_from_outside_and_nothing_in_it_runs(client):
    answer = client.get("/rules")
    read = Reader(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert all(one.startswith(("/", "#", "data:,")) and not one.startswith("//") for one in read.links)
    assert not read.tags & {"script", "iframe", "img", "object", "style"}
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';") and "unsafe" not in policy
    style = client.get("/rules/style.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "url(" not in style.text and "@import" not in style.text
    assert {one for one in read.links if one.startswith("#")} <= {f"#{one}" for one in read.ids}


@pytest.mark.parametrize(
    ("asked", "has", "has_not"),
    [
        ({"q": "note_unsigned"}, "note_unsigned", "massage_not_covered"),
        ({"q": "SIGNED before"}, "note_unsigned", "massage_not_covered"),
        ({"severity": "info"}, "filing_limit_unknown", "note_unsigned"),
        ({"program": "medicare_advantage"}, "filing_limit_unknown", ""),
        ({"program": "commercial"}, "note_unsigned", "filing_limit_unknown"),
        ({"q": "filing", "severity": "", "program": ""}, "filing_limit_unknown", "note_unsigned"),
    ],
)
def test_a_person_finds_rules_by_words_severity_and_program(client, asked, has, has_not):
    read = page(client, **asked)
    assert has in read.rules and has_not not in read.rules
    assert len(read.rules) < len(RULES)


def test_what_is_searched_for_stands_in_the_box_and_can_break_nothing(client):
    evil = '"><script>alert(1)</script>&'
    answer = client.get("/rules", params={"q": evil, "severity": "warn", "program": "va"})
    read = Reader(answer.text)
    assert read.rules == {} and "script" not in read.tags
    assert "No rule" in answer.text and "Show all" in answer.text
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;"' in answer.text
    assert re.search(r'<option value="warn" selected>', answer.text)
    assert re.search(r'<option value="va" selected>', answer.text)


@pytest.mark.parametrize("asked", [{"q": "x" * 101}, {"severity": "loud"}, {"program": "moon"}, {"page": "2"}])
def test_other_questions_are_refused(client, asked):
    assert client.get("/rules", params=asked).status_code == 422


def test_a_finding_links_to_its_rule_on_the_page(client, office, neighbours):
    not_covered = {"active": "active", "massage": "not_covered", "service_type": "BE", "authorization": "not_required"}
    neighbours.files[COVERAGE] = a_coverage_bundle(benefit=not_covered)
    findings = office.create().json()["findings"]
    assert findings
    anchors = page(client).ids
    for one in findings:
        path, _, anchor = one["doc_path"].partition("#")
        assert (path, anchor) == ("/rules", one["code"]) and anchor in anchors
