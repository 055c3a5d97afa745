"""The page of all rules as HTML. Every text of a rule and of a request is escaped here."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from itertools import groupby

from services.claims.domain.rules import RULES, Rule, Severity
from services.claims.domain.rules.catalog import PROGRAM_NAMES
from services.claims.domain.rules.citations import ADVICE, Source
from services.claims.domain.rules.finding import ALWAYS_OVERRIDABLE
from services.claims.domain.rules.program_severities import OFF, ProgramSeverity, program_severities
from services.claims.domain.rules.rules_document import scope_in_words
from services.claims.flows.queries.rules import RuleSearch
from shared.dates import DateRange
from shared.plural import counted

MEANINGS = {
    Severity.BLOCK: "stops the claim until it is fixed",
    Severity.HOLD: "stops it until a person lets it go",
    Severity.WARN: "can be acknowledged",
    Severity.INFO: "is said, and nothing waits",
}
_CODE = re.compile(r"`([^`]+)`")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claim rules · Handbill</title>
<meta name="description" content="Every rule that a claim is checked with: severity, fix, source and dates.">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/rules/style.css">
</head>
<body>
<header>
<p class="brand"><a href="/rules">Handbill</a></p>
<h1>Claim rules</h1>
<p class="lead">A claim is checked with {total} before it is sent, in this order. Each says what is wrong,
how to fix it, and who says so; where nobody does, it is our own advice and only informs.</p>
</header>
<main>
{form}
{found}
{contents}
{groups}
</main>
<footer>
<p>The same as JSON: <code>GET /v1/rules</code>. A practice’s own rules are in <code>GET /v1/custom-rules</code>.
<a href="/docs">API documentation</a></p>
</footer>
</body>
</html>
"""


def rules_page(rules: Sequence[Rule], asked: RuleSearch) -> str:
    """The page with these rules, in their order."""
    groups = [(group, list(some)) for group, some in groupby(rules, key=lambda one: one.group)]
    return _PAGE.format(
        total=counted(len(RULES), "rule"),
        form=_form(asked),
        found=_found(len(rules), asked),
        contents=_contents(groups),
        groups="\n".join(_group(group, some) for group, some in groups),
    )


def _form(asked: RuleSearch) -> str:
    severities = _options("any severity", ((one.value, one.value) for one in Severity), asked.severity)
    programs = _options("any program", ((one.value, name) for one, name in PROGRAM_NAMES.items()), asked.program)
    return f"""<form class="search" role="search" action="/rules" method="get">
<label class="words"><span>Search</span><input type="search" name="q" value="{escape(asked.words)}" maxlength="100"
placeholder="59, visit limit, M54.5, who pays first"></label>
<label><span>Severity</span><select name="severity">{severities}</select></label>
<label><span>Program</span><select name="program">{programs}</select></label>
<button type="submit">Search</button>
</form>"""


def _options(nothing: str, options: Iterable[tuple[str, str]], chosen: str | None) -> str:
    shown = [("", nothing), *options]
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == (chosen or "") else ""}>{escape(text)}</option>'
        for value, text in shown
    )


def _found(count: int, asked: RuleSearch) -> str:
    if not asked.narrows:
        legend = "".join(f"<li>{_badge(one.value)} {escape(text)}</li>" for one, text in MEANINGS.items())
        return f'<ul class="legend" aria-label="Severities">{legend}</ul>'
    what = counted(count, "rule") if count else "No rule"
    hint = "" if count else " Try fewer words, or a code such as 97124."
    return f'<p class="found" role="status"><b>{what}</b> found.{hint} <a href="/rules">Show all</a></p>'


def _contents(groups: Sequence[tuple[str, list[Rule]]]) -> str:
    links = "".join(
        f'<li><a href="#group-{escape(group)}">{escape(_title(group))} <span>{len(some)}</span></a></li>'
        for group, some in groups
    )
    return f'<nav aria-label="Groups of rules"><ul>{links}</ul></nav>' if len(groups) > 1 else ""


def _title(group: str) -> str:
    return group.replace("_", " ").capitalize()


def _group(group: str, rules: Iterable[Rule]) -> str:
    articles = "\n".join(_article(one) for one in rules)
    return f'<section id="group-{escape(group)}"><h2>{escape(_title(group))}</h2>\n{articles}\n</section>'


@cache
def _article(one: Rule) -> str:
    dates = DateRange(one.effective_from, one.effective_to).text()
    overridable = one.overridable or one.severity in ALWAYS_OVERRIDABLE
    rows = [
        ("Fix", _text(one.fix)),
        ("Sources", _sources(one)),
        ("Dates of service", escape(dates)),
        ("Programs", _by_program(one)),
        ("Override", "by a named person, with a reason" if overridable else "not possible: what it names is fixed"),
    ]
    terms = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in rows)
    code = escape(one.code)
    return f"""<article id="{code}">
<h3>{_badge(one.severity.value)} {escape(one.title)}</h3>
<p class="code"><a href="#{code}" title="Link to this rule"><code>{code}</code></a></p>
<p>{_text(one.explanation)}</p>
<dl>{terms}</dl>
</article>"""


def _sources(one: Rule) -> str:
    """Each source with whom it speaks for, or that the rule is our own advice."""
    if not one.sources:
        return escape(ADVICE)
    return f'<ul class="sources">{"".join(map(_source, one.sources))}</ul>'


def _source(one: Source) -> str:
    document = one.document
    unconfirmed = "" if one.confirmed else " <em>Unconfirmed: look it up before you rely on it.</em>"
    return (
        f"<li><b>{escape(scope_in_words(one))}</b> {escape(document.title)}, {_text(one.section)} "
        f"<span>({escape(document.publisher)}, {escape(document.edition)})</span>{unconfirmed}</li>"
    )


def _by_program(one: Rule) -> str:
    """One word where all programs are alike, else each with its severities."""
    by_program = program_severities(one)
    if len(set(by_program.values())) == 1:
        return "the same in all"
    shown = "".join(
        f"<li>{escape(PROGRAM_NAMES[program])} {' or '.join(map(_severity, parts))}</li>"
        for program, parts in by_program.items()
        if parts[0].severity != OFF or len(parts) > 1
    )
    return f'<ul class="programs">{shown}</ul>'


def _severity(part: ProgramSeverity) -> str:
    _, _, where = part.words.partition(" ")
    return f"{_badge(part.severity)} {escape(where)}".rstrip()


def _badge(severity: str) -> str:
    return f'<span class="badge {severity}">{severity}</span>'


def _text(text: str) -> str:
    return _CODE.sub(r"<code>\1</code>", escape(text))
