"""`handbill rules`: every claim rule with its source and dates, for whoever asks why; and the page of them all."""

import json
from pathlib import Path
from typing import Annotated

import typer

from services.cli.errors import CommandFailed

app = typer.Typer(help="The claim rules: list them, explain one, write their page.", no_args_is_help=True)
PAGE = Path(__file__).parents[3] / "deploy" / "docs" / "rules.md"
AsJson = Annotated[bool, typer.Option("--json", help="JSON.")]


@app.command("list")
def list_rules(as_json: AsJson = False) -> None:
    """One line a rule: severity, code, what it says, since when."""
    from services.claims.domain.rules import rule_docs

    docs = rule_docs()
    if as_json:
        print(json.dumps(docs, ensure_ascii=False))
        return
    for one in docs:
        since = f"  (since {one['effective_from']})" if one["effective_from"] else ""
        print(f"{one['severity']:5}  {one['code']:36} {one['title']}{since}")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="A rule's code, as findings name it.")], as_json: AsJson = False
) -> None:
    """Explain one rule: why, how to fix what it finds, from which source and since when."""
    from services.claims.domain.rules import RULES_BY_CODE, rule_doc

    if code not in RULES_BY_CODE:
        raise CommandFailed("there is no rule of that code; see: handbill rules list")
    one = rule_doc(RULES_BY_CODE[code])
    if as_json:
        print(json.dumps(one, ensure_ascii=False))
        return
    print(f"{one['code']}: {one['title']}\n\n{one['explanation']}\n")
    print(f"severity     {one['severity']}{', a named person may override it' if one['overridable'] else ''}")
    print(f"fix          {one['fix']}")
    for source in one["sources"]:
        programs = ", ".join(source["programs"]) or "all programs"
        where = f"{programs} in {', '.join(source['states'])}" if source["states"] else programs
        text = f"{source['document']}, {source['section']} ({source['publisher']}, {source['date']})"
        print(f"source       {text}, for {where}{'' if source['confirmed'] else '; unconfirmed'}")
    if not one["sources"]:
        print(f"source       {one['source']}")
    print(f"in force     from {one['effective_from'] or 'always'} to {one['effective_to'] or 'today'}")
    print(f"programs     {', '.join(one['programs']) or 'all'}")


@app.command()
def docs() -> None:
    """Write the page of all rules to deploy/docs/rules.md."""
    from services.claims.domain.rules import rules_markdown

    text = rules_markdown()
    if PAGE.exists() and PAGE.read_text() == text:
        print("the page is up to date")
        return
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text)
    print(f"wrote {PAGE.name}")
