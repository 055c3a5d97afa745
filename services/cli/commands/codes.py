"""`handbill codes`: import a published edition of a code set, and say all that is known of one code on one day.

An import is all or nothing: one bad row and nothing is taken, and every bad row is named by its line. It is kept in the
database of claims, whose running services use it within two seconds.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed
from services.cli.operating import operator
from shared.plural import counted

if TYPE_CHECKING:
    from datetime import date

    from services.claims.flows.code_sets.installed import InstalledCodeSets
    from shared.codesets.read_edition import ReadEdition
    from shared.database.operator import Operator

app = typer.Typer(help="Code sets: import editions, look codes up.", no_args_is_help=True)
KINDS = ("icd10", "ncci", "mue")


@app.command("import")
def import_edition(
    kind: Annotated[str, typer.Argument(help="icd10 (order file), ncci or mue (practitioner files, tab-separated).")],
    file: Annotated[Path, typer.Argument(help="The file as it is published.")],
    effective_from: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="icd10: the edition's first day, as 2026-10-01.")
    ] = None,
    effective_to: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="icd10: its last day, as 2027-09-30.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="ncci, mue: the quarter, as 2026-10.")] = None,
) -> None:
    """Lay a published edition over the code sets in force; whole, or not at all."""
    from services.claims.flows.code_sets.import_edition import import_file
    from shared.codesets import ImportRefused
    from shared.codesets.read_edition import read_edition

    if kind not in KINDS:
        raise CommandFailed(f"there is no importer for {kind[:20]}; choose from {', '.join(KINDS)}")
    first = _first_day(kind, effective_from, version)
    content = _content(file)
    with _installed() as (person, installed):
        try:
            last = effective_to.date() if effective_to else None
            read = read_edition(installed(), kind, content, first, last)
        except ImportRefused as refused:
            rows = [f"  line {row.line}: {row.message}" if row.line else f"  {row.message}" for row in refused.rows]
            text = "\n".join([f"{file} was refused, and nothing of it was taken:", *rows])
            raise CommandFailed(text) from None
        import_file(person, dict(installed.numbers), read, content)
    print(f"{_words(read)}\nin force now; services that run use it within two seconds")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="Any code: M54.5, 97124, GP, 11, CO's 197, an NPI.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day asked about; today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say what a code is on a day, from when to when, and what may be meant instead."""
    from shared.codesets.describe import describe

    day = (on or datetime.now().astimezone()).date()
    with _installed() as (_person, installed):
        found = describe(installed(), code, day)
    if as_json:
        print(json.dumps({"on": day.isoformat(), "found": found}, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_lines_of(one, day)) for one in found) or f"no code set knows {code[:20]}")
    raise typer.Exit(0 if found else 1)


@contextmanager
def _installed() -> "Iterator[tuple[Operator, InstalledCodeSets]]":
    """The operator, and the code sets in force."""
    from services.claims.code_files import code_sets
    from services.claims.flows.code_sets.installed import InstalledCodeSets

    settings = load_settings()
    with operator(settings) as person:
        installed = InstalledCodeSets(code_sets(settings.codes_dir), person.database)
        installed.look_now()
        yield person, installed


def _first_day(kind: str, effective_from: datetime | None, version: str | None) -> "date":
    """The edition's first day. Raises CommandFailed without one."""
    from shared.codesets.quarters import quarter_of

    days = quarter_of(version or "")
    if effective_from is not None:
        return effective_from.date()
    if kind != "icd10" and days is not None and days.effective_from is not None:
        return days.effective_from
    wanted = "--effective-from, as 2026-10-01" if kind == "icd10" else "--version with its quarter, as 2026-10"
    raise CommandFailed(f"an {kind} edition needs {wanted}")


def _words(read: "ReadEdition") -> str:
    """What came in."""
    if read.kind == "icd10":
        billable = counted(read.entries, "code")
        return f"icd10: {billable} billable on {read.effective_from}, up to {read.effective_to}"
    if read.kind == "ncci":
        return f"ncci: {counted(read.entries, 'pair')} of the procedures that are known here, version {read.version}"
    return f"mue: {counted(read.entries, 'limit')}, version {read.version}"


def _content(file: Path) -> bytes:
    """The published file. Raises CommandFailed."""
    from shared.codesets.published_file import MAX_TEXT_BYTES

    try:
        if file.stat().st_size > MAX_TEXT_BYTES:
            raise CommandFailed(f"{file} is larger than any edition")
        return file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"{file} cannot be read: {error.strerror}") from None


def _lines_of(one: dict[str, Any], day: "date") -> list[str]:
    """One entry as a person reads it."""
    head = f"{one['code']}  {one.get('label') or ''}".rstrip()
    lines = [head, f"  set      {one['set']} ({one['source']}, {one['version']})"]
    if "validity" in one:
        lines.append(f"  on {day}  {one['validity']}")
    for name, words in (("billable_from", "from"), ("billable_to", "through")):
        if one.get(name):
            lines.append(f"  {words:8} {one[name]}")
    if "in_force" in one and "validity" not in one:
        lines.append(f"  in force {'yes' if one['in_force'] else 'no'} {one.get('days', '')}".rstrip())
    for name in ("timed", "units_a_day", "valid"):
        if one.get(name) is not None:
            shown = {True: "yes", False: "no"}.get(one[name], one[name]) if isinstance(one[name], bool) else one[name]
            lines.append(f"  {name.replace('_', ' '):8} {shown}")
    lines += [
        f"  with {edit['with']}: {edit['not_paid']} is not paid (indicator {edit['indicator']})"
        for edit in one.get("edits", ())
    ]
    lines += [
        f"  instead  {offer['code']} {offer['label']}" + (f" ({offer['note']})" if offer["note"] else "")
        for offer in one.get("instead", ())
    ]
    return lines
