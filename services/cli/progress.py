"""How far reading a large file has come: a bar on standard error, only on a terminal and only when it takes a while.

Standard output stays as it is, so a bar never stands in JSON; commands that print while they read have none when both
streams are the same terminal.
"""

import sys
import time
from collections.abc import Iterator
from typing import BinaryIO

PIECE_BYTES = 1 << 20
LARGE_BYTES = 8 << 20
PATIENCE_SECONDS = 1.0


def watched(file: BinaryIO, size: int, name: str, *, talks: bool) -> Iterator[bytes]:
    """The pieces of a file of `size` bytes; `talks` says that lines are printed meanwhile."""
    if not sys.stderr.isatty() or (talks and sys.stdout.isatty()):
        while piece := file.read(PIECE_BYTES):
            yield piece
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    progress = Progress(
        *columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False
    )
    task = progress.add_task(name, total=size)
    started, shown = time.monotonic(), size > LARGE_BYTES
    try:
        if shown:
            progress.start()
        while piece := file.read(PIECE_BYTES):
            yield piece
            progress.advance(task, len(piece))
            if not shown and time.monotonic() - started > PATIENCE_SECONDS:
                shown = True
                progress.start()
    finally:
        if shown:
            progress.stop()
