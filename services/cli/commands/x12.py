"""`handbill x12`: check, read, explain and compare X12 files, without any service and without starting one.

Exit status: 0 when all is well, 1 when something was found, 2 when a file is no X12 or the command was misused.
Values are shown, since these are the user's own files on the user's own screen; nothing is logged.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.errors import CommandFailed
from services.cli.progress import PIECE_BYTES, watched

if TYPE_CHECKING:
    from shared.codesets import CodeSets

MISUSED = 2
OWN_ID = "HANDBILL"
"""Sender and receiver of an answer whose partners the command does not know."""
FILE = typer.Argument(help="An X12 file; - is standard input.")
FILES = typer.Argument(help="X12 files; - is standard input.")
Strict = Annotated[
    bool, typer.Option("--strict", help="Facts of the world, such as check digits and dated codes, are errors.")
]

app = typer.Typer(help="Check, read, explain and compare X12 files.", no_args_is_help=True)


def code_lists() -> "CodeSets":
    """The packaged code lists; each is read when a file first asks for one of its codes."""
    from shared.codesets import bundled

    return bundled()


def pieces(path: Path, *, talks: bool = False) -> Iterator[bytes]:
    """A file's bytes, a piece at a time, so that its size does not matter. Raises CommandFailed.

    `talks` says that the command prints while it reads, which a progress bar on the same terminal would disturb.
    """
    if str(path) == "-":
        while piece := sys.stdin.buffer.read(PIECE_BYTES):
            yield piece
        return
    try:
        with path.open("rb") as file:
            yield from watched(file, path.stat().st_size, path.name, talks=talks)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be read: {error.strerror}", status=MISUSED) from None


def named(paths: Iterable[Path]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file's path with its bytes in pieces; a file is opened when its pieces are first asked for."""
    for path in paths:
        yield str(path), pieces(path)


@app.command()
def check(
    files: Annotated[list[Path], FILES],
    strict: Strict = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a file.")] = False,
) -> None:
    """List what is wrong in each file, where, and how to fix it."""
    from shared.x12.commands import run_check

    raise typer.Exit(run_check(named(files), print, strict=strict, as_json=as_json, codes=code_lists()))


@app.command()
def read(file: Annotated[Path, FILE], strict: Strict = False) -> None:
    """Print typed JSON, one line a record, with findings."""
    from shared.x12.commands import run_read

    raise typer.Exit(run_read(pieces(file, talks=True), print, strict=strict, codes=code_lists()))


@app.command()
def explain(file: Annotated[Path, FILE]) -> None:
    """Say every segment in English."""
    from shared.x12.commands import run_explain

    raise typer.Exit(run_explain(pieces(file, talks=True), print, labels=code_lists()))


@app.command()
def roundtrip(files: Annotated[list[Path], FILES]) -> None:
    """Read and write each file, and say the first byte that differs."""
    from shared.x12.commands import run_roundtrip

    raise typer.Exit(run_roundtrip(named(files), print))


@app.command()
def diff(one: Annotated[Path, FILE], other: Annotated[Path, FILE]) -> None:
    """Say what differs in meaning, claim by claim."""
    from shared.x12.commands import run_diff

    raise typer.Exit(run_diff(pieces(one), pieces(other), print))


@app.command()
def ack(
    file: Annotated[Path, FILE],
    strict: Strict = False,
    control_number: Annotated[int, typer.Option(min=1, max=999_999_999, help="Of the answer's interchange.")] = 1,
) -> None:
    """Write the TA1 and 999 that answer a file to standard output."""
    from datetime import datetime

    from shared.wire.envelope import Route, Usage, envelope
    from shared.x12.commands import run_ack

    route = Route(sender_id=OWN_ID, receiver_id=OWN_ID, usage=Usage.TEST)
    written_in = envelope(route, datetime.now().astimezone(), control_number)

    def put(data: bytes) -> None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

    raise typer.Exit(run_ack(pieces(file), put, written_in, strict=strict))
