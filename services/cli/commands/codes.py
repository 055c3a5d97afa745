"""`handbill codes`: import a published edition of a code set, and say all that is known of one code on one day.

An import is all or nothing: one bad row and nothing is taken, and every bad row is named by its line. The services
use an imported edition from their next start.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from services.cli.configuration import load_settings
from services.cli.errors import CommandFailed
from shared.plural import counted

if TYPE_CHECKING:
    from datetime import date

    from shared.codesets import CodeSets

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
    version: Annotated[str | None, typer.Option(help="ncci, mue: the quarter, as 2026-10-01.")] = None,
) -> None:
    """Lay a published edition over the code sets at hand; whole, or not at all."""
    from services.claims.code_files import code_sets, keep
    from shared.codesets import ImportRefused

    if kind not in KINDS:
        raise CommandFailed(f"there is no importer for {kind[:20]}; choose from {', '.join(KINDS)}")
    folder = load_settings().codes_dir
    codes = code_sets(folder)
    try:
        with _opened(file) as lines:
            packed, words = _packed(kind, codes, lines, effective_from, effective_to, version)
    except ImportRefused as refused:
        rows = [f"  line {row.line}: {row.message}" if row.line else f"  {row.message}" for row in refused.rows]
        text = "\n".join([f"{file} was refused, and nothing of it was taken:", *rows])
        raise CommandFailed(text) from None
    kept = keep(folder, kind, packed)
    print(f"{words}\nkept in {kept}; services use it from their next start")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="Any code: M54.5, 97124, GP, 11, CO's 197, an NPI.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day asked about; today.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say what a code is on a day, from when to when, and what may be meant instead."""
    from services.claims.code_files import code_sets
    from shared.codesets.describe import describe

    day = (on or datetime.now().astimezone()).date()
    found = describe(code_sets(load_settings().codes_dir), code, day)
    if as_json:
        print(json.dumps({"on": day.isoformat(), "found": found}, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_lines_of(one, day)) for one in found) or f"no code set knows {code[:20]}")
    raise typer.Exit(0 if found else 1)


def _packed(
    kind: str,
    codes: "CodeSets",
    lines: TextIO,
    effective_from: datetime | None,
    effective_to: datetime | None,
    version: str | None,
) -> tuple[bytes, str]:
    """The edition's data file and what it holds, in words."""
    if kind == "icd10":
        if effective_from is None or effective_to is None:
            raise CommandFailed("an icd10 edition needs --effective-from and --effective-to")
        from shared.codesets.icd10 import with_edition

        table = with_edition(codes.diagnoses, lines, effective_from.date(), effective_to.date())
        billable = table.billable_on(effective_from.date())
        return (
            table.packed(),
            f"icd10: {counted(billable, 'code')} billable on {effective_from.date()}, up to {table.effective_to}",
        )
    if not version:
        raise CommandFailed(f"an {kind} edition needs --version")
    if kind == "ncci":
        from shared.codesets.pair_edits import import_pairs

        pairs = import_pairs(lines, version, only=_pairs_wanted(codes))
        return (
            pairs.packed(),
            f"ncci: {counted(len(pairs), 'pair')} of the procedures that are known here, version {version}",
        )
    from shared.codesets.unit_limits import import_limits

    limits = import_limits(lines, version)
    return limits.packed(), f"mue: {counted(len(limits), 'limit')}, version {version}"


def _pairs_wanted(codes: "CodeSets") -> frozenset[str]:
    """Procedures that are known here, and those of the pairs at hand: the whole file has millions of others."""
    at_hand = {code for edit in codes.pairs.edits() for code in (edit.column1, edit.column2)}
    return frozenset({one.code for one in codes.procedures} | at_hand)


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    """The lines of a published file, which is Latin-1. Raises CommandFailed."""
    from services.claims.code_files import MAX_BYTES

    try:
        if file.stat().st_size > MAX_BYTES:
            raise CommandFailed(f"{file} is larger than any edition")
        with file.open(encoding="latin-1", newline="\n") as lines:
            yield lines
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
