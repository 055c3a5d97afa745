"""The documentation page of all rules as Markdown, generated, so that it is always up to date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from services.claims.domain.rules.catalog import PROGRAM_NAMES, RULES
from services.claims.domain.rules.citations import ADVICE, ALL, DOCUMENTS, Document, Source
from services.claims.domain.rules.finding import Severity
from services.claims.domain.rules.program_severities import program_severities
from services.claims.domain.rules.rule import Rule

_MEANINGS = {
    Severity.BLOCK: "stops submission",
    Severity.HOLD: "stops submission until a person lets it go",
    Severity.WARN: "can be acknowledged",
    Severity.INFO: "for information only",
}
_HEADING = f"| rule | {' | '.join(PROGRAM_NAMES.values())} |\n|---|{'---|' * len(PROGRAM_NAMES)}\n"
_INTRODUCTION = f"""# Claim rules

{len(RULES)} rules, in the order in which they are checked. Each names who says so and for whom. In a program for which
no source speaks, a rule is our own advice and only informs. A source that is marked *unconfirmed* is cited from
knowledge: look it up before you rely on it. The documents stand at the end.
"""


def rules_markdown() -> str:
    """Every group with its severities by program, every rule with its sources, and the list of the documents."""
    groups = groupby(RULES, key=lambda one: one.group)
    return "".join([_INTRODUCTION, *(_group(name, tuple(some)) for name, some in groups), *_documents()])


def _group(name: str, rules: tuple[Rule, ...]) -> str:
    rows = "".join(_row(one) for one in rules)
    return f"\n## {name.replace('_', ' ').capitalize()}\n\n{_HEADING}{rows}{''.join(map(_rule, rules))}"


def _row(one: Rule) -> str:
    severities = program_severities(one)
    cells = ["; ".join(part.words for part in severities[program]) for program in PROGRAM_NAMES]
    return f"| `{one.code}` | {' | '.join(cells)} |\n"


def _rule(one: Rule) -> str:
    override = " A named person may override it." if one.overridable else ""
    return (
        f"\n### `{one.code}`: {one.title}\n\n{one.explanation}\n\n"
        f"- severity: {one.severity.value} ({_MEANINGS[one.severity]}).{override}\n"
        f"- fix: {one.fix}\n"
        f"- in force: from {one.effective_from or 'always'} to {one.effective_to or 'today'}.\n"
        f"{''.join(_source(source) for source in one.sources) or f'- source: {ADVICE.lower()}.' + chr(10)}"
    )


def _source(one: Source) -> str:
    unconfirmed = "" if one.confirmed else " *Unconfirmed.*"
    return f"- source, {scope_in_words(one)}: {one.text}.{unconfirmed}\n"


def scope_in_words(one: Source) -> str:
    """Whom a source speaks for: `all programs`, `Auto (PIP) in FL`."""
    programs = "all programs" if one.programs == ALL else ", ".join(_names(one))
    return f"{programs} in {', '.join(sorted(one.states))}" if one.states else programs


def _names(one: Source) -> Iterable[str]:
    return (name for program, name in PROGRAM_NAMES.items() if program in one.programs)


def _documents() -> Iterator[str]:
    yield "\n## Documents\n\n| document | publisher | date |\n|---|---|---|\n"
    yield from (_document(one) for one in DOCUMENTS)


def _document(one: Document) -> str:
    return f"| {one.title} | {one.publisher} | {one.edition} |\n"
