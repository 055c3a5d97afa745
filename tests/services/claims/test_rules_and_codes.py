"""Every rule and every diagnosis can be read, with source and dates, by whoever asks why."""

import pytest

from services.claims.domain.rules import RULES

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
LAST_DAY_OF_M54_5 = "2021-09-30"


def diagnosis(api, code, on="2026-03-02"):
    answer = api.get(f"/v1/codes/diagnoses/{code}?on={on}")
    assert answer.status_code == 200
    return answer.json()


def candidates(api, words, on="2026-03-02"):
    return api.get(f"/v1/codes/diagnoses?q={words}&on={on}&limit=20").json()["items"]


def test_every_rule_is_shown_with_severity_fix_source_dates_and_programs_in_its_order(api):
    items = api.get("/v1/rules").json()["items"]
    assert [one["code"] for one in items] == [one.code for one in RULES]
    for one in items:
        assert {"effective_from", "effective_to", "programs", "overridable"} <= one.keys()
        assert one["severity"] in {"block", "warn", "info"}
        assert all(one[words].strip() for words in ("title", "explanation", "fix", "source", "group"))


def test_a_rule_shows_its_sources_with_place_publisher_date_and_scope_and_how_hard_it_is_where(api):
    read = api.get("/v1/rules/massage_excluded_by_law").json()
    statute = {
        "document": "Fla. Stat. 627.736, required personal injury protection benefits",
        "section": "(1)(a)5",
        "publisher": "State of Florida",
        "date": "2024",
        "programs": ["auto_pip"],
        "states": ["FL"],
        "confirmed": True,
    }
    assert read["sources"] == [statute]
    assert [one for one in read["severities"] if one["program"] in ("auto_pip", "va")] == [
        {"program": "auto_pip", "severity": "info", "states": [], "profile": ""},
        {"program": "auto_pip", "severity": "block", "states": ["FL"], "profile": ""},
        {"program": "va", "severity": "off", "states": [], "profile": ""},
    ]
    advice = api.get("/v1/rules/technique_not_billed").json()
    assert (advice["sources"], advice["source"], advice["severity"]) == ([], "Our own advice", "info")


def test_rules_are_paged_and_the_pages_make_the_whole(api):
    seen, path = [], "/v1/rules?limit=60"
    while path:
        page = api.get(path).json()
        seen += [one["code"] for one in page["items"]]
        path = f"/v1/rules?limit=60&after={page['next']}" if page["next"] else None
    assert seen == [one.code for one in RULES]


def test_one_rule_is_read_by_its_code_and_an_unknown_one_is_404(api):
    assert api.get("/v1/rules/pair_never_together").json()["severity"] == "block"
    unknown = api.get("/v1/rules/no_such_rule")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "rule_not_found")
    assert api.get("/v1/rules/NoRule").status_code == 422


def test_m54_5_was_valid_until_its_last_day_and_is_answered_with_its_successors_after_it(api):
    before, after = diagnosis(api, "M54.5", LAST_DAY_OF_M54_5), diagnosis(api, "M545", "2021-10-01")
    assert (before["valid"], before["validity"], before["instead"]) == (True, "valid", [])
    assert (after["code"], after["valid"], after["validity"]) == ("M54.5", False, "ended")
    assert after["billable_to"] == LAST_DAY_OF_M54_5
    assert [one["code"] for one in after["instead"]] == ["M54.50", "M54.51", "M54.59"]
    assert after["source"] and after["version"]


def test_a_code_that_never_was_is_answered_with_candidates_by_meaning_and_spelling(api):
    found = diagnosis(api, "T85.7XXS")
    assert (found["valid"], found["validity"]) == (False, "unknown")
    assert {one["why"] for one in found["instead"]} == {"meaning", "spelling"}


@pytest.mark.parametrize("code", ["M54.2M54.2AB", "M54-2", "M54.2%20", "%C3%84"])
def test_what_cannot_be_a_code_is_422(api, code):
    """Ten letters, digits and dots at most."""
    assert api.get("/v1/codes/diagnoses/M54.2M54.2").status_code == 200
    answer = api.get(f"/v1/codes/diagnoses/{code}")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/path/code")


def test_on_a_day_outside_the_editions_nobody_can_tell(api):
    found = diagnosis(api, "M54.2", "1999-01-01")
    assert (found["valid"], found["validity"]) == (None, "outside_edition")


def test_after_the_newest_edition_a_search_answers_with_its_last_day_and_says_what_to_do(api):
    found = api.get("/v1/codes/diagnoses?q=neck+pain&on=2026-10-01").json()
    assert found["items"] == candidates(api, "neck+pain", "2026-09-30")[:10] != []
    assert (found["on"], found["as_of"]) == ("2026-10-01", "2026-09-30")
    assert "end on 2026-09-30" in found["notice"] and "begins on 2026-10-01" in found["notice"]
    within = api.get("/v1/codes/diagnoses?q=neck+pain&on=2026-09-30").json()
    assert (within["as_of"], within["notice"]) == ("2026-09-30", None)


def test_before_the_oldest_edition_a_search_is_empty_and_says_why(api):
    found = api.get("/v1/codes/diagnoses?q=neck+pain&on=2020-09-30").json()
    assert (found["items"], found["as_of"]) == ([], "2020-09-30")
    assert found["notice"] == ("The installed ICD-10-CM editions begin on 2020-10-01: nothing is known of 2020-09-30.")


def test_after_the_newest_edition_a_code_has_its_last_known_validity_and_offers(api):
    good, ended = diagnosis(api, "M54.2", "2026-10-01"), diagnosis(api, "M54.5", "2026-10-01")
    assert (good["valid"], good["validity"], good["last_known"]) == (None, "outside_edition", "valid")
    assert good["instead"] == []
    assert (ended["valid"], ended["last_known"]) == (None, "ended")
    assert [one["code"] for one in ended["instead"]] == ["M54.50", "M54.51", "M54.59"]
    assert "handbill codes import icd10" in good["notice"]
    within = diagnosis(api, "M54.2", "2026-09-30")
    assert (within["last_known"], within["notice"]) == (None, None)


def test_without_a_day_the_practices_today_decides(api):
    assert api.get("/v1/codes/diagnoses/M54.2").json()["on"] == "2026-03-02"
    assert api.get("/v1/codes/diagnoses?q=neck").json()["on"] == "2026-03-02"


@pytest.mark.parametrize(
    ("words", "start"),
    [("low+back", "M54.5"), ("whiplash", "S13.4"), ("frozen+shoulder", "M75.0"), ("tech+neck", "M")],
)
def test_a_therapists_words_find_billable_codes(api, words, start):
    found = candidates(api, words)
    assert any(one["code"].startswith(start) for one in found)
    assert all(diagnosis(api, one["code"])["valid"] for one in found[:5])


def test_candidates_are_those_of_the_day(api):
    assert "M54.5" in [one["code"] for one in candidates(api, "M54.5", LAST_DAY_OF_M54_5)]
    assert "M54.5" not in [one["code"] for one in candidates(api, "M54.5", "2021-10-01")]


@pytest.mark.parametrize(
    "query", ["q=", "q=x", f"q={'neck' * 30}", "q=neck&limit=51", "q=neck&on=tomorrow", "q=%00ab", ""]
)
def test_a_search_has_limits(api, query):
    assert api.get(f"/v1/codes/diagnoses?{query}").status_code == 422
